using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// Rates of holidays and named dates at the ends of their windows, of their days and of the calendar. Good Friday is 3
/// April 2026 and Easter Monday 6 April.
/// </summary>
public sealed class HolidayNightTests
{
    private static readonly PriceRate Night = Weekday with
    {
        Code = "holiday-night",
        When = new() { PublicHoliday = true, From = new(20, 0), To = new(6, 0) },
    };

    private static readonly PriceRate Dated = Weekday with
    {
        Code = "dated",
        When = new() { Dates = [new(2026, 4, 6), new(2026, 4, 7)], From = new(10, 0), To = new(12, 0) },
    };

    private static readonly PriceRate Daytime = Holiday with
    {
        When = new() { PublicHoliday = true, From = new(6, 0), To = new(20, 0) },
    };

    private static string Code(string start, params PriceRate[] rates) =>
        List([Weekday, .. rates]).Price(Visit(start, 30)).Rate!.Code;

    [Theory]
    [InlineData("2026-04-03T05:00:00+01:00", "weekday")] // the night before the holiday
    [InlineData("2026-04-03T20:00:00+01:00", "holiday-night")]
    [InlineData("2026-04-04T05:59:00+01:00", "holiday-night")] // began on the holiday
    [InlineData("2026-04-04T06:00:00+01:00", "weekday")]
    [InlineData("2026-04-05T05:00:00+01:00", "weekday")] // neither this day nor the one before is a holiday
    public void A_holiday_s_night_lasts_into_the_next_day(string start, string code) =>
        Assert.Equal(code, Code(start, Night));

    [Theory]
    [InlineData("2026-04-04T05:00:00+01:00", "Good Friday")] // the night began on it
    [InlineData("2028-12-26T05:00:00Z", "Boxing Day")] // and this one on Christmas Day
    [InlineData("2026-04-03T05:00:00+01:00", null)]
    public void A_price_names_the_holiday_of_its_day_or_else_that_of_the_night(string start, string? holiday) =>
        Assert.Equal(holiday, List(Weekday, Night).Price(Visit(start, 30)).Holiday);

    [Theory]
    [InlineData("2026-04-06T11:59:00+01:00", "dated")]
    [InlineData("2026-04-06T12:00:00+01:00", "holiday")] // the rest of a named date is what it would be
    [InlineData("2026-04-07T05:00:00+01:00", "holiday-night")]
    [InlineData("2026-04-07T11:00:00+01:00", "dated")]
    [InlineData("2026-04-07T12:00:00+01:00", "weekday")]
    [InlineData("2026-04-08T05:00:00+01:00", "weekday")]
    public void Beside_its_window_a_named_date_is_a_day_like_others(string start, string code) =>
        Assert.Equal(code, Code(start, Dated, Night, Daytime));

    [Theory]
    [InlineData("2026-04-06T10:00:00+01:00")]
    [InlineData("2026-04-07T10:00:00+01:00")]
    public void A_date_may_be_the_first_or_the_last_day_of_its_rate(string start) => Assert.Equal("dated",
        Code(start, Dated with { From = new LocalDate(2026, 4, 6), To = new LocalDate(2026, 4, 7) }));

    [Theory]
    [InlineData("2018-12-31T10:00:00Z", "weekday")] // before the holidays that are known
    [InlineData("2019-01-01T10:00:00Z", "holiday")]
    [InlineData("2029-01-01T10:00:00Z", "weekday")] // after them
    [InlineData("2029-01-02T10:00:00Z", "weekday")]
    public void Outside_the_known_holidays_every_day_is_an_ordinary_one(string start, string code) =>
        Assert.Equal(code, Code(start, Holiday));

    [Fact]
    public void A_rate_may_end_on_and_name_the_last_day_of_the_calendar()
    {
        var rate = Dated with { To = LocalDate.MaxIsoValue, When = new() { Dates = [LocalDate.MaxIsoValue] } };
        var list = CompiledPriceList.Compile(List(Weekday, rate), HolidayCalendar.EnglandAndWales);
        Assert.Equal("weekday", list.RateAt(Visit("2026-04-08T09:00:00+01:00", 30))!.Code);
    }

    [Theory]
    [InlineData(PriceUnit.Visit, Crossing.Split)]
    [InlineData(PriceUnit.Day, Crossing.FirstRange)]
    public void Before_the_first_of_rates_by_several_units_no_unit_is_known(PriceUnit unit, Crossing crossing)
    {
        var ninth = new LocalDate(2026, 4, 9);
        var list = List(Weekday with { From = ninth.PlusDays(1) },
            Weekday with { Code = "other", Unit = unit, From = ninth, To = ninth });
        var compiled = CompiledPriceList.Compile(list with { Crossing = crossing }, HolidayCalendar.EnglandAndWales);
        Assert.Null(compiled.UnitOf(Visit("2026-04-08T09:00:00+01:00", 30)));
    }
}
