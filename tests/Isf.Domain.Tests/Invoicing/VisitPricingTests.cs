using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// The price of a visit, in tables with a row on each side of every boundary and with figures worked by hand.
/// </summary>
public sealed class VisitPricingTests
{
    private static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    private static readonly PriceRate Weekend = Weekday with
    {
        Code = "weekend",
        Pence = 3000,
        When = new() { Days = [DayWord.Sat, DayWord.Sun] },
    };

    private static readonly PriceRate Holiday = Weekday with
    {
        Code = "holiday",
        Pence = 4800,
        When = new() { PublicHoliday = true },
    };

    internal static PriceList List(params PriceRate[] rates) => new() { Rates = rates };

    internal static VisitToPrice Visit(string start, string end, int carers = 1, string outcome = "delivered")
    {
        var (from, to) = (At(start), At(end));
        return new(CompiledPriceList.UsualService, VisitPricing.DayOf(from), from, to, carers, outcome);
    }

    internal static Instant At(string moment) => OffsetDateTimePattern.ExtendedIso.Parse(moment).Value.ToInstant();

    private static VisitPrice Price(PriceList list, VisitToPrice visit, string nation = "england")
    {
        Assert.Empty(PriceListCheck.Faults(list));
        return VisitPricing.Price(CompiledPriceList.Compile(list, PublicHolidays.CalendarOf(nation)!.Value), visit);
    }

    [Theory]
    [InlineData("england", 9600)]
    [InlineData("wales", 9600)]
    [InlineData("northern-ireland", 9600)]
    [InlineData("scotland", 4800)] // Easter Monday is no public holiday there
    public void Easter_Monday_costs_what_the_nation_s_calendar_says(string nation, long pence)
    {
        var visit = Visit("2026-04-06T09:00:00+01:00", "2026-04-06T11:00:00+01:00");
        Assert.Equal(new Money(pence), Price(List(Weekday, Holiday), visit, nation).Amount);
    }

    [Fact]
    public void A_list_may_name_another_calendar_than_the_nation_s()
    {
        var list = List(Weekday, Holiday) with { Holidays = new(HolidayCalendar.Scotland) };
        var visit = Visit("2026-04-06T09:00:00+01:00", "2026-04-06T11:00:00+01:00");
        Assert.Equal(new Money(4800), Price(list, visit).Amount);
    }

    [Theory]
    [InlineData(40, 2213, 1475)] // £14.75 for 40 minutes at £22.13
    [InlineData(20, 2213, 738)]
    [InlineData(1, 29, 0)]
    [InlineData(1, 30, 1)] // half a penny is rounded up
    [InlineData(0, 2400, 0)]
    [InlineData(1500, 2400, 60_000)] // 25 hours, the longest visit
    public void Minutes_are_priced_to_the_penny_half_up(int minutes, long hourly, long pence)
    {
        var start = At("2026-04-08T09:00:00+01:00");
        var visit = new VisitToPrice(
            "support", new(2026, 4, 8), start, start + Duration.FromMinutes(minutes), 1, "delivered");
        var price = Price(List(Weekday with { Pence = hourly }), visit);
        Assert.Equal(new Money(pence), price.Amount);
        Assert.Equal(new Minutes(minutes), price.Charged);
    }

    [Fact]
    public void Twenty_visits_of_twenty_minutes_rounded_by_visit_cost_147_60()
    {
        var visit = Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:20:00+01:00");
        var each = Price(List(Weekday with { Pence = 2213 }), visit).Amount;
        Assert.Equal("£147.60", (each * 20).ToString());
    }

    [Theory]
    [InlineData("2026-04-10T10:00:00+01:00", "weekday")] // Friday
    [InlineData("2026-04-11T00:00:00+01:00", "weekend")] // Saturday begins
    [InlineData("2026-04-10T23:59:00+01:00", "weekday")] // begins in Friday's last minute
    [InlineData("2026-04-12T23:59:00+01:00", "weekend")]
    [InlineData("2026-04-13T00:00:00+01:00", "weekday")]
    [InlineData("2026-04-10T23:30:00Z", "weekend")] // half past midnight on Saturday in London
    [InlineData("2026-04-06T00:00:00+01:00", "holiday")]
    [InlineData("2026-04-05T23:59:00+01:00", "weekend")] // Easter Sunday is an ordinary Sunday
    [InlineData("2026-04-07T00:00:00+01:00", "weekday")]
    [InlineData("2026-12-26T10:00:00Z", "weekend")] // Boxing Day is a Saturday; its holiday is on Monday
    [InlineData("2026-12-28T10:00:00Z", "holiday")]
    public void The_rate_at_the_start_prices_the_whole(string start, string rate)
    {
        var begun = At(start);
        var visit = new VisitToPrice(
            "support", VisitPricing.DayOf(begun), begun, begun + Duration.FromHours(2), 1, "delivered");
        Assert.Equal(rate, Price(List(Weekday, Weekend, Holiday), visit).Rate!.Code);
    }

    [Theory]
    [InlineData(HolidayOn.Substitute, 21_600)]
    [InlineData(HolidayOn.Actual, 20_400)]
    [InlineData(HolidayOn.Both, 25_200)]
    public void Three_Christmas_visits_cost_what_the_holiday_rule_says(HolidayOn on, long pence)
    {
        var list = List(Weekday, Weekend, Holiday) with { Holidays = new(On: on) };
        var sum = Money.Sum(new[] { 26, 27, 28 }.Select(day =>
            Price(list, Visit($"2026-12-{day}T10:00:00Z", $"2026-12-{day}T12:00:00Z")).Amount));
        Assert.Equal(new Money(pence), sum);
    }

