using System.Numerics;
using Isf.Invoicing.Domain;
using Isf.Prices;
using NodaTime;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>
/// A second pricer, written from api.md alone and as slow as its text: it prices minute by minute, reads the list
/// again for each minute, and computes in exact fractions. It shares no code with compiled lists.
/// </summary>
internal sealed class SlowPricer(PriceList list, HolidayCalendar nation)
{
    private static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    private readonly PublicHolidays holidays = PublicHolidays.For(list.Holidays, nation);

    /// <summary>A fraction of pence.</summary>
    public readonly record struct Fraction(BigInteger Over, BigInteger Under)
    {
        public static Fraction Of(BigInteger whole) => new(whole, 1);

        public static Fraction operator +(Fraction a, Fraction b) =>
            new((a.Over * b.Under) + (b.Over * a.Under), a.Under * b.Under);

        public static Fraction operator *(Fraction a, Fraction b) => new(a.Over * b.Over, a.Under * b.Under);

        public long HalfUp => (long)BigInteger.Divide((2 * Over) + Under, 2 * Under);
    }

    /// <summary>Returns the exact cost to the fund, in pence, and the minutes charged.</summary>
    public (Fraction Pence, long Charged) Price(VisitToPrice visit)
    {
        var percent = visit.Outcome == "delivered" ? 100 : PercentOf(visit);
        var wall = WallAt(visit);
        var rate = percent == 0 ? null : RateAt(visit.Service, wall);
        var ofService = list.Rates.Where(priceRate => (priceRate.Service ?? "support") == visit.Service).ToList();
        var isStay = ofService.Exists(priceRate => priceRate.Unit is PriceUnit.Day or PriceUnit.Week);
        var isSplit = list.Crossing == Crossing.Split
            && ofService.Exists(priceRate => priceRate.Unit == PriceUnit.Hour);
        if (percent == 0 || (rate is null && !isStay && !isSplit))
            return (Fraction.Of(0), 0);
        var (net, charged) = rate?.Unit switch
        {
            null when isStay => (ByDays(visit, wall.Date), 0),
            null or PriceUnit.Hour => ByHour(visit),
            PriceUnit.Night => ByNight(visit, rate),
            PriceUnit.Day or PriceUnit.Week => (ByDays(visit, wall.Date), 0),
            PriceUnit.Mile => (ByMile(visit, rate), 0),
            var unit => (Hundredths(visit.Quantity ?? 1, rate!.Pence), unit == PriceUnit.Visit ? Given(visit) : 0),
        };
        var borne = list.Vat is { Percent: { } vat, Recovered: not true } ? 100 + vat : 100;
        return (net * new Fraction(percent * borne, 10_000), charged);
    }

    private int PercentOf(VisitToPrice visit)
    {
        var own = list.Outcomes?.SingleOrDefault(term => term.Outcome == visit.Outcome)?.Percent;
        if (visit.Outcome == "hospital" && visit.HospitalPaidDays is { } paid)
            return visit.AbsenceDay <= paid ? own ?? 100 : 0;
        if (visit.Outcome == "cancelled-by-person" && visit.NoticeHours is { } notice)
        {
            foreach (var step in (list.Cancellation ?? []).OrderBy(step => step.NoticeHoursUnder))
            {
                if (notice < step.NoticeHoursUnder)
                    return step.Percent;
            }
        }
        return own ?? 0;
    }

    private (Fraction, long) ByHour(VisitToPrice visit)
    {
        if (ChargedMinutes(visit) is not { } charged)
            return (Fraction.Of(0), 0);
        var first = Moment(visit);
        var byRate = new Dictionary<PriceRate, long>(ReferenceEqualityComparer.Instance);
        for (var minute = 0L; minute < charged; minute++)
        {
            var at = list.Crossing == Crossing.Split ? Later(first, visit, minute) : WallAt(visit);
            if (RateAt(visit.Service, at) is { } rate && byRate.Values.Sum() < (visit.MinutesMax ?? charged))
                byRate[rate] = byRate.GetValueOrDefault(rate) + 1;
        }
        var sum = Fraction.Of(0);
        foreach (var (rate, minutes) in byRate)
            sum += OfMinutes(rate, minutes) * Fraction.Of(visit.Carers);
        return (sum, byRate.Values.Sum());
    }

    private static Fraction OfMinutes(PriceRate rate, long minutes)
    {
        var whole = (rate.Fixed ?? []).Where(fixedPrice => fixedPrice.Minutes <= minutes)
            .MaxBy(fixedPrice => fixedPrice.Minutes);
        return Fraction.Of(whole?.Pence ?? 0) + new Fraction(rate.Pence * (minutes - (whole?.Minutes ?? 0)), 60);
    }

    private (Fraction, long) ByNight(VisitToPrice visit, PriceRate night)
    {
        var given = Given(visit);
        var flat = Hundredths(visit.Quantity ?? 1, night.Pence);
        if (night.Disturbances is not { } terms || visit.Disturbances is null)
            return (flat, given);
        var day = WallAt(visit).Date;
        var then = list.Rates.Single(rate => rate.Code == terms.Then && IsLive(rate, day));
        if (visit.Disturbances.Count >= (terms.WholeNightFrom ?? int.MaxValue))
        {
            var charged = ChargedMinutes(visit)!.Value;
            return (OfMinutes(then, charged) * Fraction.Of(visit.Carers), charged);
        }
        var awake = visit.Disturbances.OrderBy(woken => woken.Start)
            .Where((disturbance, i) => i >= terms.Free
                || Count(disturbance.Start, disturbance.End) > (terms.FreeMinutes ?? long.MaxValue))
            .Sum(woken => Count(woken.Start, woken.End));
        return (flat + (OfMinutes(then, awake) * Fraction.Of(visit.Carers)), given);
    }

