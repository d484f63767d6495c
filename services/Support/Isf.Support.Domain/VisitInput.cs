using System.Text.Json.Serialization;
using Isf.Measures;
using NodaTime;
using static Isf.Support.Domain.VisitCheck;

namespace Isf.Support.Domain;

/// <summary>A time in a sleep-in night when the worker was woken, as it is sent.</summary>
/// <param name="Start">When the worker was woken, with its offset from UTC.</param>
/// <param name="End">When the worker could sleep again, with its offset from UTC.</param>
public sealed record DisturbanceInput(string Start, string End);

/// <summary>
/// A visit as it is sent, as a request body or a row of a file, and not yet parsed: times and outcome are still text.
/// </summary>
public sealed record VisitInput
{
    /// <summary>The maximum number of characters of a group's name.</summary>
    public const int GroupMax = 64;

    private static readonly Dictionary<string, VisitOutcome> OutcomeNames = new(StringComparer.Ordinal)
    {
        ["delivered"] = VisitOutcome.Delivered,
        ["missed-by-provider"] = VisitOutcome.MissedByProvider,
        ["no-access"] = VisitOutcome.NoAccess,
        ["cancelled-by-person"] = VisitOutcome.CancelledByPerson,
        ["cancelled-by-provider"] = VisitOutcome.CancelledByProvider,
        ["hospital"] = VisitOutcome.Hospital,
        ["closed-holiday"] = VisitOutcome.ClosedHoliday,
    };

    // The ways of recording that electronic visit verification distinguishes (domain.md §5.3).
    private static readonly string[] Captures = ["app", "call", "tag", "timesheet", "manual"];
    private const string Decimals = "a number from 0 to 100000 with at most 2 decimal places";

    /// <summary>The visit's id, which a request has in its address and not in its body.</summary>
    [JsonIgnore]
    public string VisitId { get; init; } = "";

    /// <summary>The fund that pays for it.</summary>
    public required string FundId { get; init; }

    /// <summary>The line of the fund's plan to which it belongs.</summary>
    public required string LineId { get; init; }

    /// <summary>The kind of support; that of the line by default.</summary>
    public string? Service { get; init; }

    /// <summary>A name that the visits of carers who came together share, in at most 64 characters.</summary>
    public string? VisitGroup { get; init; }

    /// <summary>The worker, in at most 64 characters.</summary>
    public string? WorkerId { get; init; }

    /// <summary>
    /// When it was to begin, such as 2026-04-06T08:00:00+01:00; it names the planned visit that this one answers.
    /// </summary>
    public string? PlannedStart { get; init; }

    /// <summary>How long it was to last, from 0 to 1500.</summary>
    public int? PlannedMinutes { get; init; }

    /// <summary>When it began; needed if care was given.</summary>
    public string? Start { get; init; }

    /// <summary>When it ended; needed if care was given.</summary>
    public string? End { get; init; }

    /// <summary>The number of carers at a time, from 1 to 10; 1 by default.</summary>
    public int? Carers { get; init; }

    /// <summary>
    /// What became of it: delivered, missed-by-provider, no-access, cancelled-by-person, cancelled-by-provider,
    /// hospital or closed-holiday.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>How many hours before its start it was cancelled, with at most 2 decimal places.</summary>
    public decimal? NoticeHours { get; init; }

    /// <summary>The miles driven, with at most 2 decimal places.</summary>
    public decimal? Miles { get; init; }

    /// <summary>The number of items bought, with at most 2 decimal places.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>The times at which the worker was woken in a sleep-in night.</summary>
    public IReadOnlyList<DisturbanceInput>? Disturbances { get; init; }

    /// <summary>A note, in at most 2000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>Where the care was given, such as an address or a UPRN, in at most 200 characters.</summary>
    public string? Place { get; init; }

    /// <summary>How start and end were recorded: app, call, tag, timesheet or manual.</summary>
    public string? Captured { get; init; }

    /// <summary>Parses the visit, or returns the first fault in it.</summary>
    /// <param name="offsetNeeded">
    /// True if a time needs its offset (JSON); false if a local time is London's (files).
    /// </param>
    public (VisitRecord? Record, Fault? Fault) Read(bool offsetNeeded)
    {
        var fault = FaultOfIds() ?? FaultOfTexts() ?? FaultOfNumbers();
        var outcome = OutcomeNames.GetValueOrDefault(Outcome);
        if (fault is null && outcome == default)
        {
            fault = new(Refusal.UnknownOutcome, "outcome",
                $"\"{Texts.Quoted(Outcome)}\" is no outcome. Use one of: {string.Join(", ", OutcomeNames.Keys)}.");
        }
        var plannedStart = Moment("plannedStart", PlannedStart, offsetNeeded, ref fault);
        var start = Moment("start", Start, offsetNeeded, ref fault);
        var end = Moment("end", End, offsetNeeded, ref fault);
        var disturbed = new List<Disturbed>();
        foreach (var (from, to) in Disturbances ?? [])
        {
            var (woken, asleep) = (Moment("disturbances", from, offsetNeeded, ref fault),
                Moment("disturbances", to, offsetNeeded, ref fault));
            if (fault is null && (woken is null || asleep is null))
                fault = new(Refusal.FieldMissing, "disturbances", "A disturbance needs its start and its end.");
            if (fault is null)
                disturbed.Add(new(woken!.Value, asleep!.Value));
        }
        return fault is not null ? (null, fault) : (new VisitRecord
        {
            VisitId = VisitId,
            FundId = FundId,
            LineId = LineId,
            Service = NullIfEmpty(Service),
            VisitGroup = NullIfEmpty(VisitGroup),
            WorkerId = NullIfEmpty(WorkerId),
            PlannedStart = plannedStart,
            PlannedMinutes = PlannedMinutes,
            Start = start,
            End = end,
            Carers = Carers ?? 1,
            Outcome = outcome,
            NoticeHours = NoticeHours,
            Miles = Miles,
            Quantity = Quantity,
            Disturbances = disturbed.Count == 0 ? null : disturbed,
            Note = NullIfEmpty(Note),
            Place = NullIfEmpty(Place),
            Captured = NullIfEmpty(Captured),
        }, null);
    }

