using System.Diagnostics;
using System.Globalization;
using System.Text;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain;
using Isf.Tests;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// Measures the time and memory of the checks of arriving visits when all rows are alike. Both should grow linearly
/// with the number of rows. The first measurement is of the checks alone, on visits of one worker to two people at the
/// same time. The second runs from the upload of a file with visits of one fund until all of them have been checked.
/// </summary>
public static class ChecksBench
{
    private const int Turns = 5;

    /// <summary>Runs the benchmark.</summary>
    public static async Task RunAsync(Figures figures)
    {
        await Task.Run(() => Run(figures));
        foreach (var rows in new[] { 500, 5_000, 50_000 })
        {
            await using var host = await TestHost.StartAsync(new() { RepublishAfter = TimeSpan.FromHours(1) });
            await SeededFund.OpenAsync(host, host.As(Role.HolderAdmin));
            await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
            figures.Timed($"file of {rows:N0} rows alike until it is checked", "ms", [await CheckedAsync(host, rows)]);
        }
    }

    private static async Task<long> CheckedAsync(TestHost host, int rows)
    {
        var text = new StringBuilder("visitId,fundId,lineId,workerId,start,end,outcome\n");
        for (var n = 0; n < rows; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"V-{n},{SeededFund.Planned},L-{SeededFund.Planned},W-1,")
                .Append("2026-04-06T08:00,2026-04-06T08:45,delivered\n");
        }
        using var body = new StringContent(text.ToString(), Encoding.UTF8, "text/csv");
        var watch = Stopwatch.StartNew();
        await (await host.As(Role.HolderAdmin).PostAsync("/v1/visit-files?format=visits-csv&reference=alike", body))
            .NeedsAsync(202);
        await using var source = Databases.Open(host.Database);
        await using var isChecked = source.CreateCommand("""
            select (select count(*) = $1 from support.visit) and not exists (
              select from support.parked where queue = 'support-check-visits') and not exists (
              select from support.outbox o where urn like '%visits-recorded%' and not exists (
                select from support.inbox i
                where i.message_id = o.message_id and i.queue = 'support-check-visits'))
            """);
        isChecked.Parameters.Add(new() { Value = (long)rows });
        while (!(bool)(await isChecked.ExecuteScalarAsync())!)
            await Task.Delay(20);
        return watch.ElapsedMilliseconds;
    }

    private static void Run(Figures figures)
    {
        foreach (var rows in new[] { 500, 5_000, 50_000 })
        {
            var visits = Enumerable.Range(0, rows).Select(Alike).ToArray();
            CareChecks.Find(visits, [], [], [], CheckTerms.Default);
            var (times, bytes) = (new List<long>(), 0L);
            for (var turn = 0; turn < Turns; turn++)
            {
                var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
                CareChecks.Find(visits, [], [], [], CheckTerms.Default);
                times.Add((long)watch.Elapsed.TotalMicroseconds);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            figures.Timed($"checks of {rows:N0} rows alike", "µs", times);
            figures.Counted($"  {rows:N0} rows alike, memory", "bytes", bytes);
        }
    }

    private static Visit Alike(int n)
    {
        var start = new LocalDateTime(2026, 4, 6, 8, 0).WithOffset(Offset.FromHours(1));
        return new Visit
        {
            Record = new VisitRecord
            {
                VisitId = $"V-{n}", FundId = $"F-{n % 2}", LineId = "L-1", WorkerId = "W-1", Start = start,
                End = start.PlusMinutes(45), Carers = 1, Outcome = VisitOutcome.Delivered,
            },
            Version = 1, AllocationId = "A-1", Service = "support", CareOn = start.Date,
            Fulfilment = new Fulfilment
            {
                Occurrence = start.LocalDateTime, OccurrenceMinutes = 45, OccurrenceCarers = 1, CarerSlots = 1,
                Fulfilled = new(45),
            },
        };
    }
}
