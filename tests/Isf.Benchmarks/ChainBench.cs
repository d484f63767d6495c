using System.Diagnostics;
using System.Globalization;
using System.Text;
using Isf.Hosting.Http;
using Isf.Tests;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// Measures the whole chain. A visit file is imported, priced, posted and copied downstream, until no message is on
/// its way.
/// </summary>
public static class ChainBench
{
    private const int Funds = 200;

    private const int Visits = 50_000;

    /// <summary>Runs the benchmark over both transports.</summary>
    public static async Task RunAsync(Figures figures)
    {
        await RunAsync(figures, "memory", Visits);
        await RunAsync(figures, "rabbitmq", Visits);
    }

    private static async Task RunAsync(Figures figures, string transport, int visits)
    {
        await using var host =
            await TestHost.StartAsync(new() { Transport = transport, Now = Instant.FromUtc(2026, 6, 1, 9, 0) });
        var admin = host.As(Role.HolderAdmin);
        await OpenAsync(admin);
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        using var body = new ByteArrayContent(File(visits));
        body.Headers.ContentType = new("text/csv");
        var watch = Stopwatch.StartNew();
        var stored = await (await admin.PostAsync("/v1/visit-files?format=visits-csv&reference=bench", body))
            .NeedsAsync(202);
        var file = stored.Headers.Location!.ToString();
        while ((string)(await admin.GetJsonAsync(file))["state"]! == "reading")
            await Task.Delay(50);
        var imported = watch.Elapsed;
        await host.UntilIdleAsync(TimeSpan.FromMinutes(10));
        var posted = watch.Elapsed;
        var done = await admin.GetJsonAsync(file);
        if ((long)done["new"]! != visits)
            throw new InvalidOperationException($"Of {visits} visits {done["new"]} were new.");
        figures.Counted($"visits imported over {transport}", "a second", PerSecond(visits, imported));
        figures.Counted($"visits in the books and all copies over {transport}", "a second", PerSecond(visits, posted));
        figures.Counted($"peak memory of the one process over {transport}", "MiB",
            Process.GetCurrentProcess().PeakWorkingSet64 >> 20);
    }

    private static long PerSecond(int visits, TimeSpan time) =>
        visits * 1000L / Math.Max(1, (long)time.TotalMilliseconds);

    private static async Task OpenAsync(HttpClient admin)
    {
        await SeededFund.OpenAsync(admin, Enumerable.Range(0, Funds).Select(i => $"F-{i}"));
        foreach (var i in Enumerable.Range(0, Funds))
        {
            await (await admin.PutAsync($"/v1/funds/F-{i}/plans/N-{i}", new
            {
                from = "2026-03-30",
                lines = new object[]
                {
                    new
                    {
                        lineId = $"L-{i}", allocationId = $"A-F-{i}", purpose = "Getting up", service = "support",
                        carers = 1,
                        schedule = new object[] { new { days = new[] { "mon", "wed", "fri" }, start = "08:00",
                            minutes = 60, everyWeeks = 1 } },
                    },
                },
            })).NeedsAsync(201);
        }
    }

    private static byte[] File(int visits)
    {
        var text = new StringBuilder("visitId,fundId,lineId,start,end,outcome\n");
        for (var i = 0; i < visits; i++)
        {
            var (fund, day) = (i % Funds, new LocalDate(2026, 3, 30).PlusDays(i / Funds % 60));
            var hour = 6 + (i / Funds / 60 % 14);
            text.Append(CultureInfo.InvariantCulture,
                $"W-{i},F-{fund},L-{fund},{day:uuuu-MM-dd}T{hour:00}:00:00+01:00,"
                + $"{day:uuuu-MM-dd}T{hour:00}:45:00+01:00,delivered\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
