using Isf.Measures;

namespace Isf.Support.Domain;

/// <summary>
/// Compares the care given with the plan over several periods of weeks (domain.md §6, under-delivery).
/// </summary>
public static class DeliveryChecks
{
    /// <summary>
    /// Whether less than the given percentage of the plan (in minutes, or in visits without minutes) was delivered in
    /// every period. False if any period has no plan.
    /// </summary>
    public static bool IsUnder(IReadOnlyList<long> planned, IReadOnlyList<long> delivered, int stretches, int percent)
    {
        return planned.Count >= stretches && planned.Zip(delivered).Take(stretches)
            .All(both => both.First > 0 && both.Second * 100 < both.First * percent);
    }

    /// <summary>Whether care was planned and no visit was given.</summary>
    public static bool IsNone(IReadOnlyList<long> planned, long visits) =>
        planned.Sum() > 0 && visits == 0;

    /// <summary>
    /// Whether more than the given percentage of the plan was delivered; without a plan, whether any care was.
    /// </summary>
    public static bool IsOver(IReadOnlyList<long> planned, IReadOnlyList<long> delivered, int percent) =>
        delivered.Sum() * 100 > planned.Sum() * percent;

    /// <summary>
    /// The number of visits of a line that were planned without minutes, because their price is by the session, day
    /// or week, and the number of such visits given. A stay counts once for each of its days, and weekly care without
    /// minutes counts once a week.
    /// </summary>
    /// <param name="plans">The fund's plans.</param>
    /// <param name="lineId">The line.</param>
    /// <param name="weeks">Whole weeks.</param>
    /// <param name="visits">The fund's visits of those weeks, those that fulfil care planned in them, and the stays
    /// that reach into them.</param>
    public static (long Planned, long Given) Untimed(
        FundPlans plans, string lineId, CarePeriod weeks, IReadOnlyCollection<Visit> visits)
    {
        var given = visits.Where(visit => visit.Record is { Outcome: VisitOutcome.Delivered, Start: not null }
            && visit.Record.LineId == lineId).ToList();
        var expected = Matching.Expected(plans, lineId, weeks, visits)
            .Where(expectedVisit => expectedVisit.Planned.Minutes == 0).ToList();
        var pools = plans.Pools(weeks, lineId)
            .Where(pool => plans.UntimedOn(pool.Line.AllocationId, pool.Line.Service, pool.On) is not null)
            .GroupBy(pool => pool.Monday)
            .Select(week => week.First() with { To = week.Max(pool => pool.To) }).ToList();
        bool IsOfWeek(Visit visit, WeeklyPool pool) => visit.Service == pool.Line.Service && visit.CareOn <= pool.To
            && London.At(visit.Record.LastMoment ?? visit.Record.Start!.Value.ToInstant()).Date >= pool.On;
        bool IsBeyond(Visit visit) => visit.Fulfilment is { Occurrence: null, Week: null, Extra.Count: 0 }
            && weeks.Covers(visit.CareOn) && plans.LineAbout(lineId, visit.CareOn) is { } line
            && visit.Service == line.Service;
        return (expected.Count + pools.Count,
            expected.Count(
                expectedVisit => expectedVisit.FulfilledBy.Any(visit => visit.Record.Outcome == VisitOutcome.Delivered))
                + pools.Count(pool => given.Exists(visit => IsOfWeek(visit, pool))) + given.Count(IsBeyond));
    }

    /// <summary>The share of the plan that was given, in per cent rounded down; null without a plan.</summary>
    public static long? Percent(long planned, long delivered) => planned > 0 ? delivered * 100 / planned : null;
}
