using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps receipts, with their amounts and the days that they are for; whether a receipt was voided is read from the
/// journals. Consumes MoneyReceived.
/// </summary>
public static class CopyReceipts
{
    /// <summary>The version of every stored receipt, because a receipt is published once and never changes.</summary>
    internal const int OnlyVersion = 1;
}

/// <summary>Consumes MoneyReceived.</summary>
internal sealed class CopyReceiptsConsumer : IConsume<MoneyReceived>
{
    public Task<ConsumeResult> ConsumeAsync(MoneyReceived message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Receipt, message.FundId, message.ReceiptId, CopyReceipts.OnlyVersion,
            message);
        return Task.FromResult(ConsumeResult.Done);
    }
}
