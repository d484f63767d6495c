using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Keeps Support's own copy of the days of each allocation: care on other days is refused. Where it now ends on another
/// day, the days that an open plan has beyond are said again; as are those on which a service now carries minutes, or
/// none. And of every version's price list: it decides what care
/// that was not given costs, and what an hour is worth in a bank of money. Hears AllocationMade and AllocationRevised,
/// in any order; the highest version stands.
/// </summary>
public static class KeepAllocations
{
    /// <summary>The copy to keep, or null where a later version is kept already.</summary>
    public static Allocation? Decide(Allocation? kept, AllocationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return kept is not null && kept.Version >= terms.Version
            ? null
            : new(terms.AllocationId, terms.FundId, terms.Version, terms.From, terms.To,
                terms.ProviderId)
            {
                Untimed = kept?.Untimed,
            };
    }

    internal static async Task<Heard> KeepAsync(AllocationTerms terms, Session session, IClock clock)
    {
        await session.LockAsync("allocation/" + terms.AllocationId, FundRows.Lock(terms.FundId));
        var kept = await session.LoadAsync<Allocation>(terms.AllocationId);
        var allocation = Decide(kept, terms) ?? kept!;
        var untimedFrom = (LocalDate?)null;
        if (await KeepPricesAsync(terms, session) is var (prices, firstDay))
        {
            if (prices.Versions.Count > 1)
                await CheckVisits.CheckAsync(prices, firstDay, session, clock);
            var untimed = prices.Untimed();
            if (!untimed.SequenceEqual(allocation.Untimed ?? []))
            {
                allocation = allocation with { Untimed = untimed.Count == 0 ? null : untimed };
                untimedFrom = firstDay;
            }
        }
        if (allocation == kept)
            return Heard.Done;
        session.Store(allocation);
        var endsFrom = kept?.To == allocation.To ? null : (LocalDate?)ChangesFrom(kept?.To, allocation.To);
        if (kept is not null && (endsFrom ?? untimedFrom) is { } from)
            await SayDaysAsync(session, allocation, terms.Version, untimedFrom < from ? untimedFrom.Value : from);
        return Heard.Done;
    }

    private static async Task<(AgreedPrices Prices, LocalDate FirstDay)?> KeepPricesAsync(
        AllocationTerms terms, Session session)
    {
        var kept = await session.LoadAsync<AgreedPrices>(terms.AllocationId);
        var version = new PriceVersion(terms.Version, terms.SetOn, terms.PriceList);
        if (AgreedPrices.With(kept, terms.AllocationId, terms.FundId, version) is not { } prices)
            return null;
        session.Store(prices);
        var firstDay = AgreedPrices.FirstDay(version);
        await CareSaid.SayTouchedAsync(session, $"prices/{terms.AllocationId}/{terms.Version}",
            [(terms.FundId, firstDay)]);
        return (prices, firstDay);
    }

    /// <summary>The first day that one of the two ends leaves out and the other does not.</summary>
    public static LocalDate ChangesFrom(LocalDate? one, LocalDate? other) =>
        LocalDate.Min(one ?? LocalDate.MaxIsoValue, other ?? LocalDate.MaxIsoValue).PlusDays(1);

    private static async Task SayDaysAsync(Session session, Allocation changed, int version, LocalDate from)
    {
        if (await FundRows.PlannedToAsync(session, changed.FundId) is not { } plannedTo || plannedTo < from)
            return;
        var plans = await session.QueryAsync<Plan>("fund_id = $1 order by id", changed.FundId);
        var allocations = (await session.QueryAsync<Allocation>("fund_id = $1 order by id", changed.FundId))
            .Select(each => each.Id == changed.Id ? changed : each);
        var fund = await session.LoadAsync<Fund>(changed.FundId);
        await CareSaid.SayDaysAsync(session, $"allocation/{changed.Id}/{version}", changed.FundId,
            new FundPlans(plans, Allocation.ById(allocations), fund?.End?.On),
            new CarePeriod(CarePeriod.MondayOf(from), plannedTo));
    }
}

/// <summary>Hears of allocations and of their changes.</summary>
internal sealed class KeepAllocationsConsumer(IClock clock) : IHear<AllocationMade>, IHear<AllocationRevised>
{
    public Task<Heard> HearAsync(AllocationMade message, Session session, CancellationToken stop) =>
        KeepAllocations.KeepAsync(message.Terms, session, clock);

    public Task<Heard> HearAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        KeepAllocations.KeepAsync(message.Terms, session, clock);
}
