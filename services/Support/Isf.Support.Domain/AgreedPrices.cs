using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>One version of an allocation's price list, and the day on which it was made.</summary>
public sealed record PriceVersion(int Version, LocalDate SetOn, PriceList List);

/// <summary>
/// Support's own copy of an allocation's price lists, under the allocation's id. Support prices nothing. From the lists
/// it learns what is charged for care that was not given, whether the minutes of that care are banked, and the value of
/// an hour in a bank that keeps money.
/// </summary>
public sealed record AgreedPrices(string Id, string FundId, IReadOnlyList<PriceVersion> Versions)
{
    private const string Support = "support";

    /// <summary>The copy with one more version; null if it already has that version.</summary>
    public static AgreedPrices? With(AgreedPrices? copy, string allocationId, string fundId, PriceVersion version)
    {
        return copy is null ? new(allocationId, fundId, [version])
            : copy.Versions.Any(existing => existing.Version == version.Version) ? null
            : copy with { Versions = [.. copy.Versions.Append(version).OrderBy(existing => existing.Version)] };
    }

    /// <summary>
    /// The list in force for a service on the given day. It is the latest list that was made by that day or is
    /// back-dated to it in full, or else the first list. Invoicing has the same rule for care that was not given.
    /// </summary>
    public PriceList ListFor(string service, LocalDate day) => (Versions.LastOrDefault(version =>
        version.SetOn <= day || RateTimes.IsBackDatedTo(version.List, service, day)) ?? Versions[0]).List;

    /// <summary>
    /// The first day of a visit on which the list in force has no rate for the visit's service, so that the care costs
    /// nothing; null if there is no such day, or if the list has no rate at all. One rate that is live on the day is
    /// enough, because a service's rates have no gaps (PriceListCheck). If the allocation does not cover the visit, any
    /// rate of the service is enough, live or not.
    /// </summary>
    public LocalDate? UnpricedOn(Visit visit)
    {
        if (!HasAny(visit.CareOn))
            return null;
        var last = visit.CareOn;
        if (visit.Record.LastMoment is { } end && ListFor(visit.Service, last) is var list
            && (list.Crossing == Crossing.Split || RatesOf(visit.Service, last).Any(IsByDays)))
        {
            last = London.DayOf(end);
        }
        for (var day = visit.CareOn; day <= last; day = day.PlusDays(1))
        {
            if (!RatesOf(visit.Service, day).Any(rate => visit.NotCovered || RateTimes.IsLive(rate, day)))
                return day;
        }
        return null;
    }

    /// <summary>Whether the list in force on a day names the service at all.</summary>
    public bool HasRateFor(string service, LocalDate day) => RatesOf(service, day).Any();

    private IEnumerable<PriceRate> RatesOf(string service, LocalDate day) =>
        ListFor(service, day).Rates.Where(rate => (rate.Service ?? Support) == service);

    private static bool IsByDays(PriceRate rate) => rate.Unit is PriceUnit.Day or PriceUnit.Week;

    /// <summary>Whether the list in force on a day has any rate.</summary>
    public bool HasAny(LocalDate day) => ListFor(Support, day).Rates.Count > 0;

    /// <summary>The first day on which a version can be in force.</summary>
    public static LocalDate FirstDay(PriceVersion version) =>
        version.List.Rates.Select(rate => rate.From ?? version.SetOn).Append(version.SetOn).Min();

    /// <summary>
    /// The services that have no minutes because they are priced by the session, day, week, mile or item, each with the
    /// days for which that holds. All live rates of a service are in one unit (PriceListCheck), so any live rate of a
    /// day gives the unit of that day.
    /// </summary>
    public IReadOnlyList<UntimedService> Untimed()
    {
        var found = new List<UntimedService>();
        var rates = Versions.SelectMany(version => version.List.Rates.Select(rate => (version.SetOn, Rate: rate)));
        foreach (var service in rates.GroupBy(rate => rate.Rate.Service ?? Support).OrderBy(item => item.Key))
        {
            var turns = service.SelectMany(entry => new[] { entry.SetOn, entry.Rate.From, entry.Rate.To?.PlusDays(1) })
                .OfType<LocalDate>().Distinct().Order().ToList();
            // One period runs from each day on which the price may change to the day before the next such day. The
            // first period has no first day, and the last period has no last day.
            for (var i = 0; i <= turns.Count; i++)
            {
                LocalDate? from = i == 0 ? null : turns[i - 1];
                LocalDate? to = i == turns.Count ? null : turns[i].PlusDays(-1);
                if (UnitOn(service.Key, from ?? to!.Value) is not { } unit || CarriesMinutes(unit))
                    continue;
                var isStay = unit is PriceUnit.Day or PriceUnit.Week;
                if (found.LastOrDefault() is { } last && last.Service == service.Key && last.IsStay == isStay
                    && last.To?.PlusDays(1) == from)
                {
                    found[^1] = last with { To = to };
                }
                else
                {
                    found.Add(new UntimedService(service.Key, from, to, isStay));
                }
            }
        }
        return found;
    }

    private static bool CarriesMinutes(PriceUnit unit) =>
        unit is PriceUnit.Hour or PriceUnit.Visit or PriceUnit.Night;

    // The unit of a service's price on a day; null if the list has no rate for the service. If no rate is live on the
    // day, the unit is that of the list's first rate for the service.
    private PriceUnit? UnitOn(string service, LocalDate day)
    {
        var rates = RatesOf(service, day).ToList();
        return (rates.Find(rate => RateTimes.IsLive(rate, day)) ?? rates.FirstOrDefault())?.Unit;
    }

    /// <summary>
    /// The value of an hour of a service on a day, at the rate of an ordinary hour; zero if the service has no hourly
    /// rate then. The rate is from the latest list that was made by that day or has its rate back-dated to that day, or
    /// else from the first list.
    /// </summary>
    public Rate HourlyRate(string service, LocalDate day)
    {
        PriceRate? Of(PriceVersion version) => RateTimes.OrdinaryHour(version.List, service, day);
        var inForce = Versions.LastOrDefault(version => version.SetOn <= day || Of(version)?.From is not null);
        return new(Of(inForce ?? Versions[0])?.Pence ?? 0);
    }
}
