using Isf.Measures;

namespace Isf.Support.Domain;

/// <summary>
/// The continuity of a line's visits: how many workers came, and how near the visits were to the planned time and
/// length.
/// </summary>
/// <param name="LineId">The line.</param>
/// <param name="Visits">The number of visits that were given.</param>
/// <param name="Workers">The number of workers who came.</param>
/// <param name="ByPreferred">
/// The number of visits by workers whom the person wants; null if the plan names no such worker.
/// </param>
/// <param name="LateVisits">The number of visits that began later than the tolerance allows.</param>
/// <param name="Late">The sum of the minutes by which the late visits were late.</param>
/// <param name="ShortVisits">The number of visits that were shorter than the tolerance allows.</param>
/// <param name="Short">The sum of the person's minutes by which the short visits were too short.</param>
public sealed record Continuity(
    string LineId, int Visits, int Workers, int? ByPreferred, int LateVisits, Minutes Late, int ShortVisits,
    Minutes Short)
{
    /// <summary>
    /// The share of visits by workers whom the person wants, in per cent rounded down; null if the plan names no such
    /// worker.
    /// </summary>
    public int? PreferredPercent => ByPreferred * 100 / Math.Max(1, Visits);

    /// <summary>The continuity of each line, in order of line.</summary>
    /// <param name="plans">The fund's plans, which name the workers wanted.</param>
    /// <param name="visits">The fund's visits.</param>
    /// <param name="tolerance">
    /// The time by which a visit may be late or short without counting as late or short.
    /// </param>
    public static IReadOnlyList<Continuity> Measure(FundPlans plans, IEnumerable<Visit> visits, Minutes tolerance)
    {
        return
        [
            .. visits.Where(visit => visit.Record is { Outcome: VisitOutcome.Delivered, Start: not null,
                End: not null })
                .GroupBy(visit => visit.Record.LineId, StringComparer.Ordinal)
                .OrderBy(line => line.Key, StringComparer.Ordinal)
                .Select(line => Measure(plans, line.Key, [.. line], tolerance)),
        ];
    }

    private static Continuity Measure(FundPlans plans, string lineId, IReadOnlyList<Visit> visits, Minutes tolerance)
    {
        var named = visits.Select(visit => (visit.Record.WorkerId, plans.LineAbout(lineId, visit.CareOn)?.Workers))
            .Where(entry => entry.Workers is { Count: > 0 }).ToList();
        var late = visits.Select(LateBy).Where(length => length > tolerance).ToList();
        var shorter = visits.Select(ShortBy).Where(length => length > tolerance).ToList();
        return new Continuity(lineId, visits.Count,
            visits.Select(visit => visit.Record.WorkerId).OfType<string>().Distinct(StringComparer.Ordinal).Count(),
            named.Count == 0 ? null : named.Count(entry => entry.WorkerId is { } id && entry.Workers!.Contains(id)),
            late.Count, Minutes.Sum(late), shorter.Count, Minutes.Sum(shorter));
    }

    // The minutes by which a visit began after its planned start; zero if the visit fulfils no planned visit.
    private static Minutes LateBy(Visit visit) => visit.Fulfilment.Occurrence is { } wall
        ? Minutes.Max(Minutes.Zero,
            Minutes.Elapsed(PlannedTimes.MomentOf(wall).ToInstant(), visit.Record.Start!.Value.ToInstant()))
        : Minutes.Zero;

    private static Minutes ShortBy(Visit visit) => visit.Fulfilment.Occurrence is null ? Minutes.Zero
        : Minutes.Max(Minutes.Zero,
            new(visit.Fulfilment.OccurrenceMinutes - (visit.Record.Given.Count / visit.Record.Carers)));
}
