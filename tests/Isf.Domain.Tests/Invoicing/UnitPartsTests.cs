using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The parts of prices by the night, the mile and the session, and prices of several carers.</summary>
public sealed class UnitPartsTests
{
    private const string Wednesday = "2026-04-08T09:00:00+01:00", Evening = "2026-04-08T22:00:00+01:00";

    private static readonly PriceRate Night = new()
    {
        Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8_000,
        Disturbances = new(2, "weekday", 4, 30),
    };

    private static readonly PriceRate Mile = new()
    {
        Code = "mile", Unit = PriceUnit.Mile, Pence = 55, YearlyMiles = 100, ThenPence = 25,
    };

    // A night in which the worker is woken on every full hour, each time for 20 minutes.
    private static VisitToPrice Disturbed(int times, string start = Evening) => Visit(start, 540) with
    {
        Service = "sleep-in",
        Disturbances = [.. Enumerable.Range(1, times).Select(hour => new Woken(
            At(start) + Duration.FromHours(hour), At(start) + Duration.FromHours(hour) + Duration.FromMinutes(20)))],
    };

    [Theory]
    [InlineData(2, 1, 1, 1, 8_000)]
    [InlineData(3, 1, 1, 2, 8_800)]
    [InlineData(3, 2, 1, 2, 9_600)] // two carers are awake
    [InlineData(3, 1, 2, 2, 16_800)] // two nights
    [InlineData(4, 1, 1, 1, 21_600)] // a waking night
    [InlineData(4, 2, 1, 1, 43_200)]
    public void A_night_has_a_part_for_sleep_and_one_for_waking_if_there_was_any(
        int times, int carers, int nights, int parts, long pence)
    {
        var price = List(Weekday, Night).Price(Disturbed(times) with { Carers = carers, Quantity = nights });
        Assert.Equal((parts, pence), (price.PartCount, price.Amount.Pence));
    }

    [Fact]
    public void Waking_time_is_what_elapsed_when_the_clocks_go_forward()
    {
        // From 00:50 to 02:10 by the clock.
        var woken = new Woken(At("2026-03-29T00:50:00Z"), At("2026-03-29T01:10:00Z"));
        var list = List(Weekday, Night with { Disturbances = new(0, "weekday") });
        Assert.Equal(
            8_000 + 800, list.Pence(Disturbed(0, "2026-03-28T22:00:00Z") with { Disturbances = [woken] }));
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 30, 1, 1_650)]
    [InlineData(90, 30, 2, 1_050)] // ten miles at the first price
    [InlineData(100, 30, 1, 750)]
    public void Miles_have_a_part_for_each_price_that_they_meet(long before, int miles, int parts, long pence)
    {
        var visit = Visit(Wednesday, 60) with { Miles = miles, MilesBeforeHundredths = before * 100 };
        var price = List(Mile).Price(visit);
        Assert.Equal((parts, pence), (price.PartCount, price.Amount.Pence));
    }

    [Theory]
    [InlineData(PriceUnit.Session, 0)]
    [InlineData(PriceUnit.Item, 0)]
    [InlineData(PriceUnit.Visit, 60)]
    public void Sessions_and_items_carry_no_minutes(PriceUnit unit, int minutes) =>
        Assert.Equal(minutes, List(Weekday with { Unit = unit }).Price(Visit(Wednesday, 60)).Part(0).Minutes);

    [Fact]
    public void Carers_multiply_every_part_of_a_split_visit()
    {
        var evening = Weekday with { Code = "evening", Pence = 3_000, When = new() { From = new(18, 0) } };
        var list = List(Weekday, evening) with { Crossing = Crossing.Split };
        Assert.Equal(2 * (2_400 + 3_000), list.Pence(Visit("2026-04-08T17:00:00+01:00", 120) with { Carers = 2 }));
    }

    [Fact]
    public void A_visit_that_was_given_is_charged_as_planned_whatever_else_was_decided() =>
        Assert.Equal(60, (List(Weekday) with { Basis = PriceBasis.Planned })
            .Price(Visit(Wednesday, 40, 60) with { ChargedNotGiven = 20 }).Charged.Count);
}
