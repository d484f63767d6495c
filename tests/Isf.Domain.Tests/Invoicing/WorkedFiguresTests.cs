using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>The figures worked by hand when pricing was agreed, each to the penny.</summary>
public sealed class WorkedFiguresTests
{
    private const string Wednesday = "2026-04-08T09:00:00+01:00";

    [Theory]
    [InlineData(RoundAt.Visit, "£147.60")]
    [InlineData(RoundAt.Invoice, "£147.53")]
    public void Twenty_visits_of_twenty_minutes_at_22_13(RoundAt at, string total)
    {
        var list = List(Weekday with { Pence = 2213 }) with { Round = new(at) };
        var bill = list.Together([.. Enumerable.Repeat(Visit(Wednesday, 20), 20)]);
        Assert.Equal(total, bill.Total.ToString());
        Assert.Equal(bill.Total, Money.Sum(bill.Visits.Select(visit => visit.Amount)));
        Assert.Equal(at == RoundAt.Visit ? 0 : -7, bill.Rounding.Pence);
    }

    [Theory]
    [InlineData(37, "£12.00")]
    [InlineData(38, "£18.00")]
    [InlineData(53, "£24.00")]
    public void Bands_of_15_to_nearest(int minutes, string price) =>
        Assert.Equal(price, Banded(15, BandTo.Nearest).Price(Visit(Wednesday, minutes)).Amount.ToString());

    // Minutes given → minutes charged (domain.md §4.4): 8–22 → 15, 23–37 → 30, 38–52 → 45, 53–67 → 60, 68–82 → 75,
    // 83–97 → 90, 98–112 → 105.
    [Theory]
    [InlineData(7, 0)]
    [InlineData(8, 15)]
    [InlineData(22, 15)]
    [InlineData(23, 30)]
    [InlineData(52, 45)]
    [InlineData(67, 60)]
    [InlineData(68, 75)]
    [InlineData(82, 75)]
    [InlineData(83, 90)]
    [InlineData(97, 90)]
    [InlineData(98, 105)]
    [InlineData(112, 105)]
    public void Bands_of_15_as_portals_round(int minutes, int charged) =>
        Assert.Equal(charged, Banded(15, BandTo.Nearest).Price(Visit(Wednesday, minutes)).Charged.Count);

    [Theory]
    [InlineData(BandTo.Up, 15, 15)]
    [InlineData(BandTo.Up, 16, 30)]
    [InlineData(BandTo.Up, 0, 0)]
    [InlineData(BandTo.Down, 14, 0)]
    [InlineData(BandTo.Down, 15, 15)]
    [InlineData(BandTo.Down, 29, 15)]
    public void Bands_up_and_down(BandTo to, int minutes, int charged) =>
        Assert.Equal(charged, Banded(15, to).Price(Visit(Wednesday, minutes)).Charged.Count);

    [Fact]
    public void Half_a_band_goes_up() =>
        Assert.Equal(10, Banded(10, BandTo.Nearest).Price(Visit(Wednesday, 5)).Charged.Count);

    [Theory]
    [InlineData(HolidayOn.Substitute, "£216.00")]
    [InlineData(HolidayOn.Actual, "£204.00")]
    [InlineData(HolidayOn.Both, "£252.00")]
    public void Two_hours_on_each_of_26_27_and_28_December_2026(HolidayOn on, string total)
    {
        var list = List(Weekday, Weekend, Holiday) with { Holidays = new(On: on) };
        var bill = list.Together(Visit("2026-12-26T10:00:00Z", 120), Visit("2026-12-27T10:00:00Z", 120),
            Visit("2026-12-28T10:00:00Z", 120));
        Assert.Equal(total, bill.Total.ToString());
    }

    [Theory]
    [InlineData(Crossing.Split, "£144.00")]
    [InlineData(Crossing.FirstRange, "£96.00")]
    public void From_22_00_on_31_December_2026_to_02_00(Crossing crossing, string price)
    {
        var list = List(Weekday, Holiday) with { Crossing = crossing };
        Assert.Equal(price, list.Price(Visit("2026-12-31T22:00:00Z", "2027-01-01T02:00:00Z")).Amount.ToString());
    }

    [Theory]
    [InlineData("2026-03-28T22:00:00Z", "2026-03-29T07:00:00+01:00", PayClock.Elapsed, 480, "£192.00")]
    [InlineData("2026-03-28T22:00:00Z", "2026-03-29T07:00:00+01:00", PayClock.Scheduled, 540, "£216.00")]
    [InlineData("2026-10-24T22:00:00+01:00", "2026-10-25T07:00:00Z", PayClock.Elapsed, 600, "£240.00")]
    [InlineData("2026-10-24T22:00:00+01:00", "2026-10-25T07:00:00Z", PayClock.Scheduled, 540, "£216.00")]
    [InlineData("2026-10-25T01:30:00+01:00", "2026-10-25T01:15:00Z", PayClock.Scheduled, 45, "£18.00")]
    public void A_waking_night_when_the_clocks_change(
        string start, string end, PayClock pay, int charged, string price)
    {
        var priced = (List(Weekday) with { Pay = pay }).Price(Visit(start, end));
        Assert.Equal((charged, price), ((int)priced.Charged.Count, priced.Amount.ToString()));
        Assert.Equal(Minutes.Elapsed(At(start), At(end)), priced.CarerMinutes);
    }

