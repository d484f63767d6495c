namespace Isf.Domain.Tests.Ledger;

/// <summary>The amounts that one fact adds, computed without accounts or moves.</summary>
internal sealed record FactAmounts(
    long Received = 0, long Returned = 0, long Spent = 0, long Claimed = 0, long Credited = 0, long Paid = 0,
    long Recovered = 0, long Fees = 0, long Budget = 0, long Promised = 0, long Planned = 0, long Delivered = 0,
    long Charged = 0, long Missed = 0, long Banked = 0, long Released = 0, long Extra = 0)
{
    public static FactAmounts operator +(FactAmounts a, FactAmounts b) => new(
        a.Received + b.Received, a.Returned + b.Returned, a.Spent + b.Spent, a.Claimed + b.Claimed,
        a.Credited + b.Credited, a.Paid + b.Paid, a.Recovered + b.Recovered, a.Fees + b.Fees, a.Budget + b.Budget,
        a.Promised + b.Promised, a.Planned + b.Planned, a.Delivered + b.Delivered, a.Charged + b.Charged,
        a.Missed + b.Missed, a.Banked + b.Banked, a.Released + b.Released, a.Extra + b.Extra);

    public static FactAmounts operator -(FactAmounts a) => new(
        -a.Received, -a.Returned, -a.Spent, -a.Claimed, -a.Credited, -a.Paid, -a.Recovered, -a.Fees, -a.Budget,
        -a.Promised, -a.Planned, -a.Delivered, -a.Charged, -a.Missed, -a.Banked, -a.Released, -a.Extra);

    public static FactAmounts operator -(FactAmounts a, FactAmounts b) => a + -b;
}
