using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>The amount to add to the prices of an allocation's visits in a period, for one kind of reason.</summary>
public sealed record AdjustedPrice
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The id of the visits' allocation; empty if they have none.</summary>
    public required string AllocationId { get; init; }

    /// <summary>The provider that is paid.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The kind of reason: set-off, minimum or rounding.</summary>
    public required string Kind { get; init; }

    /// <summary>The period's first day.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The period's last day, on which the amount counts.</summary>
    public required LocalDate To { get; init; }

    /// <summary>1 at first; each change adds one.</summary>
    public required int Version { get; init; }

    /// <summary>The whole amount; below zero if it lowers the prices.</summary>
    public required Money Amount { get; init; }

    /// <summary>
    /// The sources that the allocation names to pay the amount; empty if the agreement's spend order decides.
    /// </summary>
    public required IReadOnlyList<SourcePercent> FundedBy { get; init; }
}

/// <summary>The part of a provider's claim that has been accepted so far.</summary>
public sealed record MatchedClaim
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The invoice's own id.</summary>
    public required string InvoiceId { get; init; }

    /// <summary>1 at first; each further acceptance adds one.</summary>
    public required int Version { get; init; }

    /// <summary>The provider that claims.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The last day of care that the invoice claims for.</summary>
    public required LocalDate CareTo { get; init; }

    /// <summary>The day on which this version of the claim was accepted.</summary>
    public required LocalDate AcceptedOn { get; init; }

    /// <summary>The accepted parts, by allocation.</summary>
    public required IReadOnlyList<ClaimPart> Parts { get; init; }
}

/// <summary>The accepted part of a claim for one allocation.</summary>
public sealed record ClaimPart
{
    /// <summary>The id of the allocation; empty if the part is for care without an allocation.</summary>
    public required string AllocationId { get; init; }

    /// <summary>The amount claimed for delivered care, whose cost had accrued.</summary>
    public required Money Delivered { get; init; }

    /// <summary>The amount that the holder agreed to pay beyond the accrued money.</summary>
    public required Money AgreedExtra { get; init; }

    /// <summary>The amount for purchases on invoice, which had not accrued.</summary>
    public required Money Bought { get; init; }

    /// <summary>The accrued money that a final claim leaves unclaimed.</summary>
    public required Money Unclaimed { get; init; }

    /// <summary>
    /// The sources that the allocation names to pay the part; empty if the agreement's spend order decides.
    /// </summary>
    public required IReadOnlyList<SourcePercent> FundedBy { get; init; }
}

/// <summary>A credit note that was accepted.</summary>
public sealed record AcceptedCredit
{
    /// <summary>The fund.</summary>
    public required string FundId { get; init; }

    /// <summary>The credit note's own id.</summary>
    public required string CreditNoteId { get; init; }

    /// <summary>The provider that gives the credit.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The last day of the care that the credit note is about.</summary>
    public required LocalDate CareOn { get; init; }

    /// <summary>The day on which the credit note was accepted.</summary>
    public required LocalDate AcceptedOn { get; init; }

    /// <summary>The credited parts, by allocation.</summary>
    public required IReadOnlyList<CreditPart> Parts { get; init; }
}

/// <summary>The amount credited to one allocation, and the sources that the allocation names.</summary>
public sealed record CreditPart(string AllocationId, Money Amount, IReadOnlyList<SourcePercent> FundedBy);
