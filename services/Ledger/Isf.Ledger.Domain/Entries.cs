using System.Globalization;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>The parts of the posting rules: entries, moves, and the ids of facts with versions or days.</summary>
internal static class Entries
{
    /// <summary>An entry on one day, whose kind is also the word for its cause.</summary>
    public static Entry Of(string fundId, string kind, string causeId, LocalDate on, IReadOnlyList<Move> moves) =>
        new()
    {
        FundId = fundId,
        Kind = kind,
        EffectiveOn = on,
        Cause = new PostingCause(kind, causeId),
        Moves = moves,
    };

    /// <summary>The reversal of a journal, whole, on the journal's own day.</summary>
    public static Entry Reversal(Journal of, string kind, string causeId) => of.Entry with
    {
        Kind = kind,
        Cause = new PostingCause(kind, causeId),
        Moves = [.. of.Entry.Moves.Select(move => move.Reversed())],
        Reverses = of.JournalId,
        PersonMinutes = -of.Entry.PersonMinutes,
    };

    /// <summary>A move of this money; none where it is zero.</summary>
    public static Move[] Moved(Book book, Place from, Place to, Money amount) =>
        amount == Money.Zero ? [] : [new Move(book, from, to, amount)];

    /// <summary>A move of this time; none where it is zero.</summary>
    public static Move[] Took(Place from, Place to, Minutes amount) =>
        amount == Minutes.Zero ? [] : [new Move(Book.Time, from, to, amount)];

    /// <summary>The moves of a cost: promised → used of its allocation, and out of the accounts that bear it.</summary>
    public static Move[] Spent(string allocation, Place to, Money cost, IReadOnlyList<SourcePercent> fundedBy) =>
    [
        .. Moved(Book.Promise, Place.Promised(allocation), Place.Used(allocation), cost),
        .. Bearers(cost, fundedBy).SelectMany(borne => Moved(Book.Money, borne.From, to, borne.Part)),
    ];

    /// <summary>The moves of a cost that falls away: back to where it came from.</summary>
    public static Move[] Unspent(string allocation, Place from, Money cost, IReadOnlyList<SourcePercent> fundedBy) =>
        [.. Spent(allocation, from, cost, fundedBy).Select(move => move.Reversed())];

    /// <summary>
    /// Who bears a cost: held/drawn, or the sources that an allocation names, split by largest remainder, and
    /// held/drawn for the remaining percentage.
    /// </summary>
    public static IEnumerable<(Place From, Money Part)> Bearers(Money cost, IReadOnlyList<SourcePercent> fundedBy)
    {
        if (fundedBy.Count == 0)
            return [(Place.Drawn, cost)];
        var named = fundedBy.Sum(share => (long)share.Percent);
        if (named > 100)
            throw new ArgumentException($"The sources named bear {named} % of the cost.", nameof(fundedBy));
        Place[] places = [.. fundedBy.Select(share => Place.Held(share.Source)), Place.Drawn];
        long[] weights = [.. fundedBy.Select(share => (long)share.Percent), 100 - named];
        return places.Zip(Allotment.Split(cost, weights));
    }

    /// <summary>Sorts moves: time first, then promise, then money; within a book in the given order.</summary>
    public static IReadOnlyList<Move> InOrder(IEnumerable<Move> moves) =>
        [.. moves.OrderByDescending(move => move.Book)];

    public static string VisitCause(string visitId, int version) => $"{visitId}/v{Number(version)}";

    public static string DayCause(LocalDate on, int revision) => $"{Iso(on)}/r{Number(revision)}";

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Iso(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
