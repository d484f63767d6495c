using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// The laws of weeks over random interleavings of plan versions, visits, corrections, absences, agreements and
/// closings. A closed week accounts for every planned minute. Its hours equal a separate count, whatever the order.
/// </summary>
public sealed class WeekLaws
{
    private static readonly Arbitrary<List<CareEvent>> Histories =
        CareEvent.Any.ListOf().Select(events => events.ToList()).ToArbitrary();

    // Plans come first, because a change of a plan affects only the future. Of every other event only the last about
    // the same thing remains. Agreements are left out, because the order in which they are signed has a meaning.
    private static readonly Arbitrary<(CareEvent[] Plans, CareEvent[] Facts, CareEvent[] Shuffled)> Orders =
        (from events in CareEvent.Any.ListOf()
         let plans = events.Where(happened => happened is CareEvent.Replanned).ToArray()
         let facts = events.Where(happened => happened is not (CareEvent.Replanned or CareEvent.Agreed))
            .GroupBy(happened => happened.About).Select(same => same.Last()).ToArray()
         from shuffled in Gen.Shuffle(facts)
         select (plans, facts, shuffled)).ToArbitrary();

    [Fact]
    public void Whatever_comes_when_no_minute_is_left_over_and_a_clerk_counts_the_same() =>
        Prop.ForAll(Histories, events =>
        {
            var weeks = After(events);
            Assert.Equal(weeks.Clerk.Totals(), weeks.Totals());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));

    [Fact]
    public void The_same_facts_in_another_order_give_the_same_weeks() => Prop.ForAll(Orders, orders =>
        Assert.Equal(
            After(orders.Plans.Concat(orders.Facts)).Totals(), After(orders.Plans.Concat(orders.Shuffled)).Totals()))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(60));

    private static RecordedWeeks After(IEnumerable<CareEvent> events)
    {
        var weeks = new RecordedWeeks();
        foreach (var happened in events)
            happened.HappenIn(weeks);
        weeks.Close(CareEvent.Weeks - 1);
        return weeks;
    }
}
