using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the budgets and allocations of funds as they were published. Consumes BudgetSet, AllocationMade,
/// AllocationRevised and AllocationEnded.
/// </summary>
public static class CopyPromises
{
    /// <summary>Stores an allocation's terms, unless their version or a later one is stored already.</summary>
    internal static ConsumeResult Copy(Session session, AllocationTerms terms)
    {
        FactTable.Save(session, FactTable.Allocation, terms.FundId, terms.AllocationId, terms.Version, terms);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes the messages about budgets and allocations.</summary>
internal sealed class CopyPromisesConsumer
    : IConsume<BudgetSet>, IConsume<AllocationMade>, IConsume<AllocationRevised>, IConsume<AllocationEnded>
{
    public Task<ConsumeResult> ConsumeAsync(BudgetSet message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Budget, message.FundId, message.BudgetId, message.Version, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop) =>
        Task.FromResult(CopyPromises.Copy(session, message.Terms));

    public Task<ConsumeResult> ConsumeAsync(AllocationEnded message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Ended, message.FundId, message.AllocationId, message.Version, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        Task.FromResult(CopyPromises.Copy(session, message.Terms));
}
