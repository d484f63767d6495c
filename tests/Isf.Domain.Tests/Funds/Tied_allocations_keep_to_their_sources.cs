using Isf.Funds.Allocations;
using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>An allocation with named payers is bounded by the contribution of each of them, on every date.</summary>
public sealed class Tied_allocations_keep_to_their_sources
{
    private static readonly LocalDate April = PromisingFund.April;
    private static readonly LocalDate June = new(2026, 6, 1);

    private static readonly Fund Fund = PromisingFund.Of(FundKind.ThirdPartyPhb);

    private static readonly Provider Provider = PromisingFund.Provider;

    private static Budget Given(
        string id, LocalDate from, LocalDate? to, long council, long nhs, long railFromNhs = 0) =>
        new(id, "F-1", April, new()
        {
            From = from, To = to, WeeklyPence = council + nhs,
            Sources = [new(Source.Council, council), new(Source.Nhs, nhs)],
            Deployment = [new(DeployedAs.Isf, council + nhs)],
            OneOff = railFromNhs == 0 ? null : [new("rail", Source.Nhs, railFromNhs), new("bed", Source.Council, 900)],
        });

    private static Allocation Tied(string id, long weekly, LocalDate from, LocalDate to, int nhsPercent = 100) =>
        new(id, "F-1", April, new()
        {
            ProviderId = "V-1", Kind = AllocationKind.Regular, From = from, To = to, WeeklyPence = weekly,
            FundedBy = nhsPercent == 100 ? [new(Source.Nhs, 100)]
                : [new(Source.Nhs, nhsPercent), new(Source.Council, 100 - nhsPercent)],
            Claim = Claim.OnDelivery,
            PriceList = new() { Rates = [new() { Code = "day", Unit = PriceUnit.Hour, Pence = 2400 }] },
        });

    // The NHS contributes £100.00 a week to the end of May and £80.00 from June on, and the council £500.00.
    private static readonly Budget[] Budgets =
        [Given("B-1", April, June.PlusDays(-1), 50_000, 10_000), Given("B-2", June, null, 50_000, 8_000)];

    private static AllocateToProvider.Refusal? Why(Allocation request, params Allocation[] others) =>
        AllocateToProvider.Decide(Fund, Provider, null, Budgets, others, request).Refusal;

    public static TheoryData<long, int, int, int, AllocateToProvider.Refusal?> Weeks => new()
    {
        // Other allocations take £30.00 a week of the NHS's money in all of May, and £10.00 from June on.
        { 7_000, 0, 55, 100, null },
        { 7_001, 0, 55, 100, AllocateToProvider.Refusal.BeyondSource },
        { 7_000, 56, 60, 100, null },
        { 7_001, 56, 60, 100, AllocateToProvider.Refusal.BeyondSource },
        // Across the change, the smaller of the two remainders limits the allocation.
        { 7_000, 50, 60, 100, null },
        { 7_001, 50, 60, 100, AllocateToProvider.Refusal.BeyondSource },
        { 9_999, 0, 24, 100, null },
        { 10_001, 0, 24, 100, AllocateToProvider.Refusal.BeyondSource },
        // The NHS has £70.00 a week left in May. Half of £140.01 exceeds that by half a penny.
        { 14_000, 0, 55, 50, null },
        { 14_001, 0, 55, 50, AllocateToProvider.Refusal.BeyondSource },
    };

    [Theory]
    [MemberData(nameof(Weeks))]
    public void A_week(long weekly, int fromDay, int toDay, int percent, AllocateToProvider.Refusal? why) =>
        Assert.Equal(why, Why(Tied("A-9", weekly, April.PlusDays(fromDay), April.PlusDays(toDay), percent),
            Tied("A-1", 3_000, April.PlusDays(25), June.PlusDays(-1)), Tied("A-2", 1_000, June, June.PlusDays(300))));

    [Fact]
    public void What_is_tied_to_nobody_or_to_another_takes_nothing_from_a_source()
    {
        var open = Tied("A-1", 50_000, April, June);
        open = open with { Details = open.Details with { FundedBy = null } };
        Assert.Null(Why(Tied("A-9", 8_000, April, June), open));
        Assert.Null(Why(Tied("A-9", 8_000, April, June), Tied("A-1", 40_000, April, June, nhsPercent: 0)));
    }

    [Theory]
    [InlineData(700, null)]
    [InlineData(701, AllocateToProvider.Refusal.BeyondSource)]
    public void One_off_money_is_bounded_by_the_source_too(long pence, AllocateToProvider.Refusal? why)
    {
        var once = Tied("A-9", 0, April, June.PlusDays(-1));
        once = once with
        {
            Details = once.Details with { Kind = AllocationKind.OneOff, WeeklyPence = null, TotalPence = pence },
        };
        Assert.Equal(why, AllocateToProvider.Decide(
            Fund, Provider, null, [Given("B-1", April, June, 50_000, 10_000, railFromNhs: 700)], [], once).Refusal);
    }

    [Theory]
    [InlineData(3_000, null)]
    [InlineData(2_999, SetBudget.Refusal.LessThanIsPromised)]
    public void A_budget_leaves_a_source_what_is_promised_of_it(long nhs, SetBudget.Refusal? why) =>
        Assert.Equal(why, SetBudget.Decide(Fund, Budgets[0], Budgets, [Tied("A-1", 3_000, April, April.PlusDays(9))],
            Given("B-1", April, June.PlusDays(-1), 60_000 - nhs, nhs)).Refusal);

    [Fact]
    public void A_budget_that_begins_to_count_hours_needs_those_of_its_allocations_first()
    {
        var counts = Budgets[0] with { Details = Budgets[0].Details with { WeeklyMinutes = 600 } };
        var silent = Tied("A-1", 3_000, April, April.PlusDays(9));
        var counting = silent with { Details = silent.Details with { WeeklyMinutes = 0 } };
        var later = silent with { Details = silent.Details with { From = June, To = June } };
        SetBudget.Refusal? Of(Budget stored, params Allocation[] allocations) =>
            SetBudget.Decide(Fund, stored, Budgets, allocations, counts).Refusal;
        Assert.Equal(SetBudget.Refusal.MinutesNeeded, Of(Budgets[0], counting, silent));
        Assert.Null(Of(Budgets[0], counting, later));
        Assert.Null(Of(counts, silent));
    }
}
