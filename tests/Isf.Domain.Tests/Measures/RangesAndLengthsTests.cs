using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Ranges within ranges at their ends, and long lengths in words.</summary>
public sealed class RangesAndLengthsTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    [Theory]
    [InlineData(0, 6, true)]
    [InlineData(-1, 6, false)]
    [InlineData(0, 7, false)]
    [InlineData(1, 5, true)]
    [InlineData(0, null, false)]
    public void A_week_covers_itself_and_what_lies_within_it(int from, int? to, bool covers) =>
        Assert.Equal(covers, CarePeriod.WeekOf(Monday).Covers(
            new CarePeriod(Monday.PlusDays(from), to is { } days ? Monday.PlusDays(days) : null)));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void An_open_range_covers_every_range_from_its_first_day(int from, bool covers) =>
        Assert.Equal(covers, new CarePeriod(Monday, null).Covers(new CarePeriod(Monday.PlusDays(from), null)));

    [Theory]
    [InlineData(60_000, "1,000 h")]
    [InlineData(60_001, "1,000 h 1 min")]
    [InlineData(-60_001, "−1,000 h 1 min")]
    public void Thousands_of_hours_have_a_comma(long minutes, string text) =>
        Assert.Equal(text, new Minutes(minutes).ToString());
}
