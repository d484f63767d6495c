using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts money received and money returned, and reverses voided receipts and returns (design §4). A void that arrives
/// before its receipt or return is deferred until that is posted. Publishes JournalsPosted, and FundOverdrawn if the
/// money held falls below zero or rises back to zero or more. A return is never refused here: if it exceeds the money
/// held, ReturnedBeyondHeld reports it.
/// </summary>
public static class PostMoney
{
    internal static async Task<ConsumeResult> PostAsync(Entry entry, string key, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [entry.FundId]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        await batch.LoadExistingAsync([entry]);
        var isNew = batch.Find(JournalId.From(session.HolderId, entry.FundId, entry.Kind, entry.Cause)) is null;
        var journal = batch.Post(entry);
        await batch.CompleteAsync();
        if (isNew && entry.Moves is [{ To.Kind: "outside" } payment])
            await ReturnedBeyond.FellAsync(session, journal, payment.To.About, _ => true);
        else
            await ReturnedBeyond.RoseAsync(session, entry.FundId);
        session.ReleaseDeferred(key);
        return ConsumeResult.Done;
    }

    internal static async Task<ConsumeResult> VoidAsync(
        string fundId, PostingCause of, Func<Journal, Entry> reversal, string key, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        var voided = JournalId.From(session.HolderId, fundId, of.Message, of);
        await batch.LoadExistingAsync([(fundId, voided)]);
        if (batch.Find(voided) is not { } journal)
            return ConsumeResult.DeferUntil(key);
        var entry = reversal(journal);
        await batch.LoadExistingAsync([entry]);
        var isNew = batch.Find(JournalId.From(session.HolderId, fundId, entry.Kind, entry.Cause)) is null;
        var posted = batch.Post(entry);
        await batch.CompleteAsync();
        // A receipt was voided. If the source or the fund is now below zero, the reason may be that care cost more
        // than is left. ReturnedBeyondHeld is therefore published only if the source got more back than it paid in.
        if (isNew && entry.Moves is [{ To.Kind: "outside" } never])
            await ReturnedBeyond.FellAsync(session, posted, never.To.About, left => left.PaidInPence < 0);
        else
            await ReturnedBeyond.RoseAsync(session, fundId);
        return ConsumeResult.Done;
    }

    internal static string ReceiptKey(string fundId, string receiptId) => $"receipt/{fundId}/{receiptId}";

    internal static string ReturnKey(string fundId, string returnId) => $"return/{fundId}/{returnId}";
}

/// <summary>Consumes receipts and returns, made and voided.</summary>
internal sealed class PostMoneyConsumer(IClock clock)
    : IConsume<MoneyReceived>, IConsume<ReceiptVoided>, IConsume<MoneyReturned>, IConsume<ReturnVoided>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(MoneyReceived message, Session session, CancellationToken stop)
    {
        return PostMoney.PostAsync(
            PostingRules.MoneyReceived(
                message.FundId, message.ReceiptId, message.Source, Money.OfPence(message.Pence), message.ReceivedOn),
            PostMoney.ReceiptKey(message.FundId, message.ReceiptId), session, clock);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(ReceiptVoided message, Session session, CancellationToken stop)
    {
        return PostMoney.VoidAsync(
            message.FundId, new PostingCause("money-received", message.ReceiptId), PostingRules.ReceiptVoided,
            PostMoney.ReceiptKey(message.FundId, message.ReceiptId), session, clock);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(MoneyReturned message, Session session, CancellationToken stop)
    {
        return PostMoney.PostAsync(
            PostingRules.MoneyReturned(
                message.FundId, message.ReturnId, message.Source, Money.OfPence(message.Pence), message.PaidOn),
            PostMoney.ReturnKey(message.FundId, message.ReturnId), session, clock);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(ReturnVoided message, Session session, CancellationToken stop)
    {
        return PostMoney.VoidAsync(
            message.FundId, new PostingCause("money-returned", message.ReturnId), PostingRules.ReturnVoided,
            PostMoney.ReturnKey(message.FundId, message.ReturnId), session, clock);
    }
}
