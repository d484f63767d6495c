using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>What became of a visit.</summary>
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
/// <param name="Start">When the worker was woken.</param>
/// <param name="End">When the worker could sleep again.</param>
public sealed record Disturbed(OffsetDateTime Start, OffsetDateTime End);

/// <summary>
/// A visit as its sender reports it, parsed, with moments in London's offset. Sending a record with the same content
/// again changes nothing.
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
    /// <summary>The person's planned minutes, not multiplied by carers.</summary>
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
    /// <summary>The recorded place of the care, such as an address, a UPRN or a place on a map.</summary>
    public string? Place { get; init; }
    /// <summary>How start and end were recorded: app, call, tag, timesheet or manual.</summary>
    public string? Captured { get; init; }

    /// <summary>
    /// The moment that decides the visit's day: the start, or the planned start of a visit without a start; null
    /// without both.
    /// </summary>
    public OffsetDateTime? Moment => Start ?? PlannedStart;

    /// <summary>The planned start, or the actual start if the visit has no planned one.</summary>
    public OffsetDateTime? Planned => PlannedStart ?? Start;

    /// <summary>
    /// The last moment of a visit, just before its end, so that a stay to midnight ends on the day before; null if the
    /// visit has no start, no end or no length.
    /// </summary>
    public Instant? LastMoment => Start is { } start && End is { } end && end.ToInstant() > start.ToInstant()
        ? end.ToInstant() - Duration.Epsilon : null;

    /// <summary>Whether care was being given at the moment.</summary>
    public bool IsDuring(Instant moment) => Outcome == VisitOutcome.Delivered && Start is { } start && End is { } end
        && start.ToInstant() <= moment && moment < end.ToInstant();

    /// <summary>
    /// Whether the visit is longer than 25 hours and so a stay, which fulfils care of each of its days.
    /// </summary>
    public bool IsStay => Start is { } start && End is { } end
        && end.ToInstant() - start.ToInstant() > VisitCheck.LongestVisit;

    /// <summary>
    /// The planned carer-minutes, by the visit's planned minutes or else by the time from start to end; zero without
    /// either.
    /// </summary>
    public Minutes PlannedCarerMinutes => (PlannedMinutes is { } planned ? new Minutes(planned)
        : Start is { } start && End is { } end ? Minutes.Elapsed(start.ToInstant(), end.ToInstant())
        : Minutes.Zero) * Carers;

    /// <summary>
    /// The carer-minutes actually given: the time elapsed from start to end, even if the clocks changed, × carers (two
    /// carers for 45 minutes are 90); zero unless the outcome is delivered. They do not count as care if the unit of
    /// the price has no minutes (FundPlans.UntimedOn).
    /// </summary>
    public Minutes Given => Outcome == VisitOutcome.Delivered && Start is { } start && End is { } end
        ? Minutes.Elapsed(start.ToInstant(), end.ToInstant()) * Carers
        : Minutes.Zero;

    /// <summary>Whether another record has the same content.</summary>
    public bool SameAs(VisitRecord other)
    {
        return this with { Disturbances = null } == other with { Disturbances = null }
            && (Disturbances ?? []).SequenceEqual(other.Disturbances ?? []);
    }
}

/// <summary>
/// The part of the plan that a visit fulfils: an occurrence, identified by its wall time and stored with the length
/// and carers that were planned; a share of a week's minutes; or nothing. Fulfilled + extra = carer-minutes given.
/// </summary>
public sealed record Fulfilment
{
    public LocalDateTime? Occurrence { get; init; }
    public int OccurrenceMinutes { get; init; }
    public int OccurrenceCarers { get; init; }
    /// <summary>
    /// The number of the occurrence's carers whose place this visit takes; the occurrence is fulfilled when no place is
    /// left.
    /// </summary>
    public int CarerSlots { get; init; }
    /// <summary>The Monday of the week whose minutes the visit draws on; null if the visit draws on none.</summary>
    public LocalDate? Week { get; init; }
    public Minutes Fulfilled { get; init; }
    public Minutes Extra { get; init; }
    /// <summary>
    /// Planned carer-minutes that are charged although they were not given: whole minutes for each carer, paid at the
    /// percentage of the outcome.
    /// </summary>
    public Minutes Charged { get; init; }

    /// <summary>Whether the visit is charged although not given, at a price whose unit has no minutes.</summary>
    public bool UntimedCharged { get; init; }

    /// <summary>Whether the visit is charged although it was not given.</summary>
    public bool IsCharged => Charged > Minutes.Zero || UntimedCharged;

    /// <summary>
    /// The planned carer-minutes that the visit fulfils or is charged for, and no other visit can fulfil.
    /// </summary>
    public Minutes Settled => Fulfilled + Charged;
}

/// <summary>
/// A visit as it is stored: its record, the part of the plan that it fulfils, and a version that each correction
/// increases.
/// </summary>
public sealed record Visit
{
    public required VisitRecord Record { get; init; }
    public required int Version { get; init; }
    public required string AllocationId { get; init; }
    public required string Service { get; init; }
    /// <summary>The local day on which the visit started, or was planned to start if it has no start.</summary>
    public required LocalDate CareOn { get; init; }
    public required Fulfilment Fulfilment { get; init; }
    /// <summary>
    /// The person's own minutes, if earlier visits of the group cover some of the visit's time. Null if no visit does:
    /// the person's minutes are then the visit's carer-minutes divided by its carers.
    /// </summary>
    public Minutes? PersonMinutes { get; init; }
    /// <summary>
    /// Whether nobody sent the visit, because the closing of a week made it to charge planned care on a paid day of a
    /// hospital stay.
    /// </summary>
    public bool ForAbsence { get; init; }
    /// <summary>
    /// Whether the visit's allocation does not cover its day, so that all its minutes are extra and no promise pays
    /// for it.
    /// </summary>
    public bool NotCovered { get; init; }

    /// <summary>
    /// Whether care was given that fulfils no planned care. A visit with miles or items and without minutes is left
    /// out.
    /// </summary>
    public bool IsUnplanned => Record.Outcome == VisitOutcome.Delivered
        && Fulfilment is { Occurrence: null, Week: null }
        && !(Fulfilment.Extra == Minutes.Zero && (Record.Miles ?? Record.Quantity) is not null);
}
