using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// A fund's balance as at a day and as known at a position, in pence and minutes. Every figure is a sum of moves.
/// </summary>
public sealed record Balance
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The day of the balance; journals that are effective on a later day do not count.</summary>
    public required LocalDate EffectiveOn { get; init; }

    /// <summary>The position at which the balance is known; journals at later positions do not count.</summary>
    public required long Position { get; init; }

    /// <summary>The figures of the book of money.</summary>
    public required MoneyBalance Money { get; init; }

    /// <summary>The figures of the book of the promise.</summary>
    public required PromiseBalance Promise { get; init; }

    /// <summary>The figures of the book of time.</summary>
    public required TimeBalance Time { get; init; }

    /// <summary>
    /// Builds the balance from the sums of moves and the money left of each source. If the fund is closed, the money
    /// left is also listed as money to return.
    /// </summary>
    public static Balance Build(
        string fundId, LocalDate effectiveOn, long position, PostingSums sums, FundingSplit left,
            bool closed = false) => new()
            {
                FundId = fundId,
                EffectiveOn = effectiveOn,
                Position = position,
                Money = MoneyBalance.From(sums, left, closed),
                Promise = PromiseBalance.From(sums),
                Time = TimeBalance.From(sums),
            };
}

/// <summary>
/// The figures of the book of money, in pence. Cash = held + accrued + owed = received − returned − paid. Held = the
/// money left of all sources − overdrawn.
/// </summary>
public sealed record MoneyBalance
{
    /// <summary>Money received from the sources, without voided receipts.</summary>
    public required long ReceivedPence { get; init; }

    /// <summary>Money returned to the sources, without voided returns.</summary>
    public required long ReturnedPence { get; init; }

    /// <summary>Money that was neither spent nor returned; below zero if care has cost more than was put in.</summary>
    public required long HeldPence { get; init; }

    /// <summary>The money left of each source.</summary>
    public required IReadOnlyList<SourceLeft> Held { get; init; }

    /// <summary>Spending that no source's money covers.</summary>
    public required long OverdrawnPence { get; init; }

    /// <summary>The cost of care that was delivered and is not claimed yet.</summary>
    public required long AccruedPence { get; init; }

    /// <summary>Claims that were accepted and are not paid yet.</summary>
    public required long OwedPence { get; init; }

    /// <summary>
    /// Money that left the bank for providers, less VAT that the holder recovered. Recovered VAT lowers the spending,
    /// and does not count as money received.
    /// </summary>
    public required long PaidPence { get; init; }

    /// <summary>The money that should be in the bank for this fund.</summary>
    public required long CashPence { get; init; }

    /// <summary>The money to return to each source once the fund is closed; empty before.</summary>
    public required IReadOnlyList<SourceLeft> ToReturn { get; init; }

    /// <summary>Builds the figures from the sums.</summary>
    public static MoneyBalance From(PostingSums sums, FundingSplit left, bool closed = false)
    {
        var held = sums.BalanceOfKind(Book.Money, "held");
        var accrued = sums.BalanceOfKind(Book.Money, "accrued");
        var owed = sums.BalanceOfKind(Book.Money, "owed");
        var holder = Account.Outside(ReservedNames.Holder);
        var recovered = -sums.BalanceOf(holder);
        return new MoneyBalance
        {
            ReceivedPence = sums.Between(Book.Money, "outside", "held").Where(flow => flow.From != holder)
                .Sum(flow => flow.Amount),
            ReturnedPence = sums.Between(Book.Money, "held", "outside").Where(flow => flow.To != holder)
                .Sum(flow => flow.Amount),
            HeldPence = held,
            Held = left.Left,
            OverdrawnPence = left.Overdrawn.Pence,
            AccruedPence = accrued,
            OwedPence = owed,
            PaidPence = sums.BalanceOfKind(Book.Money, "paid") - recovered,
            CashPence = checked(held + accrued + owed),
            ToReturn = closed ? [.. left.Left.Where(sourceLeft => sourceLeft.Pence > 0)] : [],
        };
    }
}

/// <summary>The figures of the book of the promise, in pence. Budget = free + promised + used.</summary>
public sealed record PromiseBalance(long BudgetPence, long FreePence, long PromisedPence, long UsedPence)
{
    /// <summary>Builds the figures from the sums.</summary>
    public static PromiseBalance From(PostingSums sums)
    {
        return new PromiseBalance(
            -sums.BalanceOfKind(Book.Promise, "budget"),
            sums.BalanceOf(Account.Free),
            sums.BalanceOfKind(Book.Promise, "promised"),
            sums.BalanceOfKind(Book.Promise, "used"));
    }
}

/// <summary>
/// The figures of the book of time, in carer-minutes. Planned + extra = delivered + missed + banked + released +
/// outstanding. Delivered includes care beyond the plan, and missed includes minutes charged though not given.
/// </summary>
public sealed record TimeBalance
{
    /// <summary>All planned minutes, including those that were not given.</summary>
    public required long PlannedMinutes { get; init; }

    /// <summary>
    /// Minutes given beyond the plan, less minutes drawn from the bank, plus minutes that a change of rate added to
    /// the bank.
    /// </summary>
    public required long ExtraMinutes { get; init; }

    /// <summary>Minutes given, both planned and beyond the plan.</summary>
    public required long DeliveredMinutes { get; init; }

    /// <summary>Minutes not given, charged or not, that are neither banked nor released.</summary>
    public required long MissedMinutes { get; init; }

    /// <summary>Minutes that are paid for though not given.</summary>
    public required long ChargedNotDeliveredMinutes { get; init; }

    /// <summary>Minutes kept for later.</summary>
    public required long BankedMinutes { get; init; }

    /// <summary>Minutes that were given up or have expired.</summary>
    public required long ReleasedMinutes { get; init; }

    /// <summary>Planned minutes that have no outcome yet.</summary>
    public required long OutstandingMinutes { get; init; }

    /// <summary>Builds the figures from the sums.</summary>
    public static TimeBalance From(PostingSums sums)
    {
        var charged = sums.BalanceOfKind(Book.Time, "charged");
        return new TimeBalance
        {
            PlannedMinutes = -sums.BalanceOfKind(Book.Time, "agreed"),
            ExtraMinutes = -sums.BalanceOfKind(Book.Time, "extra"),
            DeliveredMinutes = sums.BalanceOfKind(Book.Time, "delivered"),
            MissedMinutes = checked(sums.BalanceOfKind(Book.Time, "missed") + charged),
            ChargedNotDeliveredMinutes = charged,
            BankedMinutes = sums.BalanceOfKind(Book.Time, "banked"),
            ReleasedMinutes = sums.BalanceOfKind(Book.Time, "released"),
            OutstandingMinutes = sums.BalanceOfKind(Book.Time, "planned"),
        };
    }
}
