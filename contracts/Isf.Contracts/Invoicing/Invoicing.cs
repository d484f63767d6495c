using Isf.Contracts.Funds;
using MassTransit;
using NodaTime;

// All messages that the Invoicing service publishes: the claim. Money is whole pence, gross of VAT that is not
// recovered.
namespace Isf.Contracts.Invoicing;

/// <summary>Visits were priced (all of them, also at 0 pence): up to 500, at version 1 each.</summary>
[MessageUrn("isf:invoicing:visits-priced:v1")]
[EntityName("isf.invoicing.visits-priced.v1")]
public sealed record VisitsPriced
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<PricedVisit> Visits { get; init; }
}

/// <summary>Visits were priced again after a correction: up to 500, each whole, at version n replacing n − 1.</summary>
[MessageUrn("isf:invoicing:visit-repriced:v1")]
[EntityName("isf.invoicing.visit-repriced.v1")]
public sealed record VisitRepriced
{
    public required string HolderId { get; init; }
    public required IReadOnlyList<PricedVisit> Visits { get; init; }
}

/// <summary>
/// A scheduled run of Invoicing was requested, by clock or by hand. Invoicing publishes it to itself.
/// </summary>
[MessageUrn("isf:invoicing:invoicing-run-asked:v1")]
[EntityName("isf.invoicing.invoicing-run-asked.v1")]
public sealed record InvoicingRunAsked
{
    public required string HolderId { get; init; }
    /// <summary>The schedule's name: rate-holidays.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>Who asked: a night of the clock, or a request's id. Each (schedule, asked by) runs once.</summary>
    public required string AskedBy { get; init; }
}

