using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Every price comes with one plain sentence.</summary>
public sealed class PriceReasonTextTests
{
    private static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    private static readonly PriceRate Holiday = Weekday with
    {
        Code = "holiday",
        Pence = 4800,
        When = new() { PublicHoliday = true },
        From = new LocalDate(2026, 4, 1),
    };

    private static string Because(VisitToPrice visit, params PriceRate[] rates)
    {
        var list = CompiledPriceList.Compile(VisitPricingTests.List(rates), HolidayCalendar.EnglandAndWales);
        return PriceReasonText.Because(list, visit, VisitPricing.Price(list, visit));
    }

    [Fact]
    public void A_holiday_is_called_by_its_name() => Assert.Equal(
        "45 minutes on Easter Monday at £48.00 an hour (bank holiday rate from 1 April 2026)",
        Because(VisitPricingTests.Visit("2026-04-06T09:00:00+01:00", "2026-04-06T09:45:00+01:00"), Weekday, Holiday));

    [Fact]
    public void A_substitute_day_says_that_it_is_one() => Assert.Equal(
        "1 hour on Boxing Day (substitute day) at £48.00 an hour (bank holiday rate from 1 April 2026)",
        Because(VisitPricingTests.Visit("2026-12-28T09:00:00Z", "2026-12-28T10:00:00Z"), Weekday, Holiday));

    [Fact]
    public void A_holiday_without_a_rate_of_its_own_is_an_ordinary_day() => Assert.Equal(
        "45 minutes on Monday 6 April 2026 at £24.00 an hour",
        Because(VisitPricingTests.Visit("2026-04-06T09:00:00+01:00", "2026-04-06T09:45:00+01:00"), Weekday));

    [Theory]
    [InlineData(1, "1 minute")]
    [InlineData(59, "59 minutes")]
    [InlineData(60, "1 hour")]
    [InlineData(61, "1 hour 1 minute")]
    [InlineData(120, "2 hours")]
    [InlineData(150, "2 hours 30 minutes")]
    public void A_length_is_written_in_hours_and_minutes(int minutes, string text)
    {
        var start = VisitPricingTests.At("2026-04-08T09:00:00+01:00");
        var visit = new VisitToPrice(
            "support", new(2026, 4, 8), start, start + Duration.FromMinutes(minutes), 1, "delivered");
        Assert.Equal($"{text} on Wednesday 8 April 2026 at £24.00 an hour", Because(visit, Weekday));
    }

    [Theory]
    [InlineData(2, "two")]
    [InlineData(5, "5")]
    public void Carers_are_counted_where_there_is_more_than_one(int carers, string text) => Assert.Equal(
        $"45 minutes with {text} carers on Wednesday 8 April 2026 at £24.00 an hour each",
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:45:00+01:00", carers), Weekday));

    [Fact]
    public void A_price_by_the_visit_says_so() => Assert.Equal(
        "One visit on Wednesday 8 April 2026 at £15.00 a visit",
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:45:00+01:00"),
            Weekday with { Code = "pop-in", Unit = PriceUnit.Visit, Pence = 1500 }));

    public static TheoryData<string, RateWhen?> Whens => new()
    {
        { "", null },
        { " (Wednesdays and Sundays)", new() { Days = [DayWord.Sun, DayWord.Wed] } },
        { " (Mondays, Tuesdays and Wednesdays, 08:00 to 20:00)", new()
            { Days = [DayWord.Mon, DayWord.Tue, DayWord.Wed], From = new LocalTime(8, 0), To = new LocalTime(20, 0) } },
        { " (00:00 to 20:00)", new() { To = new LocalTime(20, 0) } },
        { " (on 8 April 2026 and 24 December 2026)", new() { Dates = [new(2026, 12, 24), new(2026, 4, 8)] } },
    };

