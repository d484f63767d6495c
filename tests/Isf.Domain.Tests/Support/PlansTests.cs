using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

public sealed class PlansTests
{
    private static string[] Expected(FundPlans plans, LocalDate from, LocalDate to) =>
        [.. plans.Occurrences(Days(from, to))
            .Select(occurrence => $"{occurrence.Start:uuuu-MM-dd'T'HH:mmo<m>} {occurrence.CarerMinutes.Count}")];

    [Fact]
    public void A_schedule_gives_its_visits_day_by_day() => Assert.Equal(
        ["2026-04-06T08:00+01:00 45", "2026-04-06T18:00+01:00 30", "2026-04-08T08:00+01:00 45"],
        Expected(Plans(Line("L-1", 1, Slot("Mon", "18:00", 30), Slot("Mon Wed", "08:00", 45))), Monday,
            Monday.PlusDays(6)));

    [Fact]
    public void A_visit_can_be_on_dates_alone_or_be_left_out_on_some() => Assert.Equal(
        ["2026-04-07T10:00+01:00 60", "2026-04-08T08:00+01:00 45", "2026-04-13T08:00+01:00 45",
            "2026-04-15T12:00+01:00 60"],
        Expected(
            Plans(Line("L-1", 1, On("10:00", 60, Monday.PlusDays(1)), On("12:00", 60, Monday.PlusDays(9)),
                Slot("Mon Wed", "08:00", 45) with { Except = [Monday, Monday.PlusDays(9)] })),
            Monday, Monday.PlusDays(10)));

    [Fact]
    public void A_date_may_stand_in_for_a_day_that_was_left_out() => Assert.Null(PlanCheck.Fault(Version(1, Monday,
        null, Line("L-1", 1, Slot("Mon", "08:00", 45) with { Except = [Monday] }, On("08:00", 30, Monday)))));

    [Fact]
    public void Two_carers_for_45_minutes_are_90() =>
        Assert.Equal(new(90),
            Plans(Line("L-1", 2, Slot("Mon", "08:00", 45))).Occurrences(Days(Monday, Monday)).Single().CarerMinutes);

    [Fact]
    public void Every_second_week_counts_from_the_week_of_the_plans_first_day()
    {
        var plans = new FundPlans([Plan(Version(1, Monday.PlusDays(2), null,
            Line("L-1", 1, Slot("Mon", "08:00", 45, 2))))]);
        var days = plans.Occurrences(Days(Monday, Monday.PlusDays(41))).Select(occurrence => occurrence.Wall.Date);
        Assert.Equal([Monday.PlusDays(14), Monday.PlusDays(28)], days);
    }

    [Theory]
    [InlineData("2026-03-29", "01:30", "2026-03-29T02:00+01")]  // the clocks skip 01:30: just after
    [InlineData("2026-03-29", "00:59", "2026-03-29T00:59+00")]
    [InlineData("2026-03-29", "02:00", "2026-03-29T02:00+01")]
    [InlineData("2026-10-25", "01:30", "2026-10-25T01:30+01")]  // 01:30 happens twice: the first
    [InlineData("2026-10-25", "02:00", "2026-10-25T02:00+00")]
    [InlineData("2026-10-25", "00:30", "2026-10-25T00:30+01")]
    public void A_planned_time_is_found_on_the_nights_when_the_clocks_change(string day, string time, string found)
    {
        var on = NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value;
        var plans = new FundPlans([Plan(Version(1, on, null, Line("L-1", 1, Slot("Sun", time, 30))))]);
        Assert.Equal(found, $"{plans.Occurrences(Days(on, on)).Single().Start:uuuu-MM-dd'T'HH:mmo<g>}");
    }

    [Fact]
    public void Weekly_minutes_lie_on_Monday_and_a_part_week_has_its_sevenths()
    {
        var from = Monday.PlusDays(3);
        var plans = new FundPlans([Plan(Version(1, from, Monday.PlusDays(15), Weekly("L-1", 600)))]);
        Assert.Equal(
            [(from, 343L), (Monday.PlusDays(7), 600L), (Monday.PlusDays(14), 171L)],
            plans.Pools(Days(Monday, Monday.PlusDays(30))).Select(pool => (pool.On, pool.CarerMinutes.Count)));
    }

