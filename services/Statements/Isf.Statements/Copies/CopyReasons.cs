using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the reason for the price of each version of a visit, and for each version of a price adjusted for several
/// visits. Consumes VisitsPriced, VisitRepriced and PriceAdjusted.
/// </summary>
public static class CopyReasons
{
    /// <summary>Stores the reasons of a batch of visits with one SQL statement.</summary>
    internal static ConsumeResult Copy(Session session, IReadOnlyList<PricedVisit> visits)
    {
        JournalTable.Save(session, visits);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes VisitsPriced, VisitRepriced and PriceAdjusted.</summary>
internal sealed class CopyReasonsConsumer : IConsume<VisitsPriced>, IConsume<VisitRepriced>, IConsume<PriceAdjusted>
{
    public Task<ConsumeResult> ConsumeAsync(VisitsPriced message, Session session, CancellationToken stop) =>
        Task.FromResult(CopyReasons.Copy(session, message.Visits));

    public Task<ConsumeResult> ConsumeAsync(PriceAdjusted message, Session session, CancellationToken stop)
    {
        JournalTable.Save(session, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(VisitRepriced message, Session session, CancellationToken stop) =>
        Task.FromResult(CopyReasons.Copy(session, message.Visits));
}
