using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>A bank that keeps money gives the whole minutes that its money buys (design §4).</summary>
public sealed class RateBoughtTests
{
    [Theory]
    [InlineData(2400, 2400, 60)]
    [InlineData(2400, 2399, 59)]
    [InlineData(2400, 40, 1)]
    [InlineData(2400, 39, 0)] // just short of a minute
    [InlineData(2213, 1475, 39)] // 40 minutes cost 1475.33p
    [InlineData(2213, 1476, 40)]
    [InlineData(1, long.MaxValue / 60, long.MaxValue / 60 * 60)]
    public void Money_buys_whole_minutes_rounded_down(long pencePerHour, long pence, long minutes) =>
        Assert.Equal(new Minutes(minutes), new Rate(pencePerHour).BoughtRoundedDown(new Money(pence)));

    [Fact]
    public void More_minutes_than_a_length_can_hold_throw_and_never_wrap() =>
        Assert.Throws<OverflowException>(() => new Rate(1).BoughtRoundedDown(new Money(long.MaxValue)));

    [Theory]
    [InlineData(1, 1)] // the smallest divisor
    [InlineData(2, 1)] // half a penny
    [InlineData(3, 0)]
    public void A_penny_is_shared_by_any_divisor_from_one(long denominator, long pence) =>
        Assert.Equal(new Money(pence), Rate.ShareRoundedHalfUp(new Money(1), 1, denominator));
}
