using System.Collections.Concurrent;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>One version of an allocation's terms, with its compiled price list.</summary>
internal sealed record TermsCopy
{
    public required string AllocationId { get; init; }
    public required int Version { get; init; }
    public required LocalDate SetOn { get; init; }
    public required string FundId { get; init; }
    public required string ProviderId { get; init; }
    public required IReadOnlyList<FundingShare>? FundedBy { get; init; }
    public required string Claim { get; init; }
    public required HolidayCalendar Nation { get; init; }
    public required CompiledPriceList List { get; init; }
}

/// <summary>
/// The versions of the terms of some allocations; finds the version in force for a visit. Version n replaces n − 1 from
/// the day on which it was set. On an earlier day, version n counts only if the rate that prices the visit states a
/// first day on or before that day. A rise agreed late is thus back-dated, and a list without first days is not. For
/// care that was not given, all rates of the service on that day must state a first day. The first version counts for
/// all earlier days too, because an allocation is often written down after the care has begun.
/// </summary>
internal sealed class TermsInForce
{
    private const int ListsMax = 20_000;

    // A compiled price list depends on nothing but its text and the nation, so one list, found by its hash, can serve
    // several holders.
    private static readonly ConcurrentDictionary<(string Hash, HolidayCalendar), CompiledPriceList> Lists = new();

    private readonly Dictionary<string, TermsCopy[]> terms;

    private TermsInForce(Dictionary<string, TermsCopy[]> terms) => this.terms = terms;

    /// <summary>The key that a message waits for if it comes before its fund.</summary>
    public static string FundKey(string fundId) => $"fund/{fundId}";

    /// <summary>
    /// The terms in force for a visit; null if the allocation is not known. If new terms begin during a visit whose
    /// days are priced one by one, each day has the rates of its own terms. The version is then the highest of these
    /// terms, and all else is as on the first day.
    /// </summary>
    /// <param name="visit">The visit.</param>
    /// <param name="upTo">
    /// The highest version that counts. It serves to find the terms that were in force before a later version arrived.
    /// </param>
    public TermsCopy? For(VisitFacts visit, int upTo = int.MaxValue)
    {
        if (!terms.TryGetValue(visit.AllocationId, out var versions))
            return null;
        var first = InForce(versions, visit.CareOn, visit.Input, upTo);
        var inForce = versions.Length == 1 || visit.Input.Outcome != VisitPricing.Delivered
            || (VisitPricing.LastDayOf(visit.Input) is var last && last <= visit.CareOn)
            || !first.List.PricesEachDay(visit.Input.Service)
            ? first : Mixed(versions, visit, first, last, upTo);
        return visit.NotCovered ? ReachingBeyond(inForce) : inForce;
    }

    private static TermsCopy InForce(TermsCopy[] versions, LocalDate day, VisitToPrice input, int upTo) =>
        Array.FindLast(versions, terms => terms.Version <= upTo
            && (terms.SetOn <= day || IsBackDatedTo(terms, input, day))) ?? versions[0];

    // A day that the allocation does not cover may lie before or after all rates of a service. The first rates
    // therefore also apply to earlier days and the last rates to later days, because they are nearest in time.
    private static TermsCopy ReachingBeyond(TermsCopy terms)
    {
        var rates = terms.List.Terms.Rates;
        return rates.All(rate => rate.From is null && rate.To is null) ? terms : terms with
        {
            List = CompiledPriceList.Compile(terms.List.Terms with
            {
                Rates =
                [
                    .. rates.GroupBy(rate => rate.Service ?? CompiledPriceList.UsualService).SelectMany(WithoutEnds),
                ],
            }, terms.Nation),
        };
    }

    private static IEnumerable<PriceRate> WithoutEnds(IEnumerable<PriceRate> rates)
    {
        var first = rates.Min(rate => rate.From ?? LocalDate.MinIsoValue);
        var last = rates.Max(rate => rate.To ?? LocalDate.MaxIsoValue);
        return rates.Select(rate => rate with
        {
            From = rate.From == first ? null : rate.From,
            To = rate.To == last ? null : rate.To,
        });
    }

