using NodaTime;
using NodaTime.TimeZones;

namespace Isf.Support.Domain;

/// <summary>
/// Local time as people in the United Kingdom keep it (Europe/London). A day of care is a local day; a planned time
/// is a wall time, which on two nights a year happens twice or not at all (domain.md §4.3).
/// </summary>
public static class LondonTime
{
    /// <summary>The one zone of this platform's local days and wall times.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    // A plan has to put every visit somewhere: the first of two, or the first moment after the hour that is left out.
    private static readonly ZoneLocalMappingResolver Planned = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>
    /// When a planned wall time begins: in the hour that happens twice the first, in the skipped one just after.
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
