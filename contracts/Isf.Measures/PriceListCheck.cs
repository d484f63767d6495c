using NodaTime;

namespace Isf.Measures;

/// <summary>
/// One thing wrong with what was offered: where (a JSON pointer), a stable code, what to do in words.
/// </summary>
public sealed record PriceListFault(string Pointer, string Code, string PlainWords);

/// <summary>
/// Whether a price list can be applied without doubt. It stands beside the measures because two services ask it: Funds
/// when a list is offered with an allocation, Invoicing when a quote is asked for; neither may reference the other
/// (decision 0004). What cannot be priced is refused when it is offered, never ignored.
/// </summary>
public static class PriceListCheck
{
    /// <summary>The largest price of one unit that is believed: £10,000.</summary>
    public const long PenceMost = 1_000_000;

    /// <summary>The most rates that one list holds.</summary>
    public const int RatesMost = 200;

    /// <summary>Everything wrong with the list; empty when it can be applied.</summary>
    public static IReadOnlyList<PriceListFault> Faults(PriceList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var faults = new List<PriceListFault>();
        NotPricedYet(list, faults);
        VatFaults(list.Vat, faults);
        var rates = list.Rates ?? [];
        if (rates.Count == 0)
        {
            faults.Add(new("/rates", "no-rates", "A price list needs at least one rate."));
        }
        if (rates.Count > RatesMost)
        {
            faults.Add(new("/rates", "too-many-rates", $"A price list holds at most {RatesMost} rates."));
            return faults;
        }
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i] is null)
            {
                faults.Add(new($"/rates/{i}", "no-rate", "There is nothing here: give a rate or take the entry out."));
                return faults;
            }
            RateNotPricedYet(rates[i], $"/rates/{i}", faults);
            RateFaults(rates[i], $"/rates/{i}", faults);
        }
        PriceListMoments.Overlaps(rates, faults);
        if (faults.Count == 0)
        {
            PriceListMoments.Gaps(rates, faults);
        }
        return faults;
    }

    private static void NotPricedYet(PriceList list, List<PriceListFault> faults)
    {
        Say(faults, list.Basis is not (null or PriceBasis.Actual), "/basis", "on a basis other than actual minutes");
        Say(faults, list.Band is not null, "/band", "in bands");
        Say(faults, list.WeeklySetOff == true, "/weeklySetOff", "with a weekly set-off");
        Say(faults, list.Crossing is not (null or Crossing.FirstRange), "/crossing", "visits split over two rates");
        Say(faults, list.Round is { At: not RoundAt.Visit }, "/round/at", "with rounding by invoice");
        Say(faults, list.Pay is not (null or PayClock.Elapsed), "/pay", "by scheduled time when the clocks change");
        Say(faults, list.Minimum is not null, "/minimum", "a minimum charge");
        Say(faults, list.Cancellation is { Count: > 0 }, "/cancellation", "cancellations");
        Say(faults, list.Outcomes is { Count: > 0 }, "/outcomes", "outcomes other than delivered");
        Say(faults, list.Vat is { Code: not VatCode.Exempt }, "/vat/code", "VAT other than exempt");
    }

    private static void RateNotPricedYet(PriceRate rate, string at, List<PriceListFault> faults)
    {
        Say(faults, rate.Unit is not (PriceUnit.Hour or PriceUnit.Visit), $"{at}/unit", "this unit");
        Say(faults, rate.Fixed is { Count: > 0 }, $"{at}/fixed", "fixed durations");
        Say(faults, rate.Disturbances is not null, $"{at}/disturbances", "disturbances");
        Say(faults, rate.YearlyMiles is not null, $"{at}/yearlyMiles", "a yearly mileage allowance");
        Say(faults, rate.ThenPence is not null, $"{at}/thenPence", "a yearly mileage allowance");
        Say(faults, rate.When?.Dates is not null, $"{at}/when/dates", "rates for single dates");
        Say(faults, rate.When?.From is not null, $"{at}/when/from", "rates for times of day");
        Say(faults, rate.When?.To is not null, $"{at}/when/to", "rates for times of day");
    }

    private static void Say(List<PriceListFault> faults, bool asked, string pointer, string what)
    {
        if (asked)
        {
            faults.Add(new(pointer, "not-priced",
                $"This platform does not price {what}: leave it out, or agree terms that it prices."));
        }
    }

    private static void VatFaults(VatTerm? vat, List<PriceListFault> faults)
    {
        if (vat is { Code: VatCode.Exempt, Percent: not (null or 0) })
        {
            faults.Add(new("/vat/percent", "absurd-percent", "What is exempt bears no VAT: say 0, or leave it out."));
        }
    }

    private static void RateFaults(PriceRate rate, string at, List<PriceListFault> faults)
    {
        if (!IsWord(rate.Code))
        {
            faults.Add(new($"{at}/code", "no-code",
                "Give the rate a code of 1–64 letters, digits, dots, dashes or underscores: a price names it."));
        }
        if (rate.Service is not null && !IsWord(rate.Service))
        {
            faults.Add(new($"{at}/service", "no-service",
                "Name the service in 1–64 letters, digits, dots, dashes or underscores, or leave it out."));
        }
        if (rate.Pence is < 0 or > PenceMost)
        {
            faults.Add(new($"{at}/pence", "absurd-rate",
                $"A rate lies between £0.00 and {new Money(PenceMost)} a unit."));
        }
        if (rate.From is { } from && rate.To is { } to && to < from)
        {
            faults.Add(new($"{at}/to", "ends-before-it-starts",
                "The rate's last day lies before its first."));
        }
        WhenFaults(rate.When, at, faults);
    }

    private static void WhenFaults(RateWhen? when, string at, List<PriceListFault> faults)
    {
        if (when is { Days.Count: 0 })
        {
            faults.Add(new($"{at}/when/days", "no-days", "Name at least one day, or leave days out."));
        }
        if (when is { PublicHoliday: true, Days: not null })
        {
            faults.Add(new($"{at}/when", "two-conditions",
                "A rate is for public holidays or for days of the week: make two rates."));
        }
        if (when is { PublicHoliday: false })
        {
            faults.Add(new($"{at}/when/publicHoliday", "says-nothing",
                "A rate that is not for public holidays leaves this out."));
        }
    }

    /// <summary>1–64 of letters, digits, dot, underscore, dash, as every id of api.md.</summary>
    private static bool IsWord(string? word) =>
        word is { Length: >= 1 and <= 64 } && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
