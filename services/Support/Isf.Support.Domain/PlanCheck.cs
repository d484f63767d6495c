using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// Checks whether the lines of a plan make sense by themselves and together with the fund's other plans.
/// </summary>
public static class PlanCheck
{
    /// <summary>The maximum number of lines in a plan.</summary>
    public const int MostLines = 100;
    private const string TwoAtOnce =
        "The line has two visits at the same time of the same day. Use carers for two at once.";

    /// <summary>
    /// The first fault in the lines, with its place (a JSON pointer) and its remedy; null if the lines have no fault.
    /// </summary>
    public static FieldError? Fault(PlanVersion version)
    {
        for (var i = 0; i < version.Lines.Count; i++)
        {
            var at = $"/lines/{i}";
            var line = version.Lines[i];
            if (!Ids.IsId(line.LineId))
            {
                return new($"{at}/lineId",
                    "A lineId is 1 to 64 letters (A–Z, a–z), digits, full stops, hyphens, underscores.");
            }
            if (!Ids.IsId(line.Service))
                return new($"{at}/service", "A service is one word, such as support or sleep-in.");
            if (!Texts.Fits(line.Purpose, 500))
                return new($"{at}/purpose", "Say in up to 500 characters what the line is for, in the person's words.");
            if (line.Carers is < 1 or > 10)
                return new($"{at}/carers", "The carers are a whole number from 1 to 10.");
            if (line.Schedule is null == line.WeeklyMinutes is null)
                return new(at, "A line has either a schedule or weeklyMinutes, and not both.");
            if (line.WeeklyMinutes is < 1 or > 10_080)
                return new($"{at}/weeklyMinutes", "The weeklyMinutes are from 1 to 10080: the minutes of a week.");
            if (line.Workers is { } workers && (workers.Count > 50 || workers.Any(id => !Ids.IsId(id))))
                return new($"{at}/workers", "The workers wanted are up to 50 workers' ids.");
            if (line.Schedule is not null && Fault(line.Schedule, version, at) is { } fault)
                return fault;
        }
        return null;
    }

    /// <summary>The first line id that occurs twice; null if none does.</summary>
    public static string? Twice(PlanVersion version)
    {
        return version.Lines.GroupBy(line => line.LineId, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Count() > 1)?.Key;
    }

    /// <summary>
    /// The first line that the plan and another plan of the fund would both have on one day, with the other plan's id;
    /// null if the plans share no line on any day.
    /// </summary>
    public static (string LineId, string PlanId)? Overlap(Plan plan, IEnumerable<Plan> others)
    {
        var mine = Lines(plan).ToList();
        return (from other in others
                where other.Id != plan.Id
                from theirs in Lines(other)
                where mine.Exists(line => line.LineId == theirs.LineId && line.Days.Meets(theirs.Days))
                select ((string, string)?)(theirs.LineId, other.Id)).FirstOrDefault();
    }

    private static IEnumerable<(string LineId, CarePeriod Days)> Lines(Plan plan) =>
        plan.InForce().SelectMany(at => at.Version.Lines.Select(line => (line.LineId, new CarePeriod(at.From, at.To))));

    private static FieldError? Fault(
        IReadOnlyList<PlannedSlot> schedule, PlanVersion version, string at)
    {
        if (schedule.Count is 0 or > 100)
            return new($"{at}/schedule", "A schedule has from 1 to 100 entries.");
        var starts = new HashSet<(PlanDay, LocalTime)>();
        for (var i = 0; i < schedule.Count; i++)
        {
            var slot = schedule[i];
            var place = $"{at}/schedule/{i}";
            if (FaultOfDays(slot, version, place) is { } fault)
                return fault;
            if (slot.Start.TickOfSecond != 0 || slot.Start.Second != 0)
                return new($"{place}/start", "A planned time is in whole minutes, such as 08:00.");
            if (slot.Minutes is < 1 or > 1500)
                return new($"{place}/minutes", "The minutes of a visit are from 1 to 1500 (25 hours).");
            if (slot.EveryWeeks is < 1 or > 52)
                return new($"{place}/everyWeeks", "everyWeeks is from 1 (each week) to 52.");
            if (slot.Days.Any(day => !starts.Add((day, slot.Start))))
                return new(place, TwoAtOnce);
        }
        var twice = schedule.ToList().FindIndex(slot => MeetsAnother(slot, schedule, version));
        return twice < 0 ? null : new($"{at}/schedule/{twice}", TwoAtOnce);
    }

    private static FieldError? FaultOfDays(PlannedSlot slot, PlanVersion version, string at)
    {
        if (slot.Days.Count == 0 == slot.Dates is not { Count: > 0 })
        {
            return new($"{at}/days",
                "Name either days of the week (mon, tue, wed, thu, fri, sat, sun) or dates, such as 2026-12-25.");
        }
        if (slot.Dates is not null && (slot.Except is not null || slot.EveryWeeks != 1))
            return new($"{at}/dates", "Dates stand alone: leave out except and everyWeeks.");
        if (slot.Dates?.Count > 366 || slot.Except?.Count > 366)
            return new($"{at}/{(slot.Dates is null ? "except" : "dates")}", "There are more than 366 dates.");
        return slot.Dates?.Any(date => date < version.From || date > version.To) == true
            ? new FieldError($"{at}/dates",
                "A date lies outside the plan's days. Change the date, or the plan's from and to.")
            : null;
    }

    private static bool MeetsAnother(PlannedSlot slot, IReadOnlyList<PlannedSlot> schedule, PlanVersion version) =>
        slot.Dates is { } dates && (dates.Distinct().Count() < dates.Count || schedule.Any(other => other != slot
            && other.Start == slot.Start && dates.Any(date => other.Falls(date, Weeks(version, date)))));

    private static int Weeks(PlanVersion version, LocalDate date) =>
        Period.DaysBetween(CarePeriod.MondayOf(version.From), CarePeriod.MondayOf(date)) / 7;
}
