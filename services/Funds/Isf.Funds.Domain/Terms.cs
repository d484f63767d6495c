using System.Text.Json.Serialization;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>
/// The payer of money that comes into a fund. The books have the accounts outside/{source} and held/{source} for each.
/// </summary>
public enum Source { Council = 1, Nhs, Person, TopUp, Other }

/// <summary>
/// How part of a personal budget is used: held in this fund, paid to the person as a direct payment, or managed by the
/// council. Only the isf part is this fund's money.
/// </summary>
public enum DeployedAs { Isf = 1, DirectPayment, CouncilManaged }

/// <summary>The nation in which a person lives, whose public holidays and rules apply.</summary>
public enum Nation { England = 1, Wales, Scotland, NorthernIreland }

/// <summary>
/// The form in which a person reads their statements, which the Accessible Information Standard lets them choose.
/// </summary>
public enum ReadingFormat { Plain = 1, EasyRead, LargePrint, Audio }

/// <summary>The language of a person's statements.</summary>
public enum Language { En = 1, Cy }

/// <summary>
/// The kind of a provider, which decides whether it can be registered with the CQC and which price floors its rates are
/// compared with.
/// </summary>
public enum ProviderKind
{
    Holder = 1, Agency, PersonalAssistantEmployed, PersonalAssistantSelfEmployed, MicroEnterprise, SharedLives,
    Community, Shop, Unpaid,
}

/// <summary>
/// The arrangement under which a fund is held: an Individual Service Fund, option 2 of self-directed support in
/// Scotland, or a personal health budget held by a third party.
/// </summary>
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

/// <summary>
/// To whom the person pays their contribution: to the holder, so that the council pays net of it, or to the council,
/// which then pays gross.
/// </summary>
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
/// <param name="SortCode">The sort code: six digits, with or without dashes between the pairs.</param>
/// <param name="AccountNumber">The account number: eight digits.</param>
/// <param name="AccountName">The name of the account, in at most 70 characters.</param>
public sealed record BankAccount(string SortCode, string AccountNumber, string AccountName);

/// <summary>The details with which a person is registered.</summary>
public record PersonDetails
{
    /// <summary>The person's full name.</summary>
    public required string Name { get; init; }

    /// <summary>The name by which the person likes to be called; null if it is the same.</summary>
    public string? PreferredName { get; init; }

    /// <summary>The date of birth; null if it is not known.</summary>
    public LocalDate? DateOfBirth { get; init; }

    /// <summary>The NHS number: ten digits, of which the last checks the others; null if it is not known.</summary>
    public string? NhsNumber { get; init; }

    /// <summary>The council's reference for the person; null if it gave none.</summary>
    public string? CouncilRef { get; init; }

    /// <summary>The nation in which the person lives, whose public holidays and rules apply.</summary>
    public required Nation Nation { get; init; }

    /// <summary>The form in which the person reads their statements.</summary>
    public required ReadingFormat Format { get; init; }

    /// <summary>The language of the person's statements.</summary>
    public required Language Language { get; init; }
}

/// <summary>Whether a provider charges VAT.</summary>
/// <param name="Registered">Whether the provider is registered for VAT.</param>
public sealed record ProviderVat(bool Registered);

/// <summary>The details with which a provider is registered.</summary>
public record ProviderDetails
{
    /// <summary>The provider's name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of provider.</summary>
    public required ProviderKind Kind { get; init; }

    /// <summary>The location id under which the CQC registers the provider; null if it does not.</summary>
    public string? CqcLocationId { get; init; }

    /// <summary>Whether the provider charges VAT.</summary>
    public required ProviderVat Vat { get; init; }

    /// <summary>The account to which the provider is paid; null if it is not known.</summary>
    public BankAccount? Bank { get; init; }
}

/// <summary>A holder's own settings.</summary>
public record HolderDetails
{
    /// <summary>The holder's name, as statements print it.</summary>
    public required string Name { get; init; }

    /// <summary>The holder's postal address.</summary>
    public required string Address { get; init; }

    /// <summary>The telephone number that people may ring.</summary>
    public required string Phone { get; init; }

    /// <summary>The address to which people may write an email.</summary>
    public required string Email { get; init; }

    /// <summary>How to complain, as statements print it.</summary>
    public required string Complaints { get; init; }

    /// <summary>How long the holder's periods are.</summary>
    public required HolderPeriods Periods { get; init; }

    /// <summary>The account that the holder pays from.</summary>
    public required HolderPayments Payments { get; init; }

    /// <summary>How far a claim may be from the verified care before a question is asked.</summary>
    public required HolderTolerances Tolerances { get; init; }
}

/// <summary>How long a holder's periods are, and on which day the first one begins.</summary>
/// <param name="Every">The length of a period.</param>
/// <param name="FirstOn">The first day of the first period.</param>
public sealed record HolderPeriods(PeriodEvery Every, LocalDate FirstOn);

/// <summary>The account that a holder pays from.</summary>
/// <param name="SortCode">The sort code: six digits, with or without dashes between the pairs.</param>
/// <param name="AccountNumber">The account number: eight digits.</param>
/// <param name="AccountName">The name of the account, in at most 70 characters.</param>
/// <param name="ServiceUserNumber">The number under which the holder sends Bacs payments; null if it has none.</param>
public sealed record HolderPayments(string SortCode, string AccountNumber, string AccountName,
    string? ServiceUserNumber = null);

/// <summary>How far a claim may be from the verified care before a question is asked.</summary>
/// <param name="Minutes">The minutes by which a visit may differ.</param>
/// <param name="Pence">The pence by which an amount may differ.</param>
/// <param name="Percent">The percent by which an amount may differ.</param>
public sealed record HolderTolerances(int Minutes, long Pence, int Percent);
