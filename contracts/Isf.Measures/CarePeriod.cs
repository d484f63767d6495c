using NodaTime;

namespace Isf.Measures;

/// <summary>
/// A range of days that includes both ends; a range without a last day is open. Weeks run Monday to Sunday.
/// </summary>
public readonly record struct CarePeriod(LocalDate From, LocalDate? To)
{
    /// <summary>Whether the day lies in the range.</summary>
    public bool Covers(LocalDate day) => day >= From && (To is null || day <= To);

    /// <summary>Whether the whole of the other range lies in this one.</summary>
    public bool Covers(CarePeriod other) =>
        other.From >= From && (To is null || (other.To is { } otherTo && otherTo <= To));

    /// <summary>Whether the ranges share at least a day.</summary>
    public bool Meets(CarePeriod other) =>
        (To is null || other.From <= To) && (other.To is null || From <= other.To);

    /// <summary>The days that lie in both ranges; null if the ranges share no day.</summary>
    public CarePeriod? Overlap(CarePeriod other)
    {
        if (!Meets(other))
            return null;
        var to = (To, other.To) switch
        {
            (null, var end) => end,
            (var end, null) => end,
            var (mine, theirs) => LocalDate.Min(mine.Value, theirs.Value),
        };
        return new CarePeriod(LocalDate.Max(From, other.From), to);
    }

    /// <summary>The number of days, both ends included.</summary>
    /// <exception cref="InvalidOperationException">The range is open.</exception>
    public int Days =>
        Period.DaysBetween(From, To ?? throw new InvalidOperationException("An open range has no length.")) + 1;

    /// <summary>The Monday of the day's week.</summary>
    public static LocalDate MondayOf(LocalDate day) =>
        day.DayOfWeek == IsoDayOfWeek.Monday ? day : day.Previous(IsoDayOfWeek.Monday);

    /// <summary>The week of the day, Monday to Sunday.</summary>
    public static CarePeriod WeekOf(LocalDate day) => new(MondayOf(day), MondayOf(day).PlusDays(6));
}

/// <summary>
/// The range of days that the platform accepts. It is wide enough for a person's birth and for any agreement, and
/// narrow enough that no sum of days leaves the calendar (api.md, Conventions, Dates).
/// </summary>
public static class AcceptedDays
{
    /// <summary>The bounds, in words.</summary>
    public const string Bounds = "from 1900-01-01 to 2199-12-31";

    /// <summary>The first day that is accepted.</summary>
    public static LocalDate First { get; } = new(1900, 1, 1);

    /// <summary>The last day that is accepted.</summary>
    public static LocalDate Last { get; } = new(2199, 12, 31);

    /// <summary>
    /// The date that council systems write as the last day of an open range; it is read and shown as no end.
    /// </summary>
    public static LocalDate NoEnd { get; } = new(9999, 12, 31);

    /// <summary>Whether the day lies between the bounds, both included.</summary>
    public static bool Holds(LocalDate day) => day >= First && day <= Last;
}
