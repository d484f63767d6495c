using Isf.Invoicing.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// The pure price of a visit by a list of 12 rates, on one core: visits a second, and the bytes that each takes. The
/// visits are short ones of a year, some over midnight and some on public holidays, as a nation's week has them.
/// </summary>
public static class PriceBench
{
    private const int Visits = 100_000;
    private const int Rounds = 10;

    private static readonly DayWord[] Weekend = [DayWord.Sat, DayWord.Sun];

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Figures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        foreach (var (what, list) in new[]
        {
            ("the rate at the start prices the whole", Twelve()),
            ("each part at its own rate", Twelve() with { Crossing = Crossing.Split }),
            ("bands of 15 minutes, VAT, split", Twelve() with
            {
                Crossing = Crossing.Split, Basis = PriceBasis.Banded, Band = new(15, BandTo.Nearest),
                Vat = new(VatCode.Standard, 20),
            }),
        })
        {
            if (PriceListCheck.Faults(list) is [var fault, ..])
                throw new InvalidOperationException(fault.PlainWords);
            var ready = CompiledPriceList.Of(list, HolidayCalendar.EnglandAndWales);
            var visits = Made(new Random(4));
            await figures.PerSecondAsync($"12 rates, {what}", () => Task.FromResult(Price(ready, visits)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var done = Price(ready, visits);
            figures.Counted($"  {what}, memory a visit", "bytes",
                (GC.GetAllocatedBytesForCurrentThread() - before) / done);
        }
    }

    private static int Price(CompiledPriceList list, VisitToPrice[] visits)
    {
        var pence = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (ref readonly var visit in visits.AsSpan())
                pence += VisitPricing.Price(list, visit).Amount.Pence;
        }
        return pence > 0 ? Rounds * visits.Length : throw new InvalidOperationException("Nothing was priced.");
    }

    private static VisitToPrice[] Made(Random random)
    {
        var first = Instant.FromUtc(2026, 1, 1, 0, 0);
        return
        [
            .. Enumerable.Range(0, Visits).Select(_ =>
            {
                var start = first + Duration.FromMinutes(random.Next(365 * 1440));
                var minutes = random.Next(10) == 0 ? random.Next(480, 720) : random.Next(15, 120);
                return new VisitToPrice("support", VisitPricing.DayOf(start), start,
                    start + Duration.FromMinutes(minutes), 1 + (random.Next(10) / 9), "delivered");
            }),
        ];
    }

    private static PriceList Twelve()
    {
        PriceRate Rate(string code, long pence, RateWhen? when = null) =>
            new() { Code = code, Unit = PriceUnit.Hour, Pence = pence, When = when };
        var july = new LocalDate(2026, 7, 1);
        return new()
        {
            Rates =
            [
                Rate("weekday", 2_400) with { To = july.PlusDays(-1), Fixed = [new(30, 1_300), new(45, 1_900)] },
                Rate("weekday", 2_520) with { From = july, Fixed = [new(30, 1_360), new(45, 1_990)] },
                Rate("weekend", 3_000, new() { Days = Weekend }) with { To = july.PlusDays(-1) },
                Rate("weekend", 3_120, new() { Days = Weekend }) with { From = july },
                Rate("evening", 2_700, new() { Days = [DayWord.Mon, DayWord.Tue, DayWord.Wed, DayWord.Thu, DayWord.Fri],
                    From = new(18, 0), To = new(22, 0) }),
                Rate("night", 3_300, new() { Days = [DayWord.Mon, DayWord.Tue, DayWord.Wed, DayWord.Thu, DayWord.Sun],
                    From = new(22, 0), To = new(7, 0) }),
                Rate("weekend-night", 3_600, new() { Days = [DayWord.Fri, DayWord.Sat], From = new(22, 0),
                    To = new(7, 0) }),
                Rate("holiday", 4_800, new() { PublicHoliday = true }),
                Rate("christmas", 5_400, new() { Dates = [new(2026, 12, 25), new(2026, 12, 26)] }),
                Rate("new-year", 5_000, new() { Dates = [new(2026, 12, 31)], From = new(18, 0), To = new(6, 0) }),
                new() { Code = "sleep-in", Service = "sleep-in", Unit = PriceUnit.Night, Pence = 8_000 },
                new() { Code = "mileage", Service = "mileage", Unit = PriceUnit.Mile, Pence = 55,
                    YearlyMiles = 10_000, ThenPence = 25 },
            ],
        };
    }
}
