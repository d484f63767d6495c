using Isf.Measures;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// A fund's figures for a council's feed, which are the movements in the period and the balances at its end. Money
/// counts on the day on which its journal is effective, time on the day of the care (api.md, hours). Each figure is a
/// sum of moves, or a difference of such sums.
/// </summary>
public sealed record FundPeriod
{
    /// <summary>The position of the fund's last journal in the copy; 0 if it has none.</summary>
    public required long Position { get; init; }
    /// <summary>Money that came in during the period, less receipts that were voided during the period.</summary>
    public required Money Received { get; init; }
    /// <summary>
    /// Money that went back to its source during the period, less returns that were reversed during the period.
    /// </summary>
    public required Money Returned { get; init; }
    /// <summary>
    /// The cost of care, purchases and fees that was charged during the period, whether paid yet or not, less what came
    /// back.
    /// </summary>
    public required Money Spent { get; init; }
    /// <summary>The money left of each source at the end.</summary>
    public required MoneyLeft Left { get; init; }
    /// <summary>The cost of care delivered and not yet claimed, at the end of the period.</summary>
    public required Money Accrued { get; init; }
    /// <summary>Money claimed and not yet paid, at the end of the period.</summary>
    public required Money Owed { get; init; }
    /// <summary>The budget of all sources that is posted up to the end of the period.</summary>
    public required Money Budget { get; init; }
    /// <summary>Money promised to allocations and not used, at the end of the period.</summary>
    public required Money Promised { get; init; }
    /// <summary>The carer-minutes of the period.</summary>
    public required PeriodMinutes Minutes { get; init; }

    /// <summary>Computes a fund's figures for a period.</summary>
    /// <exception cref="ArgumentException">The period has no end.</exception>
    public static FundPeriod Build(
        IReadOnlyList<CopiedJournal> journals, CarePeriod period, FundTerms terms)
    {
        var to = period.To ?? throw new ArgumentException("A feed's period has an end.", nameof(period));
        var atEnd = Fold.From(journals, to);
        var during = journals.Where(journal => period.Covers(journal.EffectiveOn)).ToList();
        return new FundPeriod
        {
            Position = journals.Count == 0 ? 0 : journals[^1].Position,
            Received = Between(during, "outside", "held", isReversal: journal => journal.Reverses is not null),
            Returned = Between(during, "held", "outside", isReversal: journal => journal.Reverses is not null),
            Spent = Spending(during),
            Left = FundingSplit.On(journals, to, terms),
            Accrued = Pence(atEnd.BalanceOfKind(AccountNames.Money, "accrued")),
            Owed = Pence(atEnd.BalanceOfKind(AccountNames.Money, "owed")),
            Budget = Pence(-atEnd.BalanceOfKind(AccountNames.Promise, "budget")),
            Promised = Pence(atEnd.BalanceOfKind(AccountNames.Promise, "promised")),
            Minutes = PeriodMinutes.Sum(journals.Where(journal => period.Covers(journal.About))),
        };
    }

    // A reversal takes back what was received or returned; it is not itself a return or a receipt.
    private static Money Between(
        List<CopiedJournal> during, string from, string to, Func<CopiedJournal, bool> isReversal)
    {
        var forth = during.Where(journal => !isReversal(journal)).SelectMany(journal => journal.Moves)
            .Where(move => Goes(move, from, to));
        var undone = during.Where(isReversal).SelectMany(journal => journal.Moves).Where(move => Goes(move, to, from));
        return Sum(forth) - Sum(undone);
    }

    // Money that leaves the held accounts for a provider or the holder's fee, less money that comes back. Recovered VAT
    // lowers the spending.
    private static Money Spending(List<CopiedJournal> during)
    {
        var moves = during.SelectMany(journal => journal.Moves).Where(move => move.Book == AccountNames.Money).ToList();
        return Sum(moves.Where(move => IsHeld(move.From) && IsProviders(move.To)))
            - Sum(moves.Where(move => IsHeld(move.To) && IsProviders(move.From)));
    }

    private static bool Goes(CopiedMove move, string from, string to) =>
        move.Book == AccountNames.Money && AccountNames.KindOf(move.From) == from && AccountNames.KindOf(move.To) == to
            && move.From != "outside/holder" && move.To != "outside/holder";

    private static bool IsHeld(string place) => AccountNames.KindOf(place) == "held";

    private static bool IsProviders(string place) =>
        AccountNames.KindOf(place) is "accrued" or "owed" or "paid" || place == "outside/holder";

    private static Money Sum(IEnumerable<CopiedMove> moves) => Money.Sum(moves.Select(move => new Money(move.Amount)));

    private static Money Pence(Int128 pence) => new(checked((long)pence));
}

/// <summary>
/// The carer-minutes of a period, by the day of care. Planned + extra = delivered + missed + banked + released +
/// outstanding, where missed includes the minutes charged though not given (api.md, hours).
/// </summary>
public sealed record PeriodMinutes(
    Minutes Planned, Minutes Extra, Minutes Delivered, Minutes Missed, Minutes ChargedNotDelivered, Minutes Banked,
    Minutes Released, Minutes Outstanding)
{
    /// <summary>The sums of the journals that are about the period.</summary>
    public static PeriodMinutes Sum(IEnumerable<CopiedJournal> about)
    {
        var fold = new Fold();
        foreach (var journal in about)
            fold.Add(journal);
        Minutes Of(string kind) => new(checked((long)fold.BalanceOfKind(AccountNames.Time, kind)));
        return new PeriodMinutes(
            Minutes.Zero - Of("agreed"), Minutes.Zero - Of("extra"), Of("delivered"), Of("missed") + Of("charged"),
            Of("charged"), Of("banked"), Of("released"), Of("planned"));
    }
}
