using System.Globalization;
using System.Numerics;
using NodaTime;

namespace Isf.Measures;

/// <summary>A length of time in whole minutes. In the books they are carer-minutes: two carers for 45 are 90.</summary>
public readonly record struct Minutes(long Count) : IComparable<Minutes>, IAdditionOperators<Minutes, Minutes, Minutes>,
    IAdditiveIdentity<Minutes, Minutes>, IComparisonOperators<Minutes, Minutes, bool>
{
    /// <summary>No time.</summary>
    public static Minutes Zero => default;

    /// <inheritdoc />
    static Minutes IAdditiveIdentity<Minutes, Minutes>.AdditiveIdentity => Zero;

    /// <summary>
    /// Whole minutes really elapsed between two instants; seconds beyond the last whole minute do not count.
    /// </summary>
    public static Minutes Elapsed(Instant start, Instant end) => new((long)Math.Floor((end - start).TotalMinutes));

    /// <summary>The sum of many lengths.</summary>
    public static Minutes Sum(IEnumerable<Minutes> lengths) =>
        lengths.Aggregate(Zero, (sum, next) => sum + next);

    /// <summary>Adds.</summary>
    public static Minutes operator +(Minutes left, Minutes right) => new(checked(left.Count + right.Count));

    /// <summary>Takes away.</summary>
    public static Minutes operator -(Minutes left, Minutes right) => new(checked(left.Count - right.Count));

    /// <summary>Multiplies the length: minutes × carers.</summary>
    public static Minutes operator *(Minutes length, long times) => new(checked(length.Count * times));

    /// <summary>Shorter.</summary>
    public static bool operator <(Minutes left, Minutes right) => left.Count < right.Count;

    /// <summary>Longer.</summary>
    public static bool operator >(Minutes left, Minutes right) => left.Count > right.Count;

    /// <summary>Shorter or the same.</summary>
    public static bool operator <=(Minutes left, Minutes right) => left.Count <= right.Count;

    /// <summary>Longer or the same.</summary>
    public static bool operator >=(Minutes left, Minutes right) => left.Count >= right.Count;

    /// <summary>The shorter of two.</summary>
    public static Minutes Min(Minutes left, Minutes right) => left < right ? left : right;

    /// <summary>The longer of two.</summary>
    public static Minutes Max(Minutes left, Minutes right) => left > right ? left : right;

    /// <inheritdoc />
    public int CompareTo(Minutes other) => Count.CompareTo(other.Count);

    /// <summary>
    /// The length as people say it: "45 min", "2 h", "5 h 14 min"; never decimal hours (domain.md §3).
    /// </summary>
    public override string ToString()
    {
        var length = Int128.Abs(Count);
        var (hours, rest) = ((long)(length / 60), (long)(length % 60));
        var text = (hours, rest) switch
        {
            (0, _) => $"{rest} min",
            (_, 0) => $"{hours.ToString("N0", CultureInfo.InvariantCulture)} h",
            _ => $"{hours.ToString("N0", CultureInfo.InvariantCulture)} h {rest} min",
        };
        return Count < 0 ? "−" + text : text;
    }
}
