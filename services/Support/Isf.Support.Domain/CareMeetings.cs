using Isf.Measures;
using NodaTime;
using static Isf.Support.Domain.CareChecks;

namespace Isf.Support.Domain;

/// <summary>
/// Finds flags about visits that meet others in time: a worker with two people at once, too short a journey, the same
/// care twice, more carers than planned. A visit gets at most one flag of each kind. The flag is about the earlier
/// visits that the visit meets; a flag about carers is about the later ones too. The care of each worker and each line
/// is read once in order of time, so that time and memory grow with the number of visits and not with the number of
/// pairs.
/// </summary>
internal static class CareMeetings
{
    /// <summary>
    /// Flags for a worker who is with two people at the same time, or has too little time for the journey between
    /// them.
    /// </summary>
    public static IEnumerable<CareFlag> OfWorker(IReadOnlyList<GivenCare> care, CheckTerms terms)
    {
        var (present, ends) = (new Crowd(), new PriorityQueue<GivenCare, Instant>());
        var lone = (GivenCare?)null;
        for (var i = 0; i < care.Count;)
        {
            var start = care[i].Start;
            var left = Left(present, ends, start, lone, start - Duration.FromMinutes(terms.GapMinutes));
            var began = i;
            for (; i < care.Count && care[i].Start == start; i++)
            {
                var fund = care[i].Visit.Record.FundId;
                if (Flag(FlagKind.WorkerOverlap, care[i], present, fund, Overlap) is { } overlap)
                    yield return overlap;
                if (Flag(FlagKind.NoTravelGap, care[i], left, fund,
                    (late, early) => Way(late, early, terms)) is { } way)
                {
                    yield return way;
                }
                if (care[i].HasNoLength)
                {
                    left.Add(care[i], fund);
                    continue;
                }
                present.Add(care[i], fund);
                ends.Enqueue(care[i], care[i].End);
            }
            // The next journey starts from a visit without length only if no other visit began at the same moment. If
            // one did, the worker went on to that visit.
            lone = i == began + 1 && care[began].HasNoLength ? care[began] : null;
        }
    }

    // The visits that ended after the previous start, but so late that less than the minimum gap is left before this
    // start.
    private static Crowd Left(Crowd present, PriorityQueue<GivenCare, Instant> ends, Instant start, GivenCare? lone,
        Instant longest)
    {
        var left = new Crowd();
        if (lone is not null && lone.End > longest)
            left.Add(lone, lone.Visit.Record.FundId);
        while (ends.TryPeek(out var over, out var end) && end <= start)
        {
            ends.Dequeue();
            present.Remove(over, over.Visit.Record.FundId);
            if (end > longest)
                left.Add(over, over.Visit.Record.FundId);
        }
        return left;
    }

    /// <summary>
    /// Flags for the same care under several ids. All the visits have the same line, worker, start and end. Two visits
    /// without a worker's id are no repeat if each has the place of a planned carer, or if both belong to one group.
    /// </summary>
    public static IEnumerable<CareFlag> Repeats(IEnumerable<GivenCare> alike)
    {
        var (placed, extra) = (new Crowd(), new Crowd());
        foreach (var care in alike)
        {
            var record = care.Visit.Record;
            var (isPlaced, group) = (care.Visit.Fulfilment.CarerSlots > 0, record.VisitGroup ?? "");
            var than = record.WorkerId is null && group.Length > 0 ? group : null;
            var earlier = record.WorkerId is null && isPlaced ? (Crowd[])[extra] : [placed, extra];
            if (Flag(FlagKind.ExactRepeat, care, earlier, than, Repeat) is { } flag)
                yield return flag;
            (isPlaced ? placed : extra).Add(care, group);
        }
    }

    /// <summary>Flags for visits with more carers of a line at once than were planned.</summary>
    public static IEnumerable<CareFlag> Carers(IReadOnlyList<GivenCare> care)
    {
        if (!care.Any(givenCare => givenCare.Visit.Fulfilment.OccurrenceCarers > 0))
            yield break;
        var carers = new MeetingSums(care, givenCare => givenCare.Visit.Record.Carers);
        var visits = new MeetingSums(care, _ => 1);
        var inQuestion = new MeetingSums(care, givenCare => givenCare.IsInQuestion ? 1 : 0);
        var (present, ends) = (new SortedSet<int>(), new PriorityQueue<int, Instant>());
        for (var i = 0; i < care.Count;)
        {
            var start = care[i].Start;
            while (ends.TryPeek(out var over, out var end) && end <= start)
                present.Remove(ends.Dequeue());
            var next = i;
            for (; next < care.Count && care[next].Start == start; next++)
            {
                if (care[next].HasNoLength)
                    continue;
                present.Add(next);
                ends.Enqueue(next, care[next].End);
            }
            for (; i < next; i++)
            {
                var (one, planned) = (care[i], care[i].Visit.Fulfilment.OccurrenceCarers);
                var self = one.HasNoLength ? 1 : 0;
                var at = carers.Of(one) + (self * one.Visit.Record.Carers);
                if (planned > 0 && at > planned && (one.IsInQuestion || inQuestion.Of(one) > 0))
                    yield return TooMany(one, FirstMet(care, i, present, next), at, visits.Of(one) + self);
            }
        }
    }

