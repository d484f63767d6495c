using Isf.Invoicing.Domain;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Exact amounts add up, and are rounded half up to whole pence.</summary>
public sealed class ExactPenceTests
{
    private const long Half = ExactPence.PerPenny / 2;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Half - 1, 0)]
    [InlineData(Half, 1)]
    [InlineData(ExactPence.PerPenny + Half - 1, 1)]
    [InlineData(ExactPence.PerPenny + Half, 2)]
    public void Half_a_penny_goes_up(long grains, long pence) =>
        Assert.Equal(new Money(pence), new ExactPence(grains).Rounded);

    [Theory]
    [InlineData(439_208_192_231)] // the last whole pence that a long can count in grains
    [InlineData(439_208_192_232)]
    [InlineData(9_000_000_000_000_000)]
    public void Amounts_beyond_a_long_of_grains_are_rounded_alike(long pence)
    {
        var amount = ExactPence.From(new Money(pence));
        Assert.Equal(new Money(pence), amount.Rounded);
        Assert.Equal(new Money(pence), (amount + new ExactPence(Half - 1)).Rounded);
        Assert.Equal(new Money(pence + 1), (amount + new ExactPence(Half)).Rounded);
    }

    [Fact]
    public void An_amount_that_no_money_can_hold_throws() =>
        Assert.Throws<OverflowException>(() => (ExactPence.From(new(long.MaxValue)) + new ExactPence(Half)).Rounded);

    [Fact]
    public void A_penny_has_21_million_grains_and_amounts_add_and_take_away()
    {
        Assert.Equal(new ExactPence(21_000_000), ExactPence.From(new Money(1)));
        Assert.Equal(new ExactPence(5), new ExactPence(7) - new ExactPence(2));
        Assert.Equal(new ExactPence(9), new ExactPence(7) + new ExactPence(2));
        Assert.Equal(default, ExactPence.Zero);
    }
}
