using Isf.Measures;

namespace Isf.Support.Domain;

/// <summary>
/// The payer of a visit: the allocation that the visit's line names on the visit's day, and the kind of support. If
/// that allocation does not cover the visit's days, the visit fulfils no planned care and no promise pays for it. Only
/// this type decides the payer (ops/decisions/0020).
/// </summary>
public sealed record PaidFrom(string AllocationId, string Service, bool NotCovered)
{
    /// <summary>The payer as it is stored with a visit.</summary>
    public static PaidFrom From(Visit visit) =>
        new(visit.AllocationId, visit.Service, visit.NotCovered);

    /// <summary>
    /// The payer by the plans and allocations as they now are; null if no plan has the line. An allocation that is not
    /// known yet covers every day.
    /// </summary>
    public static PaidFrom? By(FundPlans plans, VisitRecord record)
    {
        if (plans.LineAbout(record.LineId, London.DayOf(record.Moment!.Value)) is not { } line)
            return null;
        var service = record.Service ?? line.Service;
        return new(line.AllocationId, service, !plans.Covers(line.AllocationId, service, record));
    }

    /// <summary>
    /// The payer of a recorded visit. The allocation under which the visit was recorded stays the payer if it covered
    /// the visit then and covers it now, because a later plan does not rewrite records. Otherwise the current plans
    /// decide, unless they name an allocation that is not known yet.
    /// </summary>
    public static PaidFrom Find(FundPlans plans, Visit recorded)
    {
        var isCovered = plans.Covers(recorded.AllocationId, recorded.Service, recorded.Record);
        var stays = From(recorded) with { NotCovered = !isCovered };
        if (isCovered && !recorded.NotCovered)
            return stays;
        return By(plans, recorded.Record) is { } now && plans.HasAllocation(now.AllocationId) ? now : stays;
    }
}
