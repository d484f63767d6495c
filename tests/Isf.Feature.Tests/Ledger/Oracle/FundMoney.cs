using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>The money left by source, and the amount that no source covers.</summary>
internal sealed record Left(SortedDictionary<string, long> BySource, long Overdrawn, bool IsClosed);

/// <summary>
/// Computes a fund's money left by source from the known facts (design §4). Drawn money is attributed to the sources
/// in the agreement's order, and attribution under an earlier order stays. Once the fund is closed, the person's money
/// counts up to the amount due.
/// </summary>
internal sealed class FundMoney(FundPosts fund, Func<Post, bool> isKnown)
{
    private static readonly string[] PersonFirst = ["person", "top-up", "other", "council", "nhs"];
    private static readonly string[] CouncilFirst = ["council", "nhs", "other", "top-up", "person"];

    private readonly List<Post> posts = [.. fund.Posts.Where(post => isKnown(post) && !post.IsAttribution)];
    private readonly List<Signed> agreements =
        [.. fund.Agreements.Where(signed => signed.Post is null || isKnown(signed.Post))];

    private LocalDate? ClosedSince => fund.Closed is { } closed && isKnown(closed.Post) ? closed.Post.On : null;

    public Left At(LocalDate day)
    {
        var (attributed, before) = (new SortedDictionary<string, long>(StringComparer.Ordinal), (LocalDate?)null);
        foreach (var change in Changes().Where(change => change.On <= day))
        {
            var through = change.On.PlusDays(-1);
            attributed = Attributed(AttributePeriod(before, through, attributed), through);
            before = through;
        }
        return AttributePeriod(before, day, attributed);
    }

    /// <summary>
    /// Returns the attribution that must be posted for each change of order and for the closure (About), by day: the
    /// pence taken from each source.
    /// </summary>
    public Dictionary<(string About, LocalDate On), SortedDictionary<string, long>> Targets()
    {
        var targets = new Dictionary<(string, LocalDate), SortedDictionary<string, long>>();
        var before = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var marks = Changes().Select(change => (About: $"agreement/v{change.Version}", change.On,
            Through: change.On.PlusDays(-1)));
        if (ClosedSince is { } closed)
            marks = marks.Append(("closure", closed, closed));
        foreach (var (about, on, through) in marks.OrderBy(mark => mark.Through).ThenBy(mark => mark.On))
        {
            var attributed = Attributed(At(through), through);
            targets[(about, on)] = new SortedDictionary<string, long>(attributed.Keys.Union(before.Keys).ToDictionary(
                source => source, source => attributed.GetValueOrDefault(source) - before.GetValueOrDefault(source)),
                StringComparer.Ordinal);
            before = attributed;
        }
        return targets;
    }

    private Signed InForce(LocalDate day) =>
        agreements.Where(signed => signed.Version == 1 || signed.Since <= day).MaxBy(signed => signed.Version)!;

    private List<(LocalDate On, int Version)> Changes() =>
    [
        .. agreements.Where(signed => signed.Version > 1).Select(signed => signed.Since).Distinct().Order()
            .Where(day => InForce(day).Order != InForce(day.PlusDays(-1)).Order)
            .Select(day => (day, InForce(day).Version)),
    ];

