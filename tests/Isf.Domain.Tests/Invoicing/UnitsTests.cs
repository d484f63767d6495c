using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Prices in units other than the hour, and VAT, with a row on each side of every boundary.</summary>
public sealed class UnitsTests
{
    private const string Wednesday = "2026-04-08T09:00:00+01:00";
    private const string Evening = "2026-04-08T22:00:00+01:00";

    private static readonly PriceRate Night = new()
    {
        Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8000,
        Disturbances = new(2, "weekday", 4, 30),
    };

    private static PriceRate Flat(PriceUnit unit, long pence) => new() { Code = "flat", Unit = unit, Pence = pence };

    private static VisitToPrice SleepIn(params int[] lengths) => Visit(Evening, 540) with
    {
        Service = "sleep-in",
        Disturbances = lengths.Length == 0 ? null
            : [.. lengths.Select((length, i) => new Woken(At(Evening) + Duration.FromHours(i + 1),
                At(Evening) + Duration.FromHours(i + 1) + Duration.FromMinutes(length)))],
    };

    [Theory]
    [InlineData(8000, "")]
    [InlineData(8000, "20 20")] // two disturbances, as many as the night includes
    [InlineData(8600, "20 20 15")] // a third disturbance is waking time
    [InlineData(9240, "31 20")] // a disturbance longer than the night includes is waking time
    [InlineData(8000, "30 20")]
    [InlineData(9840, "31 20 15")]
    [InlineData(21_600, "5 5 5 5")] // with a fourth disturbance the whole night is waking time
    public void A_sleep_in_night_with_disturbances(long pence, string lengths)
    {
        int[] minutes = [.. lengths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        var price = List(Weekday, Night).Price(SleepIn(minutes));
        Assert.Equal((pence, 540, 540), (price.Amount.Pence, (int)price.Charged.Count, (int)price.CarerMinutes.Count));
        Assert.Equal(540, Enumerable.Range(0, price.PartCount).Sum(i => price.Part(i).Minutes));
    }

    [Fact]
    public void Carers_multiply_the_waking_hours_and_not_the_night() =>
        Assert.Equal(8000 + 1200, List(Weekday, Night).Pence(SleepIn(20, 20, 15) with { Carers = 2 }));

    [Theory]
    [InlineData(PriceUnit.Session, null, 4700, 0)]
    [InlineData(PriceUnit.Session, 2.5, 11_750, 0)]
    [InlineData(PriceUnit.Item, 3.0, 14_100, 0)]
    [InlineData(PriceUnit.Visit, null, 4700, 60)]
    [InlineData(PriceUnit.Visit, 2.0, 9400, 60)]
    [InlineData(PriceUnit.Night, null, 4700, 60)]
    [InlineData(PriceUnit.Item, 0.0, 0, 0)]
    [InlineData(PriceUnit.Item, 0.01, 47, 0)]
    public void Counted_units(PriceUnit unit, double? quantity, long pence, int minutes)
    {
        var visit = Visit(Wednesday, 60) with { Quantity = (decimal?)quantity, Carers = 2 };
        var price = List(Flat(unit, 4700)).Price(visit);
        Assert.Equal((pence, minutes, minutes * 2),
            (price.Amount.Pence, (int)price.Charged.Count, (int)price.CarerMinutes.Count));
    }

    [Theory]
    [InlineData(PriceUnit.Day, "2026-04-08T16:00:00+01:00", 4700)]
    [InlineData(PriceUnit.Day, "2026-04-09T00:00:00+01:00", 4700)] // ends with the day
    [InlineData(PriceUnit.Day, "2026-04-09T00:01:00+01:00", 9400)]
    [InlineData(PriceUnit.Week, "2026-04-08T16:00:00+01:00", 671)] // £6.714
    [InlineData(PriceUnit.Week, "2026-04-14T16:00:00+01:00", 4700)]
    [InlineData(PriceUnit.Week, "2026-04-15T16:00:00+01:00", 5371)]
    public void Days_and_weeks_by_the_record_s_own_dates(PriceUnit unit, string end, long pence) =>
        Assert.Equal(pence, List(Flat(unit, 4700)).Pence(Visit(Wednesday, end)));

    [Fact]
    public void Each_day_of_a_stay_has_its_own_rate()
    {
        var list = List(Flat(PriceUnit.Day, 1000),
            Flat(PriceUnit.Day, 2000) with { Code = "weekend", When = new() { Days = [DayWord.Sat, DayWord.Sun] } });
        Assert.Equal((5 * 1000) + (2 * 2000),
            list.Pence(Visit("2026-04-06T10:00:00+01:00", "2026-04-12T10:00:00+01:00")));
    }

    [Fact]
    public void A_thousand_two_hundred_pounds_a_week_for_31_days() => Assert.Equal("£5,314.29",
        List(Flat(PriceUnit.Week, 120_000))
            .Price(Visit("2026-05-01T00:00:00+01:00", "2026-06-01T00:00:00+01:00")).Amount.ToString());

    [Theory]
    [InlineData(0, 100, 5500)]
    [InlineData(9_900, 100, 5500)]
    [InlineData(9_901, 100, 5470)]
    [InlineData(9_999, 100, 2530)]
    [InlineData(10_000, 100, 2500)]
    [InlineData(20_000, 100, 2500)]
    public void Miles_within_and_beyond_the_yearly_allowance(long before, int miles, long pence)
    {
        var list = List(Flat(PriceUnit.Mile, 55) with { YearlyMiles = 10_000, ThenPence = 25 });
        var visit = Visit(Wednesday, 60) with { Miles = miles, MilesBeforeHundredths = before * 100 };
        Assert.Equal(pence, list.Pence(visit));
    }

    [Fact]
    public void The_allowance_is_each_worker_s_and_each_tax_year_s_in_order_of_time()
    {
        var ready = Ready(List(Flat(PriceUnit.Mile, 55) with { YearlyMiles = 100, ThenPence = 25 }));
        BillLine On(string day, string worker, int miles) => new(ready,
            Visit($"{day}T09:00:00Z", 60) with { Miles = miles, WorkerId = worker });
        var lines = Bill.WithMilesBefore(
            [
                On("2026-05-01", "A", 80), On("2026-04-01", "A", 80), On("2026-04-10", "A", 80),
                On("2026-04-10", "B", 80),
            ],
            (worker, year) => worker == "B" && year == 2026 ? 9_000 : 0);
        Assert.Equal([8_000, 0, 0, 9_000], lines.Select(line => line.Visit.MilesBeforeHundredths));
        Assert.Equal([(20 * 55) + (60 * 25), 80 * 55, 80 * 55, (10 * 55) + (70 * 25)],
            Bill.Build(lines).Visits.Select(visit => visit.Amount.Pence));
    }

    [Theory]
    [InlineData(VatCode.Standard, 20, false, 2951, 2459, 492)]
    [InlineData(VatCode.Standard, 20, true, 2459, 2459, 492)]
    [InlineData(VatCode.Exempt, null, null, 2459, 2459, 0)]
    [InlineData(VatCode.Zero, 0, false, 2459, 2459, 0)]
    [InlineData(VatCode.Outside, null, false, 2459, 2459, 0)]
    public void The_fund_bears_VAT_unless_the_holder_recovers_it(
        VatCode code, int? percent, bool? recovered, long pence, long net, long vat)
    {
        var list = List(Weekday with { Pence = 3689 }) with { Vat = new(code, percent, recovered) };
        var price = list.Price(Visit(Wednesday, 40)); // £24.5933 net, £29.512 gross
        Assert.Equal((pence, net, vat), (price.Amount.Pence, price.Net.Pence, price.Vat.Pence));
    }
}
