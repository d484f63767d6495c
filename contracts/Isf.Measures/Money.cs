using System.Numerics;

namespace Isf.Measures;

/// <summary>
/// An amount of money in whole pence, sterling; it may be below zero. Arithmetic is checked, so that an overflow
/// throws.
/// </summary>
public readonly record struct Money(long Pence) : IComparable<Money>, IAdditionOperators<Money, Money, Money>,
    IAdditiveIdentity<Money, Money>, IComparisonOperators<Money, Money, bool>
{
    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <inheritdoc />
    static Money IAdditiveIdentity<Money, Money>.AdditiveIdentity => Zero;

    /// <summary>This many pence.</summary>
    public static Money OfPence(long pence) => new(pence);

    /// <summary>The sum of many amounts.</summary>
    public static Money Sum(IEnumerable<Money> amounts) =>
        amounts.Aggregate(Zero, (sum, next) => sum + next);

    /// <summary>Adds.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Pence + right.Pence));

    /// <summary>Takes away.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Pence - right.Pence));

    /// <summary>The same amount with the opposite sign.</summary>
    public static Money operator -(Money amount) => new(checked(-amount.Pence));

    /// <summary>Multiplies the amount.</summary>
    public static Money operator *(Money amount, long times) => new(checked(amount.Pence * times));

    /// <summary>Less.</summary>
    public static bool operator <(Money left, Money right) => left.Pence < right.Pence;

    /// <summary>More.</summary>
    public static bool operator >(Money left, Money right) => left.Pence > right.Pence;

    /// <summary>Less or the same.</summary>
    public static bool operator <=(Money left, Money right) => left.Pence <= right.Pence;

    /// <summary>More or the same.</summary>
    public static bool operator >=(Money left, Money right) => left.Pence >= right.Pence;

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left < right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money left, Money right) => left > right ? left : right;

    /// <inheritdoc />
    public int CompareTo(Money other) => Pence.CompareTo(other.Pence);

    /// <summary>The amount as people write it: £1,512.00, or −£3.05 below zero.</summary>
    public override string ToString()
    {
        var pounds = Int128.Abs(Pence);
        var whole = ((long)(pounds / 100)).ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
        return $"{(Pence < 0 ? "−" : "")}£{whole}.{(long)(pounds % 100):00}";
    }
}

/// <summary>Splits an amount by weights and loses nothing: the parts always sum to the whole.</summary>
public static class Allotment
{
    /// <summary>
    /// Splits by largest remainder. Each part gets its exact share, rounded towards zero; the pence left over go to the
    /// parts with the largest remainders, one each, and among equals to the earlier part first.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// There are no weights, a weight is below zero, or all weights are zero.
    /// </exception>
    public static Money[] Split(Money whole, IReadOnlyList<long> weights)
    {
        if (weights.Count == 0 || weights.Any(weight => weight < 0) || weights.All(weight => weight == 0))
            throw new ArgumentException("Weights must be zero or more, and not all zero.", nameof(weights));
        var total = weights.Aggregate((Int128)0, (sum, weight) => sum + weight);
        var sign = whole.Pence < 0 ? -1 : 1;
        var size = Int128.Abs(whole.Pence);
        var parts = weights.Select(weight => (long)(size * weight / total)).ToArray();
        var left = (long)(size - parts.Aggregate((Int128)0, (sum, part) => sum + part));
        var byRemainder = Enumerable.Range(0, parts.Length).OrderByDescending(i => size * weights[i] % total);
        foreach (var i in byRemainder.Take((int)left))
            parts[i]++;
        return [.. parts.Select(part => new Money(sign * part))];
    }
}
