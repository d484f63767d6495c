using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Support's knowledge of a fund when a visit arrives: its first day, its plans, its allocations and its end.
/// </summary>
public sealed record FundCare(
    string FundId, LocalDate OpensOn, FundPlans Plans, IReadOnlyDictionary<string, Allocation> Allocations,
    FundEnd? End = null)
{
    /// <summary>The terms for care that is not given; loaded only if there is such care.</summary>
    public CareTerms Terms { get; init; } = CareTerms.None;
}

/// <summary>A visit that may be recorded: its content, its line and its local day of care.</summary>
public sealed record CheckedVisit(VisitRecord Record, PlanLine Line, LocalDate CareOn)
{
    /// <summary>The kind of support: the visit's own, or else its line's.</summary>
    public string Service => Record.Service ?? Line.Service;
}

/// <summary>
/// Checks whether a visit can be recorded, in the same way for a visit sent by itself and for a row of a file. The
/// sentences are for a care manager: they state the fault and the remedy. Source: domain.md §5.3 (a visit of at most
/// 25 hours).
/// </summary>
public static class VisitCheck
{
    /// <summary>The maximum length of a visit.</summary>
    public static readonly Duration LongestVisit = Duration.FromHours(25);

    /// <summary>The maximum length of a stay that is priced by the day or week.</summary>
    public static readonly Duration LongestStay = Duration.FromDays(366);

    /// <summary>Why a visit is refused. Only the first reason found is reported.</summary>
    public enum Refusal
    {
        FieldMissing = 1,
        BadId = 2,
        TextTooLong = 3,
        NotANumber = 4,
        OutOfRange = 5,
        UnknownOutcome = 6,
        NotATime = 7,
        OffsetMissing = 8,
        AmbiguousTime = 9,
        SkippedTime = 10,
        UnknownFund = 11,
        UnknownLine = 12,
        StartAndEndNeeded = 13,
        DayNotKnown = 14,
        EndsBeforeItStarts = 15,
        VisitTooLong = 16,
        InTheFuture = 17,
        BeforeFundOpens = 18,
        UnknownAllocation = 19,
        // This reason is no longer returned, because care on a day that its allocation does not cover is recorded as
        // extra and flagged.
        DayNotCovered = 20,
        FundChanged = 21,
        FundClosed = 22,
        ControlCharacter = 23,
        DateOutOfRange = 24,
    }

    /// <summary>A reason, with the field that it is about and the remedy.</summary>
    public sealed record Fault(Refusal Why, string Field, string PlainWords);

    /// <summary>Whether the visit's own content is at fault, independently of funds and plans.</summary>
    public static bool IsMalformed(Refusal why) =>
        why is <= Refusal.SkippedTime or Refusal.ControlCharacter or Refusal.DateOutOfRange;

    /// <summary>The first reason to refuse the visit, or else the checked visit.</summary>
    /// <param name="record">The visit as it was sent.</param>
    /// <param name="fund">The known facts of the visit's fund; null if the holder has no such fund.</param>
    /// <param name="before">The current visit of this id, if there is one.</param>
    /// <param name="now">The moment of the check.</param>
    public static (CheckedVisit? Visit, Fault? Fault) Decide(
        VisitRecord record, FundCare? fund, VisitRecord? before, Instant now)
    {
        if (fund is null)
        {
            return (null, new(Refusal.UnknownFund, "fundId",
                $"No fund {record.FundId} is known. Check the id, or open the fund first and send this again."));
        }
        // If another fund has a visit of this id, the refusal says so before lines and days are checked. A sender who
        // uses the wrong id has no use for faults in lines and days.
        if (Moved(record, before) is { } moved)
            return (null, moved);
        if (!fund.Plans.HasLine(record.LineId))
        {
            return (null, new(Refusal.UnknownLine, "lineId",
                $"No plan of fund {record.FundId} has a line {record.LineId}. "
                + "Check the id, or put the line into a plan first."));
        }
        if (TimesNeeded(record) is { } missing)
            return (null, missing);
        var careOn = London.DayOf(record.Moment!.Value);
        var line = fund.Plans.LineAbout(record.LineId, careOn)!;
        var isStay = fund.Plans.UntimedOn(line.AllocationId, record.Service ?? line.Service, careOn)?.IsStay == true;
        var fault = Times(record, isStay, now) ?? Days(record, careOn, line, fund)
            ?? Closed(record, careOn, isStay, fund);
        return fault is null ? (new CheckedVisit(record, line, careOn), null) : (null, fault);
    }

