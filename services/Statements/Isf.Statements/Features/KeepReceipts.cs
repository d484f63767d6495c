using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the days that each receipt is for; the money itself, and whether it was voided, is in the journals. Consumes
/// MoneyReceived.
/// </summary>
public static class KeepReceipts
{
    /// <summary>A receipt is published once and never changes.</summary>
    internal const int OnlyVersion = 1;
}

/// <summary>Consumes MoneyReceived.</summary>
public sealed class KeepReceiptsConsumer : IConsume<MoneyReceived>
{
    public Task<ConsumeResult> ConsumeAsync(MoneyReceived message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Receipt, message.FundId, message.ReceiptId, KeepReceipts.OnlyVersion, message);
        return Task.FromResult(ConsumeResult.Done);
    }
}
