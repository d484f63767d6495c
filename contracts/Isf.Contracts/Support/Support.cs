using System.Text.Json.Serialization;
using MassTransit;
using NodaTime;

// All messages that the Support service publishes, about plans and care. Minutes are whole carer-minutes, unless a
// comment says otherwise: two carers for 45 minutes make 90.
namespace Isf.Contracts.Support;

/// <summary>
/// A support plan was approved or revised; the message has all its lines. Its days follow as DaysPlanned.
/// </summary>
[MessageUrn("isf:support:plan-approved:v1")]
[EntityName("isf.support.plan-approved.v1")]
public sealed record PlanApproved
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string PlanId { get; init; }
    public required int Version { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required IReadOnlyList<PlanLine> Lines { get; init; }
}

/// <summary>
/// A line of a plan, with the allocation that pays for it, its purpose, its service and its number of carers.
/// </summary>
public sealed record PlanLine(string LineId, string AllocationId, string Purpose, string Service, int Carers);

/// <summary>Minutes were planned on up to 500 days of funds. Each day of a fund becomes one journal.</summary>
[MessageUrn("isf:support:days-planned:v1")]
[EntityName("isf.support.days-planned.v1")]
public sealed record DaysPlanned
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<PlannedDay> Days { get; init; }
}

/// <summary>
/// Minutes that had been planned on up to 500 days of funds are planned no longer. Each day of a fund becomes one
/// journal.
/// </summary>
[MessageUrn("isf:support:days-unplanned:v1")]
[EntityName("isf.support.days-unplanned.v1")]
public sealed record DaysUnplanned
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<PlannedDay> Days { get; init; }
}

/// <summary>
/// The minutes that this message adds to (or takes from) the plan of one fund's day, by line. Revision counts the
/// messages about this fund and day, planned or unplanned, from 1; each combination of fund, day and revision is
/// published once.
/// </summary>
public sealed record PlannedDay(string FundId, LocalDate On, int Revision, IReadOnlyList<PlannedMinutes> Lines);

/// <summary>Carer-minutes of one plan line on one day; always above zero.</summary>
public sealed record PlannedMinutes(string LineId, long Minutes);

/// <summary>Up to 500 visits were recorded, each at version 1.</summary>
[MessageUrn("isf:support:visits-recorded:v1")]
[EntityName("isf.support.visits-recorded.v1")]
public sealed record VisitsRecorded
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<RecordedVisit> Visits { get; init; }
}

/// <summary>
/// Up to 500 visits were corrected. The message has each corrected visit in full; version n replaces version n − 1.
/// </summary>
[MessageUrn("isf:support:visit-corrected:v1")]
[EntityName("isf.support.visit-corrected.v1")]
public sealed record VisitCorrected
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<RecordedVisit> Visits { get; init; }
}

/// <summary>The outcome of one visit, as recorded or corrected.</summary>
public sealed record RecordedVisit
{
    public required string VisitId { get; init; }
    public required int Version { get; init; }
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public required string AllocationId { get; init; }
    public required string Service { get; init; }
    /// <summary>
    /// The local day (Europe/London) on which the visit started, or was planned to start if no care was given.
    /// </summary>
    public required LocalDate CareOn { get; init; }
    public string? WorkerId { get; init; }
    public OffsetDateTime? PlannedStart { get; init; }
    /// <summary>Planned minutes of the person, before carers are counted.</summary>
    public int? PlannedMinutes { get; init; }
    public OffsetDateTime? Start { get; init; }
    public OffsetDateTime? End { get; init; }
    public required int Carers { get; init; }
    /// <summary>delivered, missed-by-provider, no-access … in api.md's words.</summary>
    public required string Outcome { get; init; }
    public decimal? NoticeHours { get; init; }
    public decimal? Miles { get; init; }
    public decimal? Quantity { get; init; }
    public IReadOnlyList<Disturbance>? Disturbances { get; init; }
    /// <summary>Carer-minutes of the plan that this visit fulfils: planned → delivered.</summary>
    public required long AnswersMinutes { get; init; }
    /// <summary>
    /// Carer-minutes given beyond the plan: extra → delivered. Answers + extra = carer-minutes given.
    /// </summary>
    public required long ExtraMinutes { get; init; }
    /// <summary>
    /// Carer-minutes of the plan that are charged though not given (a late cancellation, a hospital's paid day, a
    /// closed holiday): planned → charged. Support decides how many they are, and Invoicing prices them.
    /// </summary>
    public long? ChargedNotGivenMinutes { get; init; }
    /// <summary>
    /// True if the visit is charged although it was not given and the unit of its price has no minutes (a session, day
    /// or week), so that no minutes show the charge.
    /// </summary>
    public bool? ChargedNotGiven { get; init; }
    /// <summary>
    /// The person's own minutes, if earlier visits of the visit's group cover some of its time: the minutes that they
    /// do not cover. Null if none does; the person's minutes are then (answers + extra) ÷ carers.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// True if the visit's allocation does not cover the day: all its minutes are then extra, and no promise pays for
    /// the visit. Null otherwise.
    /// </summary>
    public bool? NotCovered { get; init; }
}

/// <summary>A time in a sleep-in night when the worker was woken.</summary>
public sealed record Disturbance(OffsetDateTime Start, OffsetDateTime End);

