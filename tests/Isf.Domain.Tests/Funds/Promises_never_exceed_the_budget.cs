using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Funds.Funds;
using Isf.Funds.Holders;
using Isf.Funds.People;
using Isf.Funds.Providers;
using Isf.Funds.Receipts;
using Isf.Hosting.Http;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>Every refusal of the Funds service, each reached by one change to an acceptable request.</summary>
public sealed class Promises_never_exceed_the_budget
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly LocalDate Today = new(2026, 5, 1);

    private static readonly PersonDetails Ada =
        new() { Name = "Ada", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En };

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

    public static TheoryData<AllocateToProvider.Refusal?, Func<AllocationDetails, AllocationDetails>> Allocations =>
        new()
    {
        { null, terms => terms },
        { null, terms => terms with { WeeklyPence = 42000, WeeklyMinutes = 1050 } },
        { AllocateToProvider.Refusal.EndsBeforeItStarts, terms => terms with { To = Start.PlusDays(-1) } },
        { AllocateToProvider.Refusal.OutsideBudgetPeriod, terms => terms with { From = Start.PlusDays(-1) } },
        { AllocateToProvider.Refusal.OutsideBudgetPeriod, terms => terms with { To = new(2027, 4, 5) } },
        { AllocateToProvider.Refusal.OutsideBudgetPeriod, terms => terms with { To = null } },
        { AllocateToProvider.Refusal.WrongAmounts, terms => terms with { WeeklyPence = null } },
        { AllocateToProvider.Refusal.WrongAmounts, terms => terms with { TotalPence = 1 } },
        { AllocateToProvider.Refusal.FundingDoesNotSum, terms => terms with { FundedBy = [new(Source.Nhs, 99)] } },
        // £240.00 a week: the person contributes up to £60.00 of it, and the council up to £360.00.
        { null, terms => terms with { FundedBy = [new(Source.Person, 25), new(Source.Council, 75)] } },
        { AllocateToProvider.Refusal.BeyondSource,
            terms => terms with { FundedBy = [new(Source.Person, 26), new(Source.Council, 74)] } },
        { AllocateToProvider.Refusal.BeyondSource,
            terms => terms with { FundedBy = [new(Source.Nhs, 1), new(Source.Council, 99)] } },
        { AllocateToProvider.Refusal.MinutesNeeded, terms => terms with { WeeklyMinutes = null } },
        { null, terms => terms with { WeeklyMinutes = 0 } },
        { AllocateToProvider.Refusal.PriceListCannotBeApplied,
            terms => terms with { PriceList = new() { Rates = [] } } },
        { AllocateToProvider.Refusal.ExceedsBudgetPence, terms => terms with { WeeklyPence = 42001 } },
        { AllocateToProvider.Refusal.ExceedsBudgetMinutes, terms => terms with { WeeklyMinutes = 1051 } },
    };

    [Theory]
    [MemberData(nameof(Allocations))]
    public void An_allocation(AllocateToProvider.Refusal? why, Func<AllocationDetails, AllocationDetails> change)
    {
        var request = Weekly with { Details = change(Weekly.Details) };
        Assert.Equal(why, AllocateToProvider.Decide(Fund, Provider, null, [Budget], [], request).Refusal);
    }

    [Fact]
    public void An_allocation_needs_its_fund_its_provider_and_stays_with_them()
    {
        Assert.Equal(AllocateToProvider.Refusal.UnknownFund,
            AllocateToProvider.Decide(null, Provider, null, [Budget], [], Weekly).Refusal);
        Assert.Equal(AllocateToProvider.Refusal.UnknownProvider,
            AllocateToProvider.Decide(Fund, null, null, [Budget], [], Weekly).Refusal);
        var moved = Weekly with { Details = Weekly.Details with { ProviderId = "V-2" } };
        Assert.Equal(AllocateToProvider.Refusal.CannotChangeHands,
            AllocateToProvider.Decide(Fund, Provider, Weekly, [Budget], [Weekly], moved).Refusal);
    }

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

    public static TheoryData<SetBudget.Refusal?, Func<BudgetDetails, BudgetDetails>> Budgets => new()
    {
        { null, terms => terms },
        { SetBudget.Refusal.EndsBeforeItStarts, terms => terms with { To = Start.PlusDays(-1) } },
        { SetBudget.Refusal.BeforeFundOpens, terms => terms with { From = new(2026, 3, 29) } },
        { SetBudget.Refusal.SourcesDoNotSum, terms => terms with { Sources = [new(Source.Council, 36000)] } },
        { SetBudget.Refusal.DeploymentDoesNotSum, terms => terms with { Deployment = [new(DeployedAs.Isf, 41999)] } },
        { SetBudget.Refusal.OverlapsAnotherBudget, terms => terms with { To = new(2027, 4, 5) } },
        { null,
            terms => terms with { Deployment = [new(DeployedAs.Isf, 24000), new(DeployedAs.DirectPayment, 18000)] } },
        { SetBudget.Refusal.LessThanIsPromised,
            terms => terms with { Deployment = [new(DeployedAs.Isf, 23999), new(DeployedAs.DirectPayment, 18001)] } },
        { SetBudget.Refusal.LessThanIsPromised, terms => terms with { WeeklyMinutes = 599 } },
        { SetBudget.Refusal.LessThanIsPromised, terms => terms with { OneOff = [] } },
        { SetBudget.Refusal.LessThanIsPromised, terms => terms with { From = Start.PlusDays(1) } },
        { SetBudget.Refusal.LessThanIsPromised, terms => terms with { To = new(2027, 4, 3) } },
    };

    [Theory]
    [MemberData(nameof(Budgets))]
    public void A_budget(SetBudget.Refusal? why, Func<BudgetDetails, BudgetDetails> change)
    {
        var next = Budget with { Id = "B-2", Details = Budget.Details with { From = new(2027, 4, 5), To = null } };
        var request = Budget with { Details = change(Budget.Details) };
        Assert.Equal(why, SetBudget.Decide(Fund, Budget, [Budget, next], [Weekly, Once], request).Refusal);
    }

    [Fact]
    public void A_budget_needs_its_fund_and_stays_with_it()
    {
        Assert.Equal(SetBudget.Refusal.UnknownFund, SetBudget.Decide(null, null, [], [], Budget).Refusal);
        Assert.Equal(SetBudget.Refusal.CannotChangeHands,
            SetBudget.Decide(Fund, Budget with { FundId = "F-2" }, [], [], Budget).Refusal);
    }

    [Fact]
    public void A_fund_stays_with_its_person_and_ends_after_it_opens()
    {
        var person = new Person("P-1", Ada, "salt");
        Assert.Null(OpenFund.Decide(null, person, "F-1", Terms).Refusal);
        Assert.Equal(OpenFund.Refusal.UnknownPerson, OpenFund.Decide(null, null, "F-1", Terms).Refusal);
        Assert.Equal(OpenFund.Refusal.CannotChangeHands,
            OpenFund.Decide(Fund, person, "F-1", Terms with { CouncilId = "E2" }).Refusal);
        Assert.Equal(OpenFund.Refusal.EndsBeforeItOpens, OpenFund.Decide(null, person, "F-1",
            Terms with { Agreement = Terms.Agreement with { EndsOn = new(2026, 3, 29) } }).Refusal);
        Assert.Equal(OpenFund.Refusal.PaymentsLongBefore, OpenFund.Decide(null, person, "F-1",
            Terms with
            {
                Agreement =
                Terms.Agreement with { Payment = new(PaymentEvery.Week, new(2025, 3, 29)) }
            }).Refusal);
        Assert.Null(OpenFund.Decide(Fund, person, "F-1",
            Terms with { Agreement = Terms.Agreement with { SpendOrder = SpendOrder.ProRata } }).Refusal);
    }

    [Theory]
    [InlineData("9434765919", null)]
    [InlineData("9434765910", RegisterPerson.Refusal.NoSuchNhsNumber)]
    [InlineData("943476591", RegisterPerson.Refusal.NoSuchNhsNumber)]
    public void An_NHS_number_checks_itself(string number, RegisterPerson.Refusal? why) =>
        Assert.Equal(why, RegisterPerson.Decide(null, "P-1", Ada with { NhsNumber = number }, Today,
            () => "salt").Refusal);

    [Fact]
    public void A_person_is_born_before_today_and_keeps_their_salt()
    {
        Assert.Equal(RegisterPerson.Refusal.BornInTheFuture,
            RegisterPerson.Decide(null, "P-1", Ada with { DateOfBirth = Today.PlusDays(1) }, Today,
                () => "salt").Refusal);
        var repeated = RegisterPerson.Decide(new Person("P-1", Ada, "first"), "P-1", Ada, Today, () => "second");
        Assert.Equal("first", repeated.Value!.Salt);
    }

    [Fact]
    public void Providers_and_holders_need_accounts_that_can_exist()
    {
        var bank = new BankAccount("12-34-5", "12345678", "BROOK");
        Assert.Equal(RegisterProvider.Refusal.NoSuchBankAccount,
            RegisterProvider.Decide("V-1", Provider.Details with { Bank = bank }).Refusal);
        Assert.Null(
            RegisterProvider.Decide("V-1",
                Provider.Details with { Bank = bank with { SortCode = "12-34-56" } }).Refusal);
        Assert.Equal(RegisterProvider.Refusal.CannotBeRegulated, RegisterProvider.Decide("V-1",
            Provider.Details with { Kind = ProviderKind.MicroEnterprise, CqcLocationId = "1-1234567890" }).Refusal);
        var holder = new HolderDetails
        {
            Name = "Sunrise", Address = "1 Road", Phone = "0", Email = "a@b", Complaints = "write",
            Periods = new(PeriodEvery.FourWeeks, Start),
            Payments = new("123456", "1234567", "SUNRISE"), Tolerances = new(15, 100, 2),
        };
        Assert.Equal(SetHolder.Refusal.NoSuchBankAccount, SetHolder.Decide("sunrise", holder).Refusal);
    }

    [Fact]
    public void Money_comes_into_a_known_fund_for_days_in_order()
    {
        var receipt = new Receipt("R-1", "F-1", new() { Source = Source.Council, Pence = 1, ReceivedOn = Start });
        Assert.Equal(ReceiveMoney.Refusal.UnknownFund, ReceiveMoney.Decide(null, receipt).Refusal);
        Assert.Equal(ReceiveMoney.Refusal.EndsBeforeItStarts, ReceiveMoney.Decide(Fund,
            receipt with { Details = receipt.Details with { ForFrom = Start, ForTo = Start.PlusDays(-1) } }).Refusal);
        var moneyReturn = new MoneyReturn("X-1", "F-1",
            new() { Source = Source.Council, Pence = 1, PaidOn = Start, Reason = ReturnReason.Surplus });
        Assert.Equal(ReturnMoney.Refusal.UnknownFund,
            ReturnMoney.Decide(null, [receipt], [], moneyReturn, Role.HolderFinance).Refusal);
        Assert.Null(ReturnMoney.Decide(Fund, [receipt], [], moneyReturn, Role.HolderFinance).Refusal);
    }
}
