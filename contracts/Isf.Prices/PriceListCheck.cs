using Isf.Measures;
using NodaTime;

namespace Isf.Prices;

/// <summary>
/// Checks whether a price list gives every visit one certain price. Funds uses the check when a list is offered with an
/// allocation, and Invoicing when a quote is requested. It lies beside the price list, because neither service may
/// reference the other (decision 0004). A list that leaves a price in doubt is refused when it is offered; no price is
/// guessed.
/// </summary>
public static class PriceListCheck
{
    /// <summary>The largest price of one unit that is accepted: £10,000.</summary>
    public const long PenceMax = 1_000_000;

    /// <summary>The largest number of rates in one list.</summary>
    public const int RatesMax = 200;

    /// <summary>
    /// The longest visit that is not priced by the day or week: 25 hours, the length of a day when the clocks go back.
    /// </summary>
    public const int MinutesMax = 1_500;

    private const int EntriesMax = 400;
    private static readonly LocalDate FirstDay = new(2000, 1, 1);
    private static readonly LocalDate LastDay = new(2199, 12, 31);
    private const int NoticeHoursMax = 24 * 366;
    private const int MilesMax = 1_000_000;

    /// <summary>
    /// The faults of the list, each with its place in the list, a stable code, and what to do in plain words; empty if
    /// the list can be applied. Overlaps and gaps between rates are looked for only if there is no other fault.
    /// </summary>
    public static IReadOnlyList<FieldError> Faults(PriceList list)
    {
        var faults = new List<FieldError>();
        BasisFaults(list, faults);
        CancellationFaults(list.Cancellation ?? [], faults);
        OutcomeFaults(list.Outcomes ?? [], faults);
        VatFaults(list.Vat, faults);
        var rates = list.Rates ?? [];
        Flag(faults, rates.Count == 0, "/rates", "no-rates", "A price list needs at least one rate.");
        if (rates.Count > RatesMax)
        {
            faults.Add(new("/rates", $"A price list holds at most {RatesMax} rates.", "too-many-rates"));
            return faults;
        }
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i] is null)
            {
                faults.Add(new($"/rates/{i}", "There is nothing here: give a rate or take the entry out.", "no-rate"));
                return faults;
            }
            RateFaults(rates[i], $"/rates/{i}", faults);
            WhenFaults(rates[i], $"/rates/{i}/when", faults);
            UnitFaults(list, i, faults);
        }
        if (faults.Count == 0)
            PriceListMoments.Overlaps(rates, faults);
        if (faults.Count == 0)
            PriceListMoments.Gaps(rates, faults);
        return faults;
    }

    private static void BasisFaults(PriceList list, List<FieldError> faults)
    {
        var banded = list.Basis == PriceBasis.Banded;
        Flag(faults, banded && list.Band is null, "/band", "no-band",
            "A banded basis needs its band: say how many minutes, and to nearest, up or down.");
        Flag(faults, !banded && list.Band is not null, "/band", "band-not-used",
            "Only the basis “banded” uses a band: say that basis, or leave the band out.");
        Flag(faults, list.Band is { Minutes: < 1 or > MinutesMax }, "/band/minutes", "absurd-band",
            $"A band is 1 to {MinutesMax} minutes.");
        Flag(faults, list.Minimum is { Pence: < 0 or > PenceMax }, "/minimum/pence", "absurd-minimum",
            $"A least charge lies between £0.00 and {new Money(PenceMax)}.");
    }

    private static void CancellationFaults(IReadOnlyList<CancellationTerm> steps, List<FieldError> faults)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var at = $"/cancellation/{i}";
            if (steps[i] is not { } step)
            {
                faults.Add(new(at, "There is nothing here: give a step or take the entry out.", "no-step"));
                return;
            }
            Flag(faults, step.NoticeHoursUnder is < 1 or > NoticeHoursMax, $"{at}/noticeHoursUnder", "absurd-notice",
                $"Notice is counted in 1 to {NoticeHoursMax} hours.");
            Flag(faults, step.Percent is < 0 or > 100, $"{at}/percent", "absurd-percent", "0 to 100 percent.");
            Flag(faults, steps.Take(i).Any(other => other.NoticeHoursUnder == step.NoticeHoursUnder), at, "step-twice",
                $"There are two steps for less than {step.NoticeHoursUnder} hours: keep one.");
        }
    }

    private static void OutcomeFaults(IReadOnlyList<OutcomeTerm> outcomes, List<FieldError> faults)
    {
        for (var i = 0; i < outcomes.Count; i++)
        {
            var at = $"/outcomes/{i}";
            if (outcomes[i] is not { } term)
            {
                faults.Add(new(at, "There is nothing here: give an outcome or take the entry out.", "no-outcome"));
                return;
            }
            Flag(faults, !OutcomeCharge.Outcomes.Contains(term.Outcome), $"{at}/outcome", "unknown-outcome",
                $"Use one of: {string.Join(", ", OutcomeCharge.Outcomes)}.");
            Flag(faults, term.Percent is < 0 or > 100, $"{at}/percent", "absurd-percent", "0 to 100 percent.");
            Flag(faults, term is { Percent: > 0, Banks: true }, $"{at}/banks", "charged-and-banked",
                "What is charged is not banked as well: say one of the two.");
            Flag(faults, outcomes.Take(i).Any(other => other.Outcome == term.Outcome), at, "outcome-twice",
                $"“{term.Outcome}” stands here twice: keep one.");
        }
    }

    private static void VatFaults(VatTerm? vat, List<FieldError> faults)
    {
        Flag(faults, vat is { Code: VatCode.Standard, Percent: not (>= 1 and <= 100) }, "/vat/percent", "no-percent",
            "Say the percentage of the VAT: 1 to 100.");
        Flag(faults, vat is { Code: not VatCode.Standard, Percent: not (null or 0) }, "/vat/percent", "absurd-percent",
            "What is exempt, zero-rated or outside VAT bears none: say 0, or leave it out.");
    }

    private static void RateFaults(PriceRate rate, string at, List<FieldError> faults)
    {
        Flag(faults, !Ids.IsId(rate.Code), $"{at}/code", "no-code",
            "Give the rate a code of 1–64 letters, digits, dots, dashes or underscores: a price names it.");
        Flag(faults, rate.Service is not null && !Ids.IsId(rate.Service), $"{at}/service", "no-service",
            "Name the service in 1–64 letters, digits, dots, dashes or underscores, or leave it out.");
        Flag(faults, IsAbsurd(rate.Pence), $"{at}/pence", "absurd-rate",
            $"A rate lies between £0.00 and {new Money(PenceMax)} a unit.");
        Flag(faults, rate.To < rate.From, $"{at}/to", "ends-before-it-starts",
            "The rate's last day lies before its first.");
        Flag(faults, rate.From < FirstDay || rate.From > LastDay, $"{at}/from", "absurd-day",
            "A rate's first day lies between 2000 and 2199: leave it out where it always held.");
        Flag(faults, rate.To < FirstDay || rate.To > LastDay, $"{at}/to", "absurd-day",
            "A rate's last day lies between 2000 and 2199: leave it out where the rate has no end.");
        Flag(faults, rate.Unit != PriceUnit.Hour && rate.Fixed is not null, $"{at}/fixed", "fixed-not-by-the-hour",
            "Only a rate by the hour has prices for fixed durations.");
        FixedFaults(rate.Fixed ?? [], $"{at}/fixed", faults);
        Flag(faults, rate.Unit != PriceUnit.Mile && rate.YearlyMiles is not null, $"{at}/yearlyMiles",
            "not-by-the-mile", "Only a rate by the mile has a yearly allowance.");
        Flag(faults, rate.YearlyMiles is < 0 or > MilesMax, $"{at}/yearlyMiles", "absurd-miles",
            $"A yearly allowance is 0 to {MilesMax} miles.");
        Flag(faults, rate.YearlyMiles is null != rate.ThenPence is null, $"{at}/thenPence", "half-an-allowance",
            "A yearly allowance has both: yearlyMiles, and thenPence for the miles beyond.");
        Flag(faults, rate.ThenPence is { } then && IsAbsurd(then), $"{at}/thenPence", "absurd-rate",
            $"A rate lies between £0.00 and {new Money(PenceMax)} a unit.");
    }

    private static void FixedFaults(IReadOnlyList<FixedPrice> prices, string at, List<FieldError> faults)
    {
        for (var i = 0; i < prices.Count && i < EntriesMax; i++)
        {
            if (prices[i] is not { } one)
            {
                faults.Add(new($"{at}/{i}", "There is nothing here: give a duration and its price.", "no-duration"));
                return;
            }
            Flag(faults, one.Minutes is < 1 or > MinutesMax, $"{at}/{i}/minutes", "absurd-duration",
                $"A fixed duration is 1 to {MinutesMax} minutes.");
            Flag(faults, IsAbsurd(one.Pence), $"{at}/{i}/pence", "absurd-rate",
                $"A price lies between £0.00 and {new Money(PenceMax)}.");
            Flag(faults, prices.Take(i).Any(other => other.Minutes == one.Minutes), $"{at}/{i}", "duration-twice",
                $"{one.Minutes} minutes have two prices: keep one.");
        }
        Flag(faults, prices.Count > EntriesMax, at, "too-many", $"At most {EntriesMax} fixed durations.");
    }

    private static void WhenFaults(PriceRate rate, string at, List<FieldError> faults)
    {
        if (rate.When is not { } when)
            return;
        Flag(faults, when.Days is { Count: 0 }, $"{at}/days", "no-days", "Name at least one day, or leave days out.");
        Flag(faults, when.Dates is { Count: 0 }, $"{at}/dates", "no-dates", "Name at least one date, or leave it out.");
        Flag(faults, when.Dates is { Count: > EntriesMax }, $"{at}/dates", "too-many", $"{EntriesMax} dates at most.");
        bool[] conditions = [when.Dates is not null, when.Days is not null, when.PublicHoliday is true];
        Flag(faults, conditions.Count(isSet => isSet) > 1, at, "two-conditions",
            "A rate is for dates, for public holidays or for days of the week: make a rate for each.");
        Flag(faults, when.PublicHoliday == false, $"{at}/publicHoliday", "says-nothing",
            "A rate that is not for public holidays leaves this out.");
        Flag(faults, when.From is not null && when.From == when.To, $"{at}/to", "empty-window",
            "From and to are the same time: give the window a length, or leave both out for the whole day.");
        Flag(faults, HasSeconds(when.From), $"{at}/from", "not-a-whole-minute", "Times of day are whole minutes.");
        Flag(faults, HasSeconds(when.To), $"{at}/to", "not-a-whole-minute", "Times of day are whole minutes.");
        Flag(faults, rate.Unit is PriceUnit.Day or PriceUnit.Week && (when.From ?? when.To) is not null, at,
            "times-on-whole-days", "A rate by the day or week is for whole days: leave the times out.");
    }

    /// <summary>
    /// Adds a fault if the rate's unit cannot be mixed with that of the first rate of its service. Also adds the faults
    /// of the rate's terms about disturbances of a night.
    /// </summary>
    private static void UnitFaults(PriceList list, int i, List<FieldError> faults)
    {
        var (rate, at) = (list.Rates[i], $"/rates/{i}");
        var first = list.Rates.First(other => RateTimes.Service(other) == RateTimes.Service(rate));
        Flag(faults, Family(rate.Unit, list.Crossing) != Family(first.Unit, list.Crossing), $"{at}/unit", "units-mixed",
            $"“{first.Code}” prices the same service by another unit, so a visit that meets both has no one price: "
            + "give this unit a service of its own.");
        if (rate.Disturbances is not { } woken)
            return;
        at += "/disturbances";
        Flag(faults, rate.Unit != PriceUnit.Night, at, "not-by-the-night",
            "Only a rate by the night has disturbances.");
        Flag(faults, woken.Free < 0, $"{at}/free", "absurd-disturbances", "A night includes 0 disturbances or more.");
        Flag(faults, woken.WholeNightFrom <= woken.Free, $"{at}/wholeNightFrom", "absurd-disturbances",
            "The whole night is waking from more disturbances than it includes.");
        Flag(faults, woken.FreeMinutes is < 0 or > MinutesMax, $"{at}/freeMinutes", "absurd-disturbances",
            $"A disturbance that the night includes lasts 0 to {MinutesMax} minutes.");
        Flag(faults, !HasOneRate(list.Rates, woken.Then, RateTimes.Span(rate)), $"{at}/then", "no-such-rate",
            $"“{woken.Then}” must be the code of one rate by the hour on every day on which this rate holds.");
    }

    // All rates of one service must have units of the same family. Hour, visit and night may be mixed, because the rate
    // at a visit's start prices the visit. Where visits are split, hours have their own family, because only hours can
    // be split. A session has its own family because, unlike an hour, a visit or a night, it has no minutes.
    private static int Family(PriceUnit unit, Crossing? crossing) => unit switch
    {
        PriceUnit.Day or PriceUnit.Week => 1,
        PriceUnit.Mile => 2,
        PriceUnit.Item => 3,
        PriceUnit.Session => 6,
        PriceUnit.Hour when crossing == Crossing.Split => 4,
        _ => 5,
    };

    private static bool HasOneRate(IReadOnlyList<PriceRate> rates, string code, CarePeriod span)
    {
        var named = rates.Where(rate => rate is { Unit: PriceUnit.Hour } && rate.Code == code)
            .Select(RateTimes.Span).Where(other => other.Meets(span)).OrderBy(other => other.From).ToArray();
        var reached = named.Length > 0 && named[0].From <= span.From;
        for (var i = 1; i < named.Length; i++)
            reached = reached && named[i - 1].To is { } to && named[i].From == to.PlusDays(1);
        return reached && (named[^1].To is not { } last || last >= span.To);
    }

    private static void Flag(List<FieldError> faults, bool holds, string pointer, string code, string plainWords)
    {
        if (holds)
            faults.Add(new(pointer, plainWords, code));
    }

    private static bool IsAbsurd(long pence) => pence is < 0 or > PenceMax;

    private static bool HasSeconds(LocalTime? time) => time?.TickOfDay % NodaConstants.TicksPerMinute > 0;
}
