using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// What pays for a visit: the allocation that its line names on its day, and which kind of support it is there; and
/// whether that allocation does not cover its days, so that it answers nothing planned and no promise pays for it. The
/// one place where that is decided (ops/decisions/0020).
/// </summary>
public sealed record PaidFrom(string AllocationId, string Service, bool NotCovered)
{
    /// <summary>As it is kept with a visit.</summary>
    public static PaidFrom Kept(Visit visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return new(visit.AllocationId, visit.Service, visit.NotCovered);
    }

    /// <summary>
    /// By the plans and allocations as they now are; null where no plan has the line. An allocation that is not known
    /// yet covers every day.
    /// </summary>
    public static PaidFrom? By(FundPlans plans, VisitWords words)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(words);
        if (plans.LineAbout(words.LineId, LondonTime.DayOf(words.Moment!.Value)) is not { } line)
            return null;
        var service = words.Service ?? line.Service;
        return new(line.AllocationId, service, !plans.Covers(line.AllocationId, service, words));
    }

    /// <summary>
    /// Of a visit that was recorded. While the allocation that it was recorded under covers it, it stays there: a later
    /// plan does not rewrite what was recorded. A visit that it does not cover goes by the plans as they now are, like
    /// one that is sent now.
    /// </summary>
    public static PaidFrom Of(FundPlans plans, Visit recorded)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(recorded);
        var isCovered = plans.Covers(recorded.AllocationId, recorded.Service, recorded.Words);
        var stays = Kept(recorded) with { NotCovered = !isCovered };
        if (isCovered && !recorded.NotCovered)
            return stays;
        return By(plans, recorded.Words) is { } now && plans.Knows(now.AllocationId) ? now : stays;
    }
}
