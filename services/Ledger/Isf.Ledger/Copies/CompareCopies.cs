using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Ledger.Copies;

/// <summary>
/// Compares the Ledger's copies of Funds' documents with the documents as Funds states them. Consumes DocumentsStated;
/// publishes CopyDiffers. Source: design §2.
/// </summary>
internal sealed class CompareCopiesConsumer(CopyCheck check) : IConsume<Contracts.Funds.DocumentsStated>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(
        Contracts.Funds.DocumentsStated message, Session session, CancellationToken stop)
    {
        if (await check.CompareAsync(session, CopyTable.All, StatedDocuments.From(message)) is not { } changes)
            return ConsumeResult.DeferUntil(CopyCheck.FactsArrived);
        if (changes.Any)
        {
            session.Publish(new CopyDiffers
            {
                StatedAt = message.StatedAt, Found = changes.Found, Gone = changes.Gone,
            }, $"{session.MessageId}", changes.FundIds());
        }
        return ConsumeResult.Done;
    }
}
