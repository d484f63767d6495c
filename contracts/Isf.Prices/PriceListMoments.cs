using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Prices;

/// <summary>
/// Checks whether a list gives each moment exactly one price: no two rates of one service and precedence apply at the
/// same moment, and no ordinary moment is without a rate while the list runs.
/// </summary>
internal static class PriceListMoments
{
    // Any Monday will do. Rates without a first day are compared over the eight days from this one, and gaps are looked
    // for in the week after.
    private static readonly LocalDate SomeMonday = new(2024, 1, 1);

    /// <summary>
    /// Adds a fault for each pair of rates of one service and precedence that can apply at the same moment.
    /// </summary>
    internal static void Overlaps(IReadOnlyList<PriceRate> rates, List<FieldError> faults)
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
                    faults.Add(new($"/rates/{i}",
                        $"Rates “{earlier.Code}” and “{later.Code}” can both apply to the same visit: "
                        + "end one before the other starts.", "rates-overlap"));
                }
            }
        }
    }

    /// <summary>
    /// Adds a fault for the first gap of each service. From the first day of a service's rates to the last, every
    /// moment of an ordinary day must have a rate. Rates for public holidays and dates do not count, because an
    /// ordinary day is neither.
    /// </summary>
    internal static void Gaps(IReadOnlyList<PriceRate> rates, List<FieldError> faults)
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
                    faults.Add(new("/rates",
                        $"No rate for {service.Key} covers {Named(days)}{Since(starts[i])}: "
                        + "add a rate without a condition, or one for those days and times.", "rates-leave-a-gap"));
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

    // Each day is taken to be a public holiday that follows another one, because that can happen.
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
                return false;
            reached = Math.Max(reached, to);
        }
        return reached == RateTimes.DayMinutes;
    }

    private static string Named(DayWord[] days) =>
        days.Length == 7 ? "any day whole" : string.Join(", ", days.Select(day => (IsoDayOfWeek)(int)day));

    private static string Since(LocalDate start) =>
        start == LocalDate.MinIsoValue ? "" : $" from {LocalDatePattern.Iso.Format(start)}";
}
