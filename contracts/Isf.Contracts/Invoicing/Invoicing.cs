using System.Text.Json.Serialization;
using Isf.Contracts.Funds;
using MassTransit;
using NodaTime;

// All messages of the Invoicing service, about the cost of care and about claims. Invoicing does not publish the
// messages about invoices, payments and recovered VAT yet (design §10), but the Ledger already posts them. Money is
// whole pence, gross of VAT that is not recovered.
namespace Isf.Contracts.Invoicing;

/// <summary>
/// Up to 500 visits were priced for the first time, each at version 1. Every visit gets a price, if only of 0 pence.
/// </summary>
[MessageUrn("isf:invoicing:visits-priced:v1")]
[EntityName("isf.invoicing.visits-priced.v1")]
public sealed record VisitsPriced
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<PricedVisit> Visits { get; init; }
}

/// <summary>
/// Up to 500 visits were priced again: after a correction, or because of new terms, holidays or miles. Each price is
/// complete and not a difference. Version n of a price replaces version n − 1.
/// </summary>
[MessageUrn("isf:invoicing:visit-repriced:v1")]
[EntityName("isf.invoicing.visit-repriced.v1")]
public sealed record VisitRepriced
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required IReadOnlyList<PricedVisit> Visits { get; init; }
}

/// <summary>
/// A scheduled run of Invoicing was requested, by the clock or by hand. Invoicing publishes this to itself.
/// </summary>
[MessageUrn("isf:invoicing:invoicing-run-asked:v1")]
[EntityName("isf.invoicing.invoicing-run-asked.v1")]
public sealed record InvoicingRunAsked
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    /// <summary>The schedule's name: rate-holidays.</summary>
    public required string Schedule { get; init; }
    public required LocalDate UpTo { get; init; }
    /// <summary>
    /// The night or hour of a scheduled run, or asked-1, asked-2 … for a run by hand. A schedule runs once for each
    /// AskedBy.
    /// </summary>
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
    /// <summary>Carer-minutes of the plan that are charged though not given, as Support published them.</summary>
    public long? ChargedNotGivenMinutes { get; init; }
    /// <summary>
    /// The person's own minutes, as Support published them; null if they equal (answers + extra) ÷ carers.
    /// </summary>
    public long? PersonMinutes { get; init; }
    /// <summary>
    /// True if Support published that the visit's allocation does not cover the day; null otherwise. If it is true, the
    /// Ledger posts the promise from promised/none to used/none.
    /// </summary>
    public bool? NotCovered { get; init; }
    public required int Carers { get; init; }
    /// <summary>The minutes that the price list's basis charges, before carers are counted.</summary>
    public required long ChargedMinutes { get; init; }
    public required long Pence { get; init; }
    public required long NetPence { get; init; }
    public required long VatPence { get; init; }
    public required string VatCode { get; init; }
    public required IReadOnlyList<PricePart> Parts { get; init; }
    /// <summary>The price's reason in one plain sentence, without personal words.</summary>
    public required string Because { get; init; }
    /// <summary>The sources that bear the amount; null if the allocation names none.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
    /// <summary>
    /// on-delivery if the price accrues at once; on-invoice if money moves only when an invoice is accepted.
    /// </summary>
    public required string Claim { get; init; }
}

/// <summary>The part of a price that comes from one rate; the minutes are 0 if the rate's unit has none.</summary>
/// <param name="RateCode">The rate's code in the price list.</param>
/// <param name="Minutes">The minutes at this rate.</param>
/// <param name="Pence">Their price.</param>
public sealed record PricePart(string RateCode, long Minutes, long Pence);

