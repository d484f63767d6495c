using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>The platform accepts days of three centuries (api.md, conventions).</summary>
public sealed class AcceptedDaysTests
{
    [Theory]
    [InlineData("1899-12-31", false)]
    [InlineData("1900-01-01", true)]
    [InlineData("2199-12-31", true)]
    [InlineData("2200-01-01", false)]
    public void Both_bounds_are_accepted_and_no_day_beyond_them(string day, bool accepted) =>
        Assert.Equal(accepted, AcceptedDays.Holds(LocalDatePattern.Iso.Parse(day).Value));

    [Fact]
    public void The_bounds_are_told_in_words()
    {
        var days = AcceptedDays.Bounds.Split(' ').Where(word => char.IsAsciiDigit(word[0]))
            .Select(day => LocalDatePattern.Iso.Parse(day).Value);
        Assert.Equal([AcceptedDays.First, AcceptedDays.Last], days);
    }

    [Fact]
    public void No_end_is_a_day_beyond_those_accepted() =>
        Assert.Equal((new LocalDate(9999, 12, 31), false),
            (AcceptedDays.NoEnd, AcceptedDays.Holds(AcceptedDays.NoEnd)));
}
