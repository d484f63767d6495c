using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Budgets and allocations are posted in full on their first day, or a year at a time if they have no last day; a
/// revision is posted by its difference.
/// </summary>
public sealed class PromiseScheduleTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static PromiseTerms Budget(
        int version = 1, LocalDate? setOn = null, LocalDate? from = null, LocalDate? to = null,
        long council = 36_000, long person = 6_000, long? isf = null, long bedRail = 0) => new()
        {
            Kind = PromiseKind.Budget, Id = "B-1", Version = version, SetOn = setOn ?? new LocalDate(2026, 3, 30),
            From = from ?? April, To = to, Weekly = Money.OfPence(isf ?? council + person),
            Shares = [new("council", Money.OfPence(council)), new("person", Money.OfPence(person))],
            OneOff = bedRail == 0 ? [] : [new("council", Money.OfPence(bedRail))],
        };

    private static PromiseTerms Allocation(int version, LocalDate setOn, LocalDate? to, long weekly, long total = 0) =>
        new()
        {
            Kind = PromiseKind.Allocation, Id = "A-1", Version = version, SetOn = setOn, From = April, To = to,
            Weekly = Money.OfPence(weekly), Shares = weekly == 0 ? [] : [new("A-1", Money.OfPence(weekly))],
            OneOff = total == 0 ? [] : [new("A-1", Money.OfPence(total))],
        };

    private static IEnumerable<string> Posted(IReadOnlyList<PromiseTerms> versions, LocalDate today,
        LocalDate? postedTo = null, int earlier = 0)
    {
        var before = versions.Take(earlier).ToList();
        var horizon = PromiseSchedule.Horizon(versions, postedTo, today);
        return PromiseSchedule.Due(before, postedTo, versions, horizon)
            .Select(step => PostingRules.Promise("F-1", versions[^1], step))
            .Select(entry => $"{entry.EffectiveOn:uuuu-MM-dd} {entry.Kind} {entry.Cause.Id}: "
                + string.Join(", ", entry.Moves.Select(move => $"{move.From} → {move.To} {move.Amount}")));
    }

    [Fact]
    public void An_open_budget_posts_its_first_year_split_by_largest_remainder() => Assert.Equal(
        ["2026-04-06 budget-set B-1/v1: budget/council → free 1877143, budget/person → free 312857"],
        Posted([Budget()], new LocalDate(2026, 4, 6)));

    [Fact]
    public void A_budget_with_an_end_posts_all_of_it_with_its_one_offs() => Assert.Equal(
        ["2026-04-06 budget-set B-1/v1: budget/council → free 152500, budget/person → free 24000"],
        Posted([Budget(to: new LocalDate(2026, 5, 3), bedRail: 8_500)], April));

    [Fact]
    public void Only_the_share_that_this_fund_holds_is_posted() => Assert.Equal(
        ["2026-04-06 budget-set B-1/v1: budget/council → free 72000, budget/person → free 12000"],
        Posted([Budget(to: new LocalDate(2026, 5, 3), isf: 21_000)], April));

    [Theory]
    [InlineData("2027-04-05", 0)]
    [InlineData("2027-04-06", 1)]
    [InlineData("2028-04-05", 1)]
    [InlineData("2028-04-06", 2)]
    public void The_next_year_is_posted_on_the_anniversary(string today, int years)
    {
        var on = NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value;
        var terms = Budget();
        Assert.Equal(years, Posted([terms], on, April, earlier: 1).Count());
        Assert.Equal(new LocalDate(2027 + years, 4, 6), terms.NextAfter(on));
    }

    [Fact]
    public void A_year_is_named_by_its_day_and_has_its_own_number_of_days() => Assert.Equal(
        ["2027-04-06 budget-year B-1/v1/2027-04-06: budget/council → free 1882286, budget/person → free 313714"],
        Posted([Budget()], new LocalDate(2027, 4, 6), April, earlier: 1));

    [Fact]
    public void A_budget_with_an_end_has_no_anniversary() =>
        Assert.Null(Budget(to: new LocalDate(2030, 1, 1)).NextAfter(April));

    [Theory]
    [InlineData(42_000, "budget/council → free 12000")]
    [InlineData(30_000, "free → budget/council 36000")]
    public void A_revision_posts_only_the_difference_on_the_day_it_was_made(int weekly, string moved)
    {
        var end = new LocalDate(2026, 5, 3);
        var first = Budget(to: end);
        // The person's £60 a week stays the same. The council's share rises by £30 or falls by £90 a week, for 4
        // weeks.
        var revised = Budget(2, new LocalDate(2026, 4, 20), to: end, council: weekly == 42_000 ? 39_000 : 27_000);
        Assert.Equal([$"2026-04-20 budget-revised B-1/v2: {moved}"],
            Posted([first, revised], new LocalDate(2026, 4, 20), April, earlier: 1));
    }

    [Fact]
    public void A_revision_never_counts_before_its_first_day()
    {
        var end = new LocalDate(2026, 5, 3);
        var revised = Budget(2, new LocalDate(2026, 4, 1), to: end, council: 39_000);
        Assert.Equal(["2026-04-06 budget-revised B-1/v2: budget/council → free 12000"],
            Posted([Budget(to: end), revised], new LocalDate(2026, 4, 1), April, earlier: 1));
    }

    [Fact]
    public void A_revision_that_changes_nothing_is_on_the_books() => Assert.Equal(
        ["2026-04-20 budget-revised B-1/v2: "],
        Posted([Budget(), Budget(2, new LocalDate(2026, 4, 20))], new LocalDate(2026, 4, 20), April, earlier: 1));

    [Fact]
    public void A_revision_that_arrives_after_the_next_year_was_posted_puts_that_year_right_too() => Assert.Equal(
        [
            "2027-03-01 budget-revised B-1/v2: budget/council → free 365000",
            "2027-04-06 budget-year B-1/v2/2027-04-06: budget/council → free 366000",
        ],
        Posted(
            [Budget(council: 35_000, person: 7_000),
                Budget(2, new LocalDate(2027, 3, 1), council: 42_000, person: 7_000)],
            new LocalDate(2027, 4, 7), new LocalDate(2027, 4, 7), earlier: 1));

    [Fact]
    public void An_allocation_is_promised_out_of_what_is_free() => Assert.Equal(
        ["2026-04-06 allocation-made A-1/v1: free → promised/A-1 96000"],
        Posted([Allocation(1, April, new LocalDate(2026, 5, 3), 24_000)], April));

    [Fact]
    public void A_weekly_amount_for_part_weeks_is_weekly_by_days_over_seven() => Assert.Equal(
        ["2026-04-06 allocation-made A-1/v1: free → promised/A-1 531429"],
        Posted([Allocation(1, April, new LocalDate(2026, 5, 6), 120_000)], April));

    [Fact]
    public void A_one_off_allocation_promises_its_total() => Assert.Equal(
        ["2026-04-06 allocation-made A-1/v1: free → promised/A-1 8500"],
        Posted([Allocation(1, April, null, 0, 8_500)], April));

    [Fact]
    public void An_allocation_cut_short_gives_back_what_was_promised_beyond_it() => Assert.Equal(
        ["2026-04-20 allocation-revised A-1/v2: promised/A-1 → free 48000"],
        Posted(
            [
                Allocation(1, April, new LocalDate(2026, 5, 3), 24_000),
                Allocation(2, new LocalDate(2026, 4, 20), new LocalDate(2026, 4, 19), 24_000),
            ],
            new LocalDate(2026, 4, 20), April, earlier: 1));

    [Fact]
    public void The_books_come_out_the_same_however_often_the_nightly_run_came_between() => Prop.ForAll(
        Histories.ToArbitrary(),
        history =>
        {
            var atOnce = Cumulated(history.Versions, [.. history.Versions.Select(_ => new LocalDate(2026, 1, 1))]);
            var nightly = Cumulated(history.Versions, history.Arrivals);
            return atOnce.SequenceEqual(nightly);
        }).QuickCheckThrowOnFailure();

    private static readonly Gen<(List<PromiseTerms> Versions, List<LocalDate> Arrivals)> Histories =
        from versions in (
            from setOn in Gen.Choose(0, 1500)
            from at in Gen.Choose(0, 900)
            from days in Gen.Choose(-400, 900)
            from weekly in Gen.Choose(0, 50_000)
            select Allocation(1, April.PlusDays(setOn), days < 0 ? null : April.PlusDays(at + days), weekly) with
            {
                From = April.PlusDays(at),
            }).NonEmptyListOf()
        from arrivals in Gen.Choose(0, 2000).ListOf(versions.Count)
        select (
            versions.Select((version, index) => version with { Version = index + 1 }).ToList(),
            arrivals.ConvertAll(days => April.PlusDays(days)));

    // Returns the running total of a promise on each day on which it changes. One run posts each version, on the night
    // on which the version becomes known. A final run, on 1 January 2034, posts the years that are still to be posted.
    private static IEnumerable<(LocalDate, long)> Cumulated(List<PromiseTerms> versions, List<LocalDate> arrivals)
    {
        var posted = new SortedDictionary<LocalDate, long>();
        LocalDate? to = null;
        for (var count = 1; count <= versions.Count + 1; count++)
        {
            var arrived = versions.Take(Math.Min(count, versions.Count)).ToList();
            var today = count > versions.Count ? new LocalDate(2034, 1, 1) : arrivals[count - 1];
            var horizon = PromiseSchedule.Horizon(arrived, to, today);
            foreach (var step in PromiseSchedule.Due([.. versions.Take(count - 1)], to, arrived, horizon))
            {
                posted[step.On] = posted.GetValueOrDefault(step.On)
                    + step.Differences.Values.Sum(amount => amount.Pence);
            }
            to = horizon;
        }
        var sum = 0L;
        return [.. posted.Where(step => step.Value != 0).Select(step => (step.Key, sum += step.Value))];
    }
}
