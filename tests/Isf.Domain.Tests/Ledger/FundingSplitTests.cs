using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// The money left of each source is computed from sums alone, so it is the same for every order of arrival.
/// </summary>
public sealed class FundingSplitTests
{
    private static readonly LocalDate April = new(2026, 4, 6);
    private static readonly SourceWeight[] SixToOne = [new("council", 36_000), new("person", 6_000)];

    private static string Left(
        SpendOrder order, string held, IReadOnlyList<DrawnOnDay> drawn,
        Func<LocalDate, IReadOnlyList<SourceWeight>>? shares = null)
    {
        var put = held.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('='))
            .ToDictionary(item => item[0], item => long.Parse(item[1], null));
        var left = FundingSplit.Attribute(order, put, drawn, shares ?? (_ => SixToOne));
        return string.Join(' ', left.Left.Select(sourceLeft => $"{sourceLeft.Source}={sourceLeft.Pence}"))
            + (left.Overdrawn > Money.Zero ? $" overdrawn={left.Overdrawn.Pence}" : "");
    }

    private static string Left(SpendOrder order, string held, long drawn) => Left(order, held, [new(April, drawn)]);

    [Theory]
    [InlineData("council=144000 person=24000", 50_000, "council=118000 person=0")]
    [InlineData("council=144000 person=24000", 0, "council=144000 person=24000")]
    [InlineData("council=144000 person=24000", 24_000, "council=144000 person=0")]
    [InlineData("council=144000 person=24000", 24_001, "council=143999 person=0")]
    [InlineData("council=144000 person=24000", 168_000, "council=0 person=0")]
    [InlineData("council=144000 person=24000", 168_001, "council=0 person=0 overdrawn=1")]
    [InlineData("", 100, " overdrawn=100")]
    [InlineData("council=100 nhs=100 other=100 top-up=100 person=100", 250,
        "council=100 nhs=100 other=50 top-up=0 person=0")]
    public void Person_first_spends_the_persons_money_before_the_councils(string held, long drawn, string left) =>
        Assert.Equal(left, Left(SpendOrder.PersonFirst, held, drawn));

    [Theory]
    [InlineData("council=144000 person=24000", 50_000, "council=94000 person=24000")]
    [InlineData("council=144000 person=24000", 150_000, "council=0 person=18000")]
    [InlineData("council=100 nhs=100 other=100 top-up=100 person=100", 250,
        "council=0 nhs=0 other=50 top-up=100 person=100")]
    public void Council_first_spends_the_councils_money_before_the_persons(string held, long drawn, string left) =>
        Assert.Equal(left, Left(SpendOrder.CouncilFirst, held, drawn));

    [Theory]
    [InlineData("council=144000 person=24000", 70_000, "council=84000 person=14000")]
    [InlineData("council=144000 person=5000", 70_000, "council=79000 person=0")]
    [InlineData("council=144000 person=24000", 1, "council=143999 person=24000")]
    [InlineData("council=100 person=100", 500, "council=0 person=0 overdrawn=300")]
    public void Pro_rata_shares_by_the_budget_caps_and_passes_on(string held, long drawn, string left) =>
        Assert.Equal(left, Left(SpendOrder.ProRata, held, drawn));

    [Fact]
    public void Pro_rata_sums_exactly_and_rounds_once()
    {
        // 300 charges of £16.67 at 6 : 1: the person bears £714.43 in total, never 300 × £2.38 = £714.00.
        var days = Enumerable.Range(0, 300).Select(day => new DrawnOnDay(April.PlusDays(day), 1_667)).ToList();
        Assert.Equal("council=571343 person=28557", Left(SpendOrder.ProRata, "council=1000000 person=100000", days));
    }

    [Fact]
    public void Pro_rata_weighs_each_charge_by_the_shares_of_its_own_day() => Assert.Equal(
        "council=94000 person=92000",
        Left(SpendOrder.ProRata, "council=100000 person=100000", [new(April, 7_000), new(April.PlusDays(7), 7_000)],
            day => day == April ? [new("council", 0), new("person", 1)] : SixToOne));

    [Fact]
    public void A_charge_on_a_day_without_a_budget_is_shared_like_the_rest_or_else_is_the_councils()
    {
        Assert.Equal("council=88000 person=98000", Left(SpendOrder.ProRata, "council=100000 person=100000",
            [new(April, 7_000), new(April.PlusDays(7), 7_000)], day => day == April ? [] : SixToOne));
        Assert.Equal("council=93000 person=100000", Left(SpendOrder.ProRata, "council=100000 person=100000",
            [new(April, 7_000)], _ => []));
    }

    [Theory]
    [InlineData(SpendOrder.PersonFirst, "council=7000 nhs=0 person=0")]
    [InlineData(SpendOrder.CouncilFirst, "council=5000 nhs=0 person=2000")]
    public void A_source_below_zero_has_nothing_left_and_is_made_good_by_the_others(SpendOrder order, string left) =>
        Assert.Equal(left, Left(order, "council=10000 nhs=-1000 person=2000", 4_000));

    [Fact]
    public void More_come_back_than_was_spent_is_the_first_sources() =>
        Assert.Equal("council=100 person=150", Left(SpendOrder.PersonFirst, "council=100 person=100", -50));

    [Fact]
    public void Budgets_side_by_side_weigh_by_what_of_each_the_fund_holds()
    {
        static PromiseTerms Of(string id, long isf, params PromiseShare[] shares) => new()
        {
            Kind = PromiseKind.Budget, Id = id, Version = 1, SetOn = April, From = April, To = April.PlusDays(6),
            Weekly = Money.OfPence(isf), Shares = shares, OneOff = [],
        };
        PromiseTerms[] budgets =
        [
            Of("B-1", 10_000, new PromiseShare("council", Money.OfPence(15_000)),
                new PromiseShare("person", Money.OfPence(5_000))),
            Of("B-2", 2_500, new PromiseShare("nhs", Money.OfPence(2_500))),
        ];
        var weights = FundingSplit.SharesOn(April, budgets).ToDictionary(share => share.Source, share => share.Weight);
        // The fund holds half of the first budget and all of the second. The weights are £75 (council), £25 (person)
        // and £25 (NHS) a week.
        Assert.Equal(weights["nhs"], weights["person"]);
        Assert.Equal(3 * weights["nhs"], weights["council"]);
        Assert.Empty(FundingSplit.SharesOn(April.PlusDays(7), budgets));
    }

    private static readonly Gen<(SpendOrder Order, Dictionary<string, long> Held, List<DrawnOnDay> Drawn)> Lives =
        from order in Gen.Elements(SpendOrder.PersonFirst, SpendOrder.ProRata, SpendOrder.CouncilFirst)
        from held in Gen.Choose(-5_000, 100_000).ListOf(5)
        from drawn in (from day in Gen.Choose(0, 30) from pence in Gen.Choose(-2_000, 9_000)
                       select new DrawnOnDay(April.PlusDays(day), pence)).ListOf()
        select (order, new[] { "council", "nhs", "person", "top-up", "other" }.Zip(held)
            .ToDictionary(entry => entry.First, entry => (long)entry.Second), drawn.ToList());

    private static IReadOnlyList<SourceWeight> SharesOf(LocalDate day) => (day.Day % 4) switch
    {
        0 => [],
        1 => SixToOne,
        2 => [new("nhs", 1), new("council", 2), new("top-up", 4)],
        _ => [new("person", 7), new("other", 3)],
    };

    [Fact]
    public void What_is_left_less_what_is_overdrawn_is_what_is_held() => Prop.ForAll(Lives.ToArbitrary(), life =>
    {
        var left = FundingSplit.Attribute(life.Order, life.Held, life.Drawn, SharesOf);
        return left.Left.Sum(sourceLeft => sourceLeft.Pence) - left.Overdrawn.Pence
            == life.Held.Values.Sum() - life.Drawn.Sum(day => day.Pence);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nobody_has_less_than_nothing_left_and_overdrawn_means_that_nothing_is() =>
        Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var left = FundingSplit.Attribute(life.Order, life.Held, life.Drawn, SharesOf);
            return left.Left.All(sourceLeft => sourceLeft.Pence >= 0)
                && (left.Overdrawn == Money.Zero || left.Left.All(sourceLeft => sourceLeft.Pence == 0));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_and_the_parts_in_which_charges_came_change_nothing() =>
        Prop.ForAll(Lives.ToArbitrary(), life =>
    {
        var expected = FundingSplit.Attribute(life.Order, life.Held, life.Drawn, SharesOf);
        var halves = life.Drawn.SelectMany(day => new[]
        {
            day with { Pence = day.Pence - 1 }, new DrawnOnDay(day.CareOn, 1),
        }).Reverse().ToList();
        var actual = FundingSplit.Attribute(life.Order, life.Held, halves, SharesOf);
        return expected.Left.SequenceEqual(actual.Left) && expected.Overdrawn == actual.Overdrawn;
    }).QuickCheckThrowOnFailure();
}
