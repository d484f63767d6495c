using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Support.Domain;

namespace Isf.Support.Features;

/// <summary>
/// Keeps Support's own copy of the days of each allocation: care on other days is refused. Hears AllocationMade and
/// AllocationRevised, in any order; the highest version stands.
/// </summary>
public static class KeepAllocations
{
    /// <summary>The copy to keep, or null where a later version is kept already.</summary>
    public static Allocation? Decide(Allocation? kept, AllocationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return kept is not null && kept.Version >= terms.Version
            ? null
            : new(terms.AllocationId, terms.FundId, terms.Version, terms.From, terms.To);
    }

    internal static async Task<Heard> KeepAsync(AllocationTerms terms, Session session)
    {
        await session.LockAsync("allocation/" + terms.AllocationId);
        if (Decide(await session.LoadAsync<Allocation>(terms.AllocationId), terms) is { } allocation)
            session.Store(allocation);
        return Heard.Done;
    }
}

/// <summary>Hears of allocations and of their changes.</summary>
internal sealed class KeepAllocationsConsumer : IHear<AllocationMade>, IHear<AllocationRevised>
{
    public Task<Heard> HearAsync(AllocationMade message, Session session, CancellationToken stop) =>
        KeepAllocations.KeepAsync(message.Terms, session);

    public Task<Heard> HearAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        KeepAllocations.KeepAsync(message.Terms, session);
}
