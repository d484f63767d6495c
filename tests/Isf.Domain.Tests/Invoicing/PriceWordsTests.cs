using Isf.Invoicing.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Every price has one plain sentence.</summary>
public sealed class PriceWordsTests
{
    private static readonly PriceRate Weekday = new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 };

    private static readonly PriceRate Holiday = Weekday with
    {
        Code = "holiday", Pence = 4800, When = new() { PublicHoliday = true }, From = new LocalDate(2026, 4, 1),
    };

    private static string Because(VisitToPrice visit, params PriceRate[] rates)
    {
        var list = CompiledPriceList.Of(VisitPricingTests.List(rates), HolidayCalendar.EnglandAndWales);
        return PriceWords.Because(visit, VisitPricing.Price(list, visit));
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
        "45 minutes on Monday 6 April 2026 at £24.00 an hour (weekday rate)",
        Because(VisitPricingTests.Visit("2026-04-06T09:00:00+01:00", "2026-04-06T09:45:00+01:00"), Weekday));

    [Theory]
    [InlineData(1, "1 minute")]
    [InlineData(59, "59 minutes")]
    [InlineData(60, "1 hour")]
    [InlineData(61, "1 hour 1 minute")]
    [InlineData(120, "2 hours")]
    [InlineData(150, "2 hours 30 minutes")]
    public void A_length_is_said_in_hours_and_minutes(int minutes, string words)
    {
        var start = VisitPricingTests.At("2026-04-08T09:00:00+01:00");
        var visit = new VisitToPrice(
            "support", new(2026, 4, 8), start, start + Duration.FromMinutes(minutes), 1, "delivered");
        Assert.Equal($"{words} on Wednesday 8 April 2026 at £24.00 an hour (weekday rate)", Because(visit, Weekday));
    }

    [Theory]
    [InlineData(2, "two")]
    [InlineData(5, "5")]
    public void Carers_are_counted_where_there_is_more_than_one(int carers, string words) => Assert.Equal(
        $"45 minutes with {words} carers on Wednesday 8 April 2026 at £24.00 an hour each (weekday rate)",
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:45:00+01:00", carers), Weekday));

    [Fact]
    public void A_price_by_the_visit_says_so() => Assert.Equal(
        "One visit on Wednesday 8 April 2026 at £15.00 a visit (pop in rate)",
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T09:45:00+01:00"),
            Weekday with { Code = "pop-in", Unit = PriceUnit.Visit, Pence = 1500 }));

    [Fact]
    public void A_code_that_ends_in_rate_is_not_doubled() => Assert.Equal(
        "1 hour on Wednesday 8 April 2026 at £24.00 an hour (usual rate)",
        Because(
            VisitPricingTests.Visit("2026-04-08T09:00:00+01:00", "2026-04-08T10:00:00+01:00"),
            Weekday with { Code = "usual-rate" }));

    [Theory]
    [InlineData("missed-by-provider", "that the provider missed")]
    [InlineData("no-access", "where nobody could be let in")]
    [InlineData("cancelled-by-person", "that the person cancelled")]
    [InlineData("cancelled-by-provider", "that the provider cancelled")]
    [InlineData("hospital", "that fell in a hospital stay")]
    [InlineData("closed-holiday", "on a day when the service was closed")]
    public void What_was_not_delivered_says_why_nothing_is_charged(string outcome, string words) => Assert.Equal(
        $"Nothing is charged for a visit {words}",
        Because(new("support", new(2026, 4, 8), null, null, 1, outcome), Weekday));

    [Fact]
    public void What_has_no_rate_or_no_times_says_so()
    {
        Assert.Equal(
            "Nothing is charged: the price list has no rate for sleep-in on Wednesday 8 April 2026",
            Because(new("sleep-in", new(2026, 4, 8), null, null, 1, "delivered"), Weekday));
        Assert.Equal(
            "Nothing is charged: no start and end were recorded for Wednesday 8 April 2026",
            Because(new("support", new(2026, 4, 8), null, null, 1, "delivered"), Weekday));
    }
}