    [Theory]
    [InlineData(null, "2026-05-03T20:00:00+01:00")]
    [InlineData(null, "2026-05-04T00:00:00+01:00")]
    [InlineData(Crossing.Split, "2026-05-03T20:00:00+01:00")]
    [InlineData(Crossing.Split, "2026-05-04T00:00:00+01:00")]
    public void A_week_at_420_and_462_from_Thursday_16_April(Crossing? crossing, string end)
    {
        var weekly = new PriceRate { Code = "live-in", Unit = PriceUnit.Week, Pence = 42_000, To = new(2026, 4, 15) };
        var list = List(weekly, weekly with { Pence = 46_200, From = new LocalDate(2026, 4, 16), To = null }) with
        {
            Crossing = crossing,
        };
        Assert.Equal("£1,788.00", list.Price(Visit("2026-04-06T08:00:00+01:00", end)).Amount.ToString());
    }

    [Fact]
    public void Five_and_a_half_hours_banked_at_24_00_then_25_20()
    {
        var (then, now) = (new Rate(2400), new Rate(2520));
        var banked = new Minutes(330);
        Assert.Equal("5 h 14 min", now.BoughtRoundedDown(then.ForRoundedHalfUp(banked)).ToString());
        Assert.Equal("£138.60", now.ForRoundedHalfUp(banked).ToString());
    }

    [Fact]
    public void Two_hundred_miles_at_45p_then_55p_back_dated_to_6_April()
    {
        var mile = new PriceRate
        {
            Code = "mileage", Service = "mileage", Unit = PriceUnit.Mile, Pence = 45, YearlyMiles = 10_000,
            ThenPence = 25,
        };
        var dated = List(Weekday, mile with { To = new(2026, 4, 5) },
            mile with { Pence = 55, From = new LocalDate(2026, 4, 6) });
        VisitToPrice[] miles = [Miles("2026-04-03", 30), Miles("2026-04-20", 170)];
        var (before, after) = (List(Weekday, mile).Together(miles), dated.Together(miles));
        Assert.Equal("£90.00", before.Total.ToString());
        Assert.Equal("£17.00", (after.Total - before.Total).ToString());
        Assert.Equal(before.Visits[0].Amount, after.Visits[0].Amount); // so only the second line is adjusted
    }

    [Theory]
    [InlineData(29, 1160)]
    [InlineData(30, 1600)]
    [InlineData(44, 2160)]
    [InlineData(45, 2000)]
    [InlineData(50, 2200)]
    public void Fixed_durations_cost_their_price_and_the_rest_by_the_hour(int minutes, long pence)
    {
        var list = List(Weekday with { Fixed = [new(30, 1600), new(45, 2000)] });
        Assert.Equal(pence, list.Pence(Visit(Wednesday, minutes)));
    }

    // A table of durations is a list of fixed prices on bands that round up (domain.md §4.4).
    [Theory]
    [InlineData(1, 500)]
    [InlineData(15, 500)]
    [InlineData(16, 1000)]
    [InlineData(31, 1500)]
    [InlineData(60, 2000)]
    [InlineData(61, 2500)]
    public void A_table_of_durations(int minutes, long pence)
    {
        FixedPrice[] table = [new(15, 500), new(30, 1000), new(45, 1500), new(60, 2000)];
        var list = Banded(15, BandTo.Up) with { Rates = [Weekday with { Pence = 2000, Fixed = table }] };
        Assert.Equal(pence, list.Pence(Visit(Wednesday, minutes)));
    }

    [Theory]
    [InlineData(PriceBasis.ActualCappedAtPlanned, false, 14)]
    [InlineData(PriceBasis.ActualCappedAtPlanned, true, 15)]
    [InlineData(PriceBasis.Actual, false, 17)]
    [InlineData(PriceBasis.Actual, true, 15)]
    [InlineData(PriceBasis.Planned, true, 15)]
    public void Planned_5_5_5_and_actual_4_7_6_hours(PriceBasis basis, bool setOff, int hours)
    {
        var list = List(Weekday) with { Basis = basis, WeeklySetOff = setOff };
        var bill = list.Together(Visit("2026-04-06T09:00:00+01:00", 240, 300),
            Visit("2026-04-08T09:00:00+01:00", 420, 300), Visit("2026-04-10T09:00:00+01:00", 360, 300));
        Assert.Equal(hours * 2400, bill.Total.Pence);
        Assert.Equal(hours * 60, bill.Visits.Sum(visit => visit.Price.Charged.Count));
    }

    private static PriceList Banded(int minutes, BandTo to) =>
        List(Weekday) with { Basis = PriceBasis.Banded, Band = new(minutes, to) };

    private static VisitToPrice Miles(string day, int miles) =>
        Visit($"{day}T09:00:00+01:00", 60) with { Service = "mileage", Miles = miles, WorkerId = "W-1" };
}
