namespace Isf.Measures;

/// <summary>Splits an amount by weights and loses nothing: the parts always sum to the whole.</summary>
public static class Allotment
{
    /// <summary>
    /// Splits by largest remainder: each part gets its exact share rounded towards zero, and the pence left over go one
    /// each to the largest remainders, the earlier first among equals.
    /// </summary>
    /// <exception cref="ArgumentException">No weights, a weight below zero, or all weights zero.</exception>
    public static Money[] Split(Money whole, IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0 || weights.Any(weight => weight < 0) || weights.All(weight => weight == 0))
        {
            throw new ArgumentException("Weights must be zero or more, and not all zero.", nameof(weights));
        }
        var total = weights.Aggregate((Int128)0, (sum, weight) => sum + weight);
        var sign = whole.Pence < 0 ? -1 : 1;
        var size = Int128.Abs(whole.Pence);
        var parts = weights.Select(weight => (long)(size * weight / total)).ToArray();
        var left = (long)(size - parts.Aggregate((Int128)0, (sum, part) => sum + part));
        var byRemainder = Enumerable.Range(0, parts.Length).OrderByDescending(i => size * weights[i] % total);
        foreach (var i in byRemainder.Take((int)left))
        {
            parts[i]++;
        }
        return [.. parts.Select(part => new Money(sign * part))];
    }
}
