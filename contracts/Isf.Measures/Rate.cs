namespace Isf.Measures;

/// <summary>
/// The cost of an hour, in pence. Only a rate turns time into money or money into time, and each of its methods names
/// its rounding.
/// </summary>
public readonly record struct Rate(long PencePerHour)
{
    /// <summary>
    /// The cost of the minutes, rounded to the nearest penny; half a penny is rounded away from zero.
    /// </summary>
    public Money ForRoundedHalfUp(Minutes minutes) => DivideHalfUp((Int128)PencePerHour * minutes.Count, 60);

    /// <summary>
    /// The whole minutes that an amount buys, rounded down; the rate must not be 0. Minutes are drawn in this way from
    /// a bank that keeps money (design §4).
    /// </summary>
    public Minutes BoughtRoundedDown(Money amount) =>
        new(checked((long)((Int128)amount.Pence * 60 / PencePerHour)));

    /// <summary>
    /// The share numerator ÷ denominator of an amount, rounded to the nearest penny; half a penny is rounded away from
    /// zero.
    /// </summary>
    public static Money ShareRoundedHalfUp(Money amount, long numerator, long denominator) =>
        DivideHalfUp((Int128)amount.Pence * numerator, denominator);

    /// <summary>
    /// The part of a weekly amount for a number of days: weekly × days ÷ 7, rounded once, half up (domain.md §4.1).
    /// </summary>
    public static Money OfWeeklyForDays(Money weekly, int days) => ShareRoundedHalfUp(weekly, days, 7);

    private static Money DivideHalfUp(Int128 numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, 1);
        var size = Int128.Abs(numerator);
        var rounded = ((2 * size) + denominator) / (2 * (Int128)denominator);
        return new Money(checked((long)(numerator < 0 ? -rounded : rounded)));
    }
}
