using Isf.Ledger.Copies;
using Isf.Ledger.Domain;
using Isf.Ledger.Periods;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Periods end by the holder's calendar and close in order, and nothing more is posted on a closed day.
/// </summary>
public sealed class PeriodTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 6, 1, 12, 0);

    [Theory]
    [InlineData("4-weeks", "2026-04-06", null, "2026-05-03")]
    [InlineData("4-weeks", "2026-04-06", "2026-05-03", "2026-05-31")]
    [InlineData("4-weeks", "2026-04-06", "2027-04-04", "2027-05-02")]
    [InlineData("month", "2026-04-01", null, "2026-04-30")]
    [InlineData("month", "2026-04-01", "2026-04-30", "2026-05-31")]
    [InlineData("month", "2026-01-31", null, "2026-02-27")]
    [InlineData("month", "2026-01-31", "2026-02-27", "2026-03-30")]
    // After a change of calendar, the next period ends together with the first period of the new calendar. If that
    // period has not begun yet, the next period ends on the day before it begins.
    [InlineData("month", "2026-04-01", "2026-05-03", "2026-05-31")]
    [InlineData("month", "2027-04-01", "2027-03-07", "2027-03-31")]
    [InlineData("month", "2027-04-01", "2027-03-31", "2027-04-30")]
    public void The_next_period_ends_by_the_calendar(string every, string firstOn, string? closedTo, string end) =>
        Assert.Equal(
            Day(end),
            new PeriodCalendar("sunrise", 1, every, Day(firstOn)).NextEnd(closedTo is null ? null : Day(closedTo)));

    [Fact]
    public void A_length_that_is_none_is_a_bug() => Assert.Throws<InvalidOperationException>(
        () => new PeriodCalendar("sunrise", 1, "year", Day("2026-04-06")).NextEnd(null));

    [Theory]
    [InlineData("2026-05-03", null, "2026-05-04", null)]
    [InlineData("2026-05-31", "2026-05-03", "2026-06-01", null)]
    [InlineData("2026-05-31", "2026-05-03", "2026-05-31", ClosePeriod.Refusal.PeriodNotOver)]
    [InlineData("2026-05-02", null, "2026-06-01", ClosePeriod.Refusal.NotTheNextPeriodEnd)]
    [InlineData("2026-05-31", null, "2026-06-01", ClosePeriod.Refusal.NotTheNextPeriodEnd)]
    [InlineData("2026-06-28", "2026-05-03", "2026-07-01", ClosePeriod.Refusal.NotTheNextPeriodEnd)]
    [InlineData("2026-05-03", "2026-05-03", "2026-06-01", ClosePeriod.Refusal.AlreadyClosed)]
    [InlineData("2026-05-02", "2026-05-03", "2026-06-01", ClosePeriod.Refusal.AlreadyClosed)]
    [InlineData("2026-05-04", "2026-05-03", "2026-06-01", ClosePeriod.Refusal.NotTheNextPeriodEnd)]
    public void Periods_close_in_order_and_once_they_are_over(
        string to, string? closedTo, string today, ClosePeriod.Refusal? why)
    {
        var calendar = new PeriodCalendar("sunrise", 1, "4-weeks", Day("2026-04-06"));
        LocalDate? closed = closedTo is null ? null : Day(closedTo);
        var decided = ClosePeriod.Decide("april", Day(to), calendar, closed, Day(today), Noon);
        Assert.Equal(why, decided.Refusal);
        if (why is null)
            Assert.Equal(new ClosedPeriod("april", closed?.PlusDays(1), Day(to), Noon), decided.Value);
    }

    [Fact]
    public void Without_a_calendar_nothing_closes() => Assert.Equal(
        ClosePeriod.Refusal.NoCalendar,
        ClosePeriod.Decide("april", Day("2026-05-03"), null, null, Day("2026-06-01"), Noon).Refusal);

    [Theory]
    [InlineData("2026-05-04", null, "2026-05-03", "2026-05-04", null)]
    [InlineData("2026-05-03", null, "2026-05-03", "2026-05-04", "2026-05-03")]
    [InlineData("2026-04-12", null, "2026-05-03", "2026-05-04", "2026-04-12")]
    [InlineData("2026-05-03", "2026-04-12", "2026-05-03", "2026-05-04", "2026-04-12")]
    [InlineData("2026-05-03", "2026-05-04", "2026-05-03", "2026-05-04", null)]
    [InlineData("2026-05-10", "2026-04-12", "2026-05-03", "2026-05-10", "2026-04-12")]
    [InlineData("2026-04-12", null, null, "2026-04-12", null)]
    public void A_fact_about_a_closed_day_counts_on_the_first_open_day_and_keeps_its_own(
        string effectiveOn, string? careOn, string? closedTo, string counts, string? about)
    {
        var entry = PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(1), Day(effectiveOn)) with
        {
            CareOn = careOn is null ? null : Day(careOn),
        };
        var posted = entry.OnOpenDay(closedTo is null ? null : Day(closedTo));
        Assert.Equal((Day(counts), about is null ? (LocalDate?)null : Day(about)), (posted.EffectiveOn, posted.CareOn));
        Assert.True(posted.HasSameContentAs(entry));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 2, false)]
    [InlineData(3, 2, false)]
    public void Of_two_calendars_the_later_version_is_stored(int storedVersion, int newVersion, bool isLater)
    {
        var before = storedVersion == 0 ? null : new PeriodCalendar(
            "sunrise", storedVersion, "month", Day("2026-04-01"));
        var calendar = new PeriodCalendar("sunrise", newVersion, "4-weeks", Day("2026-04-06"));
        Assert.Equal(isLater ? calendar : null, CopyCalendar.Later(before, calendar));
    }

    private static LocalDate Day(string iso) => LocalDatePattern.Iso.Parse(iso).Value;
}