/// <summary>The cost of one visit and its reason, with the minutes that Support published, unchanged.</summary>
public sealed record PricedVisit
{
    public required string VisitId { get; init; }
    public required int Version { get; init; }
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public required string AllocationId { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate CareOn { get; init; }
    public required string Outcome { get; init; }
    /// <summary>Carer-minutes of the plan that the visit fulfils.</summary>
    public required long AnswersMinutes { get; init; }
    /// <summary>Carer-minutes given beyond the plan.</summary>
    public required long ExtraMinutes { get; init; }
    /// <summary>Carer-minutes of the plan charged though not given; as Support published them, unchanged.</summary>
    public long? ChargedNotGivenMinutes { get; init; }
    /// <summary>The person's own minutes, where not (answers + extra) ÷ carers; as Support published them.</summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// True where the visit's allocation does not cover the day, as Support published it: promised/none → used/none.
    /// </summary>
    public bool? NotCovered { get; init; }
    public required int Carers { get; init; }
    /// <summary>Minutes charged after the list's basis, before carers are counted.</summary>
    public required long ChargedMinutes { get; init; }
    public required long Pence { get; init; }
    public required long NetPence { get; init; }
    public required long VatPence { get; init; }
    public required string VatCode { get; init; }
    public required IReadOnlyList<PricePart> Parts { get; init; }
    /// <summary>The price's reason in one plain sentence, without personal words.</summary>
    public required string Because { get; init; }
    /// <summary>The sources that bear it, if the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
    /// <summary>on-delivery: it accrues now; on-invoice: money moves when an invoice is accepted.</summary>
    public required string Claim { get; init; }
}

/// <summary>Part of a price: minutes at one rate.</summary>
public sealed record PricePart(string RateCode, long Minutes, long Pence);

/// <summary>
/// The price of an allocation's visits in a period differs from the sum of each visit's price: by a set-off, a minimum
/// or a rounding by invoice. A target, whole: version n replaces n − 1 of its (allocation, kind, from, to).
/// </summary>
[MessageUrn("isf:invoicing:price-adjusted:v1")]
[EntityName("isf.invoicing.price-adjusted.v1")]
public sealed record PriceAdjusted
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string AllocationId { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>set-off, minimum or rounding.</summary>
    public required string Kind { get; init; }
    public required LocalDate From { get; init; }
    /// <summary>The last day of the period: the adjustment counts on it.</summary>
    public required LocalDate To { get; init; }
    public required int Version { get; init; }
    /// <summary>The whole amount to add to the visits' prices; below zero it lowers them.</summary>
    public required long Pence { get; init; }
    /// <summary>The reason in one plain sentence, without personal words.</summary>
    public required string Because { get; init; }
    /// <summary>The sources that bear it, if the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>
/// A provider's claim was matched with care and allocations, and all or part of it accepted. The sums are whole:
/// version n replaces n − 1 of the invoice, when more of it is accepted later.
/// </summary>
[MessageUrn("isf:invoicing:invoice-matched:v1")]
[EntityName("isf.invoicing.invoice-matched.v1")]
public sealed record InvoiceMatched
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string InvoiceId { get; init; }
    public required int Version { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>The first of the days that the invoice claims for.</summary>
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    /// <summary>The day on which it was accepted and counts; it is about the last day claimed for.</summary>
    public required LocalDate AcceptedOn { get; init; }
    /// <summary>Whether the provider claims nothing more for these days: the unclaimed rest then goes back.</summary>
    public required bool Final { get; init; }
    public required IReadOnlyList<MatchedPart> Parts { get; init; }
}

/// <summary>
/// The accepted part of an invoice for one allocation (id empty without one). Each amount is at or above zero.
/// </summary>
public sealed record MatchedPart
{
    public required string AllocationId { get; init; }
    /// <summary>The part that the visits had accrued: accrued → owed.</summary>
    public required long DeliveredPence { get; init; }
    /// <summary>The part agreed beyond what had accrued: first charged, then owed.</summary>
    public required long AgreedExtraPence { get; init; }
    /// <summary>The part bought on invoice, with nothing accrued before: charged and owed.</summary>
    public required long BoughtPence { get; init; }
    /// <summary>Accrued and left unclaimed by a final claim: back to where it came from.</summary>
    public required long UnclaimedPence { get; init; }
    /// <summary>The sources that bear it, if the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>Part of an invoice is in question, and not paid until that is settled. A query moves nothing.</summary>
[MessageUrn("isf:invoicing:invoice-queried:v1")]
[EntityName("isf.invoicing.invoice-queried.v1")]
public sealed record InvoiceQueried
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string InvoiceId { get; init; }
    public required int Version { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate QueriedOn { get; init; }
    public required long QueriedPence { get; init; }
    /// <summary>The reasons' codes, such as not-delivered or above-price.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}

/// <summary>A provider takes back part of a claim that had been accepted.</summary>
[MessageUrn("isf:invoicing:credit-note-accepted:v1")]
[EntityName("isf.invoicing.credit-note-accepted.v1")]
public sealed record CreditNoteAccepted
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string CreditNoteId { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>The invoice that the credit note corrects, if it names one.</summary>
    public string? InvoiceId { get; init; }
    /// <summary>The last day of the care that the credit note is about.</summary>
    public required LocalDate CareOn { get; init; }
    public required LocalDate AcceptedOn { get; init; }
    public required IReadOnlyList<CreditedPart> Parts { get; init; }
}

/// <summary>The amount credited to one allocation, above zero, and the sources that the allocation names.</summary>
public sealed record CreditedPart(string AllocationId, long Pence, IReadOnlyList<FundingShare>? FundedBy);

/// <summary>
/// A provider was paid accepted claims of one or many funds. Up to 500 claims; a larger payment is published in several
/// messages, all claims of one fund in the same one.
/// </summary>
[MessageUrn("isf:invoicing:payment-made:v1")]
[EntityName("isf.invoicing.payment-made.v1")]
public sealed record PaymentMade
{
    public required string HolderId { get; init; }
    public required string PaymentId { get; init; }
    public required string PayRunId { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate PaidOn { get; init; }
    public required IReadOnlyList<PaidClaim> Claims { get; init; }
}

/// <summary>
/// A fund's claim that a payment settles: an invoice's, a fee's (the provider is then holder) or a notice charge's.
/// </summary>
public sealed record PaidClaim(string FundId, string ClaimId, long Pence);

/// <summary>The bank returned a payment whole: its claims are owed again from that day.</summary>
[MessageUrn("isf:invoicing:payment-returned:v1")]
[EntityName("isf.invoicing.payment-returned.v1")]
public sealed record PaymentReturned
{
    public required string HolderId { get; init; }
    public required string PaymentId { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate ReturnedOn { get; init; }
    public required string Why { get; init; }
    /// <summary>The funds whose claims it had paid; up to 500, as in the payment's messages.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
}

/// <summary>A provider paid money back: the money is owed again until a credit note settles it.</summary>
[MessageUrn("isf:invoicing:provider-repaid:v1")]
[EntityName("isf.invoicing.provider-repaid.v1")]
public sealed record ProviderRepaid
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string RepaymentId { get; init; }
    public required string ProviderId { get; init; }
    public required long Pence { get; init; }
    public required LocalDate RepaidOn { get; init; }
    public string? Reference { get; init; }
}

/// <summary>
/// The holder recovered VAT that the fund had borne, and gave it to the fund: this lowers the spending, and does not
/// count as money received.
/// </summary>
[MessageUrn("isf:invoicing:vat-recovered:v1")]
[EntityName("isf.invoicing.vat-recovered.v1")]
public sealed record VatRecovered
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string RecoveryId { get; init; }
    /// <summary>The provider whose charges bore the VAT.</summary>
    public required string ProviderId { get; init; }
    public required long Pence { get; init; }
    public required LocalDate RecoveredOn { get; init; }
    /// <summary>The sources that had borne it, if the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}
