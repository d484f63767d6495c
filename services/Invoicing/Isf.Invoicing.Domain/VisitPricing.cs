using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// Prices a visit by its price list. With rates by the hour, the basis decides which minutes are charged. These minutes
/// are priced at the rate in force at the start, or each part at its own rate, and multiplied by the carers. Other
/// units are priced by their quantity. The percentage of the visit's outcome applies. The exact sum is rounded once to
/// the penny, half up. Pure. Source: api.md, price list; domain.md §4.4–4.7.
/// </summary>
public static class VisitPricing
{
    /// <summary>The outcome of a visit that was given.</summary>
    public const string Delivered = VisitToPrice.Delivered;

    /// <summary>The calendar day in London at a moment; a visit belongs to the day on which it starts.</summary>
    public static LocalDate DayOf(Instant moment) => Days.Dated(WallTime.At(moment).Day);

    /// <summary>
    /// The last day of a visit. A visit that ends at midnight ends on the day before. A visit without both times, or
    /// one that is priced from its planned start, ends on the day from which it is priced.
    /// </summary>
    public static LocalDate LastDayOf(in VisitToPrice visit) =>
        Days.Dated(UnitPricing.LastDay(visit, WallTime.From(visit)));

    /// <summary>The tax year of a day, named by the year in which it began, on 6 April (domain.md §4.1).</summary>
    public static int TaxYearOf(LocalDate day) => day >= new LocalDate(day.Year, 4, 6) ? day.Year : day.Year - 1;

    /// <summary>
    /// Prices one visit and never refuses it, because all care that was given has to be in the books, if only at 0
    /// pence.
    /// </summary>
    public static VisitPrice Price(CompiledPriceList list, in VisitToPrice visit)
    {
        var wall = WallTime.From(visit);
        var percent = PercentOf(list, visit);
        if (percent == 0)
            return new() { Reason = PriceReason.NotDelivered, Day = wall.Day };
        var rates = list.RatesOf(visit.Service);
        if (rates?.On(wall.Day)?.At(wall.MinuteOfDay, out _) is not { } rate)
        {
            return rates switch
            {
                { AreByDays: true } => UnitPricing.ByDays(list, visit, wall, percent),
                { AreByTheHour: true } when list.IsSplit => Hours(list, visit, wall, percent, null),
                _ => Unpriced(wall, visit),
            };
        }
        return rate.Rate.Unit switch
        {
            PriceUnit.Hour => Hours(list, visit, wall, percent, rate),
            PriceUnit.Night => UnitPricing.Night(list, visit, wall, percent, rate),
            PriceUnit.Day or PriceUnit.Week => UnitPricing.ByDays(list, visit, wall, percent),
            PriceUnit.Mile => UnitPricing.Miles(list, visit, wall, percent, rate),
            _ => UnitPricing.Counted(list, visit, wall, percent, rate),
        };
    }

    /// <summary>The percentage of a visit's price that is charged: 100, unless the visit was not given.</summary>
    public static int PercentOf(CompiledPriceList list, in VisitToPrice visit) =>
        visit.Outcome == Delivered ? 100
            : visit is { ChargedNotGiven: 0, UntimedCharged: false } ? 0 : NotGivenPercent(list, visit);

    private static int NotGivenPercent(CompiledPriceList list, in VisitToPrice visit)
    {
        // A hospital day that Support has decided to charge counts as one of those that the agreement pays.
        var (day, paid) = visit.ChargedNotGiven is null ? (visit.AbsenceDay, visit.HospitalPaidDays) : (1, 1);
        return OutcomeCharge.Of(list.Terms, visit.Outcome, visit.NoticeHours, day, paid).Percent;
    }

    /// <summary>
    /// The minutes from start to end, elapsed or by the clock on the wall, as the list's clause on pay says; 0 for a
    /// visit that was not delivered or lacks one of its times.
    /// </summary>
    internal static long GivenMinutes(CompiledPriceList list, in VisitToPrice visit) =>
        visit is { Outcome: Delivered, Start: { } start, End: { } end }
            ? WallTime.Between(start, end, list.IsScheduled) : 0;

    /// <summary>
    /// The minutes that are charged by the hour, and the minutes from which they are calculated; null if the visit has
    /// no minutes. A visit that was not given is charged by the minutes that Support decided. If Support decided none,
    /// its planned minutes count, or else its times.
    /// </summary>
    internal static (long Charged, long Before)? MinutesOf(CompiledPriceList list, in VisitToPrice visit)
    {
        var timed = visit is { Start: { } start, End: { } end }
            ? WallTime.Between(start, end, list.IsScheduled) : (long?)null;
        var planned = visit.Outcome == Delivered ? visit.PlannedMinutes
            : visit.ChargedNotGiven / visit.Carers ?? visit.PlannedMinutes;
        var before = visit.Outcome == Delivered ? timed : planned ?? timed;
        if (before is not { } minutes)
            return null;
        var charged = (list.Basis, visit.MinutesMax) switch
        {
            (PriceBasis.Planned, _) => planned ?? minutes,
            (PriceBasis.Banded, _) => Banded(minutes, list.Terms.Band!),
            (PriceBasis.ActualCappedAtPlanned, null) => Math.Min(minutes, planned ?? minutes),
            _ => minutes,
        };
        return (charged, minutes);
    }

