using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Invoicing.Copies;

/// <summary>
/// Compares Invoicing's copies of Funds' documents with what Funds states. Consumes DocumentsStated; publishes
/// CopyDiffers. Source: design §2.
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
