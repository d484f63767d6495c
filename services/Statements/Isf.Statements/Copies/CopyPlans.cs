using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the lines of plans with the allocation that pays for each, because that allocation's price list decides what
/// banked time is worth. Consumes PlanApproved.
/// </summary>
public static class CopyPlans
{
    /// <summary>The only field of a plan that Statements keeps: its lines.</summary>
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
