using NodaTime;

namespace Isf.Measures;

/// <summary>One thing wrong with what was offered: where (a JSON pointer), a stable code, and what to do in plain words.</summary>
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

    /// <summary>Everything wrong with the list; empty when it can be applied.</summary>
    public static IReadOnlyList<PriceListFault> Faults(PriceList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var faults = new List<PriceListFault>();
        NotPricedYet(list, faults);
        if (list.Rates.Count == 0)
        {
            faults.Add(new("/rates", "no-rates", "A price list needs at least one rate."));
        }
        for (var i = 0; i < list.Rates.Count; i++)
        {
            RateFaults(list.Rates[i], $"/rates/{i}", faults);
        }
        Overlaps(list, faults);
        return faults;
    }

    private static void NotPricedYet(PriceList list, List<PriceListFault> faults)
    {
        void Say(bool asked, string pointer, string what)
        {
            if (asked)
            {
                faults.Add(new(pointer, "not-priced", $"This platform does not price {what}: leave it out, or agree terms that it prices."));
            }
        }
        Say(list.Basis is not (null or PriceBasis.Actual), "/basis", "on a basis other than actual minutes");
        Say(list.Band is not null, "/band", "in bands");
        Say(list.WeeklySetOff == true, "/weeklySetOff", "with a weekly set-off");
        Say(list.Crossing == Crossing.Split, "/crossing", "visits split over two rates");
        Say(list.Round?.At == RoundAt.Invoice, "/round/at", "with rounding by invoice");
        Say(list.Pay == PayClock.Scheduled, "/pay", "by scheduled time across a change of the clocks");
        Say(list.Holidays?.On is not (null or HolidayOn.Substitute), "/holidays/on", "holidays on other than substitute days");
        Say(list.Minimum is not null, "/minimum", "a minimum charge");
        Say(list.Cancellation is { Count: > 0 }, "/cancellation", "cancellations");
        Say(list.Outcomes is { Count: > 0 }, "/outcomes", "outcomes other than delivered");
        Say(list.Vat is { Code: not VatCode.Exempt }, "/vat", "VAT other than exempt");
        for (var i = 0; i < list.Rates.Count; i++)
        {
            var rate = list.Rates[i];
            Say(rate.Unit is not (PriceUnit.Hour or PriceUnit.Visit), $"/rates/{i}/unit", "this unit");
            Say(rate.Fixed is { Count: > 0 }, $"/rates/{i}/fixed", "fixed durations");
            Say(rate.Disturbances is not null, $"/rates/{i}/disturbances", "disturbances");
            Say(rate.YearlyMiles is not null, $"/rates/{i}/yearlyMiles", "a yearly mileage allowance");
            Say(rate.ThenPence is not null, $"/rates/{i}/thenPence", "a yearly mileage allowance");
            Say(rate.When?.Dates is { Count: > 0 }, $"/rates/{i}/when/dates", "rates for single dates");
            Say(rate.When?.From is not null || rate.When?.To is not null, $"/rates/{i}/when/from", "rates for times of day");
        }
    }

    private static void RateFaults(PriceRate rate, string at, List<PriceListFault> faults)
    {
        if (string.IsNullOrWhiteSpace(rate.Code))
        {
            faults.Add(new($"{at}/code", "no-code", "Give the rate a code, so that a price can say which rate it used."));
        }
        if (rate.Pence is < 0 or > PenceMost)
        {
            faults.Add(new($"{at}/pence", "absurd-rate", $"A rate lies between £0.00 and {new Money(PenceMost)} a unit."));
        }
        if (rate.From is { } from && rate.To is { } to && to < from)
        {
            faults.Add(new($"{at}/to", "ends-before-it-starts", "The rate's last day lies before its first."));
        }
        if (rate.When is { Days.Count: 0 })
        {
            faults.Add(new($"{at}/when/days", "no-days", "Name at least one day, or leave days out."));
        }
        if (rate.When is { PublicHoliday: true, Days: not null })
        {
            faults.Add(new($"{at}/when", "two-conditions", "A rate is for public holidays or for days of the week: make two rates."));
        }
    }

    /// <summary>Two live rates of one service and one precedence that can match the same moment leave the price in doubt.</summary>
    private static void Overlaps(PriceList list, List<PriceListFault> faults)
    {
        for (var i = 0; i < list.Rates.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (later, earlier) = (list.Rates[i], list.Rates[j]);
                if (SameService(later, earlier) && Span(later).Meets(Span(earlier)) && SameMoment(later.When, earlier.When))
                {
                    faults.Add(new($"/rates/{i}", "rates-overlap",
                        $"Rates “{earlier.Code}” and “{later.Code}” can both apply to the same visit: end one before the other starts."));
                }
            }
        }
    }

    private static bool SameService(PriceRate a, PriceRate b) => (a.Service ?? "support") == (b.Service ?? "support");

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
