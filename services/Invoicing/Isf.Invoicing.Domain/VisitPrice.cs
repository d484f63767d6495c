using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>The reason for a visit's price.</summary>
public enum PriceReason
{
    /// <summary>Rates of the list priced the visit.</summary>
    Rate = 1,

    /// <summary>The visit was not delivered, and the list charges nothing for that.</summary>
    NotDelivered = 2,

    /// <summary>The list has no rate for the visit's service at its time.</summary>
    NoRate = 3,

    /// <summary>The visit is priced by the hour and has no minutes.</summary>
    NoTimes = 4,
}

/// <summary>The part of a price from one rate, before percentages: its minutes or units, and their price.</summary>
/// <param name="Ready">The compiled rate.</param>
/// <param name="Minutes">The minutes charged at this rate, before carers are counted.</param>
/// <param name="Units">
/// The units in hundredths of a mile or of a counted unit, or in whole days; 0 for a rate by the hour.
/// </param>
/// <param name="PenceEach">The price of one unit: the rate's own price, or the price beyond its yearly miles.</param>
/// <param name="Parts">The amount of the part, without VAT and before percentages, in 2,100ths of a penny.</param>
public readonly record struct RatePart(CompiledRate Ready, long Minutes, long Units, long PenceEach, long Parts)
{
    /// <summary>The rate.</summary>
    public PriceRate Rate => Ready.Rate;

    internal bool IsLike(in RatePart other) => ReferenceEquals(Ready, other.Ready) && PenceEach == other.PenceEach;

    internal RatePart With(in RatePart more) => this with
    {
        Minutes = Minutes + more.Minutes,
        Units = Units + more.Units,
        Parts = Parts + more.Parts,
    };
}

/// <summary>
/// A visit's price, exact and rounded once to whole pence, with the minutes charged, the carer-minutes given and the
/// rates that priced them. The amount that the fund bears includes VAT unless the holder recovers it.
/// </summary>
public readonly record struct VisitPrice
{
    /// <summary>The reason for the price.</summary>
    public required PriceReason Reason { get; init; }

    /// <summary>The day on which the visit began, or was to begin, as a number.</summary>
    internal int Day { get; init; }

    /// <summary>The day on which the visit began, or was to begin.</summary>
    public LocalDate On => Days.Dated(Day);

    /// <summary>The percentage of the price that is charged: 100, unless the visit was not given.</summary>
    public int Percent { get; init; }

    /// <summary>The minutes that the list's basis charges and that have a rate, before carers are counted.</summary>
    public Minutes Charged { get; init; }

    /// <summary>
    /// The minutes from which the charged minutes are calculated: the minutes given, or those planned if none were
    /// given.
    /// </summary>
    public Minutes Before { get; init; }

    /// <summary>
    /// The minutes, or days of a stay, that are not charged because the list has no rate for them, although it has a
    /// rate for other parts of the visit.
    /// </summary>
    public long Unpriced { get; init; }

    /// <summary>Carer-minutes really given; units other than hour, visit and night carry none (design §4).</summary>
    public Minutes CarerMinutes { get; init; }

    /// <summary>The exact amount that the fund bears.</summary>
    public ExactPence Exact { get; init; }

    /// <summary>The amount that the fund bears, rounded once for this visit.</summary>
    public Money Amount { get; init; }

    /// <summary>The amount without VAT.</summary>
    public Money Net { get; init; }

    /// <summary>The VAT on the price, whether it is recovered or not.</summary>
    public Money Vat { get; init; }

    /// <summary>
    /// The public holiday of the first rate that priced the visit; null if that rate is not for public holidays.
    /// </summary>
    public string? Holiday { get; init; }

    internal RatePart First { get; init; }

    internal RatePart[]? More { get; init; }

    /// <summary>The first rate that priced the visit; null if none did.</summary>
    public PriceRate? Rate => Reason == PriceReason.Rate ? First.Rate : null;

    /// <summary>The number of parts, one for each rate and price.</summary>
    public int PartCount => Rate is null ? 0 : 1 + (More?.Length ?? 0);

    /// <summary>The part with this index; parts are in the order in which the visit met their rates.</summary>
    public RatePart Part(int i) => i == 0 ? First : More![i - 1];

    /// <summary>
    /// The pence of each part, in the order of the parts. A part's pence are the amount by which it raises the rounded
    /// sum, so that parts sum to visits and visits to the bill. The sum starts at <paramref name="before"/>, the exact
    /// amount of the visits that come before this one on the bill.
    /// </summary>
    public IEnumerable<Money> PartAmounts(CompiledPriceList list, ExactPence before)
    {
        var reached = before;
        for (var i = 0; i < PartCount; i++)
        {
            var next = reached + ExactPence.From(Part(i).Parts, Percent, list.BornePercent);
            yield return next.Rounded - reached.Rounded;
            reached = next;
        }
    }
}

/// <summary>
/// Collects the parts of a price. A visit with one rate, as almost all visits have, allocates no memory.
/// </summary>
internal struct PriceAccumulator
{
    public RatePart First;
    public RatePart[]? More;

    /// <summary>
    /// Adds the minutes, units and amount to the part of the same rate and price, or adds a new part.
    /// </summary>
    public void Add(in RatePart part)
    {
        if (First.Ready is null || First.IsLike(part))
        {
            First = First.Ready is null ? part : First.With(part);
            return;
        }
        More ??= [];
        for (var i = 0; i < More.Length; i++)
        {
            if (More[i].IsLike(part))
            {
                More[i] = More[i].With(part);
                return;
            }
        }
        More = [.. More, part];
    }

    /// <summary>Prices the minutes of each rate, for a number of carers.</summary>
    public void PriceMinutes(int carers)
    {
        First = First with { Parts = First.Ready.OfMinutes(First.Minutes) * carers };
        for (var i = 0; i < (More?.Length ?? 0); i++)
            More![i] = More[i] with { Parts = More[i].Ready.OfMinutes(More[i].Minutes) * carers };
    }

    /// <summary>The minutes of all parts, before carers are counted.</summary>
    public readonly long Minutes
    {
        get
        {
            var sum = First.Minutes;
            foreach (var part in More ?? [])
                sum += part.Minutes;
            return sum;
        }
    }

    /// <summary>The sum of all parts, in 2,100ths of a penny.</summary>
    public readonly long Whole
    {
        get
        {
            var sum = First.Parts;
            foreach (var part in More ?? [])
                sum += part.Parts;
            return sum;
        }
    }
}
