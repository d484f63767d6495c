using MassTransit;
using NodaTime;

// All that the Support service can say: the care. Time is whole carer-minutes (two carers for 45 are 90).
namespace Isf.Contracts.Support;

/// <summary>A support plan was approved or revised, whole. Its days follow as DaysPlanned.</summary>
[MessageUrn("isf:support:plan-approved:v1")]
[EntityName("isf.support.plan-approved.v1")]
public sealed record PlanApproved
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string PlanId { get; init; }
    public required int Version { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required IReadOnlyList<PlanLine> Lines { get; init; }
}

/// <summary>A line of a plan: who is paid for it, what it is for, which service.</summary>
public sealed record PlanLine(string LineId, string AllocationId, string Purpose, string Service, int Carers);

/// <summary>Minutes were planned: up to 500 fund-days, one journal each.</summary>
[MessageUrn("isf:support:days-planned:v1")]
[EntityName("isf.support.days-planned.v1")]
public sealed record DaysPlanned
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<PlannedDay> Days { get; init; }
}

/// <summary>Minutes that had been planned are planned no longer: up to 500 fund-days, one journal each.</summary>
[MessageUrn("isf:support:days-unplanned:v1")]
[EntityName("isf.support.days-unplanned.v1")]
public sealed record DaysUnplanned
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<PlannedDay> Days { get; init; }
}

/// <summary>
/// One fund's one day: the minutes that this message adds (or takes away) by line. Revision counts, from 1, what has
/// been said
/// of this fund and day, planned or unplanned; (fund, day, revision) is said once.
/// </summary>
public sealed record PlannedDay(string FundId, LocalDate On, int Revision, IReadOnlyList<PlannedMinutes> Lines);

/// <summary>Carer-minutes of one plan line on one day; always above zero.</summary>
public sealed record PlannedMinutes(string LineId, long Minutes);

/// <summary>Visits were recorded, at version 1 each: up to 500.</summary>
[MessageUrn("isf:support:visits-recorded:v1")]
[EntityName("isf.support.visits-recorded.v1")]
public sealed record VisitsRecorded
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<RecordedVisit> Visits { get; init; }
}

/// <summary>Visits were corrected: up to 500, each whole, at version n replacing n − 1.</summary>
[MessageUrn("isf:support:visit-corrected:v1")]
[EntityName("isf.support.visit-corrected.v1")]
public sealed record VisitCorrected
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<RecordedVisit> Visits { get; init; }
}

/// <summary>What became of one visit, as recorded or corrected.</summary>
public sealed record RecordedVisit
{
    public required string VisitId { get; init; }
    public required int Version { get; init; }
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public required string AllocationId { get; init; }
    public required string Service { get; init; }
    /// <summary>
    /// The local day (Europe/London) on which it started, or was planned to start where nothing was given.
    /// </summary>
    public required LocalDate CareOn { get; init; }
    public string? WorkerId { get; init; }
    public OffsetDateTime? PlannedStart { get; init; }
    /// <summary>Planned minutes of the person, before carers are counted.</summary>
    public int? PlannedMinutes { get; init; }
    public OffsetDateTime? Start { get; init; }
    public OffsetDateTime? End { get; init; }
    public required int Carers { get; init; }
    /// <summary>api.md's word: delivered, missed-by-provider, no-access …</summary>
    public required string Outcome { get; init; }
    public decimal? NoticeHours { get; init; }
    public decimal? Miles { get; init; }
    public decimal? Quantity { get; init; }
    public IReadOnlyList<Disturbance>? Disturbances { get; init; }
    /// <summary>Carer-minutes of the plan that this visit answers: planned → delivered.</summary>
    public required long AnswersMinutes { get; init; }
    /// <summary>
    /// Carer-minutes given beyond the plan: extra → delivered. Answers + extra = carer-minutes given.
    /// </summary>
    public required long ExtraMinutes { get; init; }
    /// <summary>
    /// Carer-minutes of the plan that are charged though not given (a late cancellation, a hospital's paid day, a
    /// closed holiday): planned → charged. Support decides them, Invoicing prices them.
    /// </summary>
    public long? ChargedNotGivenMinutes { get; init; }
    /// <summary>
    /// True where it is charged though not given and its price is of a unit that carries no minutes (a session, day
    /// or week), so that no minutes say so.
    /// </summary>
    public bool? ChargedNotGiven { get; init; }
    /// <summary>
    /// The person's own minutes, where other carers of its group gave some of the same; else (answers + extra) ÷
    /// carers.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// True where its allocation does not cover the day: all its minutes are extra, and nobody's promise pays for it.
    /// </summary>
    public bool? NotCovered { get; init; }
}

/// <summary>A time in a sleep-in night when the worker was woken.</summary>
public sealed record Disturbance(OffsetDateTime Start, OffsetDateTime End);

