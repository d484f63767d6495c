namespace Isf.Support.Domain;

/// <summary>
/// Carer-minutes of care, of one line's week or of many lines and weeks. Planned + extra = delivered + missed + banked
/// + released + outstanding, where delivered includes extra, and missed includes minutes charged although they were not
/// given.
/// </summary>
public record CareHours
{
    /// <summary>The minutes planned.</summary>
    public long PlannedMinutes { get; init; }

    /// <summary>The minutes given beyond the plan.</summary>
    public long ExtraMinutes { get; init; }

    /// <summary>The minutes given, extra ones included.</summary>
    public long DeliveredMinutes { get; init; }

    /// <summary>The minutes planned and not given, those charged all the same included.</summary>
    public long MissedMinutes { get; init; }

    /// <summary>The minutes charged although they were not given.</summary>
    public long ChargedNotDeliveredMinutes { get; init; }

    /// <summary>The minutes kept for later.</summary>
    public long BankedMinutes { get; init; }

    /// <summary>The minutes given up.</summary>
    public long ReleasedMinutes { get; init; }

    /// <summary>The minutes planned that have no outcome yet.</summary>
    public long OutstandingMinutes { get; init; }

    /// <summary>The person's own minutes: two carers for 45 minutes count as 45.</summary>
    public long PersonMinutes { get; init; }

    /// <summary>Builds the hours of a line's week.</summary>
    /// <param name="planned">The planned minutes.</param>
    /// <param name="fulfilled">The minutes given that fulfil the plan.</param>
    /// <param name="extra">The minutes given beyond the plan.</param>
    /// <param name="charged">The minutes charged although they were not given.</param>
    /// <param name="person">The person's own minutes.</param>
    /// <param name="closed">The sums of the closed week; null while the week is open.</param>
    public static CareHours Sum(
        long planned, long fulfilled, long extra, long charged, long person, ClosedLineSums? closed)
    {
        var (missed, banked, released) = (closed?.Missed.Sum(missedSum => missedSum.Minutes) ?? 0,
            closed?.Missed.Sum(missedSum => missedSum.Banked) ?? 0, closed?.Missed
                .Sum(missedSum => missedSum.Released) ?? 0);
        var (drawn, expired, revalued) =
            (closed?.DrawnMinutes ?? 0, closed?.ExpiredMinutes ?? 0, closed?.RevaluedMinutes ?? 0);
        return new CareHours
        {
            PlannedMinutes = planned,
            // Extra care that draws on the bank uses minutes that were planned before, so these minutes are not extra.
            ExtraMinutes = extra - drawn + Math.Max(0, revalued),
            DeliveredMinutes = fulfilled + extra,
            MissedMinutes = charged + missed - banked - released,
            ChargedNotDeliveredMinutes = charged,
            BankedMinutes = banked - drawn - expired + revalued,
            ReleasedMinutes = released + expired + Math.Max(0, -revalued),
            OutstandingMinutes = planned - fulfilled - charged - missed,
            PersonMinutes = person,
        };
    }

    /// <summary>Adds two sums, field by field.</summary>
    public static CareHours operator +(CareHours one, CareHours other) => new()
    {
        PlannedMinutes = one.PlannedMinutes + other.PlannedMinutes,
        ExtraMinutes = one.ExtraMinutes + other.ExtraMinutes,
        DeliveredMinutes = one.DeliveredMinutes + other.DeliveredMinutes,
        MissedMinutes = one.MissedMinutes + other.MissedMinutes,
        ChargedNotDeliveredMinutes = one.ChargedNotDeliveredMinutes + other.ChargedNotDeliveredMinutes,
        BankedMinutes = one.BankedMinutes + other.BankedMinutes,
        ReleasedMinutes = one.ReleasedMinutes + other.ReleasedMinutes,
        OutstandingMinutes = one.OutstandingMinutes + other.OutstandingMinutes,
        PersonMinutes = one.PersonMinutes + other.PersonMinutes,
    };
}
