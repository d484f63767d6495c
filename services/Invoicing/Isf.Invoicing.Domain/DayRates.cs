using System.Collections.Frozen;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Domain;

/// <summary>A compiled rate, with its fixed durations sorted from the longest to the shortest.</summary>
public sealed class CompiledRate
{
    private readonly FixedPrice[] fixedPrices;

    internal CompiledRate(PriceRate rate) =>
        (Rate, fixedPrices) = (rate, [.. (rate.Fixed ?? []).OrderByDescending(fixedPrice => fixedPrice.Minutes)]);

    /// <summary>The rate as it was agreed.</summary>
    public PriceRate Rate { get; }

    /// <summary>The longest fixed duration that fits into these minutes; null if none does.</summary>
    public FixedPrice? FixedFor(long minutes)
    {
        foreach (var fixedPrice in fixedPrices)
        {
            if (fixedPrice.Minutes <= minutes)
                return fixedPrice;
        }
        return null;
    }

    /// <summary>
    /// The cost of one carer's minutes, in 2,100ths of a penny. The longest fixed duration that fits has its own price,
    /// and the rest is priced by the hour (domain.md §4.4).
    /// </summary>
    internal long OfMinutes(long minutes)
    {
        const long partsOfAMinute = ExactPence.PartsOfAPenny / 60;
        return fixedPrices.Length > 0 && FixedFor(minutes) is { } whole
            ? (whole.Pence * ExactPence.PartsOfAPenny) + ((minutes - whole.Minutes) * Rate.Pence * partsOfAMinute)
            : minutes * Rate.Pence * partsOfAMinute;
    }
}

/// <summary>
/// The rates of one kind of day, as stretches of minutes without gaps between them. The rate of a stretch is null if
/// none applies.
/// </summary>
internal sealed class DayRates
{
    private readonly int[] until;
    private readonly CompiledRate?[] rates;

    private DayRates(int[] until, CompiledRate?[] rates) => (this.until, this.rates) = (until, rates);

    /// <summary>
    /// The rate at a minute of the day (null if none applies), and the minute at which the next stretch begins.
    /// </summary>
    public CompiledRate? At(int minute, out int until)
    {
        var i = 0;
        while (this.until[i] <= minute)
            i++;
        until = this.until[i];
        return rates[i];
    }

    /// <summary>
    /// Builds the stretches of a day from the windows of the live rates. Where windows overlap, the most particular
    /// rate applies.
    /// </summary>
    public static DayRates Build(IEnumerable<CompiledRate> live, LocalDate day, bool holiday, bool holidayBefore)
    {
        var windows = live.SelectMany(ready => RateTimes.On(ready.Rate.When, day, holiday, holidayBefore)
            .Select(window => (window.From, window.To, Before: RateTimes.Precedence(ready.Rate.When), Ready: ready)))
            .OrderBy(window => window.Before).ToArray();
        var cuts = windows.SelectMany(window => (int[])[window.From, window.To])
            .Append(0).Append(RateTimes.DayMinutes).Distinct().Order().ToArray();
        var (until, rates) = (new List<int>(), new List<CompiledRate?>());
        for (var i = 0; i + 1 < cuts.Length; i++)
        {
            var at = Array.FindIndex(windows, window => window.From <= cuts[i] && cuts[i] < window.To);
            var rate = at < 0 ? null : windows[at].Ready;
            if (rates.Count > 0 && rates[^1] == rate)
            {
                until[^1] = cuts[i + 1];
            }
            else
            {
                until.Add(cuts[i + 1]);
                rates.Add(rate);
            }
        }
        return new([.. until], [.. rates]);
    }
}

/// <summary>
/// One service's compiled rates, in spans of days. A new span begins where a rate starts or has ended. Within a span,
/// rates are found by the day of the week and by public holiday, and the dates that a rate names have entries of their
/// own. Days are counted from 1 January 1970.
/// </summary>
internal sealed class ServiceRates
{
    private readonly Span[] spans;
    private readonly PublicHolidays holidays;

    private ServiceRates(Span[] spans, PublicHolidays holidays) =>
        (this.spans, this.holidays) = (spans, holidays);

    /// <summary>Whether every rate is by the hour.</summary>
    public bool AreByTheHour { get; private init; }

