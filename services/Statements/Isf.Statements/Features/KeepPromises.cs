using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the budgets and allocations of funds as they were published. Consumes BudgetSet, AllocationMade,
/// AllocationRevised and AllocationEnded.
/// </summary>
public static class KeepPromises
{
    /// <summary>Keeps an allocation's terms; a later version replaces the earlier.</summary>
    internal static Heard Keep(Session session, AllocationTerms terms)
    {
        Kept.Keep(session, Kept.Allocation, terms.FundId, terms.AllocationId, terms.Version, terms);
        return Heard.Done;
    }
}

/// <summary>Consumes the messages about budgets and allocations.</summary>
public sealed class KeepPromisesConsumer
    : IHear<BudgetSet>, IHear<AllocationMade>, IHear<AllocationRevised>, IHear<AllocationEnded>
{
    public Task<Heard> HearAsync(BudgetSet message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Budget, message.FundId, message.BudgetId, message.Version, message);
        return Task.FromResult(Heard.Done);
    }

    public Task<Heard> HearAsync(AllocationMade message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepPromises.Keep(session, message.Terms));
    }

    public Task<Heard> HearAsync(AllocationEnded message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Ended, message.FundId, message.AllocationId, message.Version, message);
        return Task.FromResult(Heard.Done);
    }

    public Task<Heard> HearAsync(AllocationRevised message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepPromises.Keep(session, message.Terms));
    }
}
