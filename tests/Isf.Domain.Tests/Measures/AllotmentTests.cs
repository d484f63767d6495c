using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>A split loses nothing, is fair to within a penny, and always gives the same result.</summary>
public sealed class AllotmentTests
{
    private static readonly Arbitrary<(long Whole, long[] Weights)> Bills =
        (from whole in Gen.Choose(-2_000_000, 2_000_000)
         from weights in Gen.Choose(0, 50_000).Select(weight => (long)weight).NonEmptyListOf()
         where weights.Any(weight => weight > 0)
         select ((long)whole, weights.ToArray())).ToArbitrary();

    [Theory]
    [InlineData(100, new long[] { 1, 1, 1 }, new long[] { 34, 33, 33 })]
    [InlineData(200, new long[] { 1, 1, 1 }, new long[] { 67, 67, 66 })]
    [InlineData(-100, new long[] { 1, 1, 1 }, new long[] { -34, -33, -33 })]
    [InlineData(42_000, new long[] { 36_000, 6_000 }, new long[] { 36_000, 6_000 })]
    [InlineData(10, new long[] { 1, 2, 0 }, new long[] { 3, 7, 0 })]
    [InlineData(0, new long[] { 5, 5 }, new long[] { 0, 0 })]
    [InlineData(1, new long[] { 0, 1 }, new long[] { 0, 1 })]
    public void A_bill_is_split_by_largest_remainder(long whole, long[] weights, long[] parts) =>
        Assert.Equal(parts, Split(whole, weights));

    [Fact]
    public void The_parts_always_sum_to_the_whole() =>
        Prop.ForAll(Bills, bill => Split(bill.Whole, bill.Weights).Sum() == bill.Whole).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_part_is_within_a_penny_of_its_exact_share() =>
        Prop.ForAll(Bills, bill =>
        {
            var total = (Int128)bill.Weights.Sum();
            return Split(bill.Whole, bill.Weights).Zip(bill.Weights).All(part =>
                Int128.Abs((part.First * total) - ((Int128)bill.Whole * part.Second)) < total);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_goes_to_a_weight_of_zero_and_no_part_has_another_sign() =>
        Prop.ForAll(Bills, bill => Split(bill.Whole, bill.Weights).Zip(bill.Weights).All(part =>
            (part.Second > 0 || part.First == 0) && Math.Sign(part.First) * Math.Sign(bill.Whole) >= 0))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_larger_weight_never_gets_less() =>
        Prop.ForAll(Bills, bill =>
        {
            var parts = Split(bill.Whole, bill.Weights).Zip(bill.Weights).OrderBy(part => part.Second).ToList();
            return parts.Zip(parts.Skip(1)).All(pair =>
                pair.First.Second == pair.Second.Second || Math.Abs(pair.First.First) <= Math.Abs(pair.Second.First));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_changes_only_who_among_equals_gets_the_odd_penny() =>
        Prop.ForAll(Bills, bill =>
        {
            var forward = Split(bill.Whole, bill.Weights).Zip(bill.Weights).Select(part => (part.Second, part.First));
            var backward = Split(bill.Whole, [.. bill.Weights.Reverse()]).Zip(bill.Weights.Reverse())
                .Select(part => (part.Second, part.First));
            return forward.GroupBy(part => part.Second).All(equals =>
                bill.Weights.Count(weight => weight == equals.Key) != 1
                || Ties(bill, equals.Key)
                || backward.Single(part => part.Second == equals.Key).First == equals.Single().First);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new long[0])]
    [InlineData(new long[] { 0, 0 })]
    [InlineData(new long[] { 1, -1 })]
    public void Weights_that_say_nothing_are_a_fault_of_the_caller(long[] weights) =>
        Assert.Throws<ArgumentException>(() => Split(100, weights));

    [Fact]
    public void The_largest_amounts_there_are_do_not_overflow() =>
        Assert.Equal(
            [(long.MaxValue / 2) + 1, long.MaxValue / 2], Split(long.MaxValue, [long.MaxValue, long.MaxValue]));

    // Two different weights can leave the same remainder; the earlier of them then gets the penny.
    private static bool Ties((long Whole, long[] Weights) bill, long weight)
    {
        var total = (Int128)bill.Weights.Sum();
        var remainder = Int128.Abs(bill.Whole) * weight % total;
        return bill.Weights.Count(other => Int128.Abs(bill.Whole) * other % total == remainder) > 1;
    }

    private static long[] Split(long whole, long[] weights) =>
        [.. Allotment.Split(new Money(whole), weights).Select(part => part.Pence)];
}
