using NodaTime;
using NodaTime.Text;

namespace Isf.Measures;

/// <summary>
/// The minutes of a day at which a rate applies, and the rates that it comes before. The order is: dates, public
/// holidays, days with times, days, no condition. A window that runs over midnight belongs to the day on which it
/// starts. Whether a rate is live (its own from and to) depends on the day of the minute itself.
/// Source: api.md, price list.
/// </summary>
public static class RateTimes
{
    /// <summary>The minutes of a day on the wall.</summary>
    public const int DayMinutes = 24 * 60;

    /// <summary>Lower comes before higher.</summary>
    public static int Precedence(RateWhen? when) => when switch
    {
        { Dates: not null } => 0,
        { PublicHoliday: true } => 1,
        { From: not null } or { To: not null } => 2,
        { Days: not null } => 3,
        _ => 4,
    };

    /// <summary>Whether the rate is agreed for the day.</summary>
    public static bool IsLive(PriceRate rate, LocalDate day) =>
        Span(rate).Covers(day);

    /// <summary>The windows of the day in which the rate applies, in minutes, To excluded; none, one or two.</summary>
    /// <param name="when">The rate's condition.</param>
    /// <param name="day">The day on the wall's calendar.</param>
    /// <param name="holiday">Whether it is a public holiday of the list.</param>
    /// <param name="holidayBefore">Whether the day before was one.</param>
    public static IEnumerable<(int From, int To)> On(
        RateWhen? when, LocalDate day, bool holiday, bool holidayBefore)
    {
        var (from, to) = (MinuteOf(when?.From) ?? 0, MinuteOf(when?.To) ?? DayMinutes);
        var overMidnight = from >= to;
        if (overMidnight && to > 0 && day > LocalDate.MinIsoValue && Starts(when, day.PlusDays(-1), holidayBefore))
        {
            yield return (0, to);
        }
        if (Starts(when, day, holiday))
        {
            yield return (from, overMidnight ? DayMinutes : to);
        }
    }

    /// <summary>
    /// Whether a list counts for a service's care on a day before the list was made: all its rates of that day state
    /// their first day. Two services need this for care that was not given: one decides the charge, one prices it.
    /// </summary>
    public static bool IsBackDatedTo(PriceList list, string service, LocalDate day)
    {
        var live = list.Rates.Where(rate => Service(rate) == service && IsLive(rate, day)).ToList();
        return live.Count > 0 && live.TrueForAll(rate => rate.From is not null);
    }

    /// <summary>
    /// The list's hourly rate for a service on a day, as if it were an ordinary Monday at nine in the morning; null
    /// where no hourly rate covers that. Banked hours are valued at it, because they have no time of day.
    /// </summary>
    public static PriceRate? OrdinaryHour(PriceList list, string service, LocalDate day)
    {
        return list.Rates.Where(rate => rate.Unit == PriceUnit.Hour && Service(rate) == service && IsLive(rate, day)
                && Precedence(rate.When) >= 2 && On(rate.When, OrdinaryMonday, false, false)
                    .Any(minutes => minutes.From <= NineOClock && NineOClock < minutes.To))
            .MinBy(rate => Precedence(rate.When));
    }

    private const int NineOClock = 9 * 60;
    private static readonly LocalDate OrdinaryMonday = new(2024, 1, 8);

    internal static CarePeriod Span(PriceRate rate) => new(rate.From ?? LocalDate.MinIsoValue, rate.To);

    internal static string Service(PriceRate rate) => rate.Service ?? "support";

    private static bool Starts(RateWhen? when, LocalDate day, bool holiday) => when switch
    {
        { Dates: { } dates } => dates.Contains(day),
        { PublicHoliday: true } => holiday,
        { Days: { } days } => days.Contains((DayWord)(int)day.DayOfWeek),
        _ => true,
    };

    private static int? MinuteOf(LocalTime? time) => time is { } at ? (at.Hour * 60) + at.Minute : null;
}

/// <summary>
/// Whether a list gives each moment exactly one price: no two rates of one service and one precedence for the same
/// moment, and no ordinary moment without a rate while the list runs.
/// </summary>
internal static class PriceListMoments
{
    // Any Monday: rates without a first and last day are compared over the days from here.
    private static readonly LocalDate SomeMonday = new(2024, 1, 1);

