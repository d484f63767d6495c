using Isf.Prices;

namespace Isf.Invoicing.Domain;

/// <summary>
/// Prices by units other than the hour: visit, session, item, night with its disturbances, day and week, mile.
/// Source: api.md, price list; domain.md §4.1 (weekly × days ÷ 7) and domain.md §4.4 (sleep-in, Shared Lives, travel).
/// </summary>
internal static class UnitPricing
{
    private const long PartsOfAHundredth = ExactPence.PartsOfAPenny / 100;
    private const long PartsOfASeventh = ExactPence.PartsOfAPenny / 7;

    /// <summary>
    /// Prices a quantity at a flat price for each unit. The number of carers multiplies hourly rates, not this price.
    /// </summary>
    public static VisitPrice Counted(
        CompiledPriceList list, in VisitToPrice visit, in WallTime wall, int percent, CompiledRate rate)
    {
        var units = Hundredths(visit.Quantity ?? 1);
        var timed = rate.Rate.Unit is PriceUnit.Visit or PriceUnit.Night;
        var minutes = timed ? VisitPricing.GivenMinutes(list, visit) : 0;
        var parts = default(PriceAccumulator);
        parts.Add(new(rate, minutes, units, rate.Rate.Pence, rate.Rate.Pence * units * PartsOfAHundredth));
        var price = VisitPricing.BuildPrice(list, wall, percent, in parts);
        return WithMinutes(price, visit, rate.Rate.Unit, minutes);
    }

    /// <summary>
    /// Prices a sleep-in night, which has a flat price. Disturbances beyond the number or the length that the flat
    /// price includes are waking time, priced by the hour at the rate that the list names. From a stated number of
    /// disturbances, the whole night is waking time.
    /// </summary>
    public static VisitPrice Night(
        CompiledPriceList list, in VisitToPrice visit, in WallTime wall, int percent, CompiledRate rate)
    {
        var given = VisitPricing.GivenMinutes(list, visit);
        var parts = default(PriceAccumulator);
        if (rate.Rate.Disturbances is not { } terms || visit.Disturbances is not { Count: > 0 } woken
            || list.HourlyRate(terms.Then, Days.Dated(wall.Day)) is not { } then)
        {
            return Counted(list, visit, wall, percent, rate);
        }
        if (woken.Count >= terms.WholeNightFrom && VisitPricing.MinutesOf(list, visit) is var (charged, before))
        {
            parts.Add(new(then, charged, 0, then.Rate.Pence, then.OfMinutes(charged) * visit.Carers));
            return WithMinutes(VisitPricing.BuildPrice(list, wall, percent, in parts), visit, PriceUnit.Night,
                charged)
                with
            { Before = new(before) };
        }
        var awake = AwakeMinutes(terms, woken);
        var units = Hundredths(visit.Quantity ?? 1);
        parts.Add(new(rate, Math.Max(0, given - awake), units, rate.Rate.Pence,
            rate.Rate.Pence * units * PartsOfAHundredth));
        if (awake > 0)
            parts.Add(new(then, awake, 0, then.Rate.Pence, then.OfMinutes(awake) * visit.Carers));
        return WithMinutes(VisitPricing.BuildPrice(list, wall, percent, in parts), visit, PriceUnit.Night, given);
    }

    /// <summary>
    /// Prices each day of a visit at the rate of that day, whatever the list's clause on crossing says. A day without a
    /// rate is not charged.
    /// </summary>
    public static VisitPrice ByDays(CompiledPriceList list, in VisitToPrice visit, in WallTime wall, int percent)
    {
        var parts = default(PriceAccumulator);
        var (last, unpriced) = (LastDay(visit, wall), 0);
        for (var day = wall.Day; day <= last; day++)
        {
            if (list.RatesOf(visit.Service)!.On(day)?.At(0, out _) is { } rate)
            {
                var pence = rate.Rate.Pence;
                var each = rate.Rate.Unit == PriceUnit.Week ? PartsOfASeventh : ExactPence.PartsOfAPenny;
                parts.Add(new(rate, 0, 1, pence, pence * each));
            }
            else
            {
                unpriced++;
            }
        }
        return parts.First.Ready is null ? VisitPricing.Unpriced(wall, visit)
            : VisitPricing.BuildPrice(list, wall, percent, in parts) with { Unpriced = unpriced };
    }

    /// <summary>
    /// Prices miles at the rate's own price up to the worker's yearly allowance, and at its second price beyond the
    /// allowance.
    /// </summary>
    public static VisitPrice Miles(
        CompiledPriceList list, in VisitToPrice visit, in WallTime wall, int percent, CompiledRate rate)
    {
        var miles = Hundredths(visit.Miles ?? 0);
        var left = rate.Rate.YearlyMiles is { } yearly
            ? Math.Clamp((yearly * 100L) - visit.MilesBeforeHundredths, 0, miles) : miles;
        var parts = default(PriceAccumulator);
        if (left > 0 || miles == 0)
            parts.Add(new(rate, 0, left, rate.Rate.Pence, rate.Rate.Pence * left * PartsOfAHundredth));
        if (miles > left)
        {
            var then = rate.Rate.ThenPence!.Value;
            parts.Add(new(rate, 0, miles - left, then, then * (miles - left) * PartsOfAHundredth));
        }
        return VisitPricing.BuildPrice(list, wall, percent, in parts);
    }

    /// <summary>A quantity with at most two decimal places, in hundredths.</summary>
    public static long Hundredths(decimal quantity) => (long)(quantity * 100);

    // The last day of a visit, as a number. A visit that ends at midnight ends on the day before. A visit without both
    // times, or one that is priced from its planned start, ends on the day from which it is priced.
    internal static int LastDay(in VisitToPrice visit, in WallTime wall)
    {
        if (visit is not { Start: not null, End: { } end } || visit.Moment != visit.Start)
            return wall.Day;
        var until = WallTime.At(end);
        return Math.Max(wall.Day, until.MinuteOfDay == 0 ? until.Day - 1 : until.Day);
    }

    private static long AwakeMinutes(DisturbanceTerm terms, IReadOnlyList<Woken> woken)
    {
        var (sum, number) = (0L, 0);
        foreach (var item in woken.OrderBy(entry => entry.Start))
        {
            var minutes = WallTime.Between(item.Start, item.End, false);
            if (++number > terms.Free || minutes > terms.FreeMinutes)
                sum += minutes;
        }
        return sum;
    }

    private static VisitPrice WithMinutes(in VisitPrice price, in VisitToPrice visit, PriceUnit unit, long charged) =>
        unit is PriceUnit.Visit or PriceUnit.Night
            ? price with
            {
                Charged = new(charged),
                Before = new(charged),
                CarerMinutes = new(VisitPricing.ElapsedMinutes(visit) * visit.Carers),
            }
            : price;
}
