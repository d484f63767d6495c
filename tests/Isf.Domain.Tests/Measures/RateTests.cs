using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>
/// Only a rate converts time to money. Each conversion is rounded once, and half a penny is rounded away from zero.
/// </summary>
public sealed class RateTests
{
    [Theory]
    [InlineData(2213, 40, 1475)] // £22.13 × 40 min = 1475.33p: down
    [InlineData(2213, 20, 738)] // 737.67p: up
    [InlineData(2400, 60, 2400)]
    [InlineData(2400, 1, 40)]
    [InlineData(29, 60, 29)]
    [InlineData(29, 1, 0)] // 0.483p: just under half
    [InlineData(30, 1, 1)] // 0.5p: the half goes up
    [InlineData(31, 1, 1)] // 0.517p: just over half
    [InlineData(89, 1, 1)] // 1.483p
    [InlineData(90, 1, 2)] // 1.5p: up, not to even
    [InlineData(150, 1, 3)] // 2.5p: up, not to even
    [InlineData(90, -1, -2)] // −1.5p: away from zero
    [InlineData(2400, 0, 0)]
    [InlineData(0, 60, 0)]
    public void Minutes_cost_whole_pence_half_up(long pencePerHour, long minutes, long pence) =>
        Assert.Equal(new Money(pence), new Rate(pencePerHour).ForRoundedHalfUp(new Minutes(minutes)));

    [Theory]
    [InlineData(42_000, 10, 60_000)] // £420 a week for 10 days
    [InlineData(46_200, 18, 118_800)] // £462 a week for 18 days; with the row above £1,788.00 for the month
    [InlineData(100, 1, 14)] // 14.29p
    [InlineData(101, 4, 58)] // 57.71p
    [InlineData(7, 3, 3)]
    public void A_weekly_amount_is_shared_by_days_out_of_seven(long weekly, int days, long pence) =>
        Assert.Equal(new Money(pence), Rate.OfWeeklyForDays(new Money(weekly), days));

    [Theory]
    [InlineData(101, 50, 100, 51)] // 50.5p: up
    [InlineData(99, 50, 100, 50)] // 49.5p: up
    [InlineData(98, 50, 100, 49)]
    [InlineData(-101, 50, 100, -51)]
    public void A_share_is_rounded_half_up(long pence, long numerator, long denominator, long share) =>
        Assert.Equal(new Money(share), Rate.ShareRoundedHalfUp(new Money(pence), numerator, denominator));

    [Fact]
    public void The_cost_is_the_nearest_penny_to_the_exact_one() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000).ToArbitrary(),
            Gen.Choose(-100_000, 100_000).ToArbitrary(),
            (rate, minutes) =>
            {
                var exactTimes60 = (Int128)rate * minutes;
                var pence = new Rate(rate).ForRoundedHalfUp(new Minutes(minutes)).Pence;
                return 2 * Int128.Abs((60 * (Int128)pence) - exactTimes60) <= 60;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_minutes_never_cost_less() =>
        Prop.ForAll(
            Gen.Choose(0, 10_000).ToArbitrary(),
            Gen.Choose(0, 2_000).ToArbitrary(),
            (rate, minutes) => new Rate(rate).ForRoundedHalfUp(new Minutes(minutes))
                <= new Rate(rate).ForRoundedHalfUp(new Minutes(minutes + 1))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_division_by_nothing_is_a_fault_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rate.ShareRoundedHalfUp(new Money(1), 1, 0));

    [Fact]
    public void A_cost_that_no_amount_can_hold_throws_and_never_wraps() =>
        Assert.Throws<OverflowException>(() => new Rate(long.MaxValue).ForRoundedHalfUp(new Minutes(120)));
}
