using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// Tests which rate applies to each minute: precedence, windows, midnight, crossings, and both changes of the clock.
/// </summary>
public sealed class WhenTests
{
    private static readonly PriceRate Evening = Weekday with
    {
        Code = "evening",
        Pence = 2700,
        When = new() { Days = [DayWord.Mon], From = new(18, 0), To = new(22, 0) },
    };

    private static readonly PriceRate Night = Weekday with
    {
        Code = "night",
        Pence = 3600,
        When = new() { Days = [DayWord.Mon, DayWord.Fri], From = new(22, 0), To = new(6, 0) },
    };

    private static readonly PriceRate Christmas = Weekday with
    {
        Code = "christmas",
        Pence = 5000,
        When = new() { Dates = [new(2026, 12, 25), new(2026, 4, 6)] },
    };

    private static readonly PriceList All = List(Weekday, Weekend, Evening, Night, Holiday, Christmas);

    [Theory]
    [InlineData("2026-04-13T17:59:00+01:00", "weekday")] // a Monday
    [InlineData("2026-04-13T18:00:00+01:00", "evening")]
    [InlineData("2026-04-13T21:59:59+01:00", "evening")]
    [InlineData("2026-04-13T22:00:00+01:00", "night")]
    [InlineData("2026-04-14T05:59:00+01:00", "night")] // Monday's night, on Tuesday
    [InlineData("2026-04-14T06:00:00+01:00", "weekday")]
    [InlineData("2026-04-14T22:00:00+01:00", "weekday")] // the night rate is not for Tuesdays
    [InlineData("2026-04-18T01:00:00+01:00", "night")] // Friday's night rate precedes Saturday's rate
    [InlineData("2026-04-18T06:00:00+01:00", "weekend")]
    [InlineData("2026-04-06T19:00:00+01:00", "christmas")] // a named date precedes a holiday and an evening
    [InlineData("2026-05-04T19:00:00+01:00", "holiday")] // a public holiday precedes an evening
    [InlineData("2026-05-05T01:00:00+01:00", "night")] // the night of the holiday Monday
    [InlineData("2026-12-28T10:00:00Z", "holiday")]
    [InlineData("2026-12-25T10:00:00Z", "christmas")]
    public void What_is_more_particular_replaces(string start, string code) =>
        Assert.Equal(code, All.Price(Visit(start, 30)).Rate!.Code);

    [Theory]
    [InlineData("18:00", "00:00", "2026-04-14T23:59:00+01:00", "late")]
    [InlineData("18:00", "00:00", "2026-04-15T00:00:00+01:00", "weekday")]
    [InlineData("18:00", null, "2026-04-14T23:59:00+01:00", "late")]
    [InlineData(null, "07:00", "2026-04-14T06:59:00+01:00", "late")]
    [InlineData(null, "07:00", "2026-04-14T07:00:00+01:00", "weekday")]
    [InlineData("20:00", "07:00", "2026-04-14T03:00:00+01:00", "late")]
    public void A_window_without_days_is_every_day_s(string? from, string? to, string start, string code)
    {
        static LocalTime? Time(string? text) =>
            text is null ? null : NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text).Value;
        var late = Weekday with { Code = "late", When = new() { From = Time(from), To = Time(to) } };
        Assert.Equal(code, List(Weekday, late).Price(Visit(start, 30)).Rate!.Code);
    }

    [Fact]
    public void A_split_visit_has_each_part_at_its_own_rate()
    {
        var price = (All with { Crossing = Crossing.Split }).Price(Visit("2026-04-13T17:30:00+01:00", 300));
        Assert.Equal([("weekday", 30L), ("evening", 240L), ("night", 30L)],
            Enumerable.Range(0, price.PartCount).Select(i => (price.Part(i).Rate.Code, price.Part(i).Minutes)));
        Assert.Equal(1200 + 10_800 + 1800, price.Amount.Pence);
    }

    [Fact]
    public void A_rate_that_changes_at_midnight_splits_the_night()
    {
        var list = List(Weekday with { To = new(2026, 3, 31) },
            Weekday with { Code = "new", Pence = 2500, From = new LocalDate(2026, 4, 1) });
        var night = Visit("2026-03-31T22:00:00+01:00", 240);
        Assert.Equal(9600, list.Pence(night));
        Assert.Equal(4800 + 5000, (list with { Crossing = Crossing.Split }).Pence(night));
    }

    [Fact]
    public void Charged_minutes_count_from_the_start_on()
    {
        var banded = All with
        {
            Crossing = Crossing.Split,
            Basis = PriceBasis.Banded,
            Band = new(60, BandTo.Up),
        };
        Assert.Equal(1200 + 1350, banded.Pence(Visit("2026-04-13T17:30:00+01:00", 31)));
    }

    // The rate “two” applies from 02:00 to 03:00. The visits are on the nights on which the clocks go forward and
    // back.
    [Theory]
    [InlineData("2026-03-29T00:00:00Z", 180, PayClock.Elapsed, (60 * 30) + (60 * 40) + (60 * 30))] // 00, 02, 03 o'clock
    [InlineData("2026-10-25T00:00:00+01:00", 180, PayClock.Elapsed, 3 * 60 * 30)] // 00, 01 and 01 again
    [InlineData("2026-10-25T00:00:00+01:00", 240, PayClock.Elapsed, (3 * 60 * 30) + (60 * 40))]
    [InlineData("2026-10-25T00:00:00+01:00", 240, PayClock.Scheduled, (2 * 60 * 30) + (60 * 40))] // 00, 01, 02
    [InlineData("2026-03-29T00:00:00Z", 120, PayClock.Scheduled, (2 * 60 * 30) + (60 * 40))]
    public void Split_follows_the_clock_on_the_wall(string start, int minutes, PayClock pay, long pence)
    {
        var list = List(Weekday with { Pence = 1800 },
            Weekday with { Code = "two", Pence = 2400, When = new() { From = new(2, 0), To = new(3, 0) } }) with
        {
            Crossing = Crossing.Split,
            Pay = pay,
        };
        Assert.Equal(pence, list.Pence(Visit(start, minutes)));
    }

    [Fact]
    public void Minutes_before_the_first_rate_cost_nothing_and_those_after_it_their_price()
    {
        var list = List(Weekday with { From = new LocalDate(2026, 4, 9) }) with { Crossing = Crossing.Split };
        var price = list.Price(Visit("2026-04-08T23:00:00+01:00", 120));
        Assert.Equal((2400, 60), (price.Amount.Pence, (int)price.Charged.Count));
    }
}
