using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the reason for the cost of each visit, or of a price adjusted for many, by version. Consumes VisitsPriced,
/// VisitRepriced and PriceAdjusted.
/// </summary>
public static class KeepReasons
{
    /// <summary>Keeps a batch in one statement.</summary>
    internal static ConsumeResult Keep(Session session, IReadOnlyList<PricedVisit> visits)
    {
        Books.Keep(session, visits);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes VisitsPriced, VisitRepriced and PriceAdjusted.</summary>
public sealed class KeepReasonsConsumer : IConsume<VisitsPriced>, IConsume<VisitRepriced>, IConsume<PriceAdjusted>
{
    public Task<ConsumeResult> ConsumeAsync(VisitsPriced message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepReasons.Keep(session, message.Visits));
    }

    public Task<ConsumeResult> ConsumeAsync(PriceAdjusted message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Books.Keep(session, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(VisitRepriced message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepReasons.Keep(session, message.Visits));
    }
}