    private SortedDictionary<string, long> PutInBySource(LocalDate through)
    {
        var putIn = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var flow in posts.Where(post => post.On <= through).SelectMany(post => post.Flows))
        {
            foreach (var (account, pence) in new[] { (flow.From, -flow.Amount), (flow.To, flow.Amount) })
            {
                if (account.StartsWith("money:held/", StringComparison.Ordinal) && account != "money:held/drawn")
                    putIn[account[11..]] = putIn.GetValueOrDefault(account[11..]) + pence;
            }
        }
        return putIn;
    }

    private SortedDictionary<string, long> Attributed(Left left, LocalDate through)
    {
        var attributed = PutInBySource(through);
        foreach (var (source, pence) in left.BySource)
            attributed[source] = attributed.GetValueOrDefault(source) - pence;
        return attributed;
    }

    // Attributes the money drawn up to a day, less what earlier orders attributed, by the order in force on that day.
    // Only the money drawn after the earlier order's last day is shared by its days of care.
    private Left AttributePeriod(LocalDate? after, LocalDate through, SortedDictionary<string, long> attributed)
    {
        var putIn = PutInBySource(through);
        foreach (var (source, pence) in attributed)
            putIn[source] = putIn.GetValueOrDefault(source) - pence;
        var (byDay, earlier) = Drawn(after, through);
        var isClosed = ClosedSince <= through;
        var order = InForce(through).Order;
        var sources = order == "person-first" ? PersonFirst : CouncilFirst;
        var beyond = isClosed ? new FundDue(posts, agreements, Budgets(through)).PersonBeyond(fund.Closed!.Value.On,
            through) : 0;
        var theirs = Math.Min(beyond, Math.Max(0, PutInBySource(through).GetValueOrDefault("person")));
        var counts = sources.Select(source => putIn.GetValueOrDefault(source) - (source == "person" ? theirs : 0));
        var left = AttributeDrawn(
            sources, [.. counts], byDay, earlier - attributed.Values.Sum(),
            order == "pro-rata" ? Budgets(through) : null, theirs);
        return left with { IsClosed = isClosed };
    }

    // Returns the money drawn up to a day: in total up to the earlier order's last day, and by day of care after it.
    private (SortedDictionary<LocalDate, long> ByDay, long Earlier) Drawn(LocalDate? after, LocalDate through)
    {
        var (byDay, earlier) = (new SortedDictionary<LocalDate, long>(), 0L);
        foreach (var post in posts.Where(post => post.On <= through))
        {
            var drawn = post.Flows.Sum(flow => flow.From == "money:held/drawn" ? flow.Amount
                : flow.To == "money:held/drawn" ? -flow.Amount : 0);
            if (post.On <= after)
                earlier += drawn;
            else
                byDay[post.About] = byDay.GetValueOrDefault(post.About) + drawn;
        }
        return (byDay, earlier);
    }

    private List<Promised> Budgets(LocalDate through) =>
    [
        .. fund.Promises.Where(budget => budget.IsBudget && isKnown(budget.Own!) && budget.Own!.On <= through)
            .GroupBy(budget => budget.Id).Select(versions => versions.MaxBy(version => version.Version)!),
    ];

    private static Left AttributeDrawn(string[] sources, long[] counts, SortedDictionary<LocalDate, long> byDay,
        long others, List<Promised>? budgets, long theirs)
    {
        var room = counts.Select(pence => Math.Max(0, pence)).ToArray();
        var whole = byDay.Values.Sum() + others + counts.Sum(pence => Math.Max(0, -pence));
        var exact = sources.Select(_ => Exact.Zero).ToArray();
        foreach (var (day, pence) in byDay.Where(_ => budgets is not null))
        {
            var weights = sources.Select(source => Weight(budgets!, day, source)).ToArray();
            var total = weights.Aggregate(Exact.Zero, (sum, weight) => sum + weight);
            for (var i = 0; i < sources.Length && total.IsAboveZero; i++)
                exact[i] += Exact.Of(pence) * weights[i] / total;
        }
        var attributed = Shares.Rounded(exact).Select((pence, i) => Math.Min(pence, room[i])).ToArray();
        PassOn(room, attributed, exact, whole - attributed.Sum());
        var left = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < sources.Length; i++)
            left[sources[i]] = room[i] - attributed[i] + (sources[i] == "person" ? theirs : 0);
        return new Left(left, whole - attributed.Sum(), false);
    }

    // The part of a cost that a source cannot cover passes to the sources that still have money. It passes by their
    // shares as long as a source with a share has money, and then in the order of spending.
    private static void PassOn(long[] room, long[] attributed, Exact[] exact, long rest)
    {
        if (rest < 0)
        {
            attributed[0] += rest;
            return;
        }
        rest = PassOnByShares(room, attributed, exact, rest);
        for (var i = 0; i < room.Length; i++)
            rest -= AttributeTo(i, rest, room, attributed);
    }

    // Returns what remains when no source with a share has money.
    private static long PassOnByShares(long[] room, long[] attributed, Exact[] exact, long rest)
    {
        while (rest > 0)
        {
            var open = exact
                .Select((part, i) => part.IsAboveZero && room[i] > attributed[i] ? part : Exact.Zero).ToArray();
            var total = open.Aggregate(Exact.Zero, (sum, part) => sum + part);
            if (!total.IsAboveZero)
                break;
            var passed = rest;
            var parts = Shares.Rounded([.. open.Select(part => Exact.Of(passed) * part / total)]);
            for (var i = 0; i < parts.Length; i++)
                rest -= AttributeTo(i, parts[i], room, attributed);
        }
        return rest;
    }

    // Attributes to a source at most what it has left, and returns how much that was.
    private static long AttributeTo(int source, long max, long[] room, long[] attributed)
    {
        var part = Math.Min(max, Math.Max(0, room[source] - attributed[source]));
        attributed[source] += part;
        return part;
    }

    // Returns the weekly pence of a source in this fund on a day, summed over all budgets that cover the day.
    private static Exact Weight(List<Promised> budgets, LocalDate day, string source)
    {
        var sum = Exact.Zero;
        foreach (var budget in budgets.Where(budget => budget.From <= day && (budget.To is null || day <= budget.To)))
        {
            var of = budget.Shares.Sum(share => share.Weight);
            if (of > 0)
            {
                sum += Exact.Of(budget.Weekly)
                    * new Exact(budget.Shares.Where(share => share.About == source).Sum(share => share.Weight), of);
            }
        }
        return sum;
    }
}
