using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Measures;

/// <summary>Days are counted by London's clocks, and read from addresses as the database can store them.</summary>
public sealed class LondonTests
{
    [Theory]
    [InlineData("2026-06-01T22:59:59Z", "2026-06-01")]
    [InlineData("2026-06-01T23:00:00Z", "2026-06-02")] // midnight in summer time
    [InlineData("2026-12-01T23:59:59Z", "2026-12-01")]
    [InlineData("2026-12-02T00:00:00Z", "2026-12-02")]
    public void A_moment_belongs_to_the_day_that_London_has_then(string moment, string day)
    {
        var instant = InstantPattern.ExtendedIso.Parse(moment).Value;
        var expected = LocalDatePattern.Iso.Parse(day).Value;
        Assert.Equal(expected, London.DayOf(instant));
        Assert.Equal(expected, London.DayOf(instant.InUtc().ToOffsetDateTime()));
        Assert.Equal(expected, London.Today(new StoppedClock(instant)));
    }

    [Fact]
    public void A_moment_is_shown_as_clocks_in_London_show_it() =>
        Assert.Equal(
            new LocalDateTime(2026, 6, 2, 0, 30).WithOffset(Offset.FromHours(1)),
            London.At(Instant.FromUtc(2026, 6, 1, 23, 30)));

    [Theory]
    [InlineData("2026-08-12")]
    [InlineData("0001-01-01")] // the first day that the database can store
    [InlineData("9999-12-31")]
    public void A_day_is_read(string text) =>
        Assert.Equal(LocalDatePattern.Iso.Parse(text).Value, London.Day(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-02-30")]
    [InlineData("12/08/2026")]
    [InlineData("0000-12-31")]
    [InlineData("-0001-12-31")]
    public void A_text_that_is_no_day_of_the_database_is_not_read(string? text) => Assert.Null(London.Day(text));

    private sealed class StoppedClock(Instant now) : IClock
    {
        public Instant GetCurrentInstant() => now;
    }
}
