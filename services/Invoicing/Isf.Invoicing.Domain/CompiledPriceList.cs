using System.Collections.Frozen;
using Isf.Measures;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>
/// A price list made ready once, so that a visit's rate is found without searching: by service, then by the days on
/// which the same rates are live, then by public holiday or day of the week. What is more particular replaces, never
/// stacks: public holiday before days before none (api.md). The list must be without faults
/// (<see cref="PriceListCheck"/>).
/// </summary>
public sealed class CompiledPriceList
{
    /// <summary>The service of a rate, and of a visit, that names none.</summary>
    public const string UsualService = "support";

    private readonly FrozenDictionary<string, Span[]> _services;

    private CompiledPriceList(PublicHolidays holidays, FrozenDictionary<string, Span[]> services)
    {
        (Holidays, _services) = (holidays, services);
        NamesHolidays = services.Values.Any(spans => spans.Any(span => span.Holiday is not null));
    }

    /// <summary>The public holidays that count for this list.</summary>
    public PublicHolidays Holidays { get; }

    /// <summary>Whether any rate is for public holidays, so that the calendar matters.</summary>
    public bool NamesHolidays { get; }

    /// <summary>Makes a list ready, for a person of a nation whose calendar counts where the list names none.</summary>
    public static CompiledPriceList Of(PriceList list, HolidayCalendar nation)
    {
        ArgumentNullException.ThrowIfNull(list);
        var services = list.Rates
            .GroupBy(rate => rate.Service ?? UsualService)
            .ToFrozenDictionary(rates => rates.Key, rates => Spans([.. rates]), StringComparer.Ordinal);
        return new CompiledPriceList(PublicHolidays.Of(list.Holidays, nation), services);
    }

    /// <summary>
    /// The rate of a service on a day, with the holiday's name where it is one's rate; null without a rate.
    /// </summary>
    public PriceRate? RateOn(string service, LocalDate day, out string? holiday)
    {
        holiday = null;
        if (!_services.TryGetValue(service, out var spans))
        {
            return null;
        }
        foreach (var span in spans)
        {
            if (day <= span.To)
            {
                return day >= span.From ? span.RateOn(day, Holidays, out holiday) : null;
            }
        }
        return null;
    }

    /// <summary>Cuts the calendar where a rate starts or has ended: between two cuts the same rates are live.</summary>
    private static Span[] Spans(PriceRate[] rates)
    {
        var first = rates.Min(rate => rate.From ?? LocalDate.MinIsoValue);
        var starts = rates.Select(rate => rate.From ?? LocalDate.MinIsoValue)
            .Concat(rates.Where(rate => rate.To < LocalDate.MaxIsoValue).Select(rate => rate.To!.Value.PlusDays(1)))
            .Where(start => start >= first)
            .Distinct().Order().ToArray();
        return [.. starts.Select((start, i) => Span.Of(
            start, i + 1 < starts.Length ? starts[i + 1].PlusDays(-1) : LocalDate.MaxIsoValue, rates))];
    }

    /// <summary>
    /// Days on which the same rates are live: one for holidays, one for each day of the week (none is at 0).
    /// </summary>
    private sealed record Span(LocalDate From, LocalDate To, PriceRate? Holiday, PriceRate?[] ByDay)
    {
        public static Span Of(LocalDate from, LocalDate to, PriceRate[] rates)
        {
            var live = Array.FindAll(
                rates, rate => (rate.From is null || rate.From <= from) && (rate.To is null || rate.To >= from));
            var plain = Array.Find(live, rate => !OnHolidays(rate) && rate.When?.Days is null);
            var byDay = new PriceRate?[8];
            for (var day = 1; day <= 7; day++)
            {
                byDay[day] = Array.Find(live, rate => rate.When?.Days?.Contains((DayWord)day) == true) ?? plain;
            }
            return new Span(from, to, Array.Find(live, OnHolidays), byDay);
        }

        public PriceRate? RateOn(LocalDate day, PublicHolidays holidays, out string? name)
        {
            name = Holiday is null ? null : holidays.NameOf(day);
            return name is null ? ByDay[(int)day.DayOfWeek] : Holiday;
        }

        private static bool OnHolidays(PriceRate rate) => rate.When?.PublicHoliday == true;
    }
}