/// <summary>
/// A person is away, or the days of the absence have changed. Version n has all terms and replaces n − 1.
/// </summary>
[MessageUrn("isf:support:absence-recorded:v1")]
[EntityName("isf.support.absence-recorded.v1")]
public sealed record AbsenceRecorded
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string AbsenceId { get; init; }
    public required int Version { get; init; }
    public required LocalDate From { get; init; }
    /// <summary>The last day, included; null while it is not known.</summary>
    public LocalDate? To { get; init; }
    /// <summary>hospital, respite, holiday or other, which are api.md's words.</summary>
    public required string Kind { get; init; }
    /// <summary>True if the absence was withdrawn, because the person was never away; null otherwise.</summary>
    public bool? Withdrawn { get; init; }
}

/// <summary>
/// Up to 500 weeks were closed, or closed again after a late fact. The message says what became of every planned minute
/// without an outcome.
/// </summary>
[MessageUrn("isf:support:week-closed:v1")]
[EntityName("isf.support.week-closed.v1")]
public sealed record WeekClosed
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<ClosedWeek> Weeks { get; init; }
}

/// <summary>
/// The sums of one fund's week, which begins on the Monday WeekFrom. They are the totals that hold now, not the changes
/// since the version before. Version n replaces version n − 1, so that the Ledger posts the difference if a week is
/// closed again. A line that once had sums stays listed, at 0 if need be.
/// </summary>
public sealed record ClosedWeek(string FundId, LocalDate WeekFrom, int Version, IReadOnlyList<ClosedLine> Lines);

/// <summary>
/// The sums of one line in one week, in carer-minutes; each is zero or more unless its comment allows less.
/// </summary>
public sealed record ClosedLine
{
    public required string LineId { get; init; }
    /// <summary>
    /// The line's planned minutes of the week, by the allocation that pays for them; null or empty if nothing was
    /// planned.
    /// </summary>
    public IReadOnlyList<PlannedOfAllocation>? Planned { get; init; }
    /// <summary>Minutes not given, by reason, and what became of them: planned → missed → banked or released.</summary>
    public required IReadOnlyList<MissedMinutes> Missed { get; init; }
    /// <summary>The minutes taken out of the bank for care beyond the plan: banked → extra.</summary>
    public required long DrawnMinutes { get; init; }
    /// <summary>The minutes released from the bank because they expired: banked → released.</summary>
    public required long ExpiredMinutes { get; init; }
    /// <summary>
    /// The minutes that a change of rate adds to a bank that keeps money (above zero, extra → banked) or takes from it
    /// (below zero, banked → released).
    /// </summary>
    public required long RevaluedMinutes { get; init; }
    /// <summary>The pence of the minutes banked, at the rates of their days; null if the bank keeps minutes.</summary>
    public long? BankedPence { get; init; }
    /// <summary>
    /// The pence of the minutes drawn, at the rates of the days on which they were banked; null if the bank keeps
    /// minutes.
    /// </summary>
    public long? DrawnPence { get; init; }
    /// <summary>
    /// The pence of the minutes expired, at the rates of the days on which they were banked; null if the bank keeps
    /// minutes.
    /// </summary>
    public long? ExpiredPence { get; init; }
}

/// <summary>Planned carer-minutes that an allocation pays for, above zero.</summary>
public sealed record PlannedOfAllocation(string AllocationId, long Minutes);

/// <summary>
/// Carer-minutes that were not given for one reason. The reason is an outcome in api.md's word; or “short” (the rest of
/// a short visit), “respite”, “holiday” or “other” (an absence), or “no-record” (no outcome was recorded). Banked and
/// released minutes together never exceed the minutes that were not given.
/// </summary>
public sealed record MissedMinutes(string Reason, long Minutes, long BankedMinutes, long ReleasedMinutes);

/// <summary>
/// Facts arrived about closed weeks of up to 500 funds. For each fund, the week named and all later weeks are to be
/// closed again. Support publishes this to itself, so that the task is in the same commit as the fact.
/// </summary>
[MessageUrn("isf:support:weeks-touched:v1")]
[EntityName("isf.support.weeks-touched.v1")]
public sealed record WeeksTouched
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<TouchedWeek> Weeks { get; init; }
}

/// <summary>A fund, and the Monday from which its weeks are to be closed again.</summary>
public sealed record TouchedWeek(string FundId, LocalDate WeekFrom);

/// <summary>
/// A visit file was stored whole and waits to be read. Support publishes this to itself, so that a restart continues
/// the reading.
/// </summary>
[MessageUrn("isf:support:visit-file-stored:v1")]
[EntityName("isf.support.visit-file-stored.v1")]
public sealed record VisitFileStored
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FileId { get; init; }
}

/// <summary>
/// A scheduled run of Support was requested, by the clock or by hand. Support publishes this to itself.
/// </summary>
[MessageUrn("isf:support:support-run-asked:v1")]
[EntityName("isf.support.support-run-asked.v1")]
public sealed record SupportRunAsked
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The schedule's name: plan-ahead, close-weeks, check-weeks or state-plans.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>
    /// The night or hour of a scheduled run, or asked-1, asked-2 … for a run by hand. A schedule runs once for each
    /// AskedBy.
    /// </summary>
    public required string AskedBy { get; init; }
}
