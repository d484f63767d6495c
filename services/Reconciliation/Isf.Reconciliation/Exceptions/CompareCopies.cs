using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Reconciliation.Copies;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Compares Reconciliation's copies of Funds' documents with the documents that Funds states. Consumes DocumentsStated;
/// publishes ExceptionRaised and ExceptionResolved. Source: design §2.
/// </summary>
internal sealed class CompareCopiesConsumer(CopyCheck check, IClock clock) : IConsume<Contracts.Funds.DocumentsStated>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(
        Contracts.Funds.DocumentsStated message, Session session, CancellationToken stop)
    {
        if (await check.CompareAsync(session, CopyTable.All, StatedDocuments.From(message)) is not { } changes)
            return ConsumeResult.DeferUntil(CopyCheck.FactsArrived);
        await RaiseCopyDifferences.FollowAsync(session, "reconciliation", message.StatedAt, changes.Found, changes.Gone,
            clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }
}
