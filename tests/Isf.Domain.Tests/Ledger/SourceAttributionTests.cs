using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Tests whose money is left when the order of spending changes and when a fund closes.</summary>
public sealed class SourceAttributionTests
{
    private static readonly LocalDate April = new(2026, 4, 6);
    private static readonly LocalDate Opening = new(2026, 3, 30);

    private static HeldSum In(string source, long pence, int day = 0) =>
        new(April.PlusDays(day), April.PlusDays(day), Account.Outside(source), Account.Held(source), pence);

    private static HeldSum Out(string source, long pence, int day) =>
        new(April.PlusDays(day), April.PlusDays(day), Account.Held(source), Account.Outside(source), pence);

    private static HeldSum Cost(long pence, int day = 0) =>
        new(April.PlusDays(day), April.PlusDays(day), Account.Drawn, Account.Accrued("V-1"), pence);

    private static BudgetVersion Budget(long council, long person, LocalDate? to = null) => new(April, new PromiseTerms
    {
        Kind = PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = Opening, From = April, To = to,
        Weekly = Money.OfPence(council + person),
        Shares = [new("council", Money.OfPence(council)), new("person", Money.OfPence(person))], OneOff = [],
    });

    private static AgreedTerms Agreed(int version, SpendOrder order, LocalDate on, bool toHolder = true) =>
        new(version, on, on, order, toHolder);

    private static FundTerms ClosedAfter(int days, SpendOrder order, bool toHolder = true)
    {
        var on = April.PlusDays(days - 1);
        return new([Agreed(1, order, Opening, toHolder)], new ClosedTerms(on, on));
    }

    private static string TextOf(FundingSplit left) =>
        string.Join(' ', left.Left.Select(sourceLeft => $"{sourceLeft.Source}={sourceLeft.Pence}"))
        + (left.Overdrawn > Money.Zero ? $" overdrawn={left.Overdrawn.Pence}" : "");

    // The council's share is £360 a week and the person's £60, from 6 April. They have paid £1,440 and £240, and the
    // first week's care cost £500.
    [Theory]
    [InlineData(28, SpendOrder.PersonFirst, "council=118000 person=0")]
    [InlineData(28, SpendOrder.CouncilFirst, "council=94000 person=24000")]
    // £500 is shared 6 : 1 as £428.57 and £71.43. Together the two sums left are exactly £1,180.00.
    [InlineData(28, SpendOrder.ProRata, "council=101143 person=16857")]
    // After only one week £60 was due, so £60 of the person's £240 counts, and £180 goes back to the person.
    [InlineData(7, SpendOrder.PersonFirst, "council=100000 person=18000")]
    [InlineData(7, SpendOrder.CouncilFirst, "council=94000 person=24000")]
    // The person's share of the cost is £71.43, but only £60.00 was due from the person. The rest passes on to the
    // council.
    [InlineData(7, SpendOrder.ProRata, "council=100000 person=18000")]
    public void A_closed_fund_returns_to_each_what_is_left_of_theirs(int days, SpendOrder order, string left)
    {
        var on = April.PlusDays(days - 1);
        Assert.Equal(left, TextOf(SourceAttribution.LeftOn(
            ClosedAfter(days, order), on, [In("council", 144_000), In("person", 24_000), Cost(50_000, 2)],
            [Budget(36_000, 6_000)])));
    }

    [Fact]
    public void Paid_to_the_council_nothing_is_due_here_and_what_the_person_paid_all_the_same_is_theirs() =>
        Assert.Equal("council=94000 person=24000", TextOf(SourceAttribution.LeftOn(
            ClosedAfter(28, SpendOrder.PersonFirst, toHolder: false), April.PlusDays(27),
            [In("council", 144_000), In("person", 24_000), Cost(50_000)], [Budget(36_000, 6_000)])));

    [Theory]
    [InlineData(6_000, "council=144000 person=18000")]   // the £60 due went on charges that name the person
    [InlineData(10_000, "council=144000 person=14000")]  // and £40 of the other £180 did so too
    [InlineData(24_000, "council=144000 person=0")]
    public void What_charges_that_name_the_person_took_is_not_paid_back(long named, string left) => Assert.Equal(left,
        TextOf(SourceAttribution.LeftOn(ClosedAfter(7, SpendOrder.PersonFirst), April.PlusDays(6),
            [
                In("council", 144_000), In("person", 24_000),
                new(April, April, Account.Held("person"), Account.Accrued("V-1"), named),
            ],
            [Budget(36_000, 6_000)])));

    [Fact]
    public void Before_closure_nothing_is_squared() => Assert.Equal("council=118000 person=0",
        TextOf(SourceAttribution.LeftOn(
        ClosedAfter(7, SpendOrder.PersonFirst), April.PlusDays(5),
        [In("council", 144_000), In("person", 24_000), Cost(50_000)], [Budget(36_000, 6_000)])));

