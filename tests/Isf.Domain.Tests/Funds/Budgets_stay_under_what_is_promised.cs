using Isf.Funds.Budgets;
using Isf.Funds.Domain;
using Isf.Prices;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Funds;

/// <summary>No change of a budget removes money from days on which it is promised.</summary>
public sealed class Budgets_stay_under_what_is_promised
{
    private static readonly LocalDate April = PromisingFund.April;
    private static readonly LocalDate June = new(2026, 6, 1);
    private static readonly LocalDate March = new(2027, 3, 31);

    private static readonly Fund Fund = PromisingFund.Of(FundKind.Isf);

    private static Budget Budget(LocalDate from, LocalDate? to, string id = "B-1", long weekly = 42_000) =>
        new(id, "F-1", April, new()
        {
            From = from, To = to, WeeklyPence = weekly, Sources = [new(Source.Council, weekly)],
            Deployment = [new(DeployedAs.Isf, weekly)], OneOff = [new("rail", Source.Council, 9_000)],
        });

    private static Allocation Promised(LocalDate from, LocalDate? to, string id = "A-1", bool once = false) =>
        new(id, "F-1", April, new()
        {
            ProviderId = "V-1", Kind = once ? AllocationKind.OneOff : AllocationKind.Regular, From = from, To = to,
            WeeklyPence = once ? null : 24_000, TotalPence = once ? 8_500 : null, Claim = Claim.OnDelivery,
            PriceList = new() { Rates = [new() { Code = "day", Unit = PriceUnit.Hour, Pence = 2400 }] },
        });

    // A budget runs from April to March. The columns are its new first and last day, and the first day on which the
    // allocation would then have no budget, or null if every day of the allocation keeps its budget.
    private static readonly (LocalDate From, LocalDate? To, LocalDate? Lost)[] Changes =
    [
        (April, March, null),
        (April, null, null),
        (April.PlusDays(7), March.PlusDays(-7), null),
        (April.PlusDays(8), March, April.PlusDays(7)),
        (April, March.PlusDays(-8), March.PlusDays(-7)),
        (April, June.PlusDays(-1), June),
        (June, June, April.PlusDays(7)),
        (March.PlusDays(1), null, April.PlusDays(7)),
    ];

    public static TheoryData<bool, LocalDate, LocalDate?, LocalDate?> ChangesOfEither =>
        (from once in new[] { false, true } from change in Changes
         select (once, change.From, change.To, change.Lost)).ToTheoryData();

    [Theory]
    [MemberData(nameof(ChangesOfEither))]
    public void Neither_shortened_nor_moved_off_it(bool once, LocalDate from, LocalDate? to, LocalDate? lost)
    {
        var before = Budget(April, March);
        var decided = SetBudget.Decide(Fund, before, [before],
            [Promised(April.PlusDays(7), March.PlusDays(-7), once: once)], Budget(from, to));
        Assert.Equal(lost is null ? null : SetBudget.Refusal.LessThanIsPromised, decided.Refusal);
        Assert.Equal(lost is null ? "" : $"On {lost:d MMMM uuuu} A-1 would have no budget: revise A-1 first, "
            + "so that its days lie within what budgets are to cover.", decided.Detail);
    }

    [Fact]
    public void An_open_promise_needs_an_open_budget()
    {
        var before = Budget(April, null);
        Assert.Equal(SetBudget.Refusal.LessThanIsPromised,
            SetBudget.Decide(Fund, before, [before], [Promised(April, null)], Budget(April, March)).Refusal);
    }

    [Fact]
    public void Days_that_had_no_budget_before_are_not_the_changes_doing()
    {
        var before = Budget(April, June.PlusDays(-1));
        // The money was promised up to the end of March, beyond the last day of its budget, when the service did not
        // yet check the days of a promise.
        SetBudget.Refusal? Of(Budget request, Budget? stored = null) =>
            SetBudget.Decide(Fund, stored, [before], [Promised(April, March)], request).Refusal;
        Assert.Null(Of(Budget(April, June.PlusDays(30)), before));
        Assert.Null(Of(Budget(June.PlusDays(9), June.PlusDays(30), "B-2")));
        Assert.Equal(SetBudget.Refusal.LessThanIsPromised, Of(Budget(April, June.PlusDays(-2)), before));
        Assert.Equal(SetBudget.Refusal.LessThanIsPromised, Of(Budget(June, March, "B-2", weekly: 23_999)));
    }

    [Fact]
    public void What_a_closed_fund_promised_for_later_days_ended_with_it()
    {
        var before = Budget(April, March);
        SetBudget.Refusal? Of(LocalDate to, params Allocation[] promised) =>
            SetBudget.Decide(Fund, before, [before], promised, Budget(April, to), lastDay: June).Refusal;
        Assert.Null(Of(June, Promised(April, March), Promised(June.PlusDays(1), March, "A-2", once: true)));
        Assert.Equal(SetBudget.Refusal.LessThanIsPromised, Of(June.PlusDays(-1), Promised(April, March)));
    }

    [Fact]
    public void Who_is_promised_more_than_would_be_left_is_named()
    {
        var before = Budget(April, March);
        Allocation[] promised =
        [
            Promised(April, June, "A-2"), Promised(June.PlusDays(1), March), Promised(April, March, "A-3", once: true),
        ];
        var decided = SetBudget.Decide(Fund, before, [before], promised, Budget(April, March, weekly: 20_000));
        Assert.Equal("On 6 April 2026 £240.00 a week is promised and £200.00 would be left. Revise first: A-2.",
            decided.Detail);
    }
}
