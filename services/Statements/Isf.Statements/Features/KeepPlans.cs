using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps which allocation pays for which line of a plan, because the allocation gives banked time its price. Consumes
/// PlanApproved.
/// </summary>
public static class KeepPlans
{
    /// <summary>The kept lines of a plan.</summary>
    public static IReadOnlyList<PlanLine> Of(PlanApproved said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return said.Lines;
    }
}

/// <summary>Consumes PlanApproved.</summary>
public sealed class KeepPlansConsumer : IConsume<PlanApproved>
{
    public Task<ConsumeResult> ConsumeAsync(PlanApproved message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Plan, message.FundId, message.PlanId, message.Version, KeepPlans.Of(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
