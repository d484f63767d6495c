using Isf.Measures;
using Isf.Prices;
using NodaTime;

namespace Isf.Funds.Domain;

/// <summary>A fund as it is held for a person: the person, the council, the first day and the terms.</summary>
public record FundDetails
{
    /// <summary>The person for whom the fund is held.</summary>
    public required string PersonId { get; init; }

    /// <summary>The council or NHS board that pays.</summary>
    public required string CouncilId { get; init; }

    /// <summary>The arrangement under which the fund is held.</summary>
    public required FundKind Kind { get; init; }

    /// <summary>The fund's first day.</summary>
    public required LocalDate OpensOn { get; init; }

    /// <summary>The terms that were agreed.</summary>
    public required Agreement Agreement { get; init; }
}

/// <summary>
/// The terms of a fund. Every figure is this agreement's own, because councils agree on different ones.
/// </summary>
public sealed record Agreement
{
    /// <summary>The day on which the agreement was signed, from which its terms are in force.</summary>
    public required LocalDate SignedOn { get; init; }

    /// <summary>The day of the next review; null if none is set.</summary>
    public LocalDate? ReviewOn { get; init; }

    /// <summary>The last day of the agreement; null if it has none.</summary>
    public LocalDate? EndsOn { get; init; }

    /// <summary>Who signed it, at most 20 names.</summary>
    public required IReadOnlyList<string> Parties { get; init; }

    /// <summary>How often the council pays.</summary>
    public required PaymentTerms Payment { get; init; }

    /// <summary>To whom the person pays their contribution.</summary>
    public required Contribution Contribution { get; init; }

    /// <summary>The source whose money is spent first.</summary>
    public required SpendOrder SpendOrder { get; init; }

    /// <summary>The surplus that may be kept; null if the agreement does not limit it.</summary>
    public SurplusTerms? Surplus { get; init; }

    /// <summary>How missed care is kept for later; null if it is given up.</summary>
    public BankingTerms? Banking { get; init; }

    /// <summary>The paid days of a hospital stay; null if the price list alone decides.</summary>
    public HospitalTerms? Hospital { get; init; }

    /// <summary>The number of days within which a late change is still accepted; null if none is agreed.</summary>
    public int? LateVariationDays { get; init; }

    /// <summary>The holder's fee; null if it charges none.</summary>
    public ManagementFeeTerms? ManagementFee { get; init; }
}

/// <summary>How often the council pays, and on which day first.</summary>
/// <param name="Every">The time from one payment to the next.</param>
/// <param name="FirstOn">The day of the first payment.</param>
public sealed record PaymentTerms(PaymentEvery Every, LocalDate FirstOn);

/// <summary>The surplus that may be kept, in weeks of the budget, and the maximum number of weeks it is kept.</summary>
/// <param name="Weeks">The weeks of the budget that may be kept, from 0 to 520.</param>
/// <param name="HeldForWeeks">The weeks for which it is kept, from 0 to 520.</param>
public sealed record SurplusTerms(int Weeks, int HeldForWeeks);

/// <summary>Whether missed care is kept as minutes or as money, and for how long.</summary>
/// <param name="Keep">Whether its minutes or their value is kept.</param>
/// <param name="ExpiresAfterWeeks">The weeks after which it expires, from 1 to 520.</param>
public sealed record BankingTerms(BankingKeep Keep, int ExpiresAfterWeeks);

/// <summary>The number of days of a hospital stay that are paid.</summary>
/// <param name="PaidDays">The number of days, from 0 to 3660.</param>
public sealed record HospitalTerms(int PaidDays);

/// <summary>The clause about the management fee, which holds from a day on.</summary>
/// <param name="WeeklyPence">The fee of a week.</param>
/// <param name="From">The first day for which the fee is charged.</param>
/// <param name="Mode">Whether the fee comes out of the budget or on top of it.</param>
public sealed record ManagementFeeTerms(long WeeklyPence, LocalDate From, FeeMode Mode)
{
    /// <summary>The fee of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A council's promise of a weekly amount for a range of days.</summary>
public record BudgetDetails
{
    /// <summary>The first day.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The last day; null if the budget has no end.</summary>
    public LocalDate? To { get; init; }

    /// <summary>The budget of a week.</summary>
    public required long WeeklyPence { get; init; }

    /// <summary>Who gives the weekly budget; the parts sum to it.</summary>
    public required IReadOnlyList<BudgetSource> Sources { get; init; }

    /// <summary>How the weekly budget is used; the parts sum to it.</summary>
    public required IReadOnlyList<BudgetDeployment> Deployment { get; init; }

    /// <summary>The most minutes that may be promised a week; null without a limit.</summary>
    public long? WeeklyMinutes { get; init; }

    /// <summary>Amounts that are given once, for a purpose each.</summary>
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
/// <param name="Source">The source.</param>
/// <param name="WeeklyPence">The amount of a week.</param>
public sealed record BudgetSource(Source Source, long WeeklyPence)
{
    /// <summary>The amount of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A weekly amount used in one way.</summary>
/// <param name="As">The way of using it.</param>
/// <param name="WeeklyPence">The amount of a week.</param>
public sealed record BudgetDeployment(DeployedAs As, long WeeklyPence)
{
    /// <summary>The amount of a week.</summary>
    public Money Weekly() => new(WeeklyPence);
}

/// <summary>A one-off amount for a purpose.</summary>
/// <param name="Purpose">What the amount is for.</param>
/// <param name="Source">The source that gives it.</param>
/// <param name="Pence">The amount.</param>
public sealed record BudgetOneOff(string Purpose, Source Source, long Pence)
{
    /// <summary>The amount.</summary>
    public Money Amount() => new(Pence);
}

/// <summary>Part of a fund promised to a provider at a price list.</summary>
public record AllocationDetails
{
    /// <summary>The provider to which the part is promised.</summary>
    public required string ProviderId { get; init; }

    /// <summary>Whether the part is a weekly amount or a single one.</summary>
    public required AllocationKind Kind { get; init; }

    /// <summary>The first day.</summary>
    public required LocalDate From { get; init; }

    /// <summary>The last day; null if the allocation has no end.</summary>
    public LocalDate? To { get; init; }

    /// <summary>The minutes that it buys a week; null if it does not say.</summary>
    public long? WeeklyMinutes { get; init; }

    /// <summary>The amount of a week; null for a one-off.</summary>
    public long? WeeklyPence { get; init; }

    /// <summary>The amount of a one-off; null for a weekly allocation.</summary>
    public long? TotalPence { get; init; }

    /// <summary>The sources to which it is tied; null if the agreement's spendOrder decides.</summary>
    public IReadOnlyList<AllocationFunding>? FundedBy { get; init; }

    /// <summary>When its care is charged to the fund.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The prices that were agreed with the provider.</summary>
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
/// <param name="Source">The source.</param>
/// <param name="Percent">The percentage, from 1 to 100; all of them make 100.</param>
public sealed record AllocationFunding(Source Source, int Percent);