    private static Fault? Closed(VisitRecord record, LocalDate careOn, bool isStay, FundCare fund)
    {
        var last = isStay ? record.LastMoment : null;
        return fund.End is { } end && end.IsBefore(last is { } moment ? London.DayOf(moment) : careOn,
            last ?? record.Moment!.Value.ToInstant())
            ? new(Refusal.FundClosed, Field(record),
                $"The fund closed on {Format(end.On)}{(end.At is { } at ? $" at {at:HH:mm}" : "")}, before this visit"
                + $"{(last is null ? "" : " was over")}. "
                + "Check the date and time; care after it is not paid from the fund.")
            : null;
    }

    private static Fault? Moved(VisitRecord record, VisitRecord? before) =>
        before is { } earlier && earlier.FundId != record.FundId
            ? new(Refusal.FundChanged, "fundId", $"Visit {record.VisitId} is known as one of fund {earlier.FundId}, "
                + $"on {Format(London.DayOf(earlier.Moment!.Value))}. "
                + "Give this one an id of its own if both were given. "
                + $"If it was given for fund {record.FundId} alone, correct it in fund {earlier.FundId} as not given, "
                + "and "
                + "then send it under another id.")
            : null;

    private static Fault? TimesNeeded(VisitRecord record)
    {
        if (record.Outcome == VisitOutcome.Delivered && (record.Start is null || record.End is null))
        {
            return new(Refusal.StartAndEndNeeded, record.Start is null ? "start" : "end",
                "A delivered visit needs its start and its end. Add them, or say what else became of the visit.");
        }
        return record.Moment is not null ? null : new(Refusal.DayNotKnown, "plannedStart",
            "Without a plannedStart or a start nobody can tell which day this is about. Add the planned start.");
    }

    private static Fault? Times(VisitRecord record, bool isStay, Instant now)
    {
        var (delivered, moment) = (record.Outcome == VisitOutcome.Delivered, record.Moment!.Value);
        if (record.Start is { } start && record.End is { } end)
        {
            var length = end.ToInstant() - start.ToInstant();
            if (length < Duration.Zero)
            {
                return new(Refusal.EndsBeforeItStarts, "end",
                    $"The visit ends at {Format(end)}, before it starts at {Format(start)}. Check both, and "
                    + "their dates.");
            }
            if (length > (isStay ? LongestStay : LongestVisit))
            {
                return new(Refusal.VisitTooLong, "end", $"From {Format(start)} to {Format(end)} is more than "
                    + (isStay ? "366 days. Check the end, or send the stay in parts."
                        : "25 hours. Check the end, or send one visit for each day."));
            }
        }
        var latest = delivered ? record.End!.Value : moment;
        var ahead = delivered ? latest.ToInstant() > now : London.DayOf(latest) > London.DayOf(now);
        return ahead
            ? new(Refusal.InTheFuture, record.Start is null ? "plannedStart" : delivered ? "end" : "start",
                $"{Format(latest)} is still to come. Send the visit when it is over, or check its date.")
            : null;
    }

    private static Fault? Days(VisitRecord record, LocalDate careOn, PlanLine line, FundCare fund)
    {
        if (careOn < fund.OpensOn)
        {
            return new(Refusal.BeforeFundOpens, Field(record),
                $"The fund opens on {Format(fund.OpensOn)}, after this visit of {Format(careOn)}. Check the date.");
        }
        return fund.Allocations.ContainsKey(line.AllocationId) ? null : new(Refusal.UnknownAllocation, "lineId",
            $"Line {line.LineId} is paid from allocation {line.AllocationId}, which is not known. "
            + "Make the allocation first.");
    }

    private static string Field(VisitRecord record) => record.Start is null ? "plannedStart" : "start";

    private static string Format(LocalDate day) => day.ToString("d MMMM uuuu", null);

    private static string Format(OffsetDateTime moment) =>
        London.At(moment.ToInstant()).ToString("d MMMM uuuu HH:mm", null);
}