    [Fact]
    public void Arrears_paid_after_closure_count_and_what_went_back_counts_no_more()
    {
        var terms = ClosedAfter(28, SpendOrder.PersonFirst);
        HeldSum[] sums = [In("council", 144_000), In("person", 10_000), Cost(50_000), In("person", 14_000, 40)];
        BudgetVersion[] budgets = [Budget(36_000, 6_000)];
        Assert.Equal("council=104000 person=0", TextOf(SourceAttribution.LeftOn(terms, April.PlusDays(39), sums,
            budgets)));
        Assert.Equal("council=118000 person=0", TextOf(SourceAttribution.LeftOn(terms, April.PlusDays(40), sums,
            budgets)));
        Assert.Equal("council=0 person=0", TextOf(SourceAttribution.LeftOn(
            terms, April.PlusDays(50), [.. sums, Out("council", 118_000, 50)], budgets)));
    }

    [Fact]
    public void More_spent_than_was_put_in_leaves_the_person_what_they_paid_beyond_what_was_due() =>
        Assert.Equal("council=0 person=18000 overdrawn=50000", TextOf(SourceAttribution.LeftOn(
            ClosedAfter(7, SpendOrder.PersonFirst), April.PlusDays(6),
            [In("council", 144_000), In("person", 24_000), Cost(200_000)], [Budget(36_000, 6_000)])));

    // The person's money is spent first, and from 20 April the council's. £300.00 is spent before and £100.00 after.
    private static readonly FundTerms Reordered = new(
        [Agreed(1, SpendOrder.PersonFirst, Opening), Agreed(2, SpendOrder.CouncilFirst, April.PlusDays(14))], null);

    private static readonly HeldSum[] OnBothSides =
        [In("council", 100_000), In("person", 24_000), Cost(30_000, 3), Cost(10_000, 20)];

    [Fact]
    public void What_was_drawn_under_an_earlier_order_stays_attributed_by_that_order() => Assert.Equal(
        "council=84000 person=0", TextOf(SourceAttribution.LeftOn(Reordered, April.PlusDays(20), OnBothSides, [])));

    [Fact]
    public void What_was_drawn_is_attributed_on_the_day_on_which_another_order_begins()
    {
        var target = Assert.Single(SourceAttribution.Targets(Reordered, OnBothSides, []));
        Assert.Equal(("agreement/v2", April.PlusDays(14), 6_000, 24_000),
            (target.About, target.On, target.BySource["council"], target.BySource["person"]));
    }

    [Fact]
    public void A_cost_that_arrives_late_for_an_earlier_day_changes_what_is_attributed_by_its_amount()
    {
        var later = Assert.Single(SourceAttribution.Targets(Reordered, [.. OnBothSides, Cost(1_000, 13)], []));
        Assert.Equal((7_000, 24_000), (later.BySource["council"], later.BySource["person"]));
    }

    [Fact]
    public void A_later_version_signed_for_an_earlier_day_takes_its_place()
    {
        var terms = new FundTerms(
        [
            Agreed(1, SpendOrder.PersonFirst, Opening), Agreed(2, SpendOrder.ProRata, April.PlusDays(20)),
            Agreed(3, SpendOrder.CouncilFirst, April.PlusDays(10)),
        ], null);
        Assert.Equal([new OrderChange(April.PlusDays(10), 3)], terms.Changes());
    }

    [Fact]
    public void Due_is_the_weekly_share_times_days_by_seven_on_the_days_on_which_the_person_pays_the_holder()
    {
        // £60 a week is due from 6 April. From 20 April the person pays the council, so only two weeks are due to the
        // holder.
        var terms = new FundTerms(
        [
            Agreed(1, SpendOrder.PersonFirst, Opening),
            Agreed(2, SpendOrder.PersonFirst, April.PlusDays(14), toHolder: false),
        ], null);
        PromiseTerms[] budgets = [Budget(36_000, 6_000).Terms];
        Assert.Equal(
            [0, 857, 6_000, 12_000, 12_000],
            new[] { -1, 0, 6, 13, 40 }.Select(day => terms.DueBy(April.PlusDays(day), budgets).Pence));
    }