    [Theory]
    [InlineData(null, 13, new[] { 0, 7 })]       // an open plan lasts as long as its allocation
    [InlineData(null, 14, new[] { 0, 7, 14 })]
    [InlineData(null, -1, new int[0])]           // the allocation now ends before the plan begins
    [InlineData(null, null, new[] { 0, 7, 14, 21 })]
    [InlineData(12, 13, new[] { 0, 7 })]         // a plan with an end of its own ends there
    [InlineData(6, 13, new[] { 0 })]
    [InlineData(20, 13, new[] { 0, 7 })]         // but has no days that the allocation does not cover
    public void A_plan_goes_on_as_it_says_while_its_allocation_lasts(int? planTo, int? allocationTo, int[] comes)
    {
        LocalDate? Day(int? after) => after is { } days ? Monday.PlusDays(days) : null;
        var plan = Plan(Version(1, Monday, Day(planTo), Line("L-1", 1, Slot("Mon", "08:00", 45))));
        var days = new Dictionary<string, Allocation>
        {
            ["A-1"] = Paid() with { From = Monday.PlusDays(-7), To = Day(allocationTo) },
        };
        Assert.Equal(comes.Select(after => Monday.PlusDays(after)), new FundPlans([plan], days)
            .Occurrences(Days(Monday, Monday.PlusDays(27))).Select(occurrence => occurrence.Wall.Date));
    }

    [Fact]
    public void A_version_replaces_what_was_before_it_from_its_own_first_day_on()
    {
        var plan = Plan(
            Version(1, Monday, null, Line("L-1", 1, Slot("Mon", "08:00", 45))),
            Version(2, Monday.PlusDays(14), Monday.PlusDays(27), Line("L-1", 1, Slot("Mon", "09:00", 30))));
        Assert.Equal(
            ["2026-04-06T08:00+01:00 45", "2026-04-13T08:00+01:00 45", "2026-04-20T09:00+01:00 30",
                "2026-04-27T09:00+01:00 30"],
            Expected(new FundPlans([plan]), Monday, Monday.PlusDays(60)));
    }

    [Fact]
    public void A_version_from_the_same_day_replaces_the_whole() => Assert.Equal(
        ["2026-04-06T09:00+01:00 30"],
        Expected(new FundPlans([Plan(
            Version(1, Monday, null, Line("L-1", 1, Slot("Mon", "08:00", 45))),
            Version(2, Monday, null, Line("L-1", 1, Slot("Mon", "09:00", 30))))]), Monday, Monday.PlusDays(6)));

