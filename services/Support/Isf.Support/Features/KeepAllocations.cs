using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Keeps Support's own copy of the days of each allocation: care on other days is extra. Where its days change, plans
/// are said again, and visits of days that it covers now, or no longer, are decided anew; as are plans where a service
/// now carries minutes, or none. And of every version's price list: it decides what care that was not given costs, and
/// what an hour is worth in a bank of money. Hears AllocationMade and AllocationRevised, in any order; the highest
/// version stands.
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
                Untimed = kept?.Untimed, WeeklyMinutes = terms.WeeklyMinutes,
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
        LocalDate? daysFrom = kept is null || kept.Days() == allocation.Days()
            ? null : ChangesFrom(kept.Days(), allocation.Days());
        var from = kept is null ? null : Earlier(daysFrom, untimedFrom);
        if (kept is null || from is not null)
        {
            from = Earlier(from, await PayAgainAsync(session, allocation, kept, from ?? terms.From));
            if (from is { } first)
                await SayDaysAsync(session, allocation, terms.Version, first);
        }
        if (kept is not null && (daysFrom is not null || kept.WeeklyMinutes != allocation.WeeklyMinutes))
            await CheckVisits.CheckAsync(allocation, session, clock);
        return Heard.Done;
    }

    private static LocalDate? Earlier(LocalDate? one, LocalDate? other) => one < other ? one : other ?? one;

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

    /// <summary>The first day that one of the two leaves out and the other does not.</summary>
    public static LocalDate ChangesFrom(CarePeriod one, CarePeriod other) => one.From != other.From
        ? LocalDate.Min(one.From, other.From)
        : LocalDate.Min(one.To ?? LocalDate.MaxIsoValue, other.To ?? LocalDate.MaxIsoValue).PlusDays(1);

    // Visits that an allocation covers no longer, or does now. A stay of up to a year may reach into the days.
    private static async Task<LocalDate?> PayAgainAsync(
        Session session, Allocation changed, Allocation? before, LocalDate from)
    {
        var visits = await new VisitRows(session).ElsewherePaidAsync(
            changed.FundId, changed.Id, from.PlusDays(-367));
        if (visits.Count == 0 || await WithAsync(session, changed) is not { } fund)
            return null;
        var parts = PartWeeks(before, changed);
        var pools = visits.Where(visit => visit.AllocationId == changed.Id)
            .Select(visit => Recording.PoolOf(fund.Plans, visit)).OfType<(string, LocalDate Monday)>()
            .Where(pool => parts.Contains(pool.Monday)).Distinct().ToList();
        return await CareSaid.PayAgainAsync(
            session, $"covered/{changed.Id}/{changed.Version}", fund, visits, pools);
    }

    /// <summary>
    /// The Mondays of weeks of which an allocation may cover another part than before: those in which its days began or
    /// ended, or do now.
    /// </summary>
    public static IReadOnlyList<LocalDate> PartWeeks(Allocation? before, Allocation now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return before is null || before.Days() == now.Days() ? []
            : [.. new[] { before.From, now.From, before.To, now.To }.OfType<LocalDate>()
                .Select(CarePeriod.MondayOf).Distinct()];
    }

    // The fund as it is with the allocation as it is now kept.
    private static async Task<KnownFund?> WithAsync(Session session, Allocation changed)
    {
        var known = await FundRows.KnownAsync(session, [changed.FundId], [changed.FundId]);
        if (known.GetValueOrDefault(changed.FundId) is not { } fund)
            return null;
        var allocations = new Dictionary<string, Allocation>(fund.Allocations, StringComparer.Ordinal)
        {
            [changed.Id] = changed,
        };
        return fund with { Plans = fund.Plans.With(allocations), Allocations = allocations };
    }

    private static async Task SayDaysAsync(Session session, Allocation changed, int version, LocalDate from)
    {
        if (await FundRows.PlannedToAsync(session, changed.FundId) is { } plannedTo && plannedTo >= from
            && await WithAsync(session, changed) is { } fund)
        {
            await CareSaid.SayDaysAsync(session, $"allocation/{changed.Id}/{version}", changed.FundId, fund.Plans,
                new CarePeriod(CarePeriod.MondayOf(from), plannedTo));
        }
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