    // The first visits that a visit meets. Visits that are in progress when it begins, or begin with it, come before
    // visits that begin during it.
    private static IEnumerable<GivenCare> FirstMet(
        IReadOnlyList<GivenCare> care, int of, SortedSet<int> present, int next)
    {
        var one = care[of];
        var met = present.Where(other => other != of).TakeWhile(other => care[other].Start < one.End)
            .Take(CareFlag.VisitsMax - 1).Select(other => care[other]).ToList();
        return met.Concat(care.Skip(next).Take(CareFlag.VisitsMax).TakeWhile(other => other.Start < one.End))
            .Take(CareFlag.VisitsMax - 1);
    }

    private static CareFlag TooMany(GivenCare one, IEnumerable<GivenCare> met, long carers, long count) => new(
        FlagKind.MoreCarersThanPlanned, one.Visit.Record.FundId, one.Visit.Record.WorkerId, one.Visit.CareOn,
        [one.Visit.Record.VisitId, .. met.Select(other => other.Visit.Record.VisitId)],
        $"{carers} carers of line {one.Visit.Record.LineId} at once ({Format(one.Visit)}); the plan has "
            + $"{one.Visit.Fulfilment.OccurrenceCarers}.")
    {
        Count = count,
    };

    private static CareFlag? Flag(FlagKind kind, GivenCare late, Crowd earlier, string? than,
        Func<GivenCare, GivenCare, string> evidence) => Flag(kind, late, [earlier], than, evidence);

    // One flag about a visit and all earlier visits that it meets; it names the first few of them.
    private static CareFlag? Flag(FlagKind kind, GivenCare late, Crowd[] earlier, string? than,
        Func<GivenCare, GivenCare, string> evidence)
    {
        var count = earlier.Sum(crowd => crowd.CountOthers(than));
        if (count == 0 || !(late.IsInQuestion || earlier.Any(crowd => crowd.HasOthersInQuestion(than))))
            return null;
        var first = earlier.SelectMany(crowd => crowd.FirstOthers(than, CareFlag.VisitsMax - 1))
            .OrderBy(other => other.Rank).Take(CareFlag.VisitsMax - 1).ToList();
        return new CareFlag(kind, late.Visit.Record.FundId, late.Visit.Record.WorkerId, late.Visit.CareOn,
            [late.Visit.Record.VisitId, .. first.Select(other => other.Visit.Record.VisitId)],
            evidence(late, first[0]) + (count == 1 ? "" : $" The same goes for {count - 1} more visits."))
        {
            Count = count + 1,
        };
    }

    private static string Overlap(GivenCare late, GivenCare early)
    {
        var both = Instant.Min(early.End, late.End) - late.Start;
        return $"Worker {late.Visit.Record.WorkerId} is with fund {late.Visit.Record.FundId} ({Format(late.Visit)}) "
            + $"and with fund {early.Visit.Record.FundId} ({Format(early.Visit)}) for "
            + $"{Math.Max(1, (long)both.TotalMinutes)} of the same minutes.";
    }

    private static string Way(GivenCare late, GivenCare early, CheckTerms terms)
    {
        var way = late.Start - early.End;
        return $"Worker {late.Visit.Record.WorkerId} leaves fund {early.Visit.Record.FundId} at "
            + $"{London.At(early.End):HH:mm} and begins with fund {late.Visit.Record.FundId} "
            + (way < Duration.FromMinutes(1) ? "in the same minute."
                : $"{new Minutes((long)way.TotalMinutes)} later; {new Minutes(terms.TravelMinutes)} are expected.");
    }

    private static string Repeat(GivenCare late, GivenCare early) =>
        $"Visits {late.Visit.Record.VisitId} and {early.Visit.Record.VisitId} are of the same line, start and end "
        + $"({Format(late.Visit)}), "
        + (late.Visit.Record.WorkerId is { } worker ? $"by worker {worker}." : "and neither names a worker.");
}
