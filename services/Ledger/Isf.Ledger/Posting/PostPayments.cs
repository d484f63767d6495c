using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts money that left the bank for providers, one journal for each payment and fund, and money that came back:
/// payments returned by the bank, repayments by providers, and recovered VAT (design §4). If the bank's return of a
/// payment arrives before the payment, it is deferred until the payment is posted. Publishes JournalsPosted.
/// </summary>
public static class PostPayments
{
    /// <summary>The entries of a payment, one for each fund, with the sum of that fund's claims.</summary>
    public static IReadOnlyList<Entry> EntriesOf(PaymentMade payment)
    {
        return
        [
            .. payment.Claims.GroupBy(claim => claim.FundId, StringComparer.Ordinal)
                .Select(fund => PostingRules.PaymentMade(
                    fund.Key, payment.PaymentId, payment.ProviderId,
                    Money.Sum(fund.Select(claim => Money.OfPence(claim.Pence))), payment.PaidOn)),
        ];
    }

    internal static async Task<ConsumeResult> ReturnAsync(PaymentReturned returned, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [.. returned.FundIds]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        var cause = new PostingCause("payment-made", returned.PaymentId);
        var payments = returned.FundIds.Distinct(StringComparer.Ordinal)
            .Select(fund => (FundId: fund, Id: JournalId.From(session.HolderId, fund, cause.Message, cause))).ToList();
        await batch.LoadExistingAsync(payments);
        var missing = payments.FindIndex(payment => batch.Find(payment.Id) is null);
        if (missing >= 0)
            return ConsumeResult.DeferUntil(KeyOf(payments[missing].FundId, returned.PaymentId));
        var entries = payments
            .ConvertAll(payment => PostingRules.PaymentReturned(batch.Find(payment.Id)!, returned.ReturnedOn));
        await batch.LoadExistingAsync(entries);
        foreach (var entry in entries)
            batch.Post(entry);
        await batch.CompleteAsync();
        return ConsumeResult.Done;
    }

    internal static string KeyOf(string fundId, string paymentId) => $"payment/{fundId}/{paymentId}";
}

/// <summary>Consumes payments made and returned, repayments by providers, and recovered VAT.</summary>
internal sealed class PostPaymentsConsumer(IClock clock)
    : IConsume<PaymentMade>, IConsume<PaymentReturned>, IConsume<ProviderRepaid>, IConsume<VatRecovered>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(PaymentMade message, Session session, CancellationToken stop)
    {
        var entries = PostPayments.EntriesOf(message);
        return Postings.EntriesAsync(
            session, clock, entries, [.. entries.Select(entry => PostPayments.KeyOf(entry.FundId, message.PaymentId))]);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(PaymentReturned message, Session session, CancellationToken stop) =>
        PostPayments.ReturnAsync(message, session, clock);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(ProviderRepaid message, Session session, CancellationToken stop)
    {
        return Postings.EntriesAsync(session, clock,
        [
            PostingRules.ProviderRepaid(
                message.FundId, message.RepaymentId, message.ProviderId, Money.OfPence(message.Pence),
                message.RepaidOn),
        ]);
    }

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(VatRecovered message, Session session, CancellationToken stop)
    {
        return Postings.EntriesAsync(session, clock,
        [
            PostingRules.VatRecovered(
                message.FundId, message.RecoveryId, Money.OfPence(message.Pence),
                Postings.SourcesOf(message.FundedBy), message.RecoveredOn),
        ]);
    }
}
