using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Holidays by name and by number of day, and the calendar of each nation.</summary>
public sealed class HolidayCalendarTests
{
    [Theory]
    [InlineData(Nation.England, HolidayCalendar.EnglandAndWales)]
    [InlineData(Nation.Wales, HolidayCalendar.EnglandAndWales)]
    [InlineData(Nation.Scotland, HolidayCalendar.Scotland)]
    [InlineData(Nation.NorthernIreland, HolidayCalendar.NorthernIreland)]
    public void A_nation_has_a_calendar(Nation nation, HolidayCalendar calendar) =>
        Assert.Equal(calendar, PublicHolidays.CalendarOf(nation));

    [Theory]
    [InlineData(HolidayCalendar.EnglandAndWales, "New Year’s Day, Christmas Day, Boxing Day")]
    [InlineData(HolidayCalendar.Scotland,
        "New Year’s Day, 2nd January, St Andrew’s Day, Christmas Day, Boxing Day")]
    [InlineData(HolidayCalendar.NorthernIreland,
        "New Year’s Day, St Patrick’s Day, Battle of the Boyne Day, Christmas Day, Boxing Day")]
    public void Each_calendar_names_the_days_themselves(HolidayCalendar calendar, string names)
    {
        var own = names.Split(", ");
        var named = PublicHolidays.For(calendar, HolidayOn.Actual).All().Where(day => day.On.Year == 2022)
            .Select(day => day.Name).Where(own.Contains);
        Assert.Equal(own, named);
    }

    // Days that fall on a Saturday or Sunday, so that the official calendar has only their substitutes.
    [Theory]
    [InlineData(HolidayCalendar.Scotland, "2024-11-30", "St Andrew’s Day")]
    [InlineData(HolidayCalendar.NorthernIreland, "2024-03-17", "St Patrick’s Day")]
    [InlineData(HolidayCalendar.NorthernIreland, "2025-07-12", "Battle of the Boyne Day")]
    [InlineData(HolidayCalendar.EnglandAndWales, "2028-01-01", "New Year’s Day")] // the last year that is known
    public void A_day_itself_is_a_holiday_at_a_weekend_too(HolidayCalendar calendar, string day, string name) =>
        Assert.Equal(
            name, PublicHolidays.For(calendar, HolidayOn.Actual).NameOf(LocalDatePattern.Iso.Parse(day).Value));

    [Theory]
    [InlineData(HolidayOn.Substitute, 28, "Boxing Day (substitute day)")]
    [InlineData(HolidayOn.Substitute, 26, null)]
    [InlineData(HolidayOn.Actual, 28, null)]
    [InlineData(HolidayOn.Actual, 26, "Boxing Day")]
    [InlineData(HolidayOn.Both, 28, "Boxing Day (substitute day)")]
    [InlineData(HolidayOn.Both, 26, "Boxing Day")]
    [InlineData(HolidayOn.Both, 25, "Christmas Day")]
    public void A_substitute_day_says_that_it_is_one(HolidayOn on, int day, string? name) => Assert.Equal(name,
        PublicHolidays.For(HolidayCalendar.EnglandAndWales, on).NameOf(new LocalDate(2026, 12, day)));

    [Fact]
    public void All_holidays_are_listed_in_order_of_days()
    {
        var holidays = PublicHolidays.For(HolidayCalendar.Scotland, HolidayOn.Both);
        var all = holidays.All().ToList();
        Assert.Equal(all.OrderBy(day => day.On), all);
        Assert.All(all, day => Assert.Equal(holidays.NameOf(day.On), day.Name));
        Assert.Equal((holidays.From, new LocalDate(2028, 12, 26)), (all[0].On, all[^1].On));
    }

    [Fact]
    public void A_rule_that_says_nothing_has_the_nation_s_calendar_and_substitute_days()
    {
        var nation = PublicHolidays.For(HolidayCalendar.Scotland, HolidayOn.Substitute);
        Assert.Same(nation, PublicHolidays.For(null, HolidayCalendar.Scotland));
        Assert.Same(nation, PublicHolidays.For(new HolidayRule(), HolidayCalendar.Scotland));
        Assert.Same(PublicHolidays.For(HolidayCalendar.NorthernIreland, HolidayOn.Both),
            PublicHolidays.For(new(HolidayCalendar.NorthernIreland, HolidayOn.Both), HolidayCalendar.Scotland));
    }
}