    /// <summary>
    /// The holder chooses a list's codes, so a sentence describes when a rate applies and never shows its code.
    /// </summary>
    [Theory]
    [MemberData(nameof(Whens))]
    public void A_rate_is_named_by_when_it_holds_and_never_by_its_code(string text, RateWhen? when) => Assert.Equal(
        "1 hour on Wednesday 8 April 2026 at £24.00 an hour" + text,
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T10:00:00+01:00"),
            Weekday with { Code = "d", When = when }));

    [Theory]
    [InlineData("missed-by-provider", "that the provider missed")]
    [InlineData("no-access", "where nobody could be let in")]
    [InlineData("cancelled-by-person", "that the person cancelled")]
    [InlineData("cancelled-by-provider", "that the provider cancelled")]
    [InlineData("hospital", "that fell in a hospital stay")]
    [InlineData("closed-holiday", "on a day when the service was closed")]
    public void What_was_not_delivered_says_why_nothing_is_charged(string outcome, string text) => Assert.Equal(
        $"Nothing is charged for a visit {text}",
        Because(new("support", new(2026, 4, 8), null, null, 1, outcome), Weekday));

    [Fact]
    public void What_has_no_rate_or_no_times_says_so()
    {
        Assert.Equal(
            "Nothing is charged: the price list has no rate for this service on Wednesday 8 April 2026",
            Because(new("sleep-in", new(2026, 4, 8), null, null, 1, "delivered"), Weekday));
        Assert.Equal(
            "Nothing is charged: no start and end were recorded for Wednesday 8 April 2026",
            Because(new("support", new(2026, 4, 8), null, null, 1, "delivered"), Weekday));
    }

    public static TheoryData<string, PriceList, VisitToPrice> Sentences => new()
    {
        { "1 hour (53 minutes in bands of 15 minutes) on Wednesday 8 April 2026 at £24.00 an hour",
            Priced.List(Weekday) with { Basis = PriceBasis.Banded, Band = new(15, BandTo.Nearest) },
            Priced.Visit(Nine, 53) },
        { "45 minutes as planned (53 minutes given) on Wednesday 8 April 2026 at £24.00 an hour",
            Priced.List(Weekday) with { Basis = PriceBasis.Planned }, Priced.Visit(Nine, 53, 45) },
        { "50 minutes on Wednesday 8 April 2026 at £20.00 for 45 minutes and £24.00 an hour for 5 minutes",
            Priced.List(Weekday with { Fixed = [new(45, 2000)] }), Priced.Visit(Nine, 50) },
        { "45 minutes on Wednesday 8 April 2026 at £20.00 for 45 minutes",
            Priced.List(Weekday with { Fixed = [new(45, 2000)] }), Priced.Visit(Nine, 45) },
        { "4 hours on Thursday 31 December 2026: 2 hours at £24.00 an hour and 2 hours at £48.00 an "
            + "hour (bank holiday rate from 1 April 2026)",
            Priced.List(Weekday, Holiday) with { Crossing = Crossing.Split },
            Priced.Visit("2026-12-31T22:00:00Z", 240) },
        { "2.5 sessions on Wednesday 8 April 2026 at £30.00 a session",
            Priced.List(Weekday with { Code = "club", Unit = PriceUnit.Session, Pence = 3000 }),
            Priced.Visit(Nine, 60) with { Quantity = 2.5m } },
        { "0.05 items on Wednesday 8 April 2026 at £30.00 an item",
            Priced.List(Weekday with { Unit = PriceUnit.Item, Pence = 3000 }),
            Priced.Visit(Nine, 60) with { Quantity = 0.05m } },
        { "28 days from 6 April 2026 to 3 May 2026: 10 days at £420.00 a week and 18 days at £462.00 a "
            + "week (from 16 April 2026)",
            Priced.List(Weekday with { Unit = PriceUnit.Week, Pence = 42_000, To = new(2026, 4, 15) },
                Weekday with { Unit = PriceUnit.Week, Pence = 46_200, From = new LocalDate(2026, 4, 16) }),
            Priced.Visit("2026-04-06T00:00:00+01:00", "2026-05-04T00:00:00+01:00") },
        { "1 day on Wednesday 8 April 2026 at £47.00 a day",
            Priced.List(Weekday with { Unit = PriceUnit.Day, Pence = 4700 }), Priced.Visit(Nine, 60) },
        { "30 miles on Wednesday 8 April 2026: 20 miles at £0.55 a mile and 10 miles at £0.25 a mile "
            + "(beyond the yearly allowance)",
            Priced.List(Weekday with { Unit = PriceUnit.Mile, Pence = 55, YearlyMiles = 20, ThenPence = 25 }),
            Priced.Visit(Nine, 60) with { Miles = 30 } },
        { "1 mile on Wednesday 8 April 2026 at £0.55 a mile",
            Priced.List(Weekday with { Unit = PriceUnit.Mile, Pence = 55 }),
            Priced.Visit(Nine, 60) with { Miles = 1 } },
        { "One night on Wednesday 8 April 2026: £80.00 a night and 20 minutes awake at £24.00 an "
            + "hour",
            SleepIn(2), Woken(1) },
        { "9 hours on Wednesday 8 April 2026 at £24.00 an hour, a waking night: the worker "
            + "was woken 2 times",
            SleepIn(2), Woken(2) },
        { "1 hour on Wednesday 8 April 2026 at £24.00 an hour, with VAT at 20%",
            Priced.List(Weekday) with { Vat = new(VatCode.Standard, 20) }, Priced.Visit(Nine, 60) },
        { "50% of 1 hour planned on Wednesday 8 April 2026 at £24.00 an hour, charged for a visit that "
            + "the person cancelled",
            Priced.List(Weekday) with { Cancellation = [new(48, 50)] },
            Priced.Planned(Nine, 60, "cancelled-by-person") with { NoticeHours = 30 } },
    };

    private const string Nine = "2026-04-08T09:00:00+01:00";

    private static readonly PriceList FromThe6th = Priced.List(
        Weekday with { Pence = 4_000, From = new LocalDate(2026, 4, 6) }) with
    { Crossing = Crossing.Split };

    private static readonly PriceList Live = Priced.List(
        Weekday with { Unit = PriceUnit.Week, Pence = 42_000, From = new LocalDate(2026, 4, 6) });

    private static readonly VisitToPrice Stay =
        Priced.Visit("2026-04-05T00:00:00+01:00", "2026-05-04T00:00:00+01:00");

    [Fact]
    public void What_has_no_rate_is_not_charged_and_the_rest_is()
    {
        var night = FromThe6th.Price(Priced.Visit("2026-04-05T23:00:00+01:00", 120));
        Assert.Equal((4_000, 60, 60, 120),
            (night.Amount.Pence, night.Charged.Count, night.Unpriced, night.CarerMinutes.Count));
        Assert.Equal((168_000, 1), (Live.Price(Stay).Amount.Pence, Live.Price(Stay).Unpriced));
        // No part of the visit has a rate, so nothing is charged, and its minutes count as delivered.
        var early = FromThe6th.Price(Priced.Visit("2026-04-05T20:00:00+01:00", 120));
        Assert.Equal((PriceReason.NoRate, 0, 120), (early.Reason, early.Charged.Count, early.CarerMinutes.Count));
        Assert.Equal(PriceReason.NoRate,
            Live.Price(Priced.Visit("2026-03-01T00:00:00Z", "2026-04-01T00:00:00+01:00")).Reason);
    }

    public static TheoryData<string, PriceList, VisitToPrice> WithoutARate => new()
    {
        { "1 hour on Sunday 5 April 2026 at £40.00 an hour (from 6 April 2026); the price list has no "
            + "rate for another hour of the visit", FromThe6th, Priced.Visit("2026-04-05T23:00:00+01:00", 120) },
        { "30 minutes with two carers on Sunday 5 April 2026 at £40.00 an hour each (from 6 April 2026), "
            + "with VAT at 20%; the price list has no rate for another 1 hour 30 minutes of the visit",
            FromThe6th with { Vat = new(VatCode.Standard, 20) },
            Priced.Visit("2026-04-05T22:30:00+01:00", 120) with { Carers = 2 } },
        { "28 days of the stay from 5 April 2026 to 3 May 2026 at £420.00 a week (from 6 April 2026); the "
            + "price list has no rate for another day of the stay", Live, Stay },
        { "28 days of the stay from 6 April 2026 to 10 May 2026 at £420.00 a week; the price list has "
            + "no rate for another 7 days of the stay",
            Priced.List(Live.Rates[0] with { From = null, To = new LocalDate(2026, 5, 3) }),
            Priced.Visit("2026-04-06T00:00:00+01:00", "2026-05-11T00:00:00+01:00") },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    [MemberData(nameof(WithoutARate))]
    public void Every_kind_of_price_has_its_sentence(string sentence, PriceList list, VisitToPrice visit) =>
        Assert.Equal(sentence, list.Because(visit));

    private static PriceList SleepIn(int wholeNightFrom) => Priced.List(Weekday, new PriceRate
    {
        Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8000,
        Disturbances = new(0, "weekday", wholeNightFrom),
    });

    private static VisitToPrice Woken(int times)
    {
        var night = Priced.Visit("2026-04-08T22:00:00+01:00", 540);
        return night with
        {
            Service = "sleep-in",
            Disturbances = [.. Enumerable.Range(1, times).Select(hour => new Woken(
                night.Start!.Value + Duration.FromHours(hour),
                night.Start!.Value + Duration.FromHours(hour) + Duration.FromMinutes(20)))],
        };
    }
}
