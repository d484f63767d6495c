using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Visits of one group: carers who came together, each with a record (api.md, visitGroup). Each record counts its
/// carer's minutes; minutes that two carers gave at once count only once for the person.
/// </summary>
public static class CareGroup
{
    /// <summary>
    /// The person's own minutes that each visit of a group counts for, by visit id; null if all minutes of the visit
    /// count. Minutes given by several carers at once count for the visit that began first, and of visits that began
    /// together for the one whose id comes first. All the numbers together are the minutes in which at least one
    /// carer was present.
    /// </summary>
    public static IReadOnlyDictionary<string, long?> PersonMinutes(IEnumerable<Visit> group)
    {
        var shares = new Dictionary<string, long?>(StringComparer.Ordinal);
        var covered = Instant.MinValue;
        foreach (var visit in group.OrderBy(visit => visit.Record.Start?.ToInstant() ?? Instant.MinValue)
            .ThenBy(visit => visit.Record.VisitId, StringComparer.Ordinal))
        {
            shares[visit.Record.VisitId] = null;
            if (visit.Fulfilment.FulfilledMinutes + visit.Fulfilment.ExtraMinutes == 0)
                continue;
            var (start, end) = (visit.Record.Start!.Value.ToInstant(), visit.Record.End!.Value.ToInstant());
            if (covered > start)
                shares[visit.Record.VisitId] = covered >= end ? 0 : Minutes.Elapsed(covered, end).Count;
            covered = Instant.Max(covered, end);
        }
        return shares;
    }
}
