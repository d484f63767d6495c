using System.Globalization;
using Isf.Measures;
using NodaTime;

namespace Isf.Statements.Domain;

/// <summary>One of the three books of a fund (design §4): pence, promised pence, carer-minutes.</summary>
public enum Book { Money = 1, Promise, Time }

/// <summary>A positive amount that moves from one account to another, as the Ledger posted it.</summary>
public sealed record Move(Book Book, string From, string To, long Amount);

/// <summary>
/// A journal as the Ledger posted it, with the fields that a statement needs. The figures are read from its moves and
/// never from its kind, so that a fact of a new kind is counted from the day it is first posted.
/// </summary>
public sealed record Journal
{
    public required Guid JournalId { get; init; }

    /// <summary>The journal's number within the fund: 1, 2, 3 … without gaps.</summary>
    public required long Position { get; init; }

    /// <summary>The day on which the journal counts.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The day that the journal is about; null if it is the day on which the journal counts.</summary>
    public LocalDate? CareOn { get; init; }

    public required string CauseMessage { get; init; }

    /// <summary>
    /// The fact's own id in the service that published it; if the fact has versions, the version follows.
    /// </summary>
    public required string CauseId { get; init; }

    public Guid? Reverses { get; init; }

    public required IReadOnlyList<Move> Moves { get; init; }

    /// <summary>The day that the journal is about: CareOn or, if that is null, EffectiveOn.</summary>
    public LocalDate About => CareOn ?? EffectiveOn;

    /// <summary>The cause's id without its version: it stays the same when a fact is corrected.</summary>
    public string Subject => Version is null ? CauseId : CauseId[..CauseId.LastIndexOf('/')];

    /// <summary>
    /// The version of the journal's fact (“visit/2” and “visit/v2” alike); null if the fact has no versions.
    /// </summary>
    public int? Version
    {
        get
        {
            var at = CauseId.LastIndexOf('/');
            var last = at < 1 ? "" : CauseId.AsSpan(at + 1);
            var digits = last.Length > 1 && char.IsAsciiLetterLower(last[0]) ? last[1..] : last;
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : null;
        }
    }

    /// <summary>
    /// The journals up to the first gap in their positions 1, 2, 3 …; they must be given in order of position.
    /// </summary>
    public static IReadOnlyList<Journal> Complete(IEnumerable<Journal> inOrder) =>
        [.. inOrder.Where((journal, index) => journal.Position == index + 1)];
}

/// <summary>The parts of an account's name: “accrued/V-1” is of kind “accrued” and about “V-1”.</summary>
public static class AccountNames
{
    /// <summary>The part of an account's name before the first slash.</summary>
    public static string KindOf(string place)
    {
        var at = place.IndexOf('/', StringComparison.Ordinal);
        return at < 0 ? place : place[..at];
    }

    /// <summary>
    /// The part of an account's name after the first slash: a source, a provider, an allocation or a line; empty
    /// without a slash.
    /// </summary>
    public static string SubjectOf(string place)
    {
        var at = place.IndexOf('/', StringComparison.Ordinal);
        return at < 0 ? "" : place[(at + 1)..];
    }
}

/// <summary>
/// The balance of each account: the sum of the moves into it less the sum of the moves out of it (design §4).
/// </summary>
public sealed class Balances
{
    private readonly Dictionary<(Book Book, string Place), long> sums = [];

    /// <summary>The balances after these journals.</summary>
    public static Balances Sum(IEnumerable<Journal> journals)
    {
        var balances = new Balances();
        foreach (var move in journals.SelectMany(journal => journal.Moves))
        {
            balances.Add(move.Book, move.From, -move.Amount);
            balances.Add(move.Book, move.To, move.Amount);
        }
        return balances;
    }

    /// <summary>
    /// The balance of each account of a kind, such as every “accrued/…”, by the part of its name after the kind; an
    /// account at zero is left out.
    /// </summary>
    public IEnumerable<(string Of, long Amount)> In(Book book, string kind) =>
        from sum in sums
        where sum.Key.Book == book && AccountNames.KindOf(sum.Key.Place) == kind && sum.Value != 0
        orderby sum.Key.Place
        select (AccountNames.SubjectOf(sum.Key.Place), sum.Value);

    /// <summary>All money that the fund holds: Σ held/*.</summary>
    public Money Held => new(In(Book.Money, "held").Sum(place => place.Amount));

    private void Add(Book book, string place, long amount) =>
        sums[(book, place)] = checked(sums.GetValueOrDefault((book, place)) + amount);
}
