namespace Isf.Support.Domain;

/// <summary>How care compares with its plan over stretches of weeks (domain.md §6, under-delivery).</summary>
public static class DeliveryChecks
{
    /// <summary>
    /// Whether less than so many per cent of the plan was given in every stretch. A stretch without a plan says
    /// nothing.
    /// </summary>
    public static bool IsUnder(IReadOnlyList<long> planned, IReadOnlyList<long> delivered, int stretches, int percent)
    {
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(delivered);
        return planned.Count >= stretches && planned.Zip(delivered).Take(stretches)
            .All(both => both.First > 0 && both.Second * 100 < both.First * percent);
    }

    /// <summary>Whether care was planned and none was given at all.</summary>
    public static bool IsNone(IReadOnlyList<long> planned, long visits)
    {
        ArgumentNullException.ThrowIfNull(planned);
        return planned.Sum() > 0 && visits == 0;
    }

    /// <summary>Whether more than so many per cent of the plan was given.</summary>
    public static bool IsOver(IReadOnlyList<long> planned, IReadOnlyList<long> delivered, int percent)
    {
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(delivered);
        return delivered.Sum() * 100 > planned.Sum() * percent;
    }

    /// <summary>What was given of the plan, in per cent rounded down; nothing without a plan.</summary>
    public static long? Percent(long planned, long delivered) => planned > 0 ? delivered * 100 / planned : null;
}
