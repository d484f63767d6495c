using NodaTime;
using NodaTime.Text;

namespace Isf.Measures;

/// <summary>London's time, by which the platform counts its days.</summary>
public static class London
{
    /// <summary>Europe/London.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    /// <summary>Today's date in London.</summary>
    public static LocalDate Today(IClock clock) =>
        DayOf(clock.GetCurrentInstant());

    /// <summary>
    /// Reads a day such as 2026-08-12 from an address. Null if the text is not a day, or if its year is not one of 1 to
    /// 9999, the years that the database can store.
    /// </summary>
    public static LocalDate? Day(string? text) =>
        LocalDatePattern.Iso.Parse(text ?? "") is { Success: true, Value: { Year: > 0 } day } ? day : null;

    /// <summary>The moment as clocks in London show it.</summary>
    public static OffsetDateTime At(Instant moment) => moment.InZone(Zone).ToOffsetDateTime();

    /// <summary>The London day of a moment.</summary>
    public static LocalDate DayOf(Instant moment) => moment.InZone(Zone).Date;

    /// <summary>The London day of a moment.</summary>
    public static LocalDate DayOf(OffsetDateTime moment) => DayOf(moment.ToInstant());
}
