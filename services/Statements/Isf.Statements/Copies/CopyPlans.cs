using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Stores the allocation that pays for each line of a plan, because the allocation's price list gives banked time its
/// price. Consumes PlanApproved.
/// </summary>
public static class CopyPlans
{
    /// <summary>The lines of a plan that are stored.</summary>
    public static IReadOnlyList<PlanLine> LinesFrom(PlanApproved message) =>
        message.Lines;
}

/// <summary>Consumes PlanApproved.</summary>
internal sealed class CopyPlansConsumer : IConsume<PlanApproved>
{
    public Task<ConsumeResult> ConsumeAsync(PlanApproved message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Plan, message.FundId, message.PlanId, message.Version,
            CopyPlans.LinesFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
