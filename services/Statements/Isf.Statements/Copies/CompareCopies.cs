using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Compares Statements' copies of Funds' and Support's documents with the documents as these services state them.
/// Publishes nothing, because no service is to the right of Statements; Reconciliation reads the differences from the
/// table copy_differences. Consumes DocumentsStated. Source: design §2.
/// </summary>
internal sealed class CompareCopiesConsumer(CopyCheck check)
    : IConsume<Contracts.Funds.DocumentsStated>, IConsume<Contracts.Support.DocumentsStated>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(
        Contracts.Funds.DocumentsStated message, Session session, CancellationToken stop) =>
        CompareAsync(session, StatedDocuments.From(message));

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(
        Contracts.Support.DocumentsStated message, Session session, CancellationToken stop) =>
        CompareAsync(session, StatedDocuments.From(message));

    private async Task<ConsumeResult> CompareAsync(Session session, StatedDocuments stated) =>
        await check.CompareAsync(session, CopyTable.All, stated) is null
            ? ConsumeResult.DeferUntil(CopyCheck.FactsArrived) : ConsumeResult.Done;
}
