using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>Every refusal of allocations and budgets, each reached by one change to an acceptable request.</summary>
public sealed class Promises_never_exceed_the_budget
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly LocalDate Today = new(2026, 5, 1);

    private static readonly FundDetails Terms = new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = FundKind.Isf, OpensOn = new(2026, 3, 30),
        Agreement = new()
        {
            SignedOn = new(2026, 3, 30), Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, Start),
            Contribution = Contribution.ToHolder, SpendOrder = SpendOrder.PersonFirst,
        },
    };

    private static readonly Fund Fund = new("F-1", Terms, Nation.England);
    private static readonly Provider Provider =
        new("V-1", new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) });

    private static readonly Budget Budget = new("B-1", "F-1", Today, new()
    {
        From = Start, To = new(2027, 4, 4), WeeklyPence = 42000, WeeklyMinutes = 1050,
        Sources = [new(Source.Council, 36000), new(Source.Person, 6000)], Deployment = [new(DeployedAs.Isf, 42000)],
        OneOff = [new("bed rail", Source.Council, 8500)],
    });

    private static readonly Allocation Weekly = new("A-1", "F-1", Today, new()
    {
        ProviderId = "V-1", Kind = AllocationKind.Regular, From = Start, To = new(2027, 4, 4), WeeklyPence = 24000,
        WeeklyMinutes = 600,
        Claim = Claim.OnDelivery,
        PriceList = new() { Rates = [new() { Code = "weekday", Unit = PriceUnit.Hour, Pence = 2400 }] },
    });

    private static readonly Allocation Once = Weekly with
    {
        Id = "A-2",
        Details = Weekly.Details with
        {
            Kind = AllocationKind.OneOff,
            WeeklyPence = null,
            WeeklyMinutes = null,
            TotalPence = 8500
        },
    };

    public static TheoryData<string, AllocateToProvider.Refusal?, Func<AllocationDetails, AllocationDetails>>
        Allocations => new()
    {
        { "as it is", null, terms => terms },
        { "of the whole budget", null, terms => terms with { WeeklyPence = 42000, WeeklyMinutes = 1050 } },
        { "that ends before it starts", AllocateToProvider.Refusal.EndsBeforeItStarts,
            terms => terms with { To = Start.PlusDays(-1) } },
        { "from a day before the budget", AllocateToProvider.Refusal.OutsideBudgetPeriod,
            terms => terms with { From = Start.PlusDays(-1) } },
        { "up to a day after the budget", AllocateToProvider.Refusal.OutsideBudgetPeriod,
            terms => terms with { To = new(2027, 4, 5) } },
        { "without an end", AllocateToProvider.Refusal.OutsideBudgetPeriod, terms => terms with { To = null } },
        { "without an amount", AllocateToProvider.Refusal.WrongAmounts, terms => terms with { WeeklyPence = null } },
        { "with two amounts", AllocateToProvider.Refusal.WrongAmounts, terms => terms with { TotalPence = 1 } },
        { "of which 99 % are funded", AllocateToProvider.Refusal.FundingDoesNotSum,
            terms => terms with { FundedBy = [new(Source.Nhs, 99)] } },
        // £240.00 a week: the person contributes up to £60.00 of it, and the council up to £360.00.
        { "of which the person funds £60.00", null,
            terms => terms with { FundedBy = [new(Source.Person, 25), new(Source.Council, 75)] } },
        { "of which the person funds more", AllocateToProvider.Refusal.BeyondSource,
            terms => terms with { FundedBy = [new(Source.Person, 26), new(Source.Council, 74)] } },
        { "of which somebody funds a part who puts nothing in", AllocateToProvider.Refusal.BeyondSource,
            terms => terms with { FundedBy = [new(Source.Nhs, 1), new(Source.Council, 99)] } },
        { "without minutes", AllocateToProvider.Refusal.MinutesNeeded, terms => terms with { WeeklyMinutes = null } },
        { "of no minutes", null, terms => terms with { WeeklyMinutes = 0 } },
        { "with an empty price list", AllocateToProvider.Refusal.PriceListCannotBeApplied,
            terms => terms with { PriceList = new() { Rates = [] } } },
        { "of a penny too much", AllocateToProvider.Refusal.ExceedsBudgetPence,
            terms => terms with { WeeklyPence = 42001 } },
        { "of a minute too much", AllocateToProvider.Refusal.ExceedsBudgetMinutes,
            terms => terms with { WeeklyMinutes = 1051 } },
    };

    [Theory]
    [MemberData(nameof(Allocations))]
    public void An_allocation(
        string which, AllocateToProvider.Refusal? why, Func<AllocationDetails, AllocationDetails> change)
    {
        var request = Weekly with { Details = change(Weekly.Details) };
        Assert.Equal(
            (which, why), (which, AllocateToProvider.Decide(Fund, Provider, null, [Budget], [], request).Refusal));
    }

    [Fact]
    public void An_allocation_needs_its_fund() => Assert.Equal(
        AllocateToProvider.Refusal.UnknownFund,
        AllocateToProvider.Decide(null, Provider, null, [Budget], [], Weekly).Refusal);

    [Fact]
    public void An_allocation_needs_its_provider() => Assert.Equal(
        AllocateToProvider.Refusal.UnknownProvider,
        AllocateToProvider.Decide(Fund, null, null, [Budget], [], Weekly).Refusal);

    [Fact]
    public void An_allocation_stays_with_its_provider() => Assert.Equal(
        AllocateToProvider.Refusal.CannotChangeHands,
        AllocateToProvider.Decide(Fund, Provider, Weekly, [Budget], [Weekly],
            Weekly with { Details = Weekly.Details with { ProviderId = "V-2" } }).Refusal);

    [Fact]
    public void A_revision_does_not_count_what_it_replaces()
    {
        var more = Weekly with { Details = Weekly.Details with { WeeklyPence = 42000 } };
        Assert.Null(AllocateToProvider.Decide(Fund, Provider, Weekly, [Budget], [Weekly], more).Refusal);
    }

    [Theory]
    [InlineData(8500, null)]
    [InlineData(8501, AllocateToProvider.Refusal.ExceedsOneOffPence)]
    public void One_off_promises_are_bounded_by_the_one_off_budget(long pence, AllocateToProvider.Refusal? why)
    {
        var request = Once with { Details = Once.Details with { TotalPence = pence } };
        Assert.Equal(why, AllocateToProvider.Decide(Fund, Provider, null, [Budget], [Weekly], request).Refusal);
    }

    public static TheoryData<string, SetBudget.Refusal?, Func<BudgetDetails, BudgetDetails>> Budgets => new()
    {
        { "as it is", null, terms => terms },
        { "that ends before it starts", SetBudget.Refusal.EndsBeforeItStarts,
            terms => terms with { To = Start.PlusDays(-1) } },
        { "to which sources put less", SetBudget.Refusal.SourcesDoNotSum,
            terms => terms with { Sources = [new(Source.Council, 36000)] } },
        { "of which a penny is deployed nowhere", SetBudget.Refusal.DeploymentDoesNotSum,
            terms => terms with { Deployment = [new(DeployedAs.Isf, 41999)] } },
        { "into the days of the next", SetBudget.Refusal.OverlapsAnotherBudget,
            terms => terms with { To = new(2027, 4, 5) } },
        { "with what is promised in the fund", null,
            terms => terms with { Deployment = [new(DeployedAs.Isf, 24000), new(DeployedAs.DirectPayment, 18000)] } },
        { "with a penny less in the fund", SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { Deployment = [new(DeployedAs.Isf, 23999), new(DeployedAs.DirectPayment, 18001)] } },
        { "of a minute less than is promised", SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { WeeklyMinutes = 599 } },
        { "without the one-off that is promised", SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { OneOff = [] } },
        { "from a day after the promise begins", SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { From = Start.PlusDays(1) } },
        { "up to a day before the promise ends", SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { To = new(2027, 4, 3) } },
    };

    [Theory]
    [MemberData(nameof(Budgets))]
    public void A_budget(string which, SetBudget.Refusal? why, Func<BudgetDetails, BudgetDetails> change)
    {
        var next = Budget with { Id = "B-2", Details = Budget.Details with { From = new(2027, 4, 5), To = null } };
        var request = Budget with { Details = change(Budget.Details) };
        Assert.Equal(
            (which, why), (which, SetBudget.Decide(Fund, Budget, [Budget, next], [Weekly, Once], request).Refusal));
    }

    [Fact]
    public void A_budget_needs_its_fund() => Assert.Equal(
        SetBudget.Refusal.UnknownFund, SetBudget.Decide(null, null, [], [], Budget).Refusal);

    [Fact]
    public void A_budget_stays_with_its_fund() => Assert.Equal(
        SetBudget.Refusal.CannotChangeHands,
        SetBudget.Decide(Fund, Budget with { FundId = "F-2" }, [], [], Budget).Refusal);
}
