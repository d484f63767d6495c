using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>A fund as it is held for a person: the person, the council, the first day and the terms.</summary>
public sealed record FundDetails
{
    public required string PersonId { get; init; }
    public required string CouncilId { get; init; }
    public required FundKind Kind { get; init; }
    public required LocalDate OpensOn { get; init; }
    public required Agreement Agreement { get; init; }
}

/// <summary>
/// The terms of a fund. Every figure is this agreement's own, because councils differ (domain.md §2.2).
/// </summary>
public sealed record Agreement
{
    public required LocalDate SignedOn { get; init; }
    public LocalDate? ReviewOn { get; init; }
    public LocalDate? EndsOn { get; init; }
    public required IReadOnlyList<string> Parties { get; init; }
    public required PaymentTerms Payment { get; init; }
    public required Contribution Contribution { get; init; }
    public required SpendOrder SpendOrder { get; init; }
    public SurplusTerms? Surplus { get; init; }
    public BankingTerms? Banking { get; init; }
    public HospitalTerms? Hospital { get; init; }
    public int? LateVariationDays { get; init; }
    public ManagementFeeTerms? ManagementFee { get; init; }
}

/// <summary>How often the council pays, and on which day first.</summary>
public sealed record PaymentTerms(PaymentEvery Every, LocalDate FirstOn);

/// <summary>The surplus that may be kept, in weeks of the budget, and the maximum number of weeks it is kept.</summary>
public sealed record SurplusTerms(int Weeks, int HeldForWeeks);

/// <summary>Whether missed care is kept as minutes or as money, and for how long.</summary>
public sealed record BankingTerms(BankingKeep Keep, int ExpiresAfterWeeks);

/// <summary>The number of days of a hospital stay that are paid.</summary>
public sealed record HospitalTerms(int PaidDays);

/// <summary>The clause about the management fee, which holds from a day on.</summary>
public sealed record ManagementFeeTerms(long WeeklyPence, LocalDate From, FeeMode Mode)
{
    /// <summary>The fee of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A council's promise of a weekly amount for a range of days.</summary>
public sealed record BudgetDetails
{
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public required long WeeklyPence { get; init; }
    public required IReadOnlyList<BudgetSource> Sources { get; init; }
    public required IReadOnlyList<BudgetDeployment> Deployment { get; init; }
    public long? WeeklyMinutes { get; init; }
    public IReadOnlyList<BudgetOneOff>? OneOff { get; init; }

    /// <summary>The days from From to To, both included; without an end if To is null.</summary>
    internal CarePeriod Days => new(From, To);

    /// <summary>The budget of a week.</summary>
    public Money Weekly() => new(WeeklyPence);

    /// <summary>The part of the weekly budget that this fund holds.</summary>
    public Money IsfWeekly() =>
        Money.Sum(Deployment.Where(part => part.As == DeployedAs.Isf).Select(part => part.Weekly()));

    /// <summary>The limit of minutes a week; null without a limit.</summary>
    public Minutes? WeeklyLimit() => WeeklyMinutes is { } minutes ? new(minutes) : null;
}

/// <summary>A weekly amount from one source.</summary>
public sealed record BudgetSource(Source Source, long WeeklyPence)
{
    /// <summary>The amount of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A weekly amount used in one way.</summary>
public sealed record BudgetDeployment(DeployedAs As, long WeeklyPence)
{
    /// <summary>The amount of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A one-off amount for a purpose.</summary>
public sealed record BudgetOneOff(string Purpose, Source Source, long Pence)
{
    /// <summary>The amount.</summary>
    public Money Amount() => new(Pence);
}

/// <summary>Part of a fund promised to a provider at a price list.</summary>
public sealed record AllocationDetails
{
    public required string ProviderId { get; init; }
    public required AllocationKind Kind { get; init; }
    public required LocalDate From { get; init; }
    public LocalDate? To { get; init; }
    public long? WeeklyMinutes { get; init; }
    public long? WeeklyPence { get; init; }
    public long? TotalPence { get; init; }
    public IReadOnlyList<AllocationFunding>? FundedBy { get; init; }
    public required Claim Claim { get; init; }
    public required PriceList PriceList { get; init; }

    /// <summary>The days from From to To, both included; without an end if To is null.</summary>
    internal CarePeriod Days => new(From, To);

    /// <summary>The amount promised a week; nothing for a one-off.</summary>
    public Money Weekly() => new(WeeklyPence ?? 0);

    /// <summary>The minutes promised a week; none if the allocation states none.</summary>
    public Minutes WeeklyTime() => new(WeeklyMinutes ?? 0);

    /// <summary>The amount of a one-off; nothing for a regular allocation.</summary>
    public Money Total() => new(TotalPence ?? 0);

    /// <summary>The percentage of the cost that a source bears.</summary>
    public int PercentOf(Source source) =>
        (FundedBy ?? []).Where(share => share.Source == source).Sum(share => share.Percent);
}

/// <summary>The percentage of an allocation's cost that one source bears.</summary>
public sealed record AllocationFunding(Source Source, int Percent);
