using System.Globalization;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>Builds the entries, moves and cause ids that the posting rules have in common.</summary>
internal static class Entries
{
    /// <summary>An entry that counts on the given day; the word for its kind is also the word for its cause.</summary>
    public static Entry OnDay(string fundId, string kind, string causeId, LocalDate on, IReadOnlyList<Move> moves) =>
        new()
        {
            FundId = fundId,
            Kind = kind,
            EffectiveOn = on,
            Cause = new PostingCause(kind, causeId),
            Moves = moves,
        };

    /// <summary>The reversal of a journal, in full and on the journal's own day.</summary>
    public static Entry Reversal(Journal of, string kind, string causeId) => of.Entry with
    {
        Kind = kind,
        Cause = new PostingCause(kind, causeId),
        Moves = [.. of.Entry.Moves.Select(move => move.Reversed())],
        Reverses = of.JournalId,
        PersonMinutes = -of.Entry.PersonMinutes,
    };

    /// <summary>One move of an amount of money; no move if the amount is zero.</summary>
    public static Move[] MoneyPosting(Book book, Account from, Account to, Money amount) =>
        amount == Money.Zero ? [] : [new Move(book, from, to, amount)];

    /// <summary>One move of an amount of time; no move if the amount is zero.</summary>
    public static Move[] TimePosting(Account from, Account to, Minutes amount) =>
        amount == Minutes.Zero ? [] : [new Move(Book.Time, from, to, amount)];

    /// <summary>
    /// The moves of a cost. The promise moves promised → used of the allocation. The money moves from each account
    /// that pays (<see cref="Bearers"/>) to the account <paramref name="to"/>.
    /// </summary>
    public static Move[] CostPosting(string allocation, Account to, Money cost,
        IReadOnlyList<SourcePercent> fundedBy) =>
    [
        .. MoneyPosting(Book.Promise, Account.Promised(allocation), Account.Used(allocation), cost),
        .. Bearers(cost, fundedBy).SelectMany(borne => MoneyPosting(Book.Money, borne.From, to, borne.Part)),
    ];

    /// <summary>The moves that take back a cost: the reverse of the moves that posted it.</summary>
    public static Move[] CostReversal(string allocation, Account from, Money cost,
        IReadOnlyList<SourcePercent> fundedBy) =>
        [.. CostPosting(allocation, from, cost, fundedBy).Select(move => move.Reversed())];

    /// <summary>
    /// The accounts that pay a cost, each with its part. Named sources pay their percentages, split by largest
    /// remainder, and held/drawn pays the rest. If no source is named, held/drawn pays all.
    /// </summary>
    public static IEnumerable<(Account From, Money Part)> Bearers(Money cost, IReadOnlyList<SourcePercent> fundedBy)
    {
        if (fundedBy.Count == 0)
            return [(Account.Drawn, cost)];
        var named = fundedBy.Sum(share => (long)share.Percent);
        if (named > 100)
            throw new ArgumentException($"The sources named bear {named} % of the cost.", nameof(fundedBy));
        Account[] places = [.. fundedBy.Select(share => Account.Held(share.Source)), Account.Drawn];
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
