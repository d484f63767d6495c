using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The parts of a price from several rates, fixed durations, and basis against planned minutes.</summary>
public sealed class PricePartsTests
{
    private const string Nine = "2026-04-08T09:00:00+01:00";

    private static readonly PriceRate Evening =
        Weekday with { Code = "evening", Pence = 2_700, When = new() { From = new(18, 0), To = new(22, 0) } };

    private static readonly PriceList Split = List(Weekday, Evening) with { Crossing = Crossing.Split };

    [Fact]
    public void Minutes_of_one_rate_are_one_part_wherever_they_lie()
    {
        // Two evenings and the two days around the first of them.
        var price = Split.Price(Visit("2026-04-08T17:00:00+01:00", 26 * 60));
        Assert.Equal((2, 26 * 60), (price.PartCount, (int)price.Charged.Count));
        Assert.Equal([("weekday", 1_260L), ("evening", 300L)],
            Enumerable.Range(0, 2).Select(i => (price.Part(i).Rate.Code, price.Part(i).Minutes)));
    }

    [Fact]
    public void Parts_add_up_to_the_rounded_sum_from_what_comes_before()
    {
        var list = Split with { Rates = [Weekday with { Pence = 2_213 }, Evening with { Pence = 2_213 }] };
        var price = list.Price(Visit("2026-04-08T17:40:00+01:00", 40)); // 737.67p and 737.67p
        Assert.Equal([738, 737], price.PartAmounts(Ready(list), ExactPence.Zero).Select(part => part.Pence));
        var half = new ExactPence(ExactPence.PerPenny / 2);
        Assert.Equal([737, 738], price.PartAmounts(Ready(list), half).Select(part => part.Pence));
        Assert.Equal(new Money(1_475), price.Amount);
    }

    [Fact]
    public void A_visit_of_no_minute_has_a_rate_all_the_same() =>
        Assert.Equal("weekday", Split.Price(Visit(Nine, 0)).Rate!.Code);

    [Fact]
    public void A_price_without_a_rate_has_no_parts()
    {
        var price = Split.Price(Visit(Nine, 60) with { Service = "mileage" });
        Assert.Equal((0, null), (price.PartCount, price.Rate));
        Assert.Empty(price.PartAmounts(Ready(Split), ExactPence.Zero));
    }

    [Theory]
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00Z", 60)] // the clock shows the same time twice
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T01:31:00Z", 1)]
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T01:29:00Z", 59)]
    public void A_scheduled_night_that_ends_by_the_clock_before_it_began_is_paid_as_it_elapsed(
        string start, string end, int charged) =>
        Assert.Equal(charged, (List(Weekday) with { Pay = PayClock.Scheduled }).Price(Visit(start, end)).Charged.Count);

    [Theory]
    [InlineData(29, 1_160)] // by the hour: no fixed duration fits
    [InlineData(30, 1_500)]
    [InlineData(31, 1_540)]
    [InlineData(59, 2_660)]
    [InlineData(60, 2_000)]
    [InlineData(61, 2_040)]
    public void The_longest_fixed_duration_that_fits_has_its_price(int minutes, long pence) =>
        Assert.Equal(
            pence, List(Weekday with { Fixed = [new(30, 1_500), new(60, 2_000)] }).Pence(Visit(Nine, minutes)));

    [Theory]
    [InlineData(PriceBasis.Actual, 45, 60, 60)]
    [InlineData(PriceBasis.Planned, 45, 60, 45)]
    [InlineData(PriceBasis.Planned, null, 60, 60)]
    [InlineData(PriceBasis.ActualCappedAtPlanned, 45, 60, 45)]
    [InlineData(PriceBasis.ActualCappedAtPlanned, 75, 60, 60)]
    [InlineData(PriceBasis.ActualCappedAtPlanned, null, 60, 60)]
    public void The_basis_decides_which_minutes_are_charged(PriceBasis basis, int? planned, int given, int charged)
    {
        var price = (List(Weekday) with { Basis = basis }).Price(Visit(Nine, given, planned));
        Assert.Equal((charged, given, given),
            ((int)price.Charged.Count, (int)price.Before.Count, (int)price.CarerMinutes.Count));
    }

    [Theory]
    [InlineData(null, 45, 30, 45)]
    [InlineData(50L, 45, 30, 25)] // of two carers, what Support decided
    [InlineData(50L, null, 30, 25)]
    [InlineData(null, null, 30, 30)]
    public void What_was_not_given_is_charged_by_decided_planned_or_stated_minutes(
        long? decided, int? planned, int stated, int charged)
    {
        var list = List(Weekday) with { Outcomes = [new("no-access", 100)] };
        var visit = Visit(Nine, stated, planned) with { Outcome = "no-access", ChargedNotGiven = decided, Carers = 2 };
        var price = list.Price(visit);
        Assert.Equal((charged, 0),
            ((int)price.Charged.Count, (int)price.CarerMinutes.Count));
    }

    [Theory]
    [InlineData(0L, false, PriceReason.NotDelivered)]
    [InlineData(0L, true, PriceReason.Rate)]
    [InlineData(30L, false, PriceReason.Rate)]
    [InlineData(null, false, PriceReason.Rate)]
    public void What_Support_decided_not_to_charge_is_not_priced(long? decided, bool untimed, PriceReason reason)
    {
        var list = List(Weekday) with { Outcomes = [new("no-access", 100)] };
        Assert.Equal(reason, list.Price(Visit(Nine, 60, 60) with
        {
            Outcome = "no-access",
            ChargedNotGiven = decided,
            UntimedCharged = untimed,
        }).Reason);
    }
}
