using Isf.Invoicing.Domain;
using Isf.Measures;
using Isf.Prices;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Invoicing.Priced;

namespace Isf.Domain.Tests.Invoicing;

/// <summary>Laws of prices for any list, checked on random valid lists with fixed seeds.</summary>
public sealed class SplitLaws
{
    private static void ForLists(int count, Action<RandomPrices, PriceList> holds) => Parallel.For(0, count, seed =>
    {
        var random = new RandomPrices(100_000 + seed);
        holds(random, random.List());
    });

    private static PriceList ByTheMinute(PriceList list) => list with
    {
        Crossing = Crossing.Split,
        Basis = null,
        Band = null,
        Pay = null,
        Rates = [.. list.Rates.Select(rate => rate with { Fixed = null })],
    };

    private static VisitToPrice Given(RandomPrices random)
    {
        var start = At("2026-03-27T00:00:00Z") + Duration.FromMinutes(random.Pick(0, 300 * 1440) + random.Pick(
            [.. Enumerable.Range(0, 4_000)]));
        return new("support", VisitPricing.DayOf(start), start,
            start + Duration.FromMinutes(random.Pick([.. Enumerable.Range(0, 1_500)])), 1, "delivered");
    }

    [Fact]
    public void A_visit_cut_at_any_minute_costs_the_same_but_for_rounding() => ForLists(150, (random, list) =>
    {
        var ready = CompiledPriceList.Compile(ByTheMinute(list), HolidayCalendar.Scotland);
        var whole = Given(random);
        var minutes = (int)(whole.End!.Value - whole.Start!.Value).TotalMinutes;
        foreach (var cut in Enumerable.Range(0, minutes + 1).Where(cut => cut % 7 == 0))
        {
            var at = whole.Start + Duration.FromMinutes(cut);
            var (first, rest) = (VisitPricing.Price(ready, whole with { End = at }),
                VisitPricing.Price(ready, whole with { Start = at }));
            var price = VisitPricing.Price(ready, whole);
            Assert.Equal(price.Exact, first.Exact + rest.Exact);
            Assert.Equal(price.Charged, first.Charged + rest.Charged);
            Assert.Equal(price.Reason == PriceReason.NoRate ? 0 : minutes, price.Charged.Count + price.Unpriced);
        }
    });

    public static TheoryData<Crossing> Crossings => [.. Enum.GetValues<Crossing>()];

    [Theory]
    [MemberData(nameof(Crossings))]
    public void A_longer_visit_by_the_hour_never_costs_less(Crossing crossing) => ForLists(100, (random, list) =>
    {
        var ready = CompiledPriceList.Compile(
            list with { Rates = ByTheMinute(list).Rates, Crossing = crossing, Pay = null }, default);
        var (visit, before) = (Given(random), Money.Zero);
        for (var minutes = 0; minutes < 1_500; minutes += 11)
        {
            var price = VisitPricing.Price(
                ready, visit with { End = visit.Start + Duration.FromMinutes(minutes) }).Amount;
            Assert.True(price >= before, $"{minutes} minutes cost {price}, fewer {before}");
            before = price;
        }
    });

    [Fact]
    public void The_order_of_rates_does_not_matter() => ForLists(200, (random, list) =>
    {
        var (one, other) = (CompiledPriceList.Compile(list, default),
            CompiledPriceList.Compile(list with { Rates = [.. list.Rates.Reverse()] }, default));
        for (var i = 0; i < 20; i++)
        {
            var visit = random.Visit();
            Assert.Equal(VisitPricing.Price(one, visit).Exact, VisitPricing.Price(other, visit).Exact);
        }
    });

    // Bills of 30 visits, each with the prices that its visits have by themselves.
    private static void ForBills(Action<PriceList, IEnumerable<Money>, Bill> holds) => ForLists(150, (random, list) =>
    {
        var ready = CompiledPriceList.Compile(list, default);
        var lines = Enumerable.Range(0, 30).Select(i => new BillLine(ready, random.Visit(), $"line {i % 2}")).ToArray();
        holds(list, lines.Select(line => VisitPricing.Price(ready, line.Visit).Amount), Bill.Build(lines));
    });

    [Fact]
    public void Visits_and_what_is_made_up_taken_off_or_rounded_sum_to_the_bill() => ForBills((_, alone, bill) =>
        Assert.Equal(bill.Total, Money.Sum(alone)
            + bill.SetOff + bill.Shortfall + bill.Rounding));

    [Fact]
    public void Parts_and_what_is_made_up_sum_to_their_visit() => ForBills((_, _, bill) =>
        Assert.All(bill.Visits, visit => Assert.Equal(visit.Amount, Money.Sum(visit.Parts) + visit.Shortfall)));

    [Fact]
    public void No_part_costs_less_than_nothing() => ForBills((_, _, bill) => Assert.All(
        bill.Visits, visit => Assert.All(visit.Parts, part => Assert.True(part >= Money.Zero))));

    [Fact]
    public void Rounded_by_the_visit_parts_sum_to_the_visits_own_price() => ForBills((list, _, bill) =>
        Assert.All(bill.Visits, visit => Assert.Equal(
            visit.Price.Amount, list.Round is null ? Money.Sum(visit.Parts) : visit.Price.Amount)));

    private static readonly int[] Steps = [1, 7, 59, 60, 61, 480, 1440];

    public static TheoryData<string, string, int, int> ChangesOfTheClock =>
        (from change in new[]
        {
            (From: "2026-03-28T00:00:00Z", To: "2026-03-31T00:00:00+01:00", Minutes: -60),
            (From: "2026-10-24T00:00:00+01:00", To: "2026-10-27T00:00:00Z", Minutes: 60),
        }
         from step in Steps
         select (change.From, change.To, change.Minutes, step)).ToTheoryData();

    [Theory]
    [MemberData(nameof(ChangesOfTheClock))]
    public void Elapsed_minutes_sum_to_the_wall_across_both_changes_of_the_clock(
        string from, string to, int change, int step)
    {
        var list = Ready(List(Weekday with { Pence = 60 }) with { Crossing = Crossing.Split });
        var (sum, pence) = (0L, 0L);
        for (var at = At(from); at < At(to); at += Duration.FromMinutes(step))
        {
            var end = Instant.Min(at + Duration.FromMinutes(step), At(to));
            var price = VisitPricing.Price(list, new("support", VisitPricing.DayOf(at), at, end, 1, "delivered"));
            (sum, pence) = (sum + price.Charged.Count, pence + price.Amount.Pence);
        }
        Assert.Equal(((3 * 1440) + change, sum), (sum, pence));
    }
}