    /// <summary>
    /// Two live rates of one service and precedence that can match one moment leave the price in doubt.
    /// </summary>
    internal static void Overlaps(IReadOnlyList<PriceRate> rates, List<PriceListFault> faults)
    {
        for (var i = 0; i < rates.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (later, earlier) = (rates[i], rates[j]);
                if (RateTimes.Service(later) == RateTimes.Service(earlier)
                    && RateTimes.Precedence(later.When) == RateTimes.Precedence(earlier.When)
                    && RateTimes.Span(later).Overlap(RateTimes.Span(earlier)) is { } both
                    && DaysToCompare(later, earlier, both).Any(day => SameMinute(later.When, earlier.When, day)))
                {
                    faults.Add(new($"/rates/{i}", "rates-overlap",
                        $"Rates “{earlier.Code}” and “{later.Code}” can both apply to the same visit: "
                        + "end one before the other starts."));
                }
            }
        }
    }

    /// <summary>
    /// Between the first day of a service's rates and the last, every ordinary moment must have a rate: one without a
    /// condition, or one for that day of the week or its times. Rates for public holidays and dates do not count,
    /// because no ordinary day is one.
    /// </summary>
    internal static void Gaps(IReadOnlyList<PriceRate> rates, List<PriceListFault> faults)
    {
        foreach (var service in rates.GroupBy(RateTimes.Service))
        {
            var starts = service.Select(rate => RateTimes.Span(rate).From)
                .Concat(service.Where(rate => rate.To is not null).Select(rate => rate.To!.Value.PlusDays(1)))
                .Distinct().Order().ToArray();
            for (var i = 0; i < starts.Length; i++)
            {
                var live = service.Where(rate => RateTimes.IsLive(rate, starts[i])).ToArray();
                var ended = i == starts.Length - 1 && live.Length == 0;
                if (!ended && Uncovered(live) is { Length: > 0 } days)
                {
                    faults.Add(new("/rates", "rates-leave-a-gap",
                        $"No rate for {service.Key} covers {Named(days)}{Since(starts[i])}: "
                        + "add a rate without a condition, or one for those days and times."));
                    break;
                }
            }
        }
    }

    private static IEnumerable<LocalDate> DaysToCompare(PriceRate a, PriceRate b, CarePeriod both)
    {
        if (a.When?.Dates is { } dates)
        {
            return dates.Concat(b.When?.Dates ?? []).Where(day => day < LocalDate.MaxIsoValue)
                .SelectMany(day => (LocalDate[])[day, day.PlusDays(1)]).Where(both.Covers);
        }
        var from = both.From > LocalDate.MinIsoValue ? both.From
            : both.To is { } to && to < SomeMonday ? to.PlusDays(-7) : SomeMonday;
        return Enumerable.Range(0, 8).Select(from.PlusDays).Where(both.Covers);
    }

    // Two public holidays can follow each other, so any day may be one and have one before it.
    private static bool SameMinute(RateWhen? a, RateWhen? b, LocalDate day) =>
        RateTimes.On(a, day, holiday: true, holidayBefore: true).Any(mine =>
            RateTimes.On(b, day, holiday: true, holidayBefore: true).Any(other =>
                mine.From < other.To && other.From < mine.To));

    private static DayWord[] Uncovered(PriceRate[] live)
    {
        var ordinary = live.Where(rate => RateTimes.Precedence(rate.When) >= 2).ToArray();
        return [.. Enum.GetValues<DayWord>().Where(day => !IsWhole(ordinary, SomeMonday.PlusDays((int)day + 6)))];
    }

    private static bool IsWhole(PriceRate[] ordinary, LocalDate day)
    {
        var reached = 0;
        foreach (var (from, to) in ordinary
            .SelectMany(rate => RateTimes.On(rate.When, day, holiday: false, holidayBefore: false)).Order())
        {
            if (from > reached)
            {
                return false;
            }
            reached = Math.Max(reached, to);
        }
        return reached == RateTimes.DayMinutes;
    }

    private static string Named(DayWord[] days) =>
        days.Length == 7 ? "any day whole" : string.Join(", ", days.Select(day => (IsoDayOfWeek)(int)day));

    private static string Since(LocalDate start) =>
        start == LocalDate.MinIsoValue ? "" : $" from {LocalDatePattern.Iso.Format(start)}";
}
