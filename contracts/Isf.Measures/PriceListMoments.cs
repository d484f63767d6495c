using NodaTime;
using NodaTime.Text;

namespace Isf.Measures;

/// <summary>
/// Whether a list gives each moment exactly one price: no two rates of one service and one precedence for the same
/// moment, and no ordinary day without a rate while the list runs.
/// </summary>
internal static class PriceListMoments
{
    private static readonly DayWord[] WholeWeek = Enum.GetValues<DayWord>();

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
                if (Service(later) == Service(earlier) && Span(later).Meets(Span(earlier))
                    && SameMoment(later.When, earlier.When))
                {
                    faults.Add(new($"/rates/{i}", "rates-overlap",
                        $"Rates “{earlier.Code}” and “{later.Code}” can both apply to the same visit: "
                        + "end one before the other starts."));
                }
            }
        }
    }

    /// <summary>
    /// Between the first day of a service's rates and the last, every ordinary day must have a rate: one without a
    /// condition, or one for that day of the week. Public holidays do not help: no ordinary day is one.
    /// </summary>
    internal static void Gaps(IReadOnlyList<PriceRate> rates, List<PriceListFault> faults)
    {
        foreach (var service in rates.GroupBy(Service))
        {
            var starts = service.Select(rate => Span(rate).From)
                .Concat(service.Where(rate => rate.To is not null).Select(rate => rate.To!.Value.PlusDays(1)))
                .Distinct().Order().ToArray();
            for (var i = 0; i < starts.Length; i++)
            {
                var live = service.Where(rate => Span(rate).Covers(starts[i])).ToArray();
                var ended = i == starts.Length - 1 && live.Length == 0;
                if (!ended && Uncovered(live) is { Length: > 0 } days)
                {
                    faults.Add(new("/rates", "rates-leave-a-gap",
                        $"No rate for {service.Key} covers {Named(days)}{Since(starts[i])}: "
                        + "add a rate without a condition, or one for those days."));
                    break;
                }
            }
        }
    }

    private static DayWord[] Uncovered(PriceRate[] live)
    {
        var ordinary = live.Where(rate => rate.When?.PublicHoliday != true).ToArray();
        return ordinary.Any(rate => rate.When?.Days is null)
            ? []
            : [.. WholeWeek.Except(ordinary.SelectMany(rate => rate.When!.Days!))];
    }

    private static string Named(DayWord[] days) =>
        days.Length == 7 ? "any day" : string.Join(", ", days.Select(day => (IsoDayOfWeek)(int)day));

    private static string Since(LocalDate start) =>
        start == LocalDate.MinIsoValue ? "" : $" from {LocalDatePattern.Iso.Format(start)}";

    private static string Service(PriceRate rate) => rate.Service ?? "support";

    private static CarePeriod Span(PriceRate rate) => new(rate.From ?? LocalDate.MinIsoValue, rate.To);

    private static bool SameMoment(RateWhen? a, RateWhen? b)
    {
        var (holidayA, holidayB) = (a?.PublicHoliday == true, b?.PublicHoliday == true);
        if (holidayA != holidayB || (a?.Days is null) != (b?.Days is null))
        {
            return false;
        }
        return a?.Days is null || a.Days.Intersect(b!.Days!).Any();
    }
}
