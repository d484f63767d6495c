using NodaTime;
using NodaTime.TimeZones;

namespace Isf.Support.Domain;

/// <summary>
/// Local time in the United Kingdom (Europe/London). A day of care is a local day; a planned time is a wall time, which
/// on two nights a year happens twice or not at all (domain.md §4.3).
/// </summary>
public static class LondonTime
{
    /// <summary>The one zone of this platform's local days and wall times.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    // A plan needs one moment for every wall time: the first of two, or the first moment after the skipped hour.
    private static readonly ZoneLocalMappingResolver Planned = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>
    /// The moment of a planned wall time: the first one in the hour that happens twice, just after the skipped hour.
    /// </summary>
    public static OffsetDateTime PlannedAt(LocalDateTime wall) => Zone.ResolveLocal(wall, Planned).ToOffsetDateTime();

    /// <summary>
    /// How many moments a wall time names: 1 as a rule, 0 where the clocks skip it, 2 where it happens twice.
    /// </summary>
    public static int MomentsOf(LocalDateTime wall) => Zone.MapLocal(wall).Count;

    /// <summary>The same moment as clocks in London show it.</summary>
    public static OffsetDateTime At(Instant moment) => moment.InZone(Zone).ToOffsetDateTime();

    /// <summary>The local day of a moment.</summary>
    public static LocalDate DayOf(Instant moment) => moment.InZone(Zone).Date;

    /// <summary>The local day of a moment.</summary>
    public static LocalDate DayOf(OffsetDateTime moment) => DayOf(moment.ToInstant());
}
