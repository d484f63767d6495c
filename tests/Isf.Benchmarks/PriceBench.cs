using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// Measures the pricing of visits by a list of 12 rates, without a database and on one core, in visits a second and
/// bytes for each visit. The visits are spread over a year. Most are short, every tenth lasts 8 to 12 hours, and some
/// are on public holidays.
/// </summary>
[MemoryDiagnoser]
public class PriceBench
{
    private const int Visits = 100_000;

    private static readonly DayWord[] Weekend = [DayWord.Sat, DayWord.Sun];

    private readonly VisitToPrice[] visits = Made(new Random(4));

    private static CompiledPriceList AtTheStart { get; } = Ready(Twelve());

    private static CompiledPriceList EachAtItsOwn { get; } = Ready(Twelve() with { Crossing = Crossing.Split });

    private static CompiledPriceList Bands { get; } = Ready(Twelve() with
    {
        Crossing = Crossing.Split,
        Basis = PriceBasis.Banded,
        Band = new(15, BandTo.Nearest),
        Vat = new(VatCode.Standard, 20),
    });

    /// <summary>Runs the benchmark.</summary>
    public static void Run(Figures figures)
    {
        // The benchmark runs in this process, because a project of its own for each run would have to be restored
        // first.
        var summary = BenchmarkRunner.Run<PriceBench>(ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(5))
            .AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"isf-price-{Environment.ProcessId}")));
        foreach (var report in summary.Reports)
        {
            var times = report.ResultStatistics ?? throw new InvalidOperationException("Nothing was priced.");
            var what = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
            figures.Timed($"12 rates, {what}", "a second", times.OriginalValues
                .Select(originalValue => (long)(1e9 / originalValue)));
            figures.Counted($"  {what}, memory a visit", "bytes",
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
        }
    }

    /// <summary>Prices a visit whose start decides its rate.</summary>
    [Benchmark(Description = "the rate at the start prices the whole", OperationsPerInvoke = Visits)]
    public long Start() => Price(AtTheStart);

    /// <summary>Prices a visit of which each part has its own rate.</summary>
    [Benchmark(Description = "each part at its own rate", OperationsPerInvoke = Visits)]
    public long Split() => Price(EachAtItsOwn);

    /// <summary>Prices a visit that is rounded to bands and has VAT added.</summary>
    [Benchmark(Description = "bands of 15 minutes, VAT, split", OperationsPerInvoke = Visits)]
    public long Banded() => Price(Bands);

    private long Price(CompiledPriceList list)
    {
        var pence = 0L;
        foreach (ref readonly var visit in visits.AsSpan())
            pence += VisitPricing.Price(list, visit).Amount.Pence;
        return pence;
    }

    private static CompiledPriceList Ready(PriceList list) => PriceListCheck.Faults(list) is [var fault, ..]
        ? throw new InvalidOperationException(fault.Detail)
        : CompiledPriceList.Compile(list, HolidayCalendar.EnglandAndWales);

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
