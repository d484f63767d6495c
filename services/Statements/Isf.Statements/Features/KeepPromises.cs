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
    internal static ConsumeResult Keep(Session session, AllocationTerms terms)
    {
        Kept.Keep(session, Kept.Allocation, terms.FundId, terms.AllocationId, terms.Version, terms);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes the messages about budgets and allocations.</summary>
public sealed class KeepPromisesConsumer
    : IConsume<BudgetSet>, IConsume<AllocationMade>, IConsume<AllocationRevised>, IConsume<AllocationEnded>
{
    public Task<ConsumeResult> ConsumeAsync(BudgetSet message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Budget, message.FundId, message.BudgetId, message.Version, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepPromises.Keep(session, message.Terms));
    }

    public Task<ConsumeResult> ConsumeAsync(AllocationEnded message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Ended, message.FundId, message.AllocationId, message.Version, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepPromises.Keep(session, message.Terms));
    }
}
