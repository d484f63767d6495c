using Isf.Measures;
using Isf.Reconciliation.Domain;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>Tests whose money is left, with figures worked by hand.</summary>
public sealed class FundingSplitTests
{
    private static readonly BudgetShares SixToOne =
        Shares("2026-04-06", null, 42000, ("council", 36000), ("person", 6000));

    private static BudgetShares Shares(
        string from, string? to, long weekly, params (string Source, long Pence)[] sources) =>
        new(new CarePeriod(Day(from), to is null ? null : Day(to)), new Money(weekly),
            sources.ToDictionary(share => share.Source, share => new Money(share.Pence)));

    private static Copies PutIn(long council, long person) => new Copies()
        .Post("2026-04-06", Money("outside/council", "held/council", council))
        .Post("2026-04-06", Money("outside/person", "held/person", person));

    private static string Left(Copies books, SpendOrder order, params BudgetShares[] budgets)
    {
        var left = FundingSplit.On(books.Journals, Day("2026-12-31"), TermsWith(order, budgets));
        var held = left.Held.Select(source => $"{source.Source} {source.Left.Pence}");
        return string.Join(" ", held) + $" over {left.Overdrawn.Pence}";
    }

    [Theory]
    [InlineData(SpendOrder.PersonFirst, 5000, "council 10000 person 1000 over 0")]
    [InlineData(SpendOrder.PersonFirst, 6001, "council 9999 person 0 over 0")]
    [InlineData(SpendOrder.CouncilFirst, 6001, "council 3999 person 6000 over 0")]
    [InlineData(SpendOrder.CouncilFirst, 16001, "council 0 person 0 over 1")]
    // £7.00 is shared six to one as £6.00 and £1.00. Of £7.01 the exact shares are 600 6⁄7 and 100 1⁄7 pence; the odd
    // penny goes to the council, whose remainder is larger.
    [InlineData(SpendOrder.ProRata, 700, "council 9400 person 5900 over 0")]
    [InlineData(SpendOrder.ProRata, 701, "council 9399 person 5900 over 0")]
    // The council's share of £120.00 is £102.86, but the council has only £100.00. The other £2.86 pass on to the
    // person, whose own share is £17.14.
    [InlineData(SpendOrder.ProRata, 12000, "council 0 person 4000 over 0")]
    public void What_was_drawn_is_attributed_in_the_agreed_order(SpendOrder order, long drawn, string left) =>
        Assert.Equal(left, Left(
            PutIn(10000, 6000).Post("2026-04-07", Money("held/drawn", "accrued/P-1", drawn)), order, SixToOne));

    [Fact]
    public void A_named_charge_below_zero_counts_as_nothing_left_and_joins_what_the_others_bear() =>
        Assert.Equal("council 0 person 5000 over 0", Left(PutIn(10000, 6000)
            .Post("2026-04-07", Money("held/council", "owed/P-1", 11000)), SpendOrder.PersonFirst));

    [Fact]
    public void Each_charge_is_weighed_by_the_budget_of_its_own_day_of_care() =>
        // £7.00 of April are shared six to one, and £7.00 of May in halves. The council bears £6.00 and £3.50, and the
        // person £1.00 and £3.50.
        Assert.Equal("council 9050 person 5550 over 0", Left(PutIn(10000, 6000)
            .Post("2026-04-07", Money("held/drawn", "accrued/P-1", 700))
            .PostAbout("2026-05-07", "2026-06-01", Money("held/drawn", "accrued/P-1", 700)), SpendOrder.ProRata,
            Shares("2026-04-06", "2026-04-30", 42000, ("council", 36000), ("person", 6000)),
            Shares("2026-05-01", null, 42000, ("council", 21000), ("person", 21000))));
}