    /// <summary>The word of api.md for an outcome.</summary>
    public static string NameOf(VisitOutcome outcome) => OutcomeNames.First(name => name.Value == outcome).Key;

    /// <summary>The words of api.md for outcomes.</summary>
    public static IEnumerable<string> Outcomes => OutcomeNames.Keys;

    /// <summary>The outcome that a word of api.md names, or null.</summary>
    public static VisitOutcome? ParseOutcome(string name) => OutcomeNames.TryGetValue(name,
        out var outcome) ? outcome : null;

    private Fault? FaultOfIds() => IdFault("visitId", VisitId) ?? IdFault("fundId", FundId) ?? IdFault("lineId", LineId)
        ?? (string.IsNullOrEmpty(Service) ? null : IdFault("service", Service))
        ?? (string.IsNullOrEmpty(Outcome)
            ? new(Refusal.FieldMissing, "outcome", "The outcome is missing: say what became of the visit.")
            : null);

    private static Fault? IdFault(string field, string id) => id.Length == 0
        ? new(Refusal.FieldMissing, field, $"The {field} is missing: add it and send the visit again.")
        : Ids.IsId(id) ? null : new(Refusal.BadId, field,
            $"\"{Texts.Quoted(id)}\" is no id: 1 to 64 letters (A–Z, a–z), digits, full stops, hyphens or "
            + "underscores.");

    private Fault? FaultOfTexts() => TextFault("visitGroup", VisitGroup, GroupMax)
        ?? TextFault("workerId", WorkerId, 64) ?? TextFault("note", Note, 2000) ?? TextFault("place", Place, 200)
        ?? (string.IsNullOrEmpty(Captured) || Captures.Contains(Captured) ? null : new(Refusal.OutOfRange, "captured",
            $"\"{Texts.Quoted(Captured)}\" is no way to record a visit. Use one of: {string.Join(", ", Captures)}."));

    private static Fault? TextFault(string field, string? text, int max) => text is null ? null
        : Texts.IsLonger(text, max) ? new(Refusal.TextTooLong, field,
            Texts.Length(text) is var length && length > max
            ? $"The {field} has {length} characters; at most {max} fit. Shorten it."
            : $"The characters of the {field} are made of too many parts. Shorten it.")
        : Texts.Control(text, Texts.IsFree(field)) is { } control
            ? new(Refusal.ControlCharacter, field, $"The {field} holds the control character {Texts.Code(control)}, "
                + "which cannot be kept. Take it out.")
        : null;

    private Fault? FaultOfNumbers()
    {
        if (PlannedMinutes is < 0 or > 1500)
            return Range("plannedMinutes", "whole minutes from 0 to 1500");
        if (Carers is < 1 or > 10)
            return Range("carers", "a whole number from 1 to 10");
        if (NoticeHours is { } notice && !IsQuantity(notice))
            return Range("noticeHours", Decimals);
        if (Miles is { } driven && !IsQuantity(driven))
            return Range("miles", Decimals);
        return Quantity is { } bought && !IsQuantity(bought) ? Range("quantity", Decimals) : null;
    }

    private static Fault Range(string field, string what) =>
        new(Refusal.OutOfRange, field, $"The {field} must be {what}.");

    private static bool IsQuantity(decimal quantity) =>
        quantity is >= 0 and <= 100_000 && quantity.Scale <= 2;

    private static OffsetDateTime? Moment(string field, string? text, bool offsetNeeded, ref Fault? fault)
    {
        if (fault is not null || string.IsNullOrWhiteSpace(text))
            return null;
        var quoted = Texts.Quoted(text);
        var found = MomentText.Read(text.AsSpan().Trim(), offsetNeeded, out var moment);
        fault = found switch
        {
            MomentText.Found.Moment => null,
            MomentText.Found.NoOffset => new(Refusal.OffsetMissing, field,
                $"\"{quoted}\" has no offset from UTC: write it as 2026-04-06T08:00:00+01:00."),
            MomentText.Found.Twice => new(Refusal.AmbiguousTime, field,
                $"\"{quoted}\" happened twice, because the clocks went back that night. "
                + "Add +01:00 for the first time or +00:00 for the second."),
            MomentText.Found.Never => new(Refusal.SkippedTime, field,
                $"\"{quoted}\" never was, because the clocks went forward that night. Check the time."),
            MomentText.Found.OutOfRange => new(Refusal.DateOutOfRange, field,
                $"\"{quoted}\" is not a day {AcceptedDays.Bounds}. Check the year."),
            _ => new(Refusal.NotATime, field,
                $"\"{quoted}\" is no date and time. Write it as 2026-04-06T08:00:00+01:00 or 06/04/2026 08:00."),
        };
        return fault is null ? moment : null;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