/// <summary>
/// The price of an allocation's visits in a period differs from the sum of their prices, because of a set-off, a
/// minimum charge or a rounding by invoice. Pence is the whole difference. Version n replaces version n − 1 with the
/// same allocation, kind, from and to.
/// </summary>
[MessageUrn("isf:invoicing:price-adjusted:v1")]
[EntityName("isf.invoicing.price-adjusted.v1")]
public sealed record PriceAdjusted
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string AllocationId { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>set-off, minimum or rounding.</summary>
    public required string Kind { get; init; }
    public required LocalDate From { get; init; }
    /// <summary>The last day of the period, on which the adjustment counts.</summary>
    public required LocalDate To { get; init; }
    public required int Version { get; init; }
    /// <summary>The whole amount to add to the visits' prices; below zero it lowers them.</summary>
    public required long Pence { get; init; }
    /// <summary>The reason in one plain sentence, without personal words.</summary>
    public required string Because { get; init; }
    /// <summary>The sources that bear the amount; null if the allocation names none.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>
/// A provider's claim was matched with care and allocations, and all or part of it was accepted. The amounts are
/// totals; if more of the invoice is accepted later, version n replaces version n − 1.
/// </summary>
[MessageUrn("isf:invoicing:invoice-matched:v1")]
[EntityName("isf.invoicing.invoice-matched.v1")]
public sealed record InvoiceMatched
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string InvoiceId { get; init; }
    public required int Version { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>The first of the days that the invoice claims for.</summary>
    public required LocalDate From { get; init; }
    public required LocalDate To { get; init; }
    /// <summary>
    /// The day on which the claim was accepted. The journal counts on that day, and its day of care is the last day
    /// claimed for.
    /// </summary>
    public required LocalDate AcceptedOn { get; init; }
    /// <summary>Whether the provider claims nothing more for these days; the unclaimed rest then goes back.</summary>
    public required bool Final { get; init; }
    public required IReadOnlyList<MatchedPart> Parts { get; init; }
}

/// <summary>
/// The accepted part of an invoice for one allocation; the id is empty for care without an allocation. Each amount is
/// zero or more.
/// </summary>
public sealed record MatchedPart
{
    public required string AllocationId { get; init; }
    /// <summary>The part that the visits had accrued; it is posted accrued → owed.</summary>
    public required long DeliveredPence { get; init; }
    /// <summary>The part agreed beyond what had accrued; it is first charged, then owed.</summary>
    public required long AgreedExtraPence { get; init; }
    /// <summary>The part bought on invoice, for which nothing had accrued; it is charged and owed at once.</summary>
    public required long BoughtPence { get; init; }
    /// <summary>
    /// The part that had accrued and that a final claim leaves unclaimed; it goes back to where it came from.
    /// </summary>
    public required long UnclaimedPence { get; init; }
    /// <summary>The sources that bear the amount; null if the allocation names none.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}

/// <summary>
/// Part of an invoice is in question, and is not paid until the question is settled. A query posts nothing.
/// </summary>
[MessageUrn("isf:invoicing:invoice-queried:v1")]
[EntityName("isf.invoicing.invoice-queried.v1")]
public sealed record InvoiceQueried
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
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
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string CreditNoteId { get; init; }
    public required string ProviderId { get; init; }
    /// <summary>The invoice that the credit note corrects; null if the credit note names none.</summary>
    public string? InvoiceId { get; init; }
    /// <summary>The last day of the care that the credit note is about.</summary>
    public required LocalDate CareOn { get; init; }
    public required LocalDate AcceptedOn { get; init; }
    public required IReadOnlyList<CreditedPart> Parts { get; init; }
}

/// <summary>The amount credited to one allocation, above zero, and the sources that the allocation names.</summary>
public sealed record CreditedPart(string AllocationId, long Pence, IReadOnlyList<FundingShare>? FundedBy);

/// <summary>
/// A provider was paid accepted claims of one or many funds. A message has up to 500 claims; a larger payment is
/// published in several messages, with all claims of one fund in the same message.
/// </summary>
[MessageUrn("isf:invoicing:payment-made:v1")]
[EntityName("isf.invoicing.payment-made.v1")]
public sealed record PaymentMade
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string PaymentId { get; init; }
    public required string PayRunId { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate PaidOn { get; init; }
    public required IReadOnlyList<PaidClaim> Claims { get; init; }
}

/// <summary>
/// A claim on a fund that a payment settles. It comes from an invoice, a notice charge or a management fee; the payee
/// of a fee is called holder.
/// </summary>
public sealed record PaidClaim(string FundId, string ClaimId, long Pence);

/// <summary>The bank returned a whole payment; its claims are owed again from the day of the return.</summary>
[MessageUrn("isf:invoicing:payment-returned:v1")]
[EntityName("isf.invoicing.payment-returned.v1")]
public sealed record PaymentReturned
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string PaymentId { get; init; }
    public required string ProviderId { get; init; }
    public required LocalDate ReturnedOn { get; init; }
    public required string Why { get; init; }
    /// <summary>The funds whose claims the payment had paid; up to 500, as in the payment's messages.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }
}

/// <summary>
/// A provider paid money back. The amount is owed to the provider again until a credit note settles it.
/// </summary>
[MessageUrn("isf:invoicing:provider-repaid:v1")]
[EntityName("isf.invoicing.provider-repaid.v1")]
public sealed record ProviderRepaid
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string RepaymentId { get; init; }
    public required string ProviderId { get; init; }
    public required long Pence { get; init; }
    public required LocalDate RepaidOn { get; init; }
    public string? Reference { get; init; }
}

/// <summary>
/// The holder recovered VAT that the fund had borne, and gave it to the fund. The amount lowers the fund's spending,
/// and does not count as money received.
/// </summary>
[MessageUrn("isf:invoicing:vat-recovered:v1")]
[EntityName("isf.invoicing.vat-recovered.v1")]
public sealed record VatRecovered
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string RecoveryId { get; init; }
    /// <summary>The provider whose charges bore the VAT.</summary>
    public required string ProviderId { get; init; }
    public required long Pence { get; init; }
    public required LocalDate RecoveredOn { get; init; }
    /// <summary>The sources that had borne the VAT; null if the allocation names none.</summary>
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
}
