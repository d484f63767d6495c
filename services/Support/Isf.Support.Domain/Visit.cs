using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>What became of a visit, in api.md's words.</summary>
public enum VisitOutcome
{
    /// <summary>Care was given.</summary>
    Delivered = 1,
    MissedByProvider,
    NoAccess,
    CancelledByPerson,
    CancelledByProvider,
    Hospital,
    ClosedHoliday,
}

/// <summary>A time in a sleep-in night when the worker was woken.</summary>
public sealed record Disturbed(OffsetDateTime Start, OffsetDateTime End);

/// <summary>
/// A visit in the words of its sender, parsed, with moments in London's offset. The same words are one visit.
/// </summary>
public sealed record VisitRecord
{
    public required string VisitId { get; init; }
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public string? Service { get; init; }
    public string? VisitGroup { get; init; }
    public string? WorkerId { get; init; }
    public OffsetDateTime? PlannedStart { get; init; }
    /// <summary>The person's planned minutes, before carers are counted.</summary>
    public int? PlannedMinutes { get; init; }
    public OffsetDateTime? Start { get; init; }
    public OffsetDateTime? End { get; init; }
    public required int Carers { get; init; }
    public required VisitOutcome Outcome { get; init; }
    public decimal? NoticeHours { get; init; }
    public decimal? Miles { get; init; }
    public decimal? Quantity { get; init; }
    public IReadOnlyList<Disturbed>? Disturbances { get; init; }
    public string? Note { get; init; }
    /// <summary>Where the care was given, as it was recorded: an address, a UPRN, a place on a map.</summary>
    public string? Place { get; init; }
    /// <summary>How start and end were recorded: app, call, tag, timesheet or manual.</summary>
    public string? Captured { get; init; }

    /// <summary>The moment that stands for the visit: when it started, or was planned to.</summary>
    public OffsetDateTime? Moment => Start ?? PlannedStart;

    /// <summary>The moment for which it was planned, or else when it started.</summary>
    public OffsetDateTime? Planned => PlannedStart ?? Start;

    /// <summary>
    /// The last moment of a visit that has a length: just before its end, so that a stay to midnight ends on the day
    /// before.
    /// </summary>
    public Instant? LastMoment => Start is { } start && End is { } end && end.ToInstant() > start.ToInstant()
        ? end.ToInstant() - Duration.Epsilon : null;

    /// <summary>Whether care was being given at the moment.</summary>
    public bool IsDuring(Instant moment) => Outcome == VisitOutcome.Delivered && Start is { } start && End is { } end
        && start.ToInstant() <= moment && moment < end.ToInstant();

    /// <summary>Whether it is longer than any visit: a stay, which answers for each of its days.</summary>
    public bool IsStay => Start is { } start && End is { } end
        && end.ToInstant() - start.ToInstant() > VisitCheck.LongestVisit;

    /// <summary>
    /// The carer-minutes that it was planned for, if the visit itself gives them; else those from start to end.
    /// </summary>
    public long PlannedCarerMinutes => Carers * (PlannedMinutes
        ?? (Start is { } start && End is { } end ? Minutes.Elapsed(start.ToInstant(), end.ToInstant()).Count : 0));

    /// <summary>
    /// Carer-minutes really given: elapsed from start to end, whatever the clocks did between, × carers (two carers for
    /// 45 are 90); zero unless the outcome is delivered. The price's unit decides whether they count
    /// (FundPlans.UntimedOn).
    /// </summary>
    public Minutes Given => Outcome == VisitOutcome.Delivered && Start is { } start && End is { } end
        ? Minutes.Elapsed(start.ToInstant(), end.ToInstant()) * Carers
        : Minutes.Zero;

    /// <summary>Whether another record has the same words.</summary>
    public bool SameAs(VisitRecord other)
    {
        return this with { Disturbances = null } == other with { Disturbances = null }
            && (Disturbances ?? []).SequenceEqual(other.Disturbances ?? []);
    }
}

/// <summary>
/// The part of the plan that a visit answers: an occurrence by its wall time (kept with its length and carers as they
/// were planned then), a share of a week's minutes, or nothing. Fulfilled + extra = carer-minutes given.
/// </summary>
public sealed record Fulfilment
{
    public LocalDateTime? Occurrence { get; init; }
    public int OccurrenceMinutes { get; init; }
    public int OccurrenceCarers { get; init; }
    /// <summary>
    /// The number of the occurrence's carers that this visit stands for; with all of them the occurrence is answered.
    /// </summary>
    public int CarerSlots { get; init; }
    /// <summary>The Monday of the week whose minutes the visit draws on.</summary>
    public LocalDate? Week { get; init; }
    public required long FulfilledMinutes { get; init; }
    public required long ExtraMinutes { get; init; }
    /// <summary>
    /// Planned carer-minutes that are charged though not given: whole minutes for each carer, paid for at the
    /// percentage of the outcome.
    /// </summary>
    public long ChargedMinutes { get; init; }

    /// <summary>Charged though not given, by a price of a unit that carries no minutes.</summary>
    public bool UntimedCharged { get; init; }

    /// <summary>Whether it is charged though not given.</summary>
    public bool IsCharged => ChargedMinutes > 0 || UntimedCharged;

    /// <summary>Planned carer-minutes that other visits can no longer answer: answered or charged.</summary>
    public long TakenMinutes => FulfilledMinutes + ChargedMinutes;
}

/// <summary>
/// A visit as it is stored: its words, its answer to the plan, and the version that corrections count up.
/// </summary>
public sealed record Visit
{
    public required VisitRecord Record { get; init; }
    public required int Version { get; init; }
    public required string AllocationId { get; init; }
    public required string Service { get; init; }
    /// <summary>The local day on which it started, or was planned to start where nothing was given.</summary>
    public required LocalDate CareOn { get; init; }
    public required Fulfilment Fulfilment { get; init; }
    /// <summary>
    /// The person's own minutes, if other visits of its group gave some of the same; null if they are its minutes
    /// without its carers.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// Whether nobody sent the visit: it stands for planned care of a hospital stay's paid day, until a visit is sent
    /// for that care.
    /// </summary>
    public bool ForAbsence { get; init; }
    /// <summary>
    /// Whether its allocation does not cover the day: all its minutes are extra, and nobody's promise pays for it.
    /// </summary>
    public bool NotCovered { get; init; }

    /// <summary>
    /// Whether it is care given that answers nothing planned. Miles and items without minutes of their own do not count
    /// as such care.
    /// </summary>
    public bool IsUnplanned => Record.Outcome == VisitOutcome.Delivered && Fulfilment is
    {
        Occurrence: null,
        Week: null
    }
        && !(Fulfilment.ExtraMinutes == 0 && (Record.Miles ?? Record.Quantity) is not null);
}
