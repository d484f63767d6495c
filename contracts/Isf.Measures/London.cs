using NodaTime;
using NodaTime.Text;

namespace Isf.Measures;

/// <summary>The place and time that the platform keeps: days are London days.</summary>
public static class London
{
    /// <summary>Europe/London.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    /// <summary>Today.</summary>
    public static LocalDate Today(IClock clock) =>
        DayOf(clock.GetCurrentInstant());

    /// <summary>A day as an address writes it, of the years 1 to 9999, which the database has; else nothing.</summary>
    public static LocalDate? Day(string? text) =>
        LocalDatePattern.Iso.Parse(text ?? "") is { Success: true, Value: { Year: > 0 } day } ? day : null;

    /// <summary>The moment as clocks in London show it.</summary>
    public static OffsetDateTime At(Instant moment) => moment.InZone(Zone).ToOffsetDateTime();

    /// <summary>The London day of a moment.</summary>
    public static LocalDate DayOf(Instant moment) => moment.InZone(Zone).Date;

    /// <summary>The London day of a moment.</summary>
    public static LocalDate DayOf(OffsetDateTime moment) => DayOf(moment.ToInstant());
}