    [Fact]
    public void What_is_due_counts_each_day_once_in_whatever_order_agreements_were_signed()
    {
        // The third version is signed for an earlier day than the second and applies from that day; no day counts
        // twice.
        var terms = new FundTerms(
        [
            Agreed(1, SpendOrder.PersonFirst, Opening), Agreed(2, SpendOrder.ProRata, April.PlusDays(20)),
            Agreed(3, SpendOrder.CouncilFirst, April.PlusDays(10)),
        ], null);
        Assert.Equal(24_000, terms.DueBy(April.PlusDays(27), [Budget(36_000, 6_000).Terms]).Pence);
        // Versions that change nothing leave one period: 14 days at £0.10 a week are £0.20, not £0.21 in three parts.
        var unchanging = new FundTerms(
        [
            Agreed(1, SpendOrder.PersonFirst, Opening), Agreed(2, SpendOrder.PersonFirst, April.PlusDays(6)),
            Agreed(3, SpendOrder.PersonFirst, April.PlusDays(12)),
        ], null);
        Assert.Equal(20, unchanging.DueBy(April.PlusDays(13), [Budget(36_000, 10).Terms]).Pence);
    }

    private static readonly BudgetVersion[] Budgets = [Budget(36_000, 6_000)];

    private static readonly Gen<HeldSum[]> SomeSums = HeldFact.Any.Select(fact => fact.Sum).ArrayOf();

    private static readonly Arbitrary<HeldSum[]> Histories = SomeSums.ToArbitrary();

    private static readonly Arbitrary<(HeldSum[] Sums, HeldSum[] Shuffled)> Shuffled =
        (from sums in SomeSums from shuffled in Gen.Shuffle(sums) select (sums, shuffled)).ToArbitrary();

    private static readonly FundTerms Eventful = new(
    [
        Agreed(1, SpendOrder.ProRata, Opening), Agreed(2, SpendOrder.PersonFirst, April.PlusDays(15)),
        Agreed(3, SpendOrder.ProRata, April.PlusDays(30)),
    ], new ClosedTerms(April.PlusDays(45), April.PlusDays(45)));

    // The last day of each spend order, and the last day of the fund.
    public static TheoryData<string, int> Attributions => new()
    {
        { "agreement/v2", 14 }, { "agreement/v3", 29 }, { SourceAttribution.Closure, 45 },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(44)]
    [InlineData(45)]
    [InlineData(46)]
    [InlineData(70)]
    public void The_order_of_arrival_does_not_change_what_is_left_after(int days) => Prop.ForAll(Shuffled, both =>
        Assert.Equal(
            TextOf(SourceAttribution.LeftOn(Eventful, April.PlusDays(days), both.Sums, Budgets)),
            TextOf(SourceAttribution.LeftOn(Eventful, April.PlusDays(days), both.Shuffled, Budgets))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_arrival_does_not_change_what_is_attributed() => Prop.ForAll(Shuffled, both =>
        Assert.Equal(
            TextOf(SourceAttribution.Targets(Eventful, both.Sums, Budgets)),
            TextOf(SourceAttribution.Targets(Eventful, both.Shuffled, Budgets))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_left_less_what_is_overdrawn_is_what_is_held_on_every_day() => Prop.ForAll(Histories, sums =>
        Assert.All(Enumerable.Range(0, 70).Select(April.PlusDays), day =>
        {
            var left = SourceAttribution.LeftOn(Eventful, day, sums, Budgets);
            var held = sums.Where(sum => sum.EffectiveOn <= day)
                .Sum(sum => sum.To.Kind == "held" ? sum.Pence : -sum.Pence);
            Assert.Equal(held, left.Left.Sum(sourceLeft => sourceLeft.Pence) - left.Overdrawn.Pence);
        })).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Attributions))]
    public void With_what_is_attributed_each_held_account_is_what_is_left_of_its_source(string about, int days) =>
        Prop.ForAll(Histories, sums =>
        {
            var day = April.PlusDays(days);
            var targets = SourceAttribution.Targets(Eventful, sums, Budgets);
            var last = targets.Single(target => target.About == about);
            var attributed = targets.TakeWhile(target => target != last).Append(last).ToList();
            Assert.All(SourceAttribution.LeftOn(Eventful, day, sums, Budgets).Left, left => Assert.Equal(
                left.Pence,
                HeldOn(day, left.Source, sums)
                    - attributed.Sum(target => target.BySource.GetValueOrDefault(left.Source))));
        }).QuickCheckThrowOnFailure();

    private static long HeldOn(LocalDate day, string source, IEnumerable<HeldSum> sums) =>
        sums.Where(sum => sum.EffectiveOn <= day).Sum(sum =>
            sum.To == Account.Held(source) ? sum.Pence : sum.From == Account.Held(source) ? -sum.Pence : 0);

    private static string TextOf(IEnumerable<AttributionTarget> targets) => string.Join("; ", targets.Select(target =>
        $"{target.About} {target.On} "
        + string.Join(' ', target.BySource.OrderBy(pair => pair.Key, StringComparer.Ordinal))));
}
