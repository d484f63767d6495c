using Isf.Contracts.Funds;
using MassTransit;
using NodaTime;

// All that the Invoicing service can say: the claim. Money is whole pence, gross of VAT that is not recovered.
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

/// <summary>A scheduled run of Invoicing was asked for, by the clock or by hand. Invoicing says it to itself.</summary>
[MessageUrn("isf:invoicing:invoicing-run-asked:v1")]
[EntityName("isf.invoicing.invoicing-run-asked.v1")]
public sealed record InvoicingRunAsked
{
    public required string HolderId { get; init; }
    /// <summary>The schedule's name: rate-holidays.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>What asked: the night it stands for, or the request's id. (schedule, asked by) runs once.</summary>
    public required string AskedBy { get; init; }
}

/// <summary>What one visit costs and why, with the minutes that Support said, unchanged.</summary>
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
    /// <summary>Carer-minutes of the plan that the visit answers.</summary>
    public required long AnswersMinutes { get; init; }
    /// <summary>Carer-minutes given beyond the plan.</summary>
    public required long ExtraMinutes { get; init; }
    /// <summary>Carer-minutes of the plan charged though not given; as Support said, unchanged.</summary>
    public long? ChargedNotGivenMinutes { get; init; }
    /// <summary>The person's own minutes, where they are not (answers + extra) ÷ carers; as Support said.</summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// True where its allocation does not cover the day, as Support said: promised/none → used/none.
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
    /// <summary>The sources that bear it, where the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
    /// <summary>on-delivery: it accrues now; on-invoice: money moves when an invoice is accepted.</summary>
    public required string Claim { get; init; }
}

/// <summary>Part of a price: minutes at one rate.</summary>
public sealed record PricePart(string RateCode, long Minutes, long Pence);

/// <summary>
/// The visits of an allocation and a period come to another price together than one by one: a set-off, a minimum, a
/// rounding by invoice. A target, whole: version n replaces n − 1 of its (allocation, kind, from, to).
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
    /// <summary>To be added to the visits' prices, in all; below zero to be taken off.</summary>
    public required long Pence { get; init; }
    /// <summary>The reason in one plain sentence, without personal words.</summary>
    public required string Because { get; init; }
    /// <summary>The sources that bear it, where the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>
/// A provider's claim was matched with care and allocations, and so much of it accepted. Sums, whole: version n
/// replaces n − 1 of the invoice, when more of it is accepted later.
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
    /// <summary>The days that it claims for.</summary>
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    /// <summary>The day on which it was accepted: it counts on it, and is about its last day.</summary>
    public required LocalDate AcceptedOn { get; init; }
    /// <summary>Whether the provider claims nothing more for these days: what is unclaimed goes back.</summary>
    public required bool Final { get; init; }
    public required IReadOnlyList<MatchedPart> Parts { get; init; }
}

/// <summary>
/// What was accepted of an invoice for one allocation (empty where there is none). Each at or above zero.
/// </summary>
public sealed record MatchedPart
{
    public required string AllocationId { get; init; }
    /// <summary>Of what the visits had accrued: accrued → owed.</summary>
    public required long DeliveredPence { get; init; }
    /// <summary>Agreed beyond what had accrued: first charged, then owed.</summary>
    public required long AgreedExtraPence { get; init; }
    /// <summary>Bought on invoice, nothing of it accrued before: charged and owed.</summary>
    public required long BoughtPence { get; init; }
    /// <summary>Accrued and never claimed, of a final claim: back to where it came from.</summary>
    public required long UnclaimedPence { get; init; }
    /// <summary>The sources that bear it, where the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>Part of an invoice is in question: it is not paid until that is settled. It moves nothing.</summary>
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
    /// <summary>The invoice that it puts right, where it names one.</summary>
    public string? InvoiceId { get; init; }
    /// <summary>The last day of the care that it is about.</summary>
    public required LocalDate CareOn { get; init; }
    public required LocalDate AcceptedOn { get; init; }
    public required IReadOnlyList<CreditedPart> Parts { get; init; }
}

/// <summary>What is credited to one allocation, above zero, and to the sources that it names.</summary>
public sealed record CreditedPart(string AllocationId, long Pence, IReadOnlyList<FundingShare>? FundedBy);

/// <summary>
/// A provider was paid accepted claims of one or many funds. Up to 500 claims; a larger payment is said in several, the
/// claims of any one fund all in one.
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
    /// <summary>The funds whose claims it had paid; up to 500, as the payment was said.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
}

/// <summary>A provider paid money back: it had been paid, and is owed again until a credit note settles it.</summary>
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
/// The holder recovered VAT that the fund had borne, and gave it to the fund: it lowers what was spent, and is no money
/// that came in.
/// </summary>
[MessageUrn("isf:invoicing:vat-recovered:v1")]
[EntityName("isf.invoicing.vat-recovered.v1")]
public sealed record VatRecovered
{
    public required string HolderId { get; init; }
    public required string FundId { get; init; }
    public required string RecoveryId { get; init; }
    /// <summary>Whose charges bore the VAT.</summary>
    public required string ProviderId { get; init; }
    public required long Pence { get; init; }
    public required LocalDate RecoveredOn { get; init; }
    /// <summary>The sources that had borne it, where the allocation names them.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}