    private static long Banded(long minutes, PriceBand band) => band.To switch
    {
        BandTo.Up => (minutes + band.Minutes - 1) / band.Minutes * band.Minutes,
        BandTo.Down => minutes / band.Minutes * band.Minutes,
        _ => ((2 * minutes) + band.Minutes) / (2 * band.Minutes) * band.Minutes,
    };

    private static VisitPrice Hours(
        CompiledPriceList list, in VisitToPrice visit, in WallTime wall, int percent, CompiledRate? atStart)
    {
        if (MinutesOf(list, visit) is not var (charged, before))
            return new() { Reason = PriceReason.NoTimes, Day = wall.Day };
        var parts = default(PriceAccumulator);
        var (max, unpriced) = (visit.MinutesMax ?? charged, 0L);
        if (list.IsSplit)
            unpriced = Split(list, visit, wall, charged, max, ref parts);
        else
            parts.Add(new(atStart!, Math.Min(charged, max), 0, atStart!.Rate.Pence, 0));
        if (parts.First.Ready is null)
            return Unpriced(wall, visit);
        parts.PriceMinutes(visit.Carers);
        return BuildPrice(list, wall, percent, in parts) with
        {
            Charged = new(parts.Minutes),
            Before = new(before),
            Unpriced = unpriced,
            CarerMinutes = new(ElapsedMinutes(visit) * visit.Carers),
        };
    }

    /// <summary>
    /// Gives each charged minute, from the visit's start, the rate of its moment, and stops when <paramref name="max"/>
    /// minutes have a rate. Returns the number of minutes that it passed over because they have no rate.
    /// </summary>
    private static long Split(
        CompiledPriceList list, in VisitToPrice visit, WallTime at, long charged, long max, ref PriceAccumulator parts)
    {
        var rates = list.RatesOf(visit.Service)!;
        var unpriced = 0L;
        for (var left = charged; left > 0 || (charged == 0 && parts.First.Ready is null);)
        {
            var until = RateTimes.DayMinutes;
            var rate = rates.On(at.Day)?.At(at.MinuteOfDay, out until);
            var minutes = Math.Min(left, until - at.MinuteOfDay);
            minutes = list.IsScheduled ? minutes : Math.Min(minutes, at.Even);
            if (rate is not null)
            {
                parts.Add(new(rate, Math.Min(minutes, max), 0, rate.Rate.Pence, 0));
                if ((max -= Math.Min(minutes, max)) == 0)
                    return unpriced;
            }
            else if (charged == 0)
            {
                return 0;
            }
            else
            {
                unpriced += minutes;
            }
            left -= minutes;
            at = at.After(minutes, list.IsScheduled);
        }
        return unpriced;
    }

    /// <summary>
    /// The minutes that really elapsed in a delivered visit; 0 for any other. The carer-minutes in the books are
    /// elapsed minutes, whatever the list's clause on pay says (design §4).
    /// </summary>
    internal static long ElapsedMinutes(in VisitToPrice visit) =>
        visit is { Outcome: Delivered, Start: { } start, End: { } end } ? WallTime.Between(start, end, false) : 0;

    /// <summary>
    /// Builds a price from its parts. The percentages are applied first, and the sum is then rounded once.
    /// </summary>
    internal static VisitPrice BuildPrice(
        CompiledPriceList list, in WallTime wall, int percent, ref readonly PriceAccumulator parts)
    {
        var whole = parts.Whole;
        var exact = ExactPence.From(whole, percent, list.BornePercent);
        var amount = exact.Rounded;
        var (net, vat) = (amount, Money.Zero);
        if (list.VatPercent > 0)
        {
            net = ExactPence.From(whole, percent, 0).Rounded;
            vat = list.BornePercent > 0 ? amount - net : ExactPence.From(whole, percent, list.VatPercent).Rounded - net;
        }
        var first = parts.First;
        return new()
        {
            Reason = PriceReason.Rate,
            Day = wall.Day,
            Percent = percent,
            Exact = exact,
            Amount = amount,
            Net = net,
            Vat = vat,
            First = first,
            More = parts.More,
            Holiday = first.Rate.When?.PublicHoliday == true ? HolidayAt(list, wall) : null,
        };
    }

    // The holiday of a rate for public holidays. Such a rate also applies after midnight if its window began on the
    // holiday, which is then the day before.
    private static string? HolidayAt(CompiledPriceList list, in WallTime wall) =>
        list.Holidays.NameOf(wall.Day) ?? list.Holidays.NameOf(wall.Day - 1);

    /// <summary>
    /// A price of 0, because the list has no rate for any part of the visit. The price still states the minutes given.
    /// </summary>
    internal static VisitPrice Unpriced(in WallTime wall, in VisitToPrice visit)
    {
        var given = new Minutes(ElapsedMinutes(visit));
        return new()
        {
            Reason = PriceReason.NoRate,
            Day = wall.Day,
            Before = given,
            CarerMinutes = given * visit.Carers,
        };
    }
}
