using Isf.Measures;
using NodaTime;
using NodaTime.TimeZones;

namespace Isf.Support.Domain;

/// <summary>
/// The wall times of plans in London. On two nights a year, a wall time happens twice or not at all (domain.md §4.3).
/// </summary>
public static class PlannedTimes
{
    // A plan needs one moment for every wall time: the first of two, or the first moment after the skipped hour.
    private static readonly ZoneLocalMappingResolver Planned = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>
    /// The moment of a planned wall time: the first one if it happens twice, just after the skipped hour if it is
    /// skipped.
    /// </summary>
    public static OffsetDateTime MomentOf(LocalDateTime wall) =>
        London.Zone.ResolveLocal(wall, Planned).ToOffsetDateTime();

    /// <summary>
    /// The number of moments of a wall time: normally 1; 0 if the clocks skip it, 2 if it happens twice.
    /// </summary>
    public static int MomentsOf(LocalDateTime wall) => London.Zone.MapLocal(wall).Count;
}
