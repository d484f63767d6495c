using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// A person's support plan: the care to expect, line by line. Each version replaces the previous one from its own first
/// day on; the days before stay as they were planned (api.md, Support).
/// </summary>
public sealed record Plan
{
    public required string Id { get; init; }
    public required string FundId { get; init; }
    public required IReadOnlyList<PlanVersion> Versions { get; init; }

    /// <summary>The latest version of the plan.</summary>
    public PlanVersion Latest => Versions[^1];

    /// <summary>
    /// The days on which each version is in force; a version that later ones replace completely has none.
    /// </summary>
    public IEnumerable<(PlanVersion Version, LocalDate From, LocalDate? To)> InForce()
    {
        for (var i = 0; i < Versions.Count; i++)
        {
            var to = Versions[i].To;
            foreach (var later in Versions.Skip(i + 1))
            {
                var before = later.From.PlusDays(-1);
                to = to is null || before < to ? before : to;
            }
            if (to is null || to >= Versions[i].From)
                yield return (Versions[i], Versions[i].From, to);
        }
    }
}

/// <summary>One complete version of a plan.</summary>
public sealed record PlanVersion
{
    public required int Version { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required IReadOnlyList<PlanLine> Lines { get; init; }
}

/// <summary>
/// A line of a plan: its purpose in the person's words, the allocation that pays for it, and either its visits (a
/// schedule) or its minutes a week. Minutes are the person's; the time book counts them once for each carer.
/// </summary>
public sealed record PlanLine
{
    /// <summary>The id of the line, which other plans of the fund may take up on other days.</summary>
    public required string LineId { get; init; }

    /// <summary>The allocation that pays for it.</summary>
    public required string AllocationId { get; init; }

    /// <summary>What the care is for, in the person's words.</summary>
    public required string Purpose { get; init; }

    /// <summary>The kind of support, which the price list may price on its own.</summary>
    public required string Service { get; init; }

    /// <summary>The number of carers at a time.</summary>
    public required int Carers { get; init; }

    /// <summary>The visits; null if the line has weekly minutes.</summary>
    public IReadOnlyList<PlannedSlot>? Schedule { get; init; }

    /// <summary>The minutes of a week, on any of its days; null if the line has a schedule.</summary>
    public int? WeeklyMinutes { get; init; }

    /// <summary>The workers whom the person wants. Continuity shows the share of visits that they make.</summary>
    public IReadOnlyList<string>? Workers { get; init; }

    /// <summary>Whether another line has the same content, schedule included.</summary>
    public bool SameAs(PlanLine other)
    {
        return this with { Schedule = null, Workers = null } == other with { Schedule = null, Workers = null }
            && (Workers ?? []).SequenceEqual(other.Workers ?? [])
            && (Schedule ?? []).Count == (other.Schedule ?? []).Count
            && (Schedule ?? []).Zip(other.Schedule ?? []).All(both => both.First.SameAs(both.Second));
    }
}

/// <summary>
/// A planned visit's wall time and length. The visit repeats on these days of the week, every EveryWeeks weeks from the
/// first week of the plan's version, except on some dates; or it takes place only on the dates named.
/// </summary>
public sealed record PlannedSlot
{
    /// <summary>Days of the week; empty if dates are named.</summary>
    public required IReadOnlyList<PlanDay> Days { get; init; }

    /// <summary>The only dates on which the visit takes place; null if it recurs.</summary>
    public IReadOnlyList<LocalDate>? Dates { get; init; }

    /// <summary>Dates on which the visit does not take place, such as a holiday or a day with the family.</summary>
    public IReadOnlyList<LocalDate>? Except { get; init; }

    /// <summary>The wall time in London at which it begins.</summary>
    public required LocalTime Start { get; init; }

    /// <summary>How long it lasts.</summary>
    public required int Minutes { get; init; }

    /// <summary>It recurs every so many weeks; 1 is every week.</summary>
    public required int EveryWeeks { get; init; }

    /// <summary>Whether another slot has the same days, time, length and weeks.</summary>
    public bool SameAs(PlannedSlot other)
    {
        return this with { Days = other.Days, Dates = other.Dates, Except = other.Except } == other
            && Days.SequenceEqual(other.Days) && (Dates ?? []).SequenceEqual(other.Dates ?? [])
            && (Except ?? []).SequenceEqual(other.Except ?? []);
    }

    /// <summary>
    /// Whether the slot has a visit on <paramref name="day"/>, whose week is <paramref name="weeks"/> weeks after the
    /// first week of the plan's version.
    /// </summary>
    public bool Falls(LocalDate day, int weeks) => Dates is { } dates
        ? dates.Contains(day)
        : weeks % EveryWeeks == 0 && Days.Contains((PlanDay)day.DayOfWeek) && Except?.Contains(day) != true;
}

/// <summary>A day of the week.</summary>
public enum PlanDay { Mon = 1, Tue, Wed, Thu, Fri, Sat, Sun }