    /// <summary>Whether every rate is by the day or week.</summary>
    public bool AreByDays { get; private init; }

    /// <summary>Whether any rate is for public holidays.</summary>
    public bool NamesHolidays => Array.Exists(spans, span => span.NamesHolidays);

    /// <summary>Compiles the rates of one service.</summary>
    public static ServiceRates Build(IReadOnlyList<PriceRate> rates, PublicHolidays holidays)
    {
        var ready = rates.Select(rate => new CompiledRate(rate)).ToArray();
        var starts = rates.Select(rate => rate.From ?? LocalDate.MinIsoValue)
            .Concat(rates.Where(rate => rate.To < LocalDate.MaxIsoValue).Select(rate => rate.To!.Value.PlusDays(1)))
            .Distinct().Order().ToArray();
        return new(
            [.. starts.Select((start, i) => Span.Of(start,
                i + 1 < starts.Length ? starts[i + 1].PlusDays(-1) : LocalDate.MaxIsoValue, ready, holidays))],
            holidays)
        {
            AreByTheHour = rates.All(rate => rate.Unit == PriceUnit.Hour),
            AreByDays = rates.All(rate => rate.Unit is PriceUnit.Day or PriceUnit.Week),
        };
    }

    /// <summary>The rates of a day; null before the first rate starts.</summary>
    public DayRates? On(int day)
    {
        foreach (var span in spans)
        {
            if (day <= span.To)
                return day >= span.From ? span.On(day, holidays) : null;
        }
        return null;
    }

    private sealed class Span
    {
        private readonly DayRates[] kinds = new DayRates[7 * 4];
        private readonly FrozenDictionary<int, DayRates>? dates;

        private Span(LocalDate from, LocalDate to, CompiledRate[] rates, PublicHolidays holidays)
        {
            (From, To) = (Days.NumberOf(from), Days.NumberOf(to));
            var live = Array.FindAll(rates, ready => RateTimes.IsLive(ready.Rate, from));
            var undated = Array.FindAll(live, ready => ready.Rate.When?.Dates is null);
            NamesHolidays = Array.Exists(undated, ready => ready.Rate.When?.PublicHoliday == true);
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                kinds[kind] = NamesHolidays || kind % 4 == 0
                    ? DayRates.Build(undated, Days.Dated(kind / 4), kind % 2 == 1, kind % 4 >= 2)
                    : kinds[kind - (kind % 4)];
            }
            var named = live.SelectMany(ready => ready.Rate.When?.Dates ?? [])
                .Where(day => day < LocalDate.MaxIsoValue)
                .SelectMany(day => (LocalDate[])[day, day.PlusDays(1)])
                .Where(day => day >= from && day <= to).Distinct();
            var dated = named.ToDictionary(Days.NumberOf, day => DayRates.Build(live, day,
                holidays.NameOf(day) is not null, holidays.NameOf(day.PlusDays(-1)) is not null));
            dates = dated.Count == 0 ? null : dated.ToFrozenDictionary();
        }

        public int From { get; }

        public int To { get; }

        public bool NamesHolidays { get; }

        /// <summary>The span of days on which the same rates are live.</summary>
        public static Span Of(LocalDate from, LocalDate to, CompiledRate[] rates, PublicHolidays holidays) =>
            new(from, to, rates, holidays);

        public DayRates On(int day, PublicHolidays holidays)
        {
            if (dates is not null && dates.TryGetValue(day, out var dated))
                return dated;
            var kind = Days.OfWeek(day) * 4;
            if (NamesHolidays)
                kind += (holidays.NameOf(day) is null ? 0 : 1) + (holidays.NameOf(day - 1) is null ? 0 : 2);
            return kinds[kind];
        }
    }
}

/// <summary>
/// Days as numbers from 1 January 1970, a Thursday, because numbers are quicker to compare than dates.
/// </summary>
internal static class Days
{
    private static readonly LocalDate First = new(1970, 1, 1);

    public static int NumberOf(LocalDate day) => Period.DaysBetween(First, day);

    public static LocalDate Dated(int day) => First.PlusDays(day);

    /// <summary>The day of the week, 0 to 6, where 0 is that of day number 0.</summary>
    public static int OfWeek(int day) => ((day % 7) + 7) % 7;
}
