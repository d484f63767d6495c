using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Checks;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Terms;

/// <summary>
/// Keeps Support's own copy of each allocation. Care on days that its allocation does not cover is extra. If the days
/// change, or a service in the price list gains or loses minutes, planned minutes are published again, and visits that
/// the allocation has begun or ceased to cover are matched with the plan again. The price lists of all versions are
/// kept too, because they decide the cost of care that was not given and the value of an hour in a bank of money.
/// Consumes AllocationMade and AllocationRevised, in any order; the highest version wins.
/// </summary>
public static class CoverCare
{
    /// <summary>The copy to keep, or null if the same or a later version is kept already.</summary>
    public static Allocation? CopyFrom(Allocation? copy, AllocationTerms terms)
    {
        return copy is not null && copy.Version >= terms.Version
            ? null
            : new(terms.AllocationId, terms.FundId, terms.Version, terms.From, terms.To,
                terms.ProviderId)
            {
                Untimed = copy?.Untimed, WeeklyMinutes = terms.WeeklyMinutes,
            };
    }

    internal static async Task<ConsumeResult> CoverAsync(AllocationTerms terms, Session session, IClock clock)
    {
        await session.LockAsync("allocation/" + terms.AllocationId, FundTable.Lock(terms.FundId));
        var copy = await session.LoadAsync<Allocation>(terms.AllocationId);
        var allocation = CopyFrom(copy, terms) ?? copy!;
        var untimedFrom = (LocalDate?)null;
        if (await CopyPricesAsync(terms, session) is var (prices, firstDay))
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
        if (allocation == copy)
            return ConsumeResult.Done;
        session.Store(allocation);
        LocalDate? daysFrom = copy is null || copy.Days() == allocation.Days()
            ? null : ChangesFrom(copy.Days(), allocation.Days());
        var from = copy is null ? null : Earlier(daysFrom, untimedFrom);
        if (copy is null || from is not null)
        {
            from = Earlier(from, await PayAgainAsync(session, allocation, copy, from ?? terms.From));
            if (from is { } first)
                await PublishDaysAsync(session, allocation, terms.Version, first);
        }
        if (copy is not null && (daysFrom is not null || copy.WeeklyMinutes != allocation.WeeklyMinutes))
            await CheckVisits.CheckAsync(allocation, session, clock);
        return ConsumeResult.Done;
    }

    private static LocalDate? Earlier(LocalDate? one, LocalDate? other) => one < other ? one : other ?? one;

    private static async Task<(AgreedPrices Prices, LocalDate FirstDay)?> CopyPricesAsync(
        AllocationTerms terms, Session session)
    {
        var copy = await session.LoadAsync<AgreedPrices>(terms.AllocationId);
        var version = new PriceVersion(terms.Version, terms.SetOn, terms.PriceList);
        if (AgreedPrices.With(copy, terms.AllocationId, terms.FundId, version) is not { } prices)
            return null;
        session.Store(prices);
        var firstDay = AgreedPrices.FirstDay(version);
        await CareAnnouncements.AnnounceTouchedAsync(session, $"prices/{terms.AllocationId}/{terms.Version}",
            [(terms.FundId, firstDay)]);
        return (prices, firstDay);
    }

    /// <summary>The first day that only one of the two periods covers; the periods must differ.</summary>
    public static LocalDate ChangesFrom(CarePeriod one, CarePeriod other) => one.From != other.From
        ? LocalDate.Min(one.From, other.From)
        : LocalDate.Min(one.To ?? LocalDate.MaxIsoValue, other.To ?? LocalDate.MaxIsoValue).PlusDays(1);

    // Matches visits with the plan again if the allocation has begun or ceased to cover them. The search begins a year
    // before the change, because a stay of up to a year may reach into the changed days. Returns the first day that a
    // changed visit touches, or null if no visit has changed.
    private static async Task<LocalDate?> PayAgainAsync(
        Session session, Allocation changed, Allocation? before, LocalDate from)
    {
        var visits = await new VisitTable(session).ElsewherePaidAsync(
            changed.FundId, changed.Id, from.PlusDays(-367));
        if (visits.Count == 0 || await WithAsync(session, changed) is not { } fund)
            return null;
        var parts = PartWeeks(before, changed);
        var pools = visits.Where(visit => visit.AllocationId == changed.Id)
            .Select(visit => VisitRecorder.PoolOf(fund.Plans, visit)).OfType<(string, LocalDate Monday)>()
            .Where(pool => parts.Contains(pool.Monday)).Distinct().ToList();
        return await CareAnnouncements.PayAgainAsync(
            session, $"covered/{changed.Id}/{changed.Version}", fund, visits, pools);
    }

    /// <summary>
    /// The Mondays of the weeks that an allocation may cover to a different extent than before. These are the weeks
    /// in which its days begin or end, before or after the change; none if it is new or its days are the same.
    /// </summary>
    public static IReadOnlyList<LocalDate> PartWeeks(Allocation? before, Allocation now)
    {
        return before is null || before.Days() == now.Days() ? []
            : [.. new[] { before.From, now.From, before.To, now.To }.OfType<LocalDate>()
                .Select(CarePeriod.MondayOf).Distinct()];
    }

    // The fund with the allocation as changed, or null if the fund is not known.
    private static async Task<FundCare?> WithAsync(Session session, Allocation changed)
    {
        var funds = await FundTable.CareAsync(session, [changed.FundId], [changed.FundId]);
        if (funds.GetValueOrDefault(changed.FundId) is not { } fund)
            return null;
        var allocations = new Dictionary<string, Allocation>(fund.Allocations, StringComparer.Ordinal)
        {
            [changed.Id] = changed,
        };
        return fund with { Plans = fund.Plans.With(allocations), Allocations = allocations };
    }

    private static async Task PublishDaysAsync(Session session, Allocation changed, int version, LocalDate from)
    {
        if (await FundTable.PlannedToAsync(session, changed.FundId) is { } plannedTo && plannedTo >= from
            && await WithAsync(session, changed) is { } fund)
        {
            await CareAnnouncements.AnnounceDaysAsync(session, $"allocation/{changed.Id}/{version}", changed.FundId,
                fund.Plans,
                new CarePeriod(CarePeriod.MondayOf(from), plannedTo));
        }
    }
}

/// <summary>Consumes allocations and their changes.</summary>
internal sealed class CoverCareConsumer(IClock clock) : IConsume<AllocationMade>, IConsume<AllocationRevised>
{
    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop) =>
        CoverCare.CoverAsync(message.Terms, session, clock);

    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        CoverCare.CoverAsync(message.Terms, session, clock);
}
