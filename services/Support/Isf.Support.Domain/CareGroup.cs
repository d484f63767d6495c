using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// The visits of carers who came together, each with a record of its own (api.md, visitGroup). Minutes that two carers
/// give at once are minutes of both carers, but count only once for the person.
/// </summary>
public static class CareGroup
{
    /// <summary>
    /// The person's own minutes of each visit of a group, by visit id; null for a visit whose minutes all count for the
    /// person. Minutes that several carers give at once belong to the visit that began first, or to the one with the
    /// first id if the visits began together. The sum is the minutes in which at least one carer was present.
    /// </summary>
    public static IReadOnlyDictionary<string, Minutes?> PersonMinutes(IEnumerable<Visit> group)
    {
        var shares = new Dictionary<string, Minutes?>(StringComparer.Ordinal);
        var covered = Instant.MinValue;
        foreach (var visit in group.OrderBy(visit => visit.Record.Start?.ToInstant() ?? Instant.MinValue)
            .ThenBy(visit => visit.Record.VisitId, StringComparer.Ordinal))
        {
            shares[visit.Record.VisitId] = null;
            if (visit.Fulfilment.Fulfilled + visit.Fulfilment.Extra == Minutes.Zero)
                continue;
            var (start, end) = (visit.Record.Start!.Value.ToInstant(), visit.Record.End!.Value.ToInstant());
            if (covered > start)
                shares[visit.Record.VisitId] = covered >= end ? Minutes.Zero : Minutes.Elapsed(covered, end);
            covered = Instant.Max(covered, end);
        }
        return shares;
    }
}
