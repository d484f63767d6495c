using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Funds.Fees;
using Isf.Funds.Funds;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>Tests every refusal of closures and fees, and the figures of a fee.</summary>
public sealed class Funds_are_closed_once
{
    private static readonly LocalDate Opens = new(2026, 3, 30);
    private static readonly LocalDate June = new(2026, 6, 1);
    private static readonly LocalDate Last = new(2026, 8, 12);

    private static readonly FundDetails Terms = new()
    {
        PersonId = "P-1", CouncilId = "E1", Kind = FundKind.Isf, OpensOn = Opens,
        Agreement = new()
        {
            SignedOn = Opens, Parties = ["person"], Payment = new(PaymentEvery.FourWeeks, Opens),
            Contribution = Contribution.ToHolder, SpendOrder = SpendOrder.PersonFirst,
            ManagementFee = new(1_250, June, FeeMode.Within),
        },
    };

    private static readonly Fund Fund = new("F-1", Terms, Nation.England);

    private static CloseFund.Refusal? Why(Fund? fund, LocalDate on, LocalDateTime? moment = null) => CloseFund.Decide(
        fund, ["V-1"],
        new("F-1", Last, new()
        {
            On = on, Reason = ClosureReason.Died,
            Notice = [new() { ProviderId = "V-1", Pence = 16_800, Why = "seven days" }],
        }), moment).Refusal;

    public static TheoryData<string, Fund?, LocalDate, LocalDateTime?, CloseFund.Refusal?> Closures => new()
    {
        { "of an unknown fund", null, Last, null, CloseFund.Refusal.UnknownFund },
        { "before the fund opens", Fund, Opens.PlusDays(-1), null, CloseFund.Refusal.BeforeFundOpens },
        { "on the day it opens", Fund, Opens, null, null },
        { "at a moment of another day", Fund, Last, Last.PlusDays(1).AtMidnight(),
            CloseFund.Refusal.MomentOnAnotherDay },
        { "at a moment of its day", Fund, Last, Last.At(new LocalTime(14, 0)), null },
    };

    [Theory]
    [MemberData(nameof(Closures))]
    public void A_closure_is_refused_for_its_first_reason(
        string name, Fund? fund, LocalDate on, LocalDateTime? moment, CloseFund.Refusal? why) =>
        Assert.Equal((name, why), (name, Why(fund, on, moment)));

    [Fact]
    public void A_notice_is_for_a_provider_that_is_known() =>
        Assert.Equal(CloseFund.Refusal.UnknownProvider, CloseFund.Decide(Fund, [], new("F-1", Last, new()
        {
            On = Last, Reason = ClosureReason.Ended,
            Notice = [new() { ProviderId = "V-1", Pence = 1, Why = "seven days" }],
        }), null).Refusal);

    private static Decision<Fee, ChargeFee.Refusal> Charged(
        LocalDate from, LocalDate to, LocalDate? lastDay = null, params Fee[] before) =>
        ChargeFee.Decide(Fund, before, lastDay, "FE-1", "F-1", new() { From = from, To = to });

    [Fact]
    public void A_fee_is_the_clauses_weekly_pence_times_days_by_seven()
    {
        // £12.50 a week from 1 June: four weeks of June cost £50.00, one day £1.79.
        Assert.Equal(5_000, Charged(June, June.PlusDays(27)).Value!.Pence);
        Assert.Equal(179, Charged(June, June).Value!.Pence);
    }

    public static TheoryData<string, LocalDate, LocalDate, ChargeFee.Refusal?> Fees => new()
    {
        { "that ends before it starts", June, June.PlusDays(-1), ChargeFee.Refusal.EndsBeforeItStarts },
        { "for May", June.PlusDays(-31), June.PlusDays(-1), ChargeFee.Refusal.OutsideClause },
        { "from the last day of May", June.PlusDays(-1), June.PlusDays(27), ChargeFee.Refusal.OutsideClause },
        { "from the first of June", June, June.PlusDays(27), null },
        { "up to the last day of the fund", Last, Last, null },
        { "up to the day after it", Last, Last.PlusDays(1), ChargeFee.Refusal.FundClosed },
    };

