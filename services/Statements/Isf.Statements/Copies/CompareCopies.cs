using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Compares the copies kept here of Funds' and Support's documents with the documents that these state. No service
/// consumes Statements' messages: Reconciliation reads the differences from where they are kept. Consumes
/// DocumentsStated. Source: design §2.
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
            ? ConsumeResult.DeferUntil(CopyCheck.Arrived) : ConsumeResult.Done;
}
