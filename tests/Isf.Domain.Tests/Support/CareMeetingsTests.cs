using System.Globalization;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// The checks find overlaps in one pass in order of time, and find the same ones as a comparison of every pair of
/// visits. The work of the pass grows with the number of visits, not with the number of pairs.
/// </summary>
public sealed class CareMeetingsTests
{
    [Fact]
    public void For_random_care_of_few_workers_it_is_what_a_slow_look_finds()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var all = Enumerable.Range(0, random.Next(1, 16)).Select(n => Some(random, $"V-{n:00}")).ToArray();
            var changed = all.Where(_ => random.Next(3) > 0).ToArray();
            var terms = new CheckTerms { TravelMinutes = random.Next(3) * 10 };
            var found = CareChecks.Find(changed, all, [], [], terms)
                .Where(flag => flag.Kind is not (FlagKind.OutsidePlan or FlagKind.NoLength))
                .Select(flag => $"{flag.Kind} {string.Join(' ', flag.Visits)} {flag.Count}");
            Assert.Equal(Slowly(changed, all, terms).Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal));
        }
    }

    public static readonly TheoryData<string, Func<int, Visit>> Alike = new()
    {
        { "one line", n => Of(n, "08:00", "08:45") },
        { "one line, nobody named, one group", n => Of(n, "08:00", "08:45", worker: null, group: "G-1") },
        { "two people at once", n => Of(n, "08:00", "08:45", $"F-{n % 2}") },
        { "many people at once", n => Of(n, "08:00", "08:45", $"F-{n}") },
        { "one way", n => n % 2 == 0 ? Of(n, "08:00", "08:45") : Of(n, "08:45", "09:30", "F-2") },
        { "no length", n => Of(n, "08:00", "08:00", $"F-{n % 3}") },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public void What_rows_alike_take_grows_with_the_rows(string rows, Func<int, Visit> of)
    {
        Allocated(100, of);
        var sizes = Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? [500, 5_000, 50_000]
            : (int[])[500, 5_000];
        var bytes = sizes.Select(size => Allocated(size, of)).ToArray();
        Assert.All(bytes.Zip(bytes.Skip(1)), step => Assert.True(step.Second <= 12 * step.First,
            $"{rows}: {string.Join(", ", bytes)} bytes for {string.Join(", ", sizes)} rows"));
    }

    [Fact]
    public void A_flag_names_ten_visits_and_counts_them_all()
    {
        var found = CareChecks.Find([.. Enumerable.Range(0, 40).Select(n => Of(n, "08:00", "08:45"))], [], [], [],
            CheckTerms.Default);
        Assert.Equal(39 + 40, found.Count);
        Assert.All(found, flag => Assert.InRange(flag.Visits.Count, 2, 10));
        Assert.Equal(40, found.Max(flag => flag.Count));
        Assert.All(found.Where(flag => flag.Kind == FlagKind.MoreCarersThanPlanned),
            flag => Assert.Equal(40, flag.Count));
    }

    [Fact]
    public void Care_of_a_crowded_day_is_not_held_against_others()
    {
        Visit[] all = [.. Enumerable.Range(0, 9).Select(n => Of(n, "08:00", "08:45", $"F-{n % 2}"))];
        string Kinds(string[] workers, string[] funds) => string.Join(' ', CareChecks.Find(all, [], [], [],
            CheckTerms.Default, new(workers.Select(id => (id, Monday)), funds.Select(id => (id, Monday))))
            .Select(flag => $"{flag.Kind}").Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("ExactRepeat MoreCarersThanPlanned WorkerOverlap", Kinds([], []));
        Assert.Equal("ExactRepeat MoreCarersThanPlanned", Kinds(["W-1"], []));
        Assert.Equal("WorkerOverlap", Kinds([], ["F-0", "F-1"]));
        Assert.Equal("", Kinds(["W-1"], ["F-0", "F-1"]));
    }

    private static long Allocated(int count, Func<int, Visit> of)
    {
        var visits = Enumerable.Range(0, count).Select(of).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = CareChecks.Find(visits, [], [], [], CheckTerms.Default);
        var after = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(found.Count, count / 3, 4 * count);
        Assert.All(found, flag => Assert.InRange(flag.Visits.Count, 1, CareFlag.VisitsMax));
        return after - before;
    }

    private static Visit Of(int n, string start, string end, string fund = "F-1", string? worker = "W-1",
        string? group = null) =>
        Of($"V-{n:000000}", $"2026-04-06 {start}", $"2026-04-06 {end}", fund, worker, group, 1, 1);

    private static Visit Some(Random random, string id)
    {
        var start = new LocalDateTime(2026, 4, 6, 8, 0).PlusMinutes(10 * random.Next(8));
        string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return Of(id, Text(start), Text(start.PlusMinutes(10 * random.Next(4))), $"F-{random.Next(3)}",
            random.Next(4) == 0 ? null : $"W-{random.Next(2)}", random.Next(3) == 0 ? $"G-{random.Next(2)}" : null,
            random.Next(1, 3), random.Next(3));
    }

    private static Visit Of(string id, string start, string end, string fund, string? worker, string? group,
        int carers, int planned)
    {
        var record = Record(start, end, id, carers) with { FundId = fund, WorkerId = worker, VisitGroup = group };
        return new Visit
        {
            Record = record, Version = 1, AllocationId = "A-1", Service = "support", CareOn = Monday,
            Fulfilment = new Fulfilment
            {
                Occurrence = new LocalDateTime(2026, 4, 6, 8, 0), OccurrenceMinutes = 60, OccurrenceCarers = planned,
                CarerSlots = Math.Min(planned, carers), Extra = record.Given,
            },
        };
    }

    private static IEnumerable<string> Slowly(Visit[] changed, Visit[] all, CheckTerms terms)
    {
        var order = all.OrderBy(visit => Start(visit)).ThenBy(visit => visit.Record.VisitId, StringComparer.Ordinal)
            .ToList();
        for (var n = 0; n < order.Count; n++)
        {
            var late = order[n];
            var met = order.Take(n).Select(early => (Kind: Between(late, early, all, terms), Early: early))
                .Where(pair => pair.Kind is not null).GroupBy(pair => pair.Kind!.Value, pair => pair.Early);
            foreach (var kind in met.Where(kind => changed.Contains(late) || kind.Any(changed.Contains)))
                yield return Named(kind.Key, late, [.. kind]);
            var overlapping = order.Where(
                other => other != late && Start(other) < End(late) && End(other) > Start(late));
            if (late.Fulfilment.OccurrenceCarers is > 0 and var planned
                && overlapping.Append(late).Sum(other => other.Record.Carers) > planned
                && (changed.Contains(late) || SameLine(late, overlapping).Any(changed.Contains))
                && SameLine(late, overlapping).Append(late).Sum(other => other.Record.Carers) > planned)
            {
                yield return Named(FlagKind.MoreCarersThanPlanned, late, [.. SameLine(late, overlapping)]);
            }
        }
    }

    private static IEnumerable<Visit> SameLine(Visit one, IEnumerable<Visit> others) =>
        others.Where(other => other.Record.FundId == one.Record.FundId);

    private static string Named(FlagKind kind, Visit first, List<Visit> met) => $"{kind} {string.Join(' ',
        met.Select(other => other.Record.VisitId).Take(9).Prepend(first.Record.VisitId))} {met.Count + 1}";

    private static FlagKind? Between(Visit late, Visit early, Visit[] all, CheckTerms terms)
    {
        if (late.Record.WorkerId != early.Record.WorkerId)
            return null;
        if (late.Record.FundId == early.Record.FundId)
        {
            var excused = late.Record.WorkerId is null
                && ((late.Fulfilment.CarerSlots > 0 && early.Fulfilment.CarerSlots > 0)
                || (late.Record.VisitGroup is { } group && group == early.Record.VisitGroup));
            return !excused && Start(late) == Start(early) && End(late) == End(early) ? FlagKind.ExactRepeat : null;
        }
        if (late.Record.WorkerId is null)
            return null;
        if (Start(late) < End(early))
            return FlagKind.WorkerOverlap;
        var wasBetween = all.Any(other => other != early && other.Record.WorkerId == late.Record.WorkerId
            && Start(other) >= End(early) && Start(other) < Start(late));
        return wasBetween || Start(late) - End(early) >= Duration.FromMinutes(terms.GapMinutes) ? null
            : FlagKind.NoTravelGap;
    }

    private static Instant Start(Visit visit) => visit.Record.Start!.Value.ToInstant();

    private static Instant End(Visit visit) => visit.Record.End!.Value.ToInstant();
}
