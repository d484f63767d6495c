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

    [Fact]
    public void A_closure_is_refused_for_its_first_reason()
    {
        Assert.Equal(CloseFund.Refusal.UnknownFund, Why(null, Last));
        Assert.Equal(CloseFund.Refusal.BeforeFundOpens, Why(Fund, Opens.PlusDays(-1)));
        Assert.Null(Why(Fund, Opens));
        Assert.Equal(CloseFund.Refusal.MomentOnAnotherDay, Why(Fund, Last, Last.PlusDays(1).AtMidnight()));
        Assert.Null(Why(Fund, Last, Last.At(new LocalTime(14, 0))));
        Assert.Equal(CloseFund.Refusal.UnknownProvider, CloseFund.Decide(Fund, [], new("F-1", Last, new()
        {
            On = Last, Reason = ClosureReason.Ended,
            Notice = [new() { ProviderId = "V-1", Pence = 1, Why = "seven days" }],
        }), null).Refusal);
    }

    private static Decision<Fee, ChargeFee.Refusal> Charged(
        LocalDate from, LocalDate to, LocalDate? lastDay = null, Fund? fund = null, params Fee[] before) =>
        ChargeFee.Decide(fund ?? Fund, before, lastDay, "FE-1", "F-1", new() { From = from, To = to });

    [Fact]
    public void A_fee_is_the_clauses_weekly_pence_times_days_by_seven()
    {
        // £12.50 a week from 1 June: four weeks of June cost £50.00, one day £1.79.
        Assert.Equal(5_000, Charged(June, June.PlusDays(27)).Value!.Pence);
        Assert.Equal(179, Charged(June, June).Value!.Pence);
    }

    [Fact]
    public void A_fee_is_refused_for_its_first_reason()
    {
        Assert.Equal(ChargeFee.Refusal.UnknownFund,
            ChargeFee.Decide(null, [], null, "FE-1", "F-1", new() { From = June, To = June }).Refusal);
        Assert.Equal(ChargeFee.Refusal.EndsBeforeItStarts, Charged(June, June.PlusDays(-1)).Refusal);
        // A fee for May is refused.
        Assert.Equal(ChargeFee.Refusal.OutsideClause, Charged(June.PlusDays(-31), June.PlusDays(-1)).Refusal);
        Assert.Equal(ChargeFee.Refusal.OutsideClause, Charged(June.PlusDays(-1), June.PlusDays(27)).Refusal);
        Assert.Equal(ChargeFee.Refusal.OutsideClause, Charged(June, June, fund: Fund with
        {
            Details = Terms with { Agreement = Terms.Agreement with { ManagementFee = null } },
        }).Refusal);
        var first = Charged(June, June.PlusDays(27)).Value!;
        Assert.Equal(ChargeFee.Refusal.ChargedBefore, Charged(June.PlusDays(27), June.PlusDays(30),
            before: first).Refusal);
        Assert.Null(Charged(June.PlusDays(28), June.PlusDays(55), before: first).Refusal);
        Assert.Equal(ChargeFee.Refusal.FundClosed, Charged(Last, Last.PlusDays(1), Last).Refusal);
        Assert.Null(Charged(Last, Last, Last).Refusal);
    }

    [Fact]
    public void Nothing_is_promised_for_days_after_the_last()
    {
        var budget = new Budget("B-1", "F-1", Last, new()
        {
            From = Opens, To = Last, WeeklyPence = 700, Sources = [new(Source.Council, 700)],
            Deployment = [new(DeployedAs.Isf, 700)],
        });
        Assert.Null(SetBudget.Decide(Fund, null, [], [], budget, Last).Refusal);
        foreach (var to in new LocalDate?[] { null, Last.PlusDays(1) })
        {
            Assert.Equal(SetBudget.Refusal.FundClosed, SetBudget.Decide(Fund, null, [], [],
                budget with { Details = budget.Details with { To = to } }, Last).Refusal);
        }
        var provider = new Provider("V-1", new() { Name = "Brook", Kind = ProviderKind.Agency, Vat = new(false) });
        var request = new Allocation("A-1", "F-1", Last, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.Regular, From = Opens, To = Last, WeeklyPence = 700,
            Claim = Claim.OnDelivery,
            PriceList = new() { Rates = [new() { Code = "day", Unit = Isf.Prices.PriceUnit.Hour, Pence = 2400 }] },
        });
        Assert.Null(AllocateToProvider.Decide(Fund, provider, null, [budget], [], request, Last).Refusal);
        Assert.Equal(AllocateToProvider.Refusal.FundClosed,
            AllocateToProvider.Decide(Fund, provider, null, [budget], [], request, Last.PlusDays(-1)).Refusal);
        var person = new Person("P-1",
            new() { Name = "Ada", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En }, "s");
        var later = Terms with { Agreement = Terms.Agreement with { SignedOn = Last.PlusDays(1) } };
        Assert.Equal(OpenFund.Refusal.FundClosed, OpenFund.Decide(Fund, person, "F-1", later, Last).Refusal);
        Assert.Null(OpenFund.Decide(Fund, person, "F-1", later, Last.PlusDays(1)).Refusal);
    }
}