    [Theory]
    [MemberData(nameof(Fees))]
    public void A_fee_is_refused_for_its_first_reason(
        string name, LocalDate from, LocalDate to, ChargeFee.Refusal? why) =>
        Assert.Equal((name, why), (name, Charged(from, to, Last).Refusal));

    [Theory]
    [InlineData(27, ChargeFee.Refusal.ChargedBefore)]
    [InlineData(28, null)]
    public void No_day_is_charged_twice(int daysAfterFirst, ChargeFee.Refusal? why)
    {
        var first = Charged(June, June.PlusDays(27)).Value!;
        Assert.Equal(why, Charged(June.PlusDays(daysAfterFirst), June.PlusDays(55), before: first).Refusal);
    }

    [Fact]
    public void A_fund_without_the_clause_charges_no_fee() => Assert.Equal(
        ChargeFee.Refusal.OutsideClause,
        ChargeFee.Decide(
            Fund with { Details = Terms with { Agreement = Terms.Agreement with { ManagementFee = null } } },
            [], null, "FE-1", "F-1", new() { From = June, To = June }).Refusal);

    [Fact]
    public void An_unknown_fund_charges_no_fee() => Assert.Equal(
        ChargeFee.Refusal.UnknownFund,
        ChargeFee.Decide(null, [], null, "FE-1", "F-1", new() { From = June, To = June }).Refusal);

    private static readonly Budget UpToTheLast = new("B-1", "F-1", Last, new()
    {
        From = Opens, To = Last, WeeklyPence = 700, Sources = [new(Source.Council, 700)],
        Deployment = [new(DeployedAs.Isf, 700)],
    });

    public static TheoryData<string, LocalDate?, SetBudget.Refusal?> Ends => new()
    {
        { "on the last day", Last, null },
        { "a day later", Last.PlusDays(1), SetBudget.Refusal.FundClosed },
        { "never", null, SetBudget.Refusal.FundClosed },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void No_budget_is_set_for_days_after_the_last(string ends, LocalDate? to, SetBudget.Refusal? why)
    {
        var budget = UpToTheLast with { Details = UpToTheLast.Details with { To = to } };
        Assert.Equal((ends, why), (ends, SetBudget.Decide(Fund, null, [], [], budget, Last).Refusal));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, AllocateToProvider.Refusal.FundClosed)]
    public void Nothing_is_allocated_for_days_after_the_last(int lastDayOfFund, AllocateToProvider.Refusal? why)
    {
        var provider = new Provider("V-1", new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) });
        var request = new Allocation("A-1", "F-1", Last, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.Regular, From = Opens, To = Last, WeeklyPence = 700,
            Claim = Claim.OnDelivery,
            PriceList = new() { Rates = [new() { Code = "day", Unit = Isf.Prices.PriceUnit.Hour, Pence = 2400 }] },
        });
        Assert.Equal(why, AllocateToProvider.Decide(
            Fund, provider, null, [UpToTheLast], [], request, Last.PlusDays(lastDayOfFund)).Refusal);
    }

    [Theory]
    [InlineData(0, OpenFund.Refusal.FundClosed)]
    [InlineData(1, null)]
    public void No_agreement_is_signed_after_the_last_day(int lastDayOfFund, OpenFund.Refusal? why)
    {
        var person = new Person("P-1",
            new() { Name = "Ada", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En }, "s");
        var later = Terms with { Agreement = Terms.Agreement with { SignedOn = Last.PlusDays(1) } };
        Assert.Equal(why, OpenFund.Decide(Fund, person, "F-1", later, Last.PlusDays(lastDayOfFund)).Refusal);
    }
}
