using System.Text.Json.Serialization;
using Isf.Prices;
using MassTransit;
using NodaTime;

// The Funds service's messages about the promise; FundsMoney.cs has those about money. Other services may rely on them.
// Funds does not publish AllocationEnded yet (design §10). Words such as "isf" or "4-weeks" are api.md's; money is
// whole pence, time whole minutes. A version of a message only gains fields; any other change is a new version beside
// it.
namespace Isf.Contracts.Funds;

/// <summary>A holder set or changed its own settings; the message has all of them.</summary>
[MessageUrn("isf:funds:holder-set:v1")]
[EntityName("isf.funds.holder-set.v1")]
public sealed record HolderSet
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required int Version { get; init; }
    public required string Name { get; init; }
    public required string Address { get; init; }
    public required string Phone { get; init; }
    public required string Email { get; init; }
    public required string Complaints { get; init; }
    public required string PeriodsEvery { get; init; }
    public required LocalDate PeriodsFirstOn { get; init; }
    public string? SortCode { get; init; }
    public string? AccountNumber { get; init; }
    public string? AccountName { get; init; }
    public string? ServiceUserNumber { get; init; }
    public required int ToleranceMinutes { get; init; }
    public required long TolerancePence { get; init; }
    public required int TolerancePercent { get; init; }
}

/// <summary>
/// A person for whom a fund may be held was registered or corrected; the message has all details. The person's salt is
/// random and made once, and goes into the hashes over the person's words.
/// </summary>
[MessageUrn("isf:funds:person-registered:v1")]
[EntityName("isf.funds.person-registered.v1")]
public sealed record PersonRegistered
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string PersonId { get; init; }
    public required int Version { get; init; }
    public required string Name { get; init; }
    public string? PreferredName { get; init; }
    public LocalDate? DateOfBirth { get; init; }
    public string? NhsNumber { get; init; }
    public string? CouncilRef { get; init; }
    public required string Nation { get; init; }
    public required string Format { get; init; }
    public required string Language { get; init; }
    public required string Salt { get; init; }
}

/// <summary>A provider that may be paid from a fund was registered or corrected; the message has all details.</summary>
[MessageUrn("isf:funds:provider-registered:v1")]
[EntityName("isf.funds.provider-registered.v1")]
public sealed record ProviderRegistered
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string ProviderId { get; init; }
    public required int Version { get; init; }
    public required string Name { get; init; }
    public required string Kind { get; init; }
    public string? CqcLocationId { get; init; }
    public required bool VatRegistered { get; init; }
    public string? SortCode { get; init; }
    public string? AccountNumber { get; init; }
    public string? AccountName { get; init; }
}

/// <summary>
/// A fund is held for a person from the day OpensOn. Its agreement follows as AgreementSigned in the same commit.
/// </summary>
[MessageUrn("isf:funds:fund-opened:v1")]
[EntityName("isf.funds.fund-opened.v1")]
public sealed record FundOpened
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string PersonId { get; init; }
    public required string CouncilId { get; init; }
    public required string Kind { get; init; }
    public required LocalDate OpensOn { get; init; }
    /// <summary>
    /// The person's nation when the fund was opened. Its public holidays count where a price list names no calendar.
    /// </summary>
    public required string Nation { get; init; }
}

/// <summary>
/// The terms on which a fund is held were agreed. A later version replaces the earlier one from the day on which it was
/// signed.
/// </summary>
[MessageUrn("isf:funds:agreement-signed:v1")]
[EntityName("isf.funds.agreement-signed.v1")]
public sealed record AgreementSigned
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required int Version { get; init; }
    public required LocalDate SignedOn { get; init; }
    public LocalDate? ReviewOn { get; init; }
    public LocalDate? EndsOn { get; init; }
    public required string PaymentEvery { get; init; }
    public required LocalDate PaymentFirstOn { get; init; }
    public required string Contribution { get; init; }
    public required string SpendOrder { get; init; }
    public int? SurplusWeeks { get; init; }
    public int? SurplusHeldForWeeks { get; init; }
    public string? BankingKeep { get; init; }
    public int? BankingExpiresAfterWeeks { get; init; }
    public int? HospitalPaidDays { get; init; }
    public int? LateVariationDays { get; init; }
    public long? ManagementFeeWeeklyPence { get; init; }
    public LocalDate? ManagementFeeFrom { get; init; }
    public string? ManagementFeeMode { get; init; }
}

/// <summary>A council's promise of a weekly amount was set or revised; version n replaces n − 1.</summary>
[MessageUrn("isf:funds:budget-set:v1")]
[EntityName("isf.funds.budget-set.v1")]
public sealed record BudgetSet
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string BudgetId { get; init; }
    public required int Version { get; init; }
    /// <summary>
    /// The day on which the budget was set or revised. The change that a revision makes counts from this day, or from
    /// the budget's first day if that is later.
    /// </summary>
    public required LocalDate SetOn { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required long WeeklyPence { get; init; }
    /// <summary>
    /// The part of the weekly budget that this fund holds; the rest is paid direct or managed by the council.
    /// </summary>
    public required long IsfWeeklyPence { get; init; }
    public required IReadOnlyList<SourceShare> Sources { get; init; }
    public long? WeeklyMinutes { get; init; }
    public required IReadOnlyList<OneOffBudget> OneOff { get; init; }
}

