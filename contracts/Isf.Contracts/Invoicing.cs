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
