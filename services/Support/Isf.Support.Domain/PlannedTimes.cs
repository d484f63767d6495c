using Isf.Measures;
using NodaTime;
using NodaTime.TimeZones;

namespace Isf.Support.Domain;

/// <summary>
/// The wall times of plans in London: a planned time is a wall time, which on two nights a year happens twice or not at
/// all (domain.md §4.3).
/// </summary>
public static class PlannedTimes
{
    // A plan needs one moment for every wall time: the first of two, or the first moment after the skipped hour.
    private static readonly ZoneLocalMappingResolver Planned = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>
    /// The moment of a planned wall time: the first one in the hour that happens twice, just after the skipped hour.
    /// </summary>
    public static OffsetDateTime MomentOf(LocalDateTime wall) =>
        London.Zone.ResolveLocal(wall, Planned).ToOffsetDateTime();

    /// <summary>
    /// How many moments a wall time names: 1 as a rule, 0 where the clocks skip it, 2 where it happens twice.
    /// </summary>
    public static int MomentsOf(LocalDateTime wall) => London.Zone.MapLocal(wall).Count;
}
