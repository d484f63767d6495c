using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Amounts are whole pence; they add up, and are formatted as people write them.</summary>
public sealed class MoneyTests
{
    [Theory]
    [InlineData(0, "£0.00")]
    [InlineData(5, "£0.05")]
    [InlineData(100, "£1.00")]
    [InlineData(151_200, "£1,512.00")]
    [InlineData(123_456_789, "£1,234,567.89")]
    [InlineData(-305, "−£3.05")]
    [InlineData(long.MinValue, "−£92,233,720,368,547,758.08")]
    public void An_amount_is_written_in_pounds_and_pence(long pence, string text) =>
        Assert.Equal(text, new Money(pence).ToString());

    [Fact]
    public void Adding_and_taking_away_undo_each_other() =>
        Prop.ForAll(Amounts, Amounts, (a, b) => a + b - b == a && a + b == b + a && a + -a == Money.Zero)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_sum_is_the_same_in_any_order() =>
        Prop.ForAll(Amounts.Generator.ListOf().ToArbitrary(), amounts =>
            Money.Sum(amounts) == Money.Sum(Enumerable.Reverse(amounts))
            && Money.Sum(amounts).Pence == amounts.Sum(amount => amount.Pence)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_smaller_and_the_larger_of_two_are_the_two() =>
        Prop.ForAll(Amounts, Amounts, (a, b) =>
            Money.Min(a, b) + Money.Max(a, b) == a + b && Money.Min(a, b) <= Money.Max(a, b)
            && a.CompareTo(b) == a.Pence.CompareTo(b.Pence) && (a < b) == (b > a) && (a >= b) == (b <= a))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_amount_too_large_throws_and_never_wraps()
    {
        var max = Money.OfPence(long.MaxValue);
        Assert.Throws<OverflowException>(() => max + Money.OfPence(1));
        Assert.Throws<OverflowException>(() => -max - Money.OfPence(2));
        Assert.Throws<OverflowException>(() => max * 2);
        Assert.Throws<OverflowException>(() => -Money.OfPence(long.MinValue));
    }

    private static Arbitrary<Money> Amounts =>
        Gen.Choose(int.MinValue, int.MaxValue).Select(pence => new Money(pence)).ToArbitrary();
}