    private Fraction ByDays(VisitToPrice visit, LocalDate first)
    {
        var end = visit is { Start: { } start, End: { } until } && visit.Moment == start
            ? until.InZone(London).LocalDateTime.Minus(Period.FromMinutes(1)).Date : first;
        var sum = Fraction.Of(0);
        for (var day = first; day <= LocalDate.Max(first, end); day = day.PlusDays(1))
        {
            if (RateAt(visit.Service, day.AtMidnight()) is { } rate)
                sum += new Fraction(rate.Pence, rate.Unit == PriceUnit.Week ? 7 : 1);
        }
        return sum;
    }

    private static Fraction ByMile(VisitToPrice visit, PriceRate rate)
    {
        var sum = 0L;
        for (var hundredth = 0L; hundredth < (long)(100 * (visit.Miles ?? 0)); hundredth++)
        {
            var within = visit.MilesBeforeHundredths + hundredth < (rate.YearlyMiles ?? int.MaxValue) * 100L;
            sum += within ? rate.Pence : rate.ThenPence!.Value;
        }
        return new(sum, 100);
    }

    private long? ChargedMinutes(VisitToPrice visit)
    {
        long? timed = visit is { Start: { } start, End: { } end } ? Length(start, end) : null;
        long? planned = visit.PlannedMinutes;
        if ((visit.Outcome == "delivered" ? timed : planned ?? timed) is not { } minutes)
            return null;
        var charged = minutes;
        if (list.Basis == PriceBasis.Planned)
            charged = planned ?? minutes;
        if (list.Basis == PriceBasis.ActualCappedAtPlanned && visit.MinutesMax is null && planned < minutes)
            charged = planned.Value;
        if (list.Basis == PriceBasis.Banded)
        {
            var (down, over) = (minutes / list.Band!.Minutes, minutes % list.Band.Minutes);
            var up = over > 0 && (list.Band.To == BandTo.Up
                || (list.Band.To == BandTo.Nearest && over * 2 >= list.Band.Minutes));
            charged = (down + (up ? 1 : 0)) * list.Band.Minutes;
        }
        return charged;
    }

    private long Given(VisitToPrice visit) =>
        visit is { Outcome: "delivered", Start: { } start, End: { } end } ? Length(start, end) : 0;

    private long Length(Instant start, Instant end)
    {
        var elapsed = Count(start, end);
        var (from, to) = (start.InZone(London), end.InZone(London));
        var wall = elapsed + ((to.Offset.Seconds - from.Offset.Seconds) / 60);
        return list.Pay == PayClock.Scheduled && wall > 0 ? wall : elapsed;
    }

    private static long Count(Instant start, Instant end)
    {
        var minutes = 0L;
        for (var at = start + Duration.FromMinutes(1); at <= end; at += Duration.FromMinutes(1))
            minutes++;
        return minutes;
    }

    private static Fraction Hundredths(decimal quantity, long pence) =>
        new((BigInteger)(quantity * 100) * pence, 100);

    private static Instant Moment(VisitToPrice visit)
    {
        var moment = visit.Outcome == "delivered"
            ? visit.Start ?? visit.PlannedStart : visit.PlannedStart ?? visit.Start;
        return moment ?? visit.CareOn.At(new LocalTime(12, 0)).InZoneStrictly(London).ToInstant();
    }

    private static LocalDateTime WallAt(VisitToPrice visit) => Moment(visit).InZone(London).LocalDateTime;

    private LocalDateTime Later(Instant first, VisitToPrice visit, long minute) => list.Pay == PayClock.Scheduled
        ? WallAt(visit).PlusMinutes(minute)
        : (first + Duration.FromMinutes(minute)).InZone(London).LocalDateTime;

    private PriceRate? RateAt(string service, LocalDateTime at) => list.Rates
        .Where(rate => (rate.Service ?? "support") == service && IsLive(rate, at.Date) && Matches(rate.When, at))
        .OrderBy(Rank).FirstOrDefault();

    private static int Rank(PriceRate rate) => rate.When is not { } when ? 5
        : when.Dates is not null ? 1
        : when.PublicHoliday == true ? 2
        : when.From is not null || when.To is not null ? 3
        : when.Days is not null ? 4 : 5;

    private static bool IsLive(PriceRate rate, LocalDate day) =>
        (rate.From is null || day >= rate.From) && (rate.To is null || day <= rate.To);

    private bool Matches(RateWhen? when, LocalDateTime at)
    {
        if (when is null)
            return true;
        var from = when.From ?? LocalTime.Midnight;
        if (when.To is not { } to)
            return at.TimeOfDay >= from && IsItsDay(when, at.Date);
        return from < to
            ? at.TimeOfDay >= from && at.TimeOfDay < to && IsItsDay(when, at.Date)
            : (at.TimeOfDay >= from && IsItsDay(when, at.Date))
                || (at.TimeOfDay < to && IsItsDay(when, at.Date.PlusDays(-1)));
    }

    private bool IsItsDay(RateWhen when, LocalDate day) =>
        when.Dates is not null ? when.Dates.Contains(day)
        : when.PublicHoliday == true ? holidays.NameOf(day) is not null
        : when.Days is null || when.Days.Contains((DayWord)(int)day.DayOfWeek);
}
