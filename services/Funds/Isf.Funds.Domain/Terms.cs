using System.Text.Json.Serialization;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>
/// The payer of money that comes into a fund (api.md). The books have the accounts outside/{source} and held/{source}
/// for each.
/// </summary>
public enum Source { Council = 1, Nhs, Person, TopUp, Other }

/// <summary>
/// How part of a personal budget is used; only the isf share is this fund's money (domain.md §1, row 1).
/// </summary>
public enum DeployedAs { Isf = 1, DirectPayment, CouncilManaged }

/// <summary>The nation in which a person lives, whose public holidays and rules apply.</summary>
public enum Nation { England = 1, Wales, Scotland, NorthernIreland }

/// <summary>
/// The form in which a person reads their statements (Accessible Information Standard, domain.md §3).
/// </summary>
public enum ReadingFormat { Plain = 1, EasyRead, LargePrint, Audio }

/// <summary>The language of a person's statements.</summary>
public enum Language { En = 1, Cy }

/// <summary>The kind of a provider (domain.md §1).</summary>
public enum ProviderKind
{
    Holder = 1, Agency, PersonalAssistantEmployed, PersonalAssistantSelfEmployed, MicroEnterprise, SharedLives,
    Community, Shop, Unpaid,
}

/// <summary>The arrangement under which a fund is held (domain.md §2).</summary>
public enum FundKind
{
    Isf = 1,
    [JsonStringEnumMemberName("sds-option-2")]
    SdsOption2,
    [JsonStringEnumMemberName("third-party-phb")]
    ThirdPartyPhb,
}

/// <summary>How often the council pays.</summary>
public enum PaymentEvery
{
    Week = 1,
    [JsonStringEnumMemberName("2-weeks")]
    TwoWeeks,
    [JsonStringEnumMemberName("4-weeks")]
    FourWeeks,
    Month,
}

/// <summary>How often a holder closes its periods.</summary>
public enum PeriodEvery
{
    [JsonStringEnumMemberName("4-weeks")]
    FourWeeks = 1,
    Month,
}

/// <summary>To whom the person pays their contribution (domain.md §2.2: net or gross).</summary>
public enum Contribution { ToHolder = 1, ToCouncil }

/// <summary>The source whose money is spent first: the person, the council, or all sources in proportion.</summary>
public enum SpendOrder { PersonFirst = 1, ProRata, CouncilFirst }

/// <summary>The unit of banked care: its minutes, or their value in money.</summary>
public enum BankingKeep { Minutes = 1, Money }

/// <summary>Whether a management fee comes out of the budget or on top of it.</summary>
public enum FeeMode { Within = 1, OnTop }

/// <summary>Whether an allocation is a weekly amount or a single one for a purpose.</summary>
public enum AllocationKind { Regular = 1, OneOff }

/// <summary>
/// Whether an allocation's care is charged to the fund when it is delivered, or when its invoice is accepted.
/// </summary>
public enum Claim { OnDelivery = 1, OnInvoice }

/// <summary>Why a fund closed.</summary>
public enum ClosureReason { Ended = 1, Moved, Died }

/// <summary>Why money went back.</summary>
public enum ReturnReason { Surplus = 1, Closure, Overpaid, Transfer, Other }

/// <summary>A bank account, as UK banks number them.</summary>
public sealed record BankAccount(string SortCode, string AccountNumber, string AccountName);

/// <summary>The details with which a person is registered.</summary>
public sealed record PersonDetails
{
    public required string Name { get; init; }
    public string? PreferredName { get; init; }
    public LocalDate? DateOfBirth { get; init; }
    public string? NhsNumber { get; init; }
    public string? CouncilRef { get; init; }
    public required Nation Nation { get; init; }
    public required ReadingFormat Format { get; init; }
    public required Language Language { get; init; }
}

/// <summary>Whether a provider charges VAT.</summary>
public sealed record ProviderVat(bool Registered);

/// <summary>The details with which a provider is registered.</summary>
public sealed record ProviderDetails
{
    public required string Name { get; init; }
    public required ProviderKind Kind { get; init; }
    public string? CqcLocationId { get; init; }
    public required ProviderVat Vat { get; init; }
    public BankAccount? Bank { get; init; }
}

/// <summary>A holder's own settings.</summary>
public sealed record HolderDetails
{
    public required string Name { get; init; }
    public required string Address { get; init; }
    public required string Phone { get; init; }
    public required string Email { get; init; }
    public required string Complaints { get; init; }
    public required HolderPeriods Periods { get; init; }
    public required HolderPayments Payments { get; init; }
    public required HolderTolerances Tolerances { get; init; }
}

/// <summary>How long a holder's periods are, and on which day the first one begins.</summary>
public sealed record HolderPeriods(PeriodEvery Every, LocalDate FirstOn);

/// <summary>The account that a holder pays from.</summary>
public sealed record HolderPayments(string SortCode, string AccountNumber, string AccountName,
    string? ServiceUserNumber = null);

/// <summary>How far a claim may be from the verified care before a question is asked.</summary>
public sealed record HolderTolerances(int Minutes, long Pence, int Percent);