    private static TermsCopy Mixed(TermsCopy[] versions, VisitFacts visit, TermsCopy first, LocalDate last, int upTo)
    {
        var stretches = new List<(TermsCopy Terms, LocalDate From)> { (first, LocalDate.MinIsoValue) };
        for (var day = visit.CareOn.PlusDays(1); day <= last; day = day.PlusDays(1))
        {
            var input = visit.Input with { Start = London.Zone.AtStartOfDay(day).ToInstant() };
            var terms = InForce(versions, day, input, upTo);
            if (terms != stretches[^1].Terms)
                stretches.Add((terms, day));
        }
        return stretches.Count == 1 ? first : first with
        {
            Version = stretches.Max(stretch => stretch.Terms.Version),
            List = CompiledPriceList.Compile(first.List.Terms with
            {
                Rates =
                [
                    .. stretches.SelectMany((stretch, i) => Within(stretch.Terms.List.Terms.Rates, stretch.From,
                        i + 1 < stretches.Count ? stretches[i + 1].From.PlusDays(-1) : null)),
                ],
            }, first.Nation),
        };
    }

    private static IEnumerable<PriceRate> Within(IEnumerable<PriceRate> rates, LocalDate first, LocalDate? last) =>
        rates.Where(rate => !(rate.To < first) && !(rate.From > last)).Select(rate => rate with
        {
            From = first > (rate.From ?? LocalDate.MinIsoValue) ? first : rate.From,
            To = last < (rate.To ?? LocalDate.MaxIsoValue) ? last : rate.To,
        });

    /// <summary>The last version of an allocation's terms.</summary>
    public TermsCopy Latest(string allocationId) => terms[allocationId][^1];

    /// <summary>Whether the price of an allocation's visits together can differ from the sum of their prices.</summary>
    public bool SettlesLater(string allocationId) =>
        Array.Exists(terms.GetValueOrDefault(allocationId, []), version => version.List.SettlesLater);

    /// <summary>
    /// The first day on which terms can count. It is the day on which they were set, or an earlier day on which one of
    /// their rates starts.
    /// </summary>
    public static LocalDate FirstDay(LocalDate setOn, PriceList list) =>
        list.Rates.Select(rate => rate.From ?? setOn).Append(setOn).Min();

    // Terms count on a day before they were set if the rates state an earlier first day. Delivered care looks at the
    // one rate that prices it. Care that was not given looks at all rates of its service on that day, as Support does
    // when it decides the charge.
    private static bool IsBackDatedTo(TermsCopy terms, VisitToPrice input, LocalDate day) =>
        input.Outcome == VisitPricing.Delivered
            ? terms.List.RateAt(input)?.From <= day
            : RateTimes.IsBackDatedTo(terms.List.Terms, input.Service, day);

    /// <summary>
    /// Reads every version of the terms of the allocations. WaitsFor is null, or the key to wait for if an allocation
    /// or its fund is not known yet.
    /// </summary>
    public static async Task<(TermsInForce Terms, string? WaitsFor)> ReadAsync(
        Session session, IReadOnlyCollection<string> allocationIds)
    {
        var rows = await TermsTable.ReadAsync(session, allocationIds);
        var lists = await ListsAsync(session, rows);
        var terms = rows.Where(row => row.Nation is not null).GroupBy(row => row.AllocationId)
            .ToDictionary(versions => versions.Key, versions => versions.Select(row => row.With(lists)).ToArray());
        var waitsFor = rows.Find(row => row.Nation is null) is { } early ? FundKey(early.FundId)
            : allocationIds.FirstOrDefault(id => !terms.ContainsKey(id)) is { } unknown ? ApplyTerms.Key(unknown)
            : null;
        return (new TermsInForce(terms), waitsFor);
    }

    /// <summary>
    /// The compiled price lists of the rows. Most are in memory already; the others are read and compiled now.
    /// </summary>
    private static async Task<Dictionary<(string, HolidayCalendar), CompiledPriceList>> ListsAsync(
        Session session, List<TermsRow> rows)
    {
        var keys = rows.Where(row => row.Nation is not null).Select(row => row.ListKey).Distinct().ToArray();
        var ready = new Dictionary<(string, HolidayCalendar), CompiledPriceList>(keys.Length);
        foreach (var key in keys)
        {
            if (Lists.TryGetValue(key, out var list))
                ready[key] = list;
        }
        var missing = keys.Where(key => !ready.ContainsKey(key)).ToArray();
        if (missing.Length == 0)
            return ready;
        var byHash = await TermsTable.ListsAsync(session, [.. missing.Select(key => key.Hash).Distinct()]);
        if (Lists.Count > ListsMax)
            Lists.Clear();
        foreach (var key in missing)
            ready[key] = Lists[key] = CompiledPriceList.Compile(byHash[key.Hash], key.Nation);
        return ready;
    }
}
