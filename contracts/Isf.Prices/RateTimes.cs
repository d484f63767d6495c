using Isf.Measures;
using NodaTime;

namespace Isf.Prices;

/// <summary>
/// The minutes of a day at which a rate applies, and the precedence of rates. Rates for dates come first, then those
/// for public holidays, those with times of day, those for days of the week, and those without a condition. A window
/// that runs over midnight belongs to the day on which it starts. Whether a rate is live (its own from and to) depends
/// on the day of the minute itself. Source: api.md, price list.
/// </summary>
public static class RateTimes
{
    /// <summary>The number of minutes in a day by the clock on the wall.</summary>
    public const int DayMinutes = 24 * 60;
    private const int NineOClock = 9 * 60;
    private static readonly LocalDate OrdinaryMonday = new(2024, 1, 8);

    /// <summary>
    /// A rate's place in the precedence, from 0 to 4; of two rates, the one with the lower number applies.
    /// </summary>
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

    /// <summary>
    /// The windows of the day in which the rate applies: none, one or two. They are in minutes from midnight, To
    /// excluded.
    /// </summary>
    /// <param name="when">The rate's condition.</param>
    /// <param name="day">The day on the wall's calendar.</param>
    /// <param name="holiday">Whether the day is a public holiday of the list.</param>
    /// <param name="holidayBefore">Whether the day before is a public holiday of the list.</param>
    public static IEnumerable<(int From, int To)> On(
        RateWhen? when, LocalDate day, bool holiday, bool holidayBefore)
    {
        var (from, to) = (MinuteOf(when?.From) ?? 0, MinuteOf(when?.To) ?? DayMinutes);
        var overMidnight = from >= to;
        if (overMidnight && to > 0 && day > LocalDate.MinIsoValue && Starts(when, day.PlusDays(-1), holidayBefore))
            yield return (0, to);
        if (Starts(when, day, holiday))
            yield return (from, overMidnight ? DayMinutes : to);
    }

    /// <summary>
    /// Whether a list prices a service's care on a day before the list was made. It does if it has rates for that day
    /// and each of them states its own first day. Support and Invoicing both ask this about care that was not given,
    /// because Support decides the charge and Invoicing prices it.
    /// </summary>
    public static bool IsBackDatedTo(PriceList list, string service, LocalDate day)
    {
        var live = list.Rates.Where(rate => Service(rate) == service && IsLive(rate, day)).ToList();
        return live.Count > 0 && live.TrueForAll(rate => rate.From is not null);
    }

    /// <summary>
    /// The list's hourly rate for a service on a day, as if the day were an ordinary Monday and the time nine in the
    /// morning; null if no hourly rate applies then. Banked hours are valued at this rate, because they have no time of
    /// day.
    /// </summary>
    public static PriceRate? OrdinaryHour(PriceList list, string service, LocalDate day)
    {
        return list.Rates.Where(rate => rate.Unit == PriceUnit.Hour && Service(rate) == service && IsLive(rate, day)
                && Precedence(rate.When) >= 2 && On(rate.When, OrdinaryMonday, false, false)
                    .Any(minutes => minutes.From <= NineOClock && NineOClock < minutes.To))
            .MinBy(rate => Precedence(rate.When));
    }

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
