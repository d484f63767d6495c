using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>An amount from one account to another, written money:held/council; negative in a reversal.</summary>
internal sealed record Flowed(string From, string To, long Amount)
{
    public Flowed Less => this with { Amount = -Amount };

    public override string ToString() => $"{From} → {To} {Amount}";
}

/// <summary>
/// One journal that the oracle expects, identified by kind and cause, with its flows, the day on which it counts (On)
/// and the day that it is about. A reversal has the flows of its original, negated.
/// </summary>
internal sealed record Post(string Kind, string Cause, LocalDate On, LocalDate About, IReadOnlyList<Flowed> Flows)
{
    public string Key => $"{Kind} {Cause}";

    /// <summary>
    /// The person's own minutes, with the line on which they were given; null if the journal has none.
    /// </summary>
    public (string Line, long Minutes)? Person { get; init; }

    /// <summary>Whether the journal is an attribution, which the oracle computes itself.</summary>
    public bool IsAttribution => Kind == "laid";

    /// <summary>Whether the journal is reversed.</summary>
    public bool IsReversed { get; set; }

    /// <summary>
    /// The journal's position in the fund, found in the service by kind and cause; the largest number until then.
    /// </summary>
    public long Position { get; set; } = long.MaxValue;

    /// <summary>Marks this post as reversed, and returns its reversal on the same day.</summary>
    public Post Reversed(string kind, string cause)
    {
        IsReversed = true;
        return new Post(kind, cause, On, About, [.. Flows.Select(flow => flow.Less)])
        {
            Person = Person is var (line, minutes) ? (line, -minutes) : null,
        };
    }

    /// <summary>The balance of every account after the posts, without accounts that are empty.</summary>
    public static SortedDictionary<string, long> Balances(IEnumerable<Post> posts)
    {
        var balances = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var flow in posts.SelectMany(post => post.Flows))
        {
            balances[flow.From] = balances.GetValueOrDefault(flow.From) - flow.Amount;
            balances[flow.To] = balances.GetValueOrDefault(flow.To) + flow.Amount;
        }
        foreach (var empty in balances.Where(balance => balance.Value == 0).ToList())
            balances.Remove(empty.Key);
        return balances;
    }
}

/// <summary>
/// A version of an agreement. It counts from the day of its post, or of its signing if it has no post.
/// </summary>
internal sealed record Signed(int Version, LocalDate On, string Order, bool PersonPaysHolder, Post? Post)
{
    /// <summary>The day from which the version counts in the books.</summary>
    public LocalDate Since => Post?.On ?? On;
}

/// <summary>A version of a budget or allocation, with the post of its own day.</summary>
internal sealed record Promised(
    bool IsBudget, string Id, int Version, LocalDate SetOn, LocalDate From, LocalDate? To, long Weekly,
    IReadOnlyList<(string About, long Weight)> Shares, IReadOnlyList<(string About, long Pence)> Once)
{
    public bool IsEnding { get; init; }

    public Post? Own { get; set; }

    /// <summary>
    /// The first version counts from its first day; a revision from the day on which it was made, but not before its
    /// first day.
    /// </summary>
    public LocalDate EffectiveOn => Version == 1 ? From : LocalDate.Max(SetOn, From);
}

/// <summary>One fund in the oracle: its posts, and the terms that decide whose money is left.</summary>
internal sealed class FundPosts(string id, LocalDate opensOn)
{
    public string Id { get; } = id;

    public List<Post> Posts { get; } = [];

    public List<Signed> Agreements { get; } = [];

    public List<Promised> Promises { get; } = [];

    /// <summary>The day up to which each promise has been posted.</summary>
    public Dictionary<(bool, string), LocalDate> PostedTo { get; } = [];

    public (LocalDate On, Post Post, string Content)? Closed { get; set; }

    /// <summary>
    /// Returns the code with which a posting by hand is refused if its day is before the fund's first or after its
    /// last; null if it is neither.
    /// </summary>
    public string? WhyNotOn(LocalDate day) =>
        day < opensOn ? "day-too-early" : day > Closed?.On ? "day-too-late" : null;

    /// <summary>
    /// Whether a posting by hand may name the account. An account must be of something that the fund knows: an
    /// allocation, its provider (here always V-1), or an account to which facts have posted. Sources, the holder, the
    /// fee and care without an allocation belong to every fund.
    /// </summary>
    public bool Knows(string account)
    {
        if (account.Split(':', '/') is not [var book, var kind, var name, ..] || kind is "outside" or "held" or "budget"
            || name is "none" or "fee" or "holder")
        {
            return true;
        }
        return Promises.Any(promise => !promise.IsBudget
                && (book == "money" ? name == "V-1" : book == "promise" && promise.Id == name))
            || Posts.Where(post => post.Kind is not ("adjustment" or "adjustment-reversed"))
                .SelectMany(post => post.Flows).SelectMany(flow => new[] { flow.From, flow.To })
                .Any(account => account.Split(':', '/') is [var b, not ("outside" or "held" or "budget"), var n, ..]
                    && (b, n) == (book, name));
    }

    public Post? Find(string kind, string cause) => Posts.Find(post => post.Kind == kind && post.Cause == cause);
}
