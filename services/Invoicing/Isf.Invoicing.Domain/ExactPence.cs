using Isf.Measures;

namespace Isf.Invoicing.Domain;

/// <summary>
/// An amount of money as exact as pricing needs it, before its one rounding. It is counted in grains, 21,000,000ths of
/// a penny, so that sixtieths of an hour, sevenths of a week, hundredths of a mile, and percentages of a charge and of
/// VAT all come out whole. Only <see cref="Rounded"/> divides.
/// </summary>
public readonly record struct ExactPence(Int128 Grains)
{
    /// <summary>
    /// The number of grains in a penny: 2,100 (60 minutes, 100 hundredths, 7 days) × 100 (percent) × 100 (VAT).
    /// </summary>
    public const long PerPenny = PartsOfAPenny * 100 * 100;

    /// <summary>The parts of a penny in which a price is worked out before percentages.</summary>
    internal const long PartsOfAPenny = 2_100;

    /// <summary>No money.</summary>
    public static ExactPence Zero => default;

    /// <summary>An amount of whole pence.</summary>
    public static ExactPence From(Money money) => new((Int128)money.Pence * PerPenny);

    /// <summary>An amount of whole pence from a price list, with a percentage of VAT on top.</summary>
    internal static ExactPence FromWhole(long pence, int vatPercent) => From(pence * PartsOfAPenny, 100, vatPercent);

    /// <summary>A percentage of an amount in 2,100ths of a penny, with a percentage of VAT on top.</summary>
    internal static ExactPence From(long partsOfPence, int percent, int vatPercent) =>
        new((Int128)partsOfPence * (percent * (100 + vatPercent)));

    /// <summary>Adds.</summary>
    public static ExactPence operator +(ExactPence left, ExactPence right) => new(left.Grains + right.Grains);

    /// <summary>Takes away.</summary>
    public static ExactPence operator -(ExactPence left, ExactPence right) => new(left.Grains - right.Grains);

    /// <summary>
    /// The amount in whole pence, half a penny rounded up. It is never below zero, because prices never are.
    /// </summary>
    public Money Rounded => Grains <= long.MaxValue - PerPenny
        ? new Money(((long)Grains + (PerPenny / 2)) / PerPenny)
        : new Money(checked((long)((Grains + (PerPenny / 2)) / PerPenny)));
}
