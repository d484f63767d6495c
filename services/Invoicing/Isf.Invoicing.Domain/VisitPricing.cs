using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// What of a visit decides its price. Moments are instants: a night when the clocks change is what it was.
/// </summary>
/// <param name="Service">Which service of the price list: support, where nothing else was said.</param>
/// <param name="CareOn">The day that the visit is about; it counts where nothing was started.</param>
/// <param name="Start">When the care began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Carers">How many carers gave it together; hours are multiplied by it.</param>
/// <param name="Outcome">api.md's word: delivered, missed-by-provider, no-access …</param>
public readonly record struct VisitToPrice(
    string Service, LocalDate CareOn, Instant? Start, Instant? End, int Carers, string Outcome);

/// <summary>Why a visit has the price it has.</summary>
public enum PriceReason
{
    /// <summary>A rate of the list priced it.</summary>
    Rate = 1,

    /// <summary>It was not delivered, and the list charges nothing for that.</summary>
    NotDelivered = 2,

    /// <summary>The list has no rate for its service on its day.</summary>
    NoRate = 3,

    /// <summary>It is priced by the hour and has no start and end.</summary>
    NoTimes = 4,
}

/// <summary>
/// A visit's price: whole pence, the minutes charged, the carer-minutes given, the rate that priced it.
/// </summary>
public readonly record struct VisitPrice(
    PriceReason Reason,
    LocalDate On,
    Money Amount,
    Minutes Charged,
    Minutes CarerMinutes,
    PriceRate? Rate,
    string? Holiday);

/// <summary>
/// What a visit costs by its price list: the minutes really elapsed, at the rate in force at its start (which prices
/// the whole), times the carers, rounded once to the penny, half up. Pure. Source: api.md, price list; domain.md §4.4.
/// </summary>
public static class VisitPricing
{
    /// <summary>The outcome of a visit that was given.</summary>
    public const string Delivered = "delivered";

    private static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    /// <summary>
    /// The day on the wall's calendar (Europe/London) at a moment: a visit belongs to the day it starts on.
    /// </summary>
    public static LocalDate DayOf(Instant moment) => moment.InZone(London).Date;

    /// <summary>Prices one visit. It never refuses: care that was given is in the books, also at 0 pence.</summary>
    public static VisitPrice Price(CompiledPriceList list, in VisitToPrice visit)
    {
        ArgumentNullException.ThrowIfNull(list);
        var on = visit.Start is { } begun ? DayOf(begun) : visit.CareOn;
        if (visit.Outcome != Delivered)
        {
            return Nothing(PriceReason.NotDelivered, on, default, default);
        }
        var given = visit is { Start: { } start, End: { } end } ? Minutes.Elapsed(start, end) : Minutes.Zero;
        var carerMinutes = given * visit.Carers;
        var rate = list.RateOn(visit.Service, on, out var holiday);
        if (rate is null)
        {
            return Nothing(PriceReason.NoRate, on, given, carerMinutes);
        }
        if (rate.Unit == PriceUnit.Visit)
        {
            return new(PriceReason.Rate, on, new Money(rate.Pence), given, carerMinutes, rate, holiday);
        }
        if (visit.Start is null || visit.End is null)
        {
            return Nothing(PriceReason.NoTimes, on, default, default);
        }
        var amount = new Rate(rate.Pence).ForRoundedHalfUp(carerMinutes);
        return new(PriceReason.Rate, on, amount, given, carerMinutes, rate, holiday);
    }

    private static VisitPrice Nothing(PriceReason reason, LocalDate on, Minutes given, Minutes carerMinutes) =>
        new(reason, on, Money.Zero, given, carerMinutes, null, null);
}