    [Theory]
    [InlineData("2026-03-28T22:00:00Z", "2026-03-29T07:00:00+01:00", 480, 19_200)]
    [InlineData("2026-10-24T22:00:00+01:00", "2026-10-25T07:00:00Z", 600, 24_000)]
    [InlineData("2026-06-01T22:00:00+01:00", "2026-06-02T07:00:00+01:00", 540, 21_600)]
    public void A_waking_night_is_paid_for_the_hours_that_elapsed(string start, string end, long minutes, long pence)
    {
        var price = Price(List(Weekday), Visit(start, end));
        Assert.Equal((new Minutes(minutes), new Money(pence)), (price.Charged, price.Amount));
    }

    [Theory]
    [InlineData(1, 60, 60, 2400)]
    [InlineData(2, 60, 120, 4800)]
    [InlineData(2, 1, 2, 80)]
    [InlineData(3, 40, 120, 4800)]
    public void Carers_multiply_hours(int carers, int minutes, long carerMinutes, long pence)
    {
        var start = At("2026-04-08T09:00:00+01:00");
        var visit = new VisitToPrice(
            "support", new(2026, 4, 8), start, start + Duration.FromMinutes(minutes), carers, "delivered");
        var price = Price(List(Weekday), visit);
        Assert.Equal(
            (new Minutes(minutes), new Minutes(carerMinutes), new Money(pence)),
            (price.Charged, price.CarerMinutes, price.Amount));
    }

    [Fact]
    public void Carers_are_multiplied_before_the_one_rounding()
    {
        var visit = Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:20:00+01:00", carers: 3);
        Assert.Equal(new Money(2213), Price(List(Weekday with { Pence = 2213 }), visit).Amount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_price_by_visit_is_the_same_whatever_its_length_and_its_carers(int carers)
    {
        var list = List(Weekday with { Code = "pop-in", Unit = PriceUnit.Visit, Pence = 1500 });
        var price = Price(list, Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:25:00+01:00", carers));
        Assert.Equal((new Money(1500), new Minutes(25)), (price.Amount, price.Charged));
    }

    [Theory]
    [InlineData("2026-04-15", 2400)]
    [InlineData("2026-04-16", 2520)]
    public void A_rate_holds_from_its_first_day_to_its_last(string day, long pence)
    {
        var list = List(
            Weekday with { To = new LocalDate(2026, 4, 15) },
            Weekday with { From = new LocalDate(2026, 4, 16), Pence = 2520 });
        Assert.Equal(new Money(pence), Price(list, Visit($"{day}T09:00:00+01:00", $"{day}T10:00:00+01:00")).Amount);
    }

    [Theory]
    [InlineData("2026-04-05", PriceReason.NoRate)]
    [InlineData("2026-04-06", PriceReason.Rate)]
    [InlineData("2026-04-30", PriceReason.Rate)]
    [InlineData("2026-05-01", PriceReason.NoRate)]
    public void A_day_before_the_first_rate_or_after_the_last_costs_nothing_and_says_so(string day, PriceReason reason)
    {
        var list = List(Weekday with { From = new LocalDate(2026, 4, 6), To = new LocalDate(2026, 4, 30) });
        var price = Price(list, Visit($"{day}T09:00:00+01:00", $"{day}T10:00:00+01:00"));
        Assert.Equal((reason, reason == PriceReason.Rate ? 2400 : 0), (price.Reason, price.Amount.Pence));
        Assert.Equal((reason == PriceReason.Rate ? 60 : 0, 60), (price.Charged.Count, price.CarerMinutes.Count));
    }

    [Fact]
    public void A_service_is_priced_by_its_own_rates()
    {
        var list = List(Weekday, Weekday with { Service = "waking-night", Code = "night", Pence = 2600 });
        var visit = Visit("2026-04-08T22:00:00+01:00", "2026-04-08T23:00:00+01:00");
        Assert.Equal(new Money(2400), Price(list, visit).Amount);
        Assert.Equal(new Money(2600), Price(list, visit with { Service = "waking-night" }).Amount);
        Assert.Equal(PriceReason.NoRate, Price(list, visit with { Service = "mileage" }).Reason);
    }

    [Theory]
    [InlineData("missed-by-provider")]
    [InlineData("no-access")]
    [InlineData("cancelled-by-person")]
    [InlineData("cancelled-by-provider")]
    [InlineData("hospital")]
    [InlineData("closed-holiday")]
    public void What_was_not_delivered_costs_nothing(string outcome)
    {
        var price = Price(List(Weekday), Visit("2026-04-08T09:00:00+01:00", "2026-04-08T10:00:00+01:00", 1, outcome));
        Assert.Equal(
            (PriceReason.NotDelivered, Money.Zero, Minutes.Zero, Minutes.Zero),
            (price.Reason, price.Amount, price.Charged, price.CarerMinutes));
    }

    [Fact]
    public void A_visit_by_the_hour_without_times_costs_nothing_and_one_by_the_visit_its_price()
    {
        var visit = new VisitToPrice("support", new(2026, 4, 8), null, null, 1, "delivered");
        Assert.Equal(PriceReason.NoTimes, Price(List(Weekday), visit).Reason);
        Assert.Equal(new Money(1500), Price(List(Weekday with { Unit = PriceUnit.Visit, Pence = 1500 }), visit).Amount);
    }
}
