using System.Diagnostics;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// The checks of visits on arrival over rows that are all alike, of one worker with two people at once: how long they
/// take and how many bytes, which should grow as the rows do.
/// </summary>
public static class ChecksBench
{
    private const int Turns = 5;

    /// <summary>Runs it.</summary>
    public static void Run(Figures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
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
            Words = new VisitWords
            {
                VisitId = $"V-{n}", FundId = $"F-{n % 2}", LineId = "L-1", WorkerId = "W-1", Start = start,
                End = start.PlusMinutes(45), Carers = 1, Outcome = VisitOutcome.Delivered,
            },
            Version = 1, AllocationId = "A-1", Service = "support", CareOn = start.Date,
            Answer = new Answer
            {
                Occurrence = start.LocalDateTime, OccurrenceMinutes = 45, OccurrenceCarers = 1, Places = 1,
                AnswersMinutes = 45, ExtraMinutes = 0,
            },
        };
    }
}
