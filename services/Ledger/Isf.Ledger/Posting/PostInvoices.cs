using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the accepted part of claims, and credit notes. If the accepted part of an invoice changes later, only the
/// difference is posted; the message of each version is deferred until the version before it is posted (design §4).
/// Publishes JournalsPosted.
/// </summary>
public static class PostInvoices
{
    /// <summary>
    /// A matched invoice as the books need it; throws if an invoice that is not final leaves money unclaimed.
    /// </summary>
    public static MatchedClaim ClaimOf(InvoiceMatched invoice)
    {
        if (!invoice.Final && invoice.Parts.Any(part => part.UnclaimedPence != 0))
        {
            throw new ArgumentException(
                $"Invoice {invoice.InvoiceId} is not final: nothing of it goes back yet.", nameof(invoice));
        }
        return new MatchedClaim
        {
            FundId = invoice.FundId,
            InvoiceId = invoice.InvoiceId,
            Version = invoice.Version,
            ProviderId = invoice.ProviderId,
            CareTo = invoice.To,
            AcceptedOn = invoice.AcceptedOn,
            Parts = [.. invoice.Parts.Select(PartOf)],
        };
    }

    /// <summary>A credit note as the books need it.</summary>
    public static AcceptedCredit CreditOf(CreditNoteAccepted credit)
    {
        return new AcceptedCredit
        {
            FundId = credit.FundId,
            CreditNoteId = credit.CreditNoteId,
            ProviderId = credit.ProviderId,
            CareOn = credit.CareOn,
            AcceptedOn = credit.AcceptedOn,
            Parts =
            [
                .. credit.Parts.Select(part => new CreditPart(
                    part.AllocationId, Money.OfPence(part.Pence), Postings.SourcesOf(part.FundedBy))),
            ],
        };
    }

    private static ClaimPart PartOf(MatchedPart part) => new()
    {
        AllocationId = part.AllocationId,
        Delivered = Money.OfPence(part.DeliveredPence),
        AgreedExtra = Money.OfPence(part.AgreedExtraPence),
        Bought = Money.OfPence(part.BoughtPence),
        Unclaimed = Money.OfPence(part.UnclaimedPence),
        FundedBy = Postings.SourcesOf(part.FundedBy),
    };
}

/// <summary>Consumes matched invoices and accepted credit notes.</summary>
internal sealed class PostInvoicesConsumer(IClock clock) : IConsume<InvoiceMatched>, IConsume<CreditNoteAccepted>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(InvoiceMatched message, Session session, CancellationToken stop) =>
        Postings.TargetsAsync(session, clock, [PostingRules.InvoiceMatched(PostInvoices.ClaimOf(message))]);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(CreditNoteAccepted message, Session session, CancellationToken stop) =>
        Postings.EntriesAsync(session, clock, [PostingRules.CreditNoteAccepted(PostInvoices.CreditOf(message))]);
}