/// <summary>A person is away, or for other days than was said before; whole, version n replacing n − 1.</summary>
[MessageUrn("isf:support:absence-recorded:v1")]
[EntityName("isf.support.absence-recorded.v1")]
public sealed record AbsenceRecorded
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string AbsenceId { get; init; }
    public required int Version { get; init; }
    public required LocalDate From { get; init; }
    /// <summary>The last day, included; null while nobody knows it.</summary>
    public LocalDate? To { get; init; }
    /// <summary>api.md's word: hospital, respite, holiday or other.</summary>
    public required string Kind { get; init; }
    /// <summary>True where it was taken back: it never was.</summary>
    public bool? Withdrawn { get; init; }
}

/// <summary>
/// Weeks were closed, or closed again after a late fact: what became of every minute without an outcome. Up to 500.
/// </summary>
[MessageUrn("isf:support:week-closed:v1")]
[EntityName("isf.support.week-closed.v1")]
public sealed record WeekClosed
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<ClosedWeek> Weeks { get; init; }
}

/// <summary>
/// One fund's one week, from its Monday, whole: the sums that hold now, not what changed. Version n replaces n − 1, so
/// that a week closed again is posted by its difference; a line that had sums keeps standing here, at 0 if need be.
/// </summary>
public sealed record ClosedWeek(string FundId, LocalDate WeekFrom, int Version, IReadOnlyList<ClosedLine> Lines);

/// <summary>One line's sums of one week, in carer-minutes, each at or above zero except where said.</summary>
public sealed record ClosedLine
{
    public required string LineId { get; init; }
    /// <summary>
    /// What the line's plan has for the week, by the allocation that pays for it; nothing where nothing was planned.
    /// </summary>
    public IReadOnlyList<PlannedOfAllocation>? Planned { get; init; }
    /// <summary>What was not given, by reason, and what became of it: planned → missed → banked or released.</summary>
    public required IReadOnlyList<MissedMinutes> Missed { get; init; }
    /// <summary>Taken out of the bank for care beyond the plan: banked → extra.</summary>
    public required long DrawnMinutes { get; init; }
    /// <summary>Let go because it was kept too long: banked → released.</summary>
    public required long ExpiredMinutes { get; init; }
    /// <summary>
    /// Where the bank keeps money and a rate changed: above zero extra → banked, below zero banked → released.
    /// </summary>
    public required long RevaluedMinutes { get; init; }
    /// <summary>The pence of the banked minutes at their days' rates; null where the bank keeps minutes.</summary>
    public long? BankedPence { get; init; }
    /// <summary>The pence, at the rates of their days, of what was drawn.</summary>
    public long? DrawnPence { get; init; }
    /// <summary>The pence, at the rates of their days, of what expired.</summary>
    public long? ExpiredPence { get; init; }
}

/// <summary>Planned carer-minutes that an allocation pays for, above zero.</summary>
public sealed record PlannedOfAllocation(string AllocationId, long Minutes);

/// <summary>
/// Carer-minutes not given for one reason (api.md's outcome; short for the rest of a short visit; respite, holiday or
/// other for an absence; no-record where nobody said what became of it). Banked + released never exceed them.
/// </summary>
public sealed record MissedMinutes(string Reason, long Minutes, long BankedMinutes, long ReleasedMinutes);

/// <summary>
/// Something arrived about weeks of funds that are closed: they and those after them are to be closed again. Up to
/// 500. Support says it to itself, so that what arrived is recorded at once.
/// </summary>
[MessageUrn("isf:support:weeks-touched:v1")]
[EntityName("isf.support.weeks-touched.v1")]
public sealed record WeeksTouched
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<TouchedWeek> Weeks { get; init; }
}

/// <summary>A fund, and the Monday from which on it is to be closed again.</summary>
public sealed record TouchedWeek(string FundId, LocalDate WeekFrom);

/// <summary>
/// A visit file was stored whole and waits to be read. Support says it to itself, so that a restart goes on with it.
/// </summary>
[MessageUrn("isf:support:visit-file-stored:v1")]
[EntityName("isf.support.visit-file-stored.v1")]
public sealed record VisitFileStored
{
    public required string HolderId { get; init; }
    public required string FileId { get; init; }
}

/// <summary>A scheduled run of Support was asked for, by the clock or by hand. Support says it to itself.</summary>
[MessageUrn("isf:support:support-run-asked:v1")]
[EntityName("isf.support.support-run-asked.v1")]
public sealed record SupportRunAsked
{
    public required string HolderId { get; init; }
    /// <summary>The schedule's name: plan-ahead or close-weeks.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>What asked: the night it stands for, or the request's id. (schedule, asked by) runs once.</summary>
    public required string AskedBy { get; init; }
}