    [Fact]
    public void What_is_expected_of_a_range_is_what_is_expected_of_its_parts() => Prop.ForAll(
        Gen.Choose(0, 400).Two().ToArbitrary(),
        ends =>
        {
            var plans = Plans(
                Line("L-1", 2, Slot("Mon Thu Sun", "01:30", 45), Slot("Sat", "22:00", 540, 3)), Weekly("L-2", 611));
            var (from, to) = (Monday.PlusDays(ends.Item1), Monday.PlusDays(ends.Item1 + ends.Item2));
            var middle = from.PlusDays(ends.Item2 / 2);
            var whole = Days(from, to);
            CarePeriod[] parts = [Days(from, middle), Days(middle.PlusDays(1), to)];
            return plans.Occurrences(whole).OrderBy(occurrence => occurrence.Wall)
                    .SequenceEqual(
                        parts.SelectMany(part => plans.Occurrences(part)).OrderBy(occurrence => occurrence.Wall))
                && plans.Pools(whole).SequenceEqual(parts.SelectMany(part => plans.Pools(part)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_changes_is_published_by_the_difference_under_a_revision_that_counts_up()
    {
        var before = PlannedDays.MinutesByDay(Plans(Line("L-1", 1, Slot("Mon Tue", "08:00", 45))),
            Days(Monday, Monday.PlusDays(1)), []);
        var first = PlannedDays.Difference(before, []);
        Assert.Equal([(Monday, 1), (Monday.PlusDays(1), 1)], first.Planned.Select(day => (day.On, day.Revision)));
        Assert.Empty(first.Unplanned);
        var after = PlannedDays.MinutesByDay(
            Plans(Line("L-1", 1, Slot("Mon", "08:00", 60)), Line("L-2", 1, Slot("Tue", "08:00", 20))),
            Days(Monday, Monday.PlusDays(1)), []);
        var second = PlannedDays.Difference(after, first.After);
        Assert.Equal([(Monday.PlusDays(1), 2, 45L)],
            second.Unplanned.Select(day => (day.On, day.Revision, day.Lines["L-1"])));
        Assert.Equal(
            [(Monday, 2, "L-1", 15L), (Monday.PlusDays(1), 3, "L-2", 20L)],
            second.Planned.Select(day => (day.On, day.Revision, day.Lines.Keys.Single(), day.Lines.Values.Single())));
        Assert.Empty(PlannedDays.Difference(after, second.After.Concat(first.After.Where(day =>
            second.After.All(later => later.On != day.On)))).After);
    }

    [Fact]
    public void What_was_answered_stays_planned_when_the_plan_changes()
    {
        var old = Plans(Line("L-1", 1, Slot("Mon", "08:00", 45), Slot("Mon", "18:00", 30)));
        var given = Book(old).Record(Record("2026-04-06T08:10", "2026-04-06T08:55"), Now).Visit!;
        var changed = Plans(Line("L-1", 1, Slot("Mon", "09:00", 60), Slot("Mon", "18:00", 20)));
        var days = PlannedDays.MinutesByDay(changed, Days(Monday, Monday), [given]);
        Assert.Equal(45 + 20, days[Monday]["L-1"]);
        Assert.Equal(45, PlannedDays.MinutesByDay(new FundPlans([]), Days(Monday, Monday), [given])[Monday]["L-1"]);
    }

    [Fact]
    public void Weekly_minutes_that_were_drawn_stay_planned()
    {
        var given = Book(Plans(Weekly("L-1", 600))).Record(Record("2026-04-08T08:00", "2026-04-08T13:00"), Now).Visit!;
        Assert.Equal(300, PlannedDays.MinutesByDay(Plans(Weekly("L-1", 200)), Days(Monday, Monday),
            [given])[Monday]["L-1"]);
        Assert.Equal(400, PlannedDays.MinutesByDay(Plans(Weekly("L-1", 400)), Days(Monday, Monday),
            [given])[Monday]["L-1"]);
    }

    public static readonly TheoryData<string, PlanLine> Unclear = new()
    {
        { "/lines/0/lineId", Line("L 1", 1, Slot("Mon", "08:00", 45)) },
        { "/lines/0/service", Line("L-1", 1, Slot("Mon", "08:00", 45)) with { Service = "" } },
        { "/lines/0/purpose", Line("L-1", 1, Slot("Mon", "08:00", 45)) with { Purpose = " " } },
        { "/lines/0/carers", Line("L-1", 11, Slot("Mon", "08:00", 45)) },
        { "/lines/0", Line("L-1", 1, Slot("Mon", "08:00", 45)) with { WeeklyMinutes = 60 } },
        { "/lines/0", Weekly("L-1", 60) with { WeeklyMinutes = null } },
        { "/lines/0/weeklyMinutes", Weekly("L-1", 10_081) },
        { "/lines/0/schedule", Line("L-1", 1) },
        { "/lines/0/schedule/0/minutes", Line("L-1", 1, Slot("Mon", "08:00", 1501)) },
        { "/lines/0/schedule/0/everyWeeks", Line("L-1", 1, Slot("Mon", "08:00", 45, 0)) },
        { "/lines/0/schedule/1", Line("L-1", 1, Slot("Mon Tue", "08:00", 45), Slot("Tue", "08:00", 30)) },
        { "/lines/0/schedule/0/days", Line("L-1", 1, Slot("Mon", "08:00", 45) with { Days = [] }) },
        { "/lines/0/schedule/0/days", Line("L-1", 1, Slot("Mon", "08:00", 45) with { Dates = [Monday] }) },
        { "/lines/0/schedule/0/dates", Line("L-1", 1, On("08:00", 45, Monday.PlusDays(-1))) },
        { "/lines/0/schedule/0/dates", Line("L-1", 1, On("08:00", 45, Monday) with { EveryWeeks = 2 }) },
        { "/lines/0/schedule/0/dates", Line("L-1", 1, On("08:00", 45, Monday) with { Except = [Monday] }) },
        { "/lines/0/schedule/0/except", Line("L-1", 1, Slot("Mon", "08:00", 45) with
            { Except = [.. Enumerable.Range(0, 367).Select(after => Monday.PlusDays(after))] }) },
        { "/lines/0/schedule/0", Line("L-1", 1, On("08:00", 45, Monday, Monday)) },
        { "/lines/0/schedule/0", Line("L-1", 1, On("08:00", 45, Monday), Slot("Mon", "08:00", 30)) },
        { "/lines/0/schedule/1", Line("L-1", 1, Slot("Mon", "08:00", 30), On("08:00", 45, Monday)) },
        { "/lines/0/workers", Line("L-1", 1, Slot("Mon", "08:00", 45)) with { Workers = ["no id"] } },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public void A_line_that_cannot_be_followed_is_named_by_its_place(string pointer, PlanLine line) =>
        Assert.Equal(pointer, PlanCheck.Fault(Version(1, Monday, null, line))?.Pointer);

    [Fact]
    public void Two_plans_may_share_a_line_on_different_days_only()
    {
        var line = Weekly("L-1", 60);
        var spring = Plan(Version(1, Monday, Monday.PlusDays(6), line));
        var summer = Plan(Version(1, Monday.PlusDays(7), null, line)) with { Id = "PL-2" };
        Assert.Null(PlanCheck.Overlap(summer, [spring, summer]));
        var early = Plan(Version(1, Monday.PlusDays(6), null, line)) with { Id = "PL-2" };
        Assert.Equal(("L-1", "PL-1"), PlanCheck.Overlap(early, [spring]));
        Assert.Equal("L-1", PlanCheck.Twice(Version(1, Monday, null, line, line)));
    }
}
