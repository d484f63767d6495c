namespace Isf.Domain.Tests.Ledger;

/// <summary>The amounts that one fact adds, computed without accounts or moves.</summary>
internal sealed record FactAmounts(
    long Received = 0, long Spent = 0, long Claimed = 0, long Credited = 0, long Paid = 0, long Recovered = 0,
    long Fees = 0, long Budget = 0, long Planned = 0, long Delivered = 0, long Charged = 0, long Missed = 0,
    long Banked = 0, long Released = 0, long Extra = 0)
{
    public static FactAmounts operator +(FactAmounts a, FactAmounts b) => new(
        a.Received + b.Received, a.Spent + b.Spent, a.Claimed + b.Claimed, a.Credited + b.Credited, a.Paid + b.Paid,
        a.Recovered + b.Recovered, a.Fees + b.Fees, a.Budget + b.Budget, a.Planned + b.Planned,
        a.Delivered + b.Delivered, a.Charged + b.Charged, a.Missed + b.Missed, a.Banked + b.Banked,
        a.Released + b.Released, a.Extra + b.Extra);

    // Subtracts only the amounts that are posted as the difference from a target. Nothing else is ever subtracted.
    public static FactAmounts operator -(FactAmounts a, FactAmounts b) => a + new FactAmounts(
        Spent: -b.Spent, Claimed: -b.Claimed, Missed: -b.Missed, Banked: -b.Banked, Released: -b.Released,
        Extra: -b.Extra);
}
