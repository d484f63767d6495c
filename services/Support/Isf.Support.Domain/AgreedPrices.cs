using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>One version of an allocation's price list, and the day on which it was made.</summary>
public sealed record PriceVersion(int Version, LocalDate SetOn, PriceList List);

/// <summary>
/// Support's own copy of an allocation's price lists, under the allocation's id: what an outcome costs and whether it
/// is banked, and what an hour is worth in a bank that keeps money. Support prices nothing.
/// </summary>
public sealed record AgreedPrices(string Id, string FundId, IReadOnlyList<PriceVersion> Versions)
{
    private const string Support = "support";

    /// <summary>The copy with another version; null where it is there already.</summary>
    public static AgreedPrices? With(AgreedPrices? kept, string allocationId, string fundId, PriceVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return kept is null ? new(allocationId, fundId, [version])
            : kept.Versions.Any(known => known.Version == version.Version) ? null
            : kept with { Versions = [.. kept.Versions.Append(version).OrderBy(known => known.Version)] };
    }

    /// <summary>
    /// The list in force for a service on a day, as Invoicing has it: the latest made by then, or back-dated to it by
    /// a rate that says itself from when it holds; before the first, the first.
    /// </summary>
    public PriceList ListFor(string service, LocalDate day) =>
        (Versions.LastOrDefault(version => version.SetOn <= day || version.List.Rates.Any(rate =>
            (rate.Service ?? Support) == service && rate.From <= day && !(rate.To < day))) ?? Versions[0]).List;

    /// <summary>The first day on which a version can count.</summary>
    public static LocalDate FirstDay(PriceVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.List.Rates.Select(rate => rate.From ?? version.SetOn).Append(version.SetOn).Min();
    }

    /// <summary>The plain hourly rate of a service on a day; nothing where its price is of another kind.</summary>
    public Rate HourlyRate(string service, LocalDate day) => new(ListFor(service, day).Rates.FirstOrDefault(rate =>
        rate.Unit == PriceUnit.Hour && rate.When is null && (rate.Service ?? Support) == service
        && new CarePeriod(rate.From ?? day, rate.To).Covers(day))?.Pence ?? 0);
}
