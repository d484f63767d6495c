using Isf.Measures;
using Isf.Prices;

namespace Isf.Funds.Domain;

/// <summary>
/// Finds warnings about the rates of an allocation; none of them refuses the allocation. The rates of a holder or an
/// agency are compared with the prices of homecare and the minimum wage, those of an employed assistant with the
/// minimum wage alone, and those of all other providers with nothing. Source: domain.md §4.6.
/// </summary>
public static class PriceWarnings
{
    /// <summary>
    /// The warnings for each hourly rate on those of its days that the allocation covers; without duplicates.
    /// </summary>
    public static IReadOnlyList<PriceWarning> Find(Nation nation, ProviderKind kind, AllocationDetails terms)
    {
        var isHomecare = kind is ProviderKind.Holder or ProviderKind.Agency;
        if (!isHomecare && kind != ProviderKind.PersonalAssistantEmployed)
            return [];
        var days = new CarePeriod(terms.From, terms.To);
        return
        [
            .. terms.PriceList.Rates
                .Select(rate => (Rate: rate, Days: days.Overlap(new(rate.From ?? terms.From, rate.To))))
                .Where(live => live.Days is not null)
                .SelectMany(live => PriceFloors.Within(live.Rate, NameOf(nation), live.Days!.Value, isHomecare))
                .Distinct(),
        ];
    }

    private static string NameOf(Nation nation) => nation switch
    {
        Nation.England => "england",
        Nation.Wales => "wales",
        Nation.Scotland => "scotland",
        _ => "northern-ireland",
    };
}
