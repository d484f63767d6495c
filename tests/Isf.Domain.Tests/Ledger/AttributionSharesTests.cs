using Isf.Ledger.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Whose money is left by budget shares, after a closure with a contribution due, and after refunds.</summary>
public sealed class AttributionSharesTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly AgreedTerms First = new(1, April, April, SpendOrder.PersonFirst, true);

    private static readonly FundTerms ProRataFromDay10 =
        new([First, new(2, April.PlusDays(10), April.PlusDays(10), SpendOrder.ProRata, true)], null);

    private static HeldSum In(string source, int day, long pence) =>
        new(April.PlusDays(day), April.PlusDays(day), Account.Outside(source), Account.Held(source), pence);

    private static HeldSum Cost(int day, long pence) => new(
        April.PlusDays(day), April.PlusDays(day), Account.Drawn, Account.Accrued("P-1"), pence);

    private static HeldSum Refund(int day, long pence) => new(
        April.PlusDays(day), April.PlusDays(day), Account.Accrued("P-1"), Account.Drawn, pence);

    private static BudgetVersion Budget(int version, int day, long council, long person) =>
        new(April.PlusDays(day), new()
        {
            Kind = PromiseKind.Budget, Id = "B-1", Version = version, SetOn = April, From = April,
            Weekly = new(council + person), Shares = [new("council", new(council)), new("person", new(person))],
            OneOff = [],
        });

    private static string Left(FundTerms terms, int day, HeldSum[] sums, params BudgetVersion[] budgets) =>
        string.Join(' ', SourceAttribution.LeftOn(terms, April.PlusDays(day), sums, budgets).Left
            .Select(left => $"{left.Source} {left.Pence}"));

    [Theory]
    [InlineData(9, "council 1000 person 360")] // £1.40 by the earlier order
    [InlineData(10, "council 940 person 350")] // 70p by the shares of the second version, 6 to 1
    public void Spending_before_pro_rata_began_has_no_part_in_its_shares(int day, string left) =>
        Assert.Equal(left, Left(ProRataFromDay10, day,
            [In("council", 0, 1_000), In("person", 0, 500), Cost(9, 140), Cost(10, 70)],
            Budget(1, 0, 1, 6), Budget(2, 10, 6, 1)));

    // £0.70 a week were due from the person for ten days: £1.00. They paid £3.00 and £2.00, the second on the day of
    // closure, and £0.50 went back to them.
    [Theory]
    [InlineData(9, "council 932 person 350")]
    [InlineData(8, "council 1000 person 132")]
    public void A_closed_fund_spends_of_the_persons_payments_what_was_due(int day, string left)
    {
        var closed = new FundTerms([First], new(April.PlusDays(9), April.PlusDays(9)));
        HeldSum back = new(April.PlusDays(9), April.PlusDays(9), Account.Held("person"), Account.Outside("person"), 50);
        Assert.Equal(left, Left(closed, day,
            [In("council", 0, 1_000), In("person", 0, 300), Cost(3, 168), In("person", 9, 200), back],
            Budget(1, 0, 630, 70)));
    }

    [Fact]
    public void More_come_back_than_was_spent_is_listed_though_its_source_put_in_nothing() =>
        Assert.Equal("person 30", Left(ProRataFromDay10, 5, [Refund(1, 30)]));

    [Fact]
    public void More_come_back_than_was_spent_is_attributed_below_zero()
    {
        var target = Assert.Single(SourceAttribution.Targets(ProRataFromDay10, [Refund(1, 30)], []));
        Assert.Equal([new("person", -30)], target.BySource);
    }

    [Fact]
    public void A_closure_comes_before_a_change_of_order_on_the_next_day()
    {
        var closed = ProRataFromDay10 with { Closed = new(April.PlusDays(9), April.PlusDays(9)) };
        Assert.Equal(["closure", "agreement/v2"],
            SourceAttribution.Targets(closed, [], []).Select(target => target.About));
    }
}
