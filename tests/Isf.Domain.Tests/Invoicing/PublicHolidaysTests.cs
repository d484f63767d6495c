using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The three calendars of public holidays contain the days listed in domain.md §4.2.</summary>
public sealed class PublicHolidaysTests
{
    [Theory]
    [InlineData(HolidayCalendar.EnglandAndWales, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28")]
    [InlineData(HolidayCalendar.EnglandAndWales, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28")]
    [InlineData(HolidayCalendar.EnglandAndWales, 2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26")]
    [InlineData(HolidayCalendar.Scotland, 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28")]
    [InlineData(HolidayCalendar.Scotland, 2027, "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28")]
    [InlineData(HolidayCalendar.NorthernIreland, 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28")]
    public void The_official_calendar_has_its_substitute_days(HolidayCalendar calendar, int year, string days) =>
        Assert.Equal(days, Days(calendar, HolidayOn.Substitute, year));

    [Theory]
    [InlineData(HolidayCalendar.EnglandAndWales, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26")]
    [InlineData(HolidayCalendar.EnglandAndWales, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26")]
    [InlineData(HolidayCalendar.Scotland, 2027, "01-01 01-02 03-26 05-03 05-31 08-02 11-30 12-25 12-26")]
    [InlineData(HolidayCalendar.NorthernIreland, 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-12 08-31 12-25 12-26")]
    public void The_days_themselves_may_be_agreed_instead(HolidayCalendar calendar, int year, string days) =>
        Assert.Equal(days, Days(calendar, HolidayOn.Actual, year));

    [Fact]
    public void Both_of_2026_in_England_are_nine_days() => Assert.Equal(
        "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
        Days(HolidayCalendar.EnglandAndWales, HolidayOn.Both, 2026));

    public static TheoryData<HolidayCalendar> Calendars => [.. Enum.GetValues<HolidayCalendar>()];

    [Theory]
    [MemberData(nameof(Calendars))]
    public void Both_holds_every_day_of_either(HolidayCalendar calendar) => Assert.Equal(
        All(calendar, HolidayOn.Actual).Union(All(calendar, HolidayOn.Substitute)).Order(),
        All(calendar, HolidayOn.Both));

    [Theory]
    [InlineData("england", HolidayCalendar.EnglandAndWales)]
    [InlineData("wales", HolidayCalendar.EnglandAndWales)]
    [InlineData("scotland", HolidayCalendar.Scotland)]
    [InlineData("northern-ireland", HolidayCalendar.NorthernIreland)]
    [InlineData("ireland", null)]
    [InlineData(null, null)]
    public void A_nation_has_a_calendar(string? nation, HolidayCalendar? calendar) =>
        Assert.Equal(calendar, PublicHolidays.CalendarOf(nation));

    [Fact]
    public void A_day_that_the_data_do_not_reach_is_not_known_and_no_holiday()
    {
        var holidays = PublicHolidays.For(HolidayCalendar.EnglandAndWales, HolidayOn.Substitute);
        Assert.True(holidays.Covers(new LocalDate(2019, 1, 1)) && holidays.Covers(new LocalDate(2028, 12, 31)));
        Assert.False(holidays.Covers(new LocalDate(2018, 12, 31)) || holidays.Covers(new LocalDate(2029, 1, 1)));
        Assert.Null(holidays.NameOf(new LocalDate(2029, 1, 1)));
        Assert.Null(holidays.NameOf(new LocalDate(2018, 12, 25)));
        Assert.Equal("New Year’s Day", holidays.NameOf(new LocalDate(2019, 1, 1)));
    }

    private static string Days(HolidayCalendar calendar, HolidayOn on, int year) => string.Join(' ',
        All(calendar, on).Where(day => day.Year == year)
            .Select(day => day.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    private static IEnumerable<LocalDate> All(HolidayCalendar calendar, HolidayOn on)
    {
        var holidays = PublicHolidays.For(calendar, on);
        for (var day = holidays.From; day <= holidays.To; day = day.PlusDays(1))
        {
            if (holidays.NameOf(day) is not null)
                yield return day;
        }
    }
}