/// <summary>The part of a weekly budget that comes from one source.</summary>
public sealed record SourceShare(string Source, long WeeklyPence);

/// <summary>A single amount of a budget, from one source and for one purpose.</summary>
public sealed record OneOffBudget(string Purpose, string Source, long Pence);

/// <summary>Part of a fund was promised to a provider at a price list.</summary>
[MessageUrn("isf:funds:allocation-made:v1")]
[EntityName("isf.funds.allocation-made.v1")]
public sealed record AllocationMade
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required AllocationTerms Terms { get; init; }
}

/// <summary>An allocation's terms were changed; version n replaces n − 1 from the day it was revised.</summary>
[MessageUrn("isf:funds:allocation-revised:v1")]
[EntityName("isf.funds.allocation-revised.v1")]
public sealed record AllocationRevised
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required AllocationTerms Terms { get; init; }
}

/// <summary>
/// An allocation got a last day; its other terms stay. This message is version n of the allocation, which replaces
/// version n − 1 from the day on which the end was set.
/// </summary>
[MessageUrn("isf:funds:allocation-ended:v1")]
[EntityName("isf.funds.allocation-ended.v1")]
public sealed record AllocationEnded
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string AllocationId { get; init; }
    public required int Version { get; init; }
    /// <summary>
    /// The day on which the end was set. What is no longer promised is taken back on this day, or on the allocation's
    /// first day if that is later.
    /// </summary>
    public required LocalDate SetOn { get; init; }
    /// <summary>
    /// The allocation's last day. If it is before the first day, the allocation never existed and promises nothing.
    /// </summary>
    public required LocalDate To { get; init; }
}

/// <summary>All terms of an allocation.</summary>
public sealed record AllocationTerms
{
    public required string FundId { get; init; }
    public required string AllocationId { get; init; }
    public required int Version { get; init; }
    /// <summary>
    /// The day on which these terms were set. The change that a revision makes counts from this day, or from the
    /// allocation's first day if that is later.
    /// </summary>
    public required LocalDate SetOn { get; init; }
    public required string ProviderId { get; init; }
    public required string Kind { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public long? WeeklyMinutes { get; init; }
    public long? WeeklyPence { get; init; }
    public long? TotalPence { get; init; }
    public IReadOnlyList<FundingShare>? FundedBy { get; init; }
    public required string Claim { get; init; }
    public required PriceList PriceList { get; init; }
}

/// <summary>The percentage of an allocation's cost that one source bears.</summary>
public sealed record FundingShare(string Source, int Percent);

/// <summary>A person lets a supporter see parts of their fund until a day.</summary>
[MessageUrn("isf:funds:consent-given:v1")]
[EntityName("isf.funds.consent-given.v1")]
public sealed record ConsentGiven
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ConsentId { get; init; }
    /// <summary>The supporter's user id, as in the sub of their token.</summary>
    public required string Supporter { get; init; }
    public required IReadOnlyList<string> Sees { get; init; }
    public LocalDate? To { get; init; }
}

/// <summary>A consent was withdrawn.</summary>
[MessageUrn("isf:funds:consent-withdrawn:v1")]
[EntityName("isf.funds.consent-withdrawn.v1")]
public sealed record ConsentWithdrawn
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required string ConsentId { get; init; }
}

/// <summary>
/// A fund was closed, once and for good. No care, budget, allocation or fee is accepted for later days, and the money
/// that is left goes back to those it is owed to.
/// </summary>
[MessageUrn("isf:funds:fund-closed:v1")]
[EntityName("isf.funds.fund-closed.v1")]
public sealed record FundClosed
{
    [JsonRequired]
    public string HolderId { get; init; } = "";
    public required string FundId { get; init; }
    public required int Version { get; init; }
    /// <summary>The fund's last day; care on that day is still paid for.</summary>
    public required LocalDate On { get; init; }
    /// <summary>The time of day (Europe/London) of the closure, given for a death; null if none was given.</summary>
    public LocalTime? At { get; init; }
    /// <summary>ended, moved or died, which are api.md's words.</summary>
    public required string Reason { get; init; }
    /// <summary>The day on which the closure was made known.</summary>
    public required LocalDate SetOn { get; init; }
    /// <summary>The amounts owed to providers for notice; a pay run takes them up as matched claims.</summary>
    public required IReadOnlyList<NoticeCharge> Notice { get; init; }
}

/// <summary>
/// The amount owed to a provider because care ended without full notice. The charge's id is unique within the fund. The
/// reason holds personal words, so Funds keeps the reason and the message gives only its id.
/// </summary>
public sealed record NoticeCharge(string NoticeId, string ProviderId, long Pence, string WhyId);
