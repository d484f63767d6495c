using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Amounts and lengths compare like their numbers, also where the two are equal.</summary>
public sealed class ComparisonTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(7, 7)]
    [InlineData(8, 7)]
    public void Amounts_compare_like_their_pence(long left, long right)
    {
        var (a, b) = (new Money(left), new Money(right));
        Assert.Equal(
            [left < right, left <= right, left >= right, left > right], (bool[])[a < b, a <= b, a >= b, a > b]);
        Assert.Equal(left.CompareTo(right), a.CompareTo(b));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(7, 7)]
    [InlineData(8, 7)]
    public void Lengths_compare_like_their_minutes(long left, long right)
    {
        var (a, b) = (new Minutes(left), new Minutes(right));
        Assert.Equal(
            [left < right, left <= right, left >= right, left > right], (bool[])[a < b, a <= b, a >= b, a > b]);
        Assert.Equal(left.CompareTo(right), a.CompareTo(b));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    public void The_smaller_of_two_is_named_so_and_the_larger_too(long left, long right)
    {
        var (a, b) = (new Money(left), new Money(right));
        Assert.Equal((new Money(3), new Money(4)), (Money.Min(a, b), Money.Max(a, b)));
        Assert.Equal(new Minutes(3), Minutes.Min(new(left), new(right)));
    }
}
