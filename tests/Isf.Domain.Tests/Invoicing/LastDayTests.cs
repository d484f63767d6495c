using Isf.Invoicing.Domain;
using NodaTime;
using NodaTime.Text;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The days of a visit by London's clocks, and the tax year of a day.</summary>
public sealed class LastDayTests
{
    [Theory]
    [InlineData("2026-04-08T22:00:00+01:00", "2026-04-08T23:59:00+01:00", "2026-04-08")]
    [InlineData("2026-04-08T22:00:00+01:00", "2026-04-09T00:00:00+01:00", "2026-04-08")] // ends with the day
    [InlineData("2026-04-08T22:00:00+01:00", "2026-04-09T00:01:00+01:00", "2026-04-09")]
    [InlineData("2026-04-08T22:00:00Z", "2026-04-08T23:00:00Z", "2026-04-08")] // midnight in summer time
    [InlineData("2026-04-09T00:00:00+01:00", "2026-04-09T00:00:00+01:00", "2026-04-09")] // no minute long
    public void A_visit_that_ends_at_midnight_ends_on_the_day_before(string start, string end, string last) =>
        Assert.Equal(Day(last), VisitPricing.LastDayOf(Visit(start, end)));

    [Fact]
    public void A_visit_without_both_times_ends_on_the_day_from_which_it_is_priced()
    {
        var visit = Visit("2026-04-08T22:00:00+01:00", "2026-04-10T08:00:00+01:00");
        Assert.Equal(new LocalDate(2026, 4, 10), VisitPricing.LastDayOf(visit));
        Assert.Equal(new LocalDate(2026, 4, 8), VisitPricing.LastDayOf(visit with { End = null }));
        Assert.Equal(new LocalDate(2026, 4, 8), VisitPricing.LastDayOf(visit with { Start = null }));
    }

    [Fact]
    public void A_visit_that_is_priced_from_its_planned_start_ends_on_that_day() =>
        Assert.Equal(new LocalDate(2026, 4, 7), VisitPricing.LastDayOf(
            Visit("2026-04-08T22:00:00+01:00", "2026-04-10T08:00:00+01:00") with
            {
                Outcome = "no-access",
                PlannedStart = At("2026-04-07T09:00:00+01:00"),
            }));

    [Theory]
    [InlineData("1969-12-31T23:59:00+01:00", "1969-12-31")] // London had summer time all year then
    [InlineData("1970-01-01T00:00:00+01:00", "1970-01-01")]
    [InlineData("1901-05-01T00:00:00Z", "1901-05-01")]
    [InlineData("1901-04-30T23:59:59Z", "1901-04-30")]
    [InlineData("2026-06-01T23:00:00Z", "2026-06-02")]
    public void A_day_before_1970_is_counted_like_any_other(string moment, string day) =>
        Assert.Equal(Day(day), VisitPricing.DayOf(At(moment)));

    [Theory]
    [InlineData("2026-04-05", 2025)]
    [InlineData("2026-04-06", 2026)]
    [InlineData("2026-12-31", 2026)]
    [InlineData("2027-01-01", 2026)]
    public void A_tax_year_begins_on_6_April(string day, int year) =>
        Assert.Equal(year, VisitPricing.TaxYearOf(Day(day)));

    [Theory]
    [InlineData("delivered", true, true, "09:15")]
    [InlineData("delivered", false, true, "09:00")]
    [InlineData("no-access", true, true, "09:00")]
    [InlineData("no-access", true, false, "09:15")]
    [InlineData("delivered", false, false, null)]
    public void A_visit_is_priced_from_its_start_or_its_planned_start(
        string outcome, bool started, bool planned, string? from)
    {
        static Instant On8April(string time) => At($"2026-04-08T{time}:00+01:00");
        var visit = new VisitToPrice("support", new(2026, 4, 8), started ? On8April("09:15") : null, null, 1, outcome)
        {
            PlannedStart = planned ? On8April("09:00") : null,
        };
        Assert.Equal(from is null ? null : On8April(from), visit.Moment);
    }

    private static LocalDate Day(string iso) => LocalDatePattern.Iso.Parse(iso).Value;
}
