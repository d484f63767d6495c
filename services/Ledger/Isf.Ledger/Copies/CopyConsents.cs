using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;

namespace Isf.Ledger.Copies;

/// <summary>
/// Keeps the consents of funds, which say who else may see a fund's balance, journals, integrity and hours, and until
/// when. Consumes ConsentGiven and ConsentWithdrawn.
/// </summary>
internal sealed class CopyConsentsConsumer : IConsume<ConsentGiven>, IConsume<ConsentWithdrawn>
{
    public Task<ConsumeResult> ConsumeAsync(ConsentGiven message, Session session, CancellationToken stop)
    {
        Consents.Copy(session, message);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(ConsentWithdrawn message, Session session, CancellationToken stop)
    {
        Consents.Copy(session, message);
        return Task.FromResult(ConsumeResult.Done);
    }
}
