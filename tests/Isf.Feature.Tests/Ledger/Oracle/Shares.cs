using System.Numerics;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>An exact fraction.</summary>
internal readonly record struct Exact(BigInteger Over, BigInteger Under)
{
    public static Exact Zero => new(0, 1);

    public static Exact Of(long whole) => new(whole, 1);

    public static Exact operator +(Exact a, Exact b) => new Exact((a.Over * b.Under) + (b.Over * a.Under),
        a.Under * b.Under).Small();

    public static Exact operator *(Exact a, Exact b) => new Exact(a.Over * b.Over, a.Under * b.Under).Small();

    public static Exact operator /(Exact a, Exact b) => (b.Over < 0
        ? new Exact(-a.Over * b.Under, a.Under * -b.Over) : new Exact(a.Over * b.Under, a.Under * b.Over)).Small();

    public bool IsAboveZero => Over > 0;

    public long Down => (long)((Over - (((Over % Under) + Under) % Under)) / Under);

    /// <summary>The remainder after rounding down to whole pence.</summary>
    public Exact Rest => this + Of(-Down);

    public bool IsMoreThan(Exact other) => Over * other.Under > other.Over * Under;

    private Exact Small()
    {
        var divisor = BigInteger.GreatestCommonDivisor(Over, Under);
        return divisor.IsOne || divisor.IsZero ? this : new(Over / divisor, Under / divisor);
    }
}

/// <summary>
/// The two roundings of design §4: weekly × days ÷ 7, rounded half up, and shares by largest remainder.
/// </summary>
internal static class Shares
{
    public static long Weekly(long pence, int days) => ((2 * pence * days) + 7) / 14;

    /// <summary>
    /// Rounds exact parts down. The pence left over go to the largest remainders, and among equal ones to the earlier
    /// part.
    /// </summary>
    public static long[] Rounded(IReadOnlyList<Exact> parts)
    {
        var pence = parts.Select(part => part.Down).ToArray();
        var over = parts.Aggregate(Exact.Zero, (sum, part) => sum + part.Rest).Down;
        for (var rounded = new HashSet<int>(); over > 0; over--)
        {
            var largest = -1;
            for (var i = 0; i < parts.Count; i++)
            {
                if (!rounded.Contains(i) && (largest < 0 || parts[i].Rest.IsMoreThan(parts[largest].Rest)))
                    largest = i;
            }
            rounded.Add(largest);
            pence[largest]++;
        }
        return pence;
    }

    /// <summary>Splits a whole by weights; a negative whole is split like a positive one.</summary>
    public static long[] Split(long whole, IReadOnlyList<long> weights)
    {
        var size = Rounded([.. weights.Select(weight =>
            Exact.Of(Math.Abs(whole)) * new Exact(weight, weights.Sum()))]);
        return whole < 0 ? [.. size.Select(part => -part)] : size;
    }
}
