using Isf.Hosting.Jobs;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Weeks;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>The outcome of every planned minute of a week when the week closes (design §4, Weeks).</summary>
public sealed class WeekTests
{
    private static readonly LocalTime Nine = new(9, 0);
    private static readonly LocalDate Sunday = Monday.PlusDays(6);

    private static FundPlans Daily(int minutes = 120, int carers = 1) =>
        Plans(Line("L-1", carers, Slot("Mon Tue Wed Thu Fri Sat Sun", "09:00", minutes)));

    [Theory]
    [InlineData(null, "cancelled-by-person 210 0 210; missed-by-provider 120 0 120", 0)]
    [InlineData(BankUnit.Minutes, "cancelled-by-person 210 210 0; missed-by-provider 120 120 0", 330)]
    [InlineData(BankUnit.Money, "cancelled-by-person 210 210 0; missed-by-provider 120 120 0", 330)]
    public void Forty_hours_planned_34_and_a_half_given_2_missed_and_3_and_a_half_by_choice_bank_5_and_a_half(
        BankUnit? banking, string missed, long banked)
    {
        var scene = new WeekScene { Terms = Agreed(banking) };
        scene.GivenAtNine((0, 345), (1, 345), (2, 345), (3, 345), (4, 345), (5, 345));
        scene.NotGiven("V-7", Sunday + Nine, "missed-by-provider", 120);
        scene.NotGiven("V-8", Sunday + Nine, "cancelled-by-person", 210, notice: 72);
        scene.Close(Monday, Sunday);
        Assert.Equal(missed, scene.Missed(Monday));
        Assert.Equal(banked, scene.Banked);
        Assert.Equal(banking == BankUnit.Money ? 13_200 : null, scene.Line(Monday).BankedPence);
    }

    [Fact]
    public void What_nobody_reported_has_a_reason_of_its_own_and_a_short_visit_another()
    {
        var scene = new WeekScene { Plans = Daily() };
        scene.Given("V-1", Monday + Nine, 90);
        scene.NotGiven("V-2", Monday.PlusDays(1) + Nine, "no-access", 120);
        scene.Close(Monday, Sunday);
        Assert.Equal("no-access 120 0 120; no-record 600 0 600; short 30 0 30", scene.Missed(Monday));
    }

    [Fact]
    public void Each_of_two_carers_is_accounted_for()
    {
        var scene = new WeekScene { Plans = Daily(carers: 2) };
        scene.Given("V-1", Monday + Nine, 100);
        scene.NotGiven("V-2", Monday + Nine, "missed-by-provider", 120);
        scene.Given("V-3", Monday.PlusDays(1) + Nine, 150);
        scene.Given("V-4", Monday.PlusDays(2) + Nine, 120, carers: 2);
        scene.Close(Monday, Monday.PlusDays(2));
        // On Monday 20 minutes are short and 120 missed. On Tuesday 150 of 240 are given, so 90 have no record.
        Assert.Equal($"missed-by-provider 120 0 120; no-record {90 + (4 * 240)} 0 {90 + (4 * 240)}; short 20 0 20",
            scene.Missed(Monday));
    }

    [Theory]
    [InlineData(23, 120, "")]
    [InlineData(24, 120, "")]
    [InlineData(47, 120, "")]
    [InlineData(48, 0, "cancelled-by-person 120 120 0")]
    public void A_late_cancellation_is_charged_whole_and_never_banked(int notice, long charged, string missed)
    {
        var scene = new WeekScene
        {
            Plans = Plans(Line("L-1", 1, Slot("Mon", "09:00", 120))),
            Terms = Agreed(BankUnit.Minutes, list: List(Hour(2400)) with
            {
                Cancellation = [new(24, 100), new(48, 50)],
            }),
        };
        var visit = scene.NotGiven("V-1", Monday + Nine, "cancelled-by-person", 120, notice);
        Assert.Equal(charged, visit.Fulfilment.Charged.Count);
        scene.Close(Monday, Sunday);
        Assert.Equal(missed, scene.Missed(Monday));
    }

    [Fact]
    public void An_outcome_that_the_list_does_not_bank_and_a_closed_holiday_are_released()
    {
        var scene = new WeekScene
        {
            Plans = Daily(),
            Terms = Agreed(BankUnit.Minutes, list: List(Hour(2400)) with
            {
                Outcomes = [new("no-access", 0, Banks: false), new("cancelled-by-provider", 0)],
            }),
        };
        scene.NotGiven("V-0", Monday + Nine, "no-access", 120);
        scene.NotGiven("V-1", Monday.PlusDays(1) + Nine, "cancelled-by-provider", 120);
        scene.NotGiven("V-2", Monday.PlusDays(2) + Nine, "closed-holiday", 120);
        scene.Close(Monday, Sunday);
        Assert.Equal("cancelled-by-provider 120 120 0; closed-holiday 120 0 120; no-access 120 0 120; "
            + "no-record 480 480 0", scene.Missed(Monday));
    }

    [Fact]
    public void A_visit_that_answers_no_plan_is_not_charged()
    {
        var scene = new WeekScene
        {
            Plans = Plans(Line("L-1", 1, Slot("Mon", "09:00", 120))),
            Terms = Agreed(list: List(Hour(2400)) with { Outcomes = [new("no-access", 100)] }),
        };
        Assert.Equal(0, scene.NotGiven("V-1", Monday.PlusDays(1) + Nine, "no-access", 60).Fulfilment.Charged.Count);
        Assert.Equal(120, scene.NotGiven("V-2", Monday + Nine, "no-access", 60).Fulfilment.Charged.Count);
        Assert.Equal(0, scene.NotGiven("V-3", Monday + Nine, "no-access", 60).Fulfilment.Charged.Count);
    }

    [Fact]
    public void A_week_is_published_again_only_when_something_came_late()
    {
        var scene = new WeekScene { Plans = Daily(), Terms = Agreed(BankUnit.Minutes) };
        Assert.True(Assert.Single(scene.Close(Monday, Sunday).Weeks).IsChanged);
        Assert.False(Assert.Single(scene.Close(Monday, Sunday).Weeks).IsChanged);
        scene.GivenAtNine((0, 120));
        Assert.True(Assert.Single(scene.Close(Monday, Sunday).Weeks).IsChanged);
        Assert.Equal((2, "no-record 720 720 0"), (scene.Weeks[Monday].Version, scene.Missed(Monday)));
    }

    [Fact]
    public void A_line_that_misses_nothing_any_more_is_still_in_its_week()
    {
        var scene = new WeekScene { Plans = Daily(), Terms = Agreed(BankUnit.Minutes) };
        scene.Close(Monday, Sunday);
        scene.GivenAtNine((0, 120), (1, 120), (2, 120), (3, 120), (4, 120), (5, 120), (6, 120));
        scene.Close(Monday, Sunday);
        Assert.Equal((2, ""), (scene.Weeks[Monday].Version, scene.Missed(Monday)));
        Assert.Equal("L-1", Assert.Single(scene.Weeks[Monday].Lines).LineId);
    }

    [Fact]
    public void Planned_5_5_5_given_4_7_6_leaves_1_short_and_3_beyond_the_plan()
    {
        var scene = new WeekScene { Plans = Plans(Line("L-1", 1, Slot("Mon Wed Fri", "09:00", 300))) };
        scene.GivenAtNine((0, 4 * 60), (2, 7 * 60), (4, 6 * 60));
        scene.Close(Monday, Sunday);
        Assert.Equal("short 60 0 60", scene.Missed(Monday));
        Assert.Equal(180, scene.Visits.Sum(visit => visit.Fulfilment.Extra.Count));
    }

    // An hour of two carers is given on Monday, Wednesday and Friday, beside a line of weekly minutes.
    private static WeekScene ThreeHoursOfTwo()
    {
        var scene = new WeekScene
        {
            Plans = Plans(Line("L-1", 2, Slot("Mon Wed Fri", "09:00", 60)), Weekly("L-2", 400)),
        };
        scene.Given("V-1", Monday + Nine, 60, carers: 2);
        scene.Given("V-3", Monday.PlusDays(2) + Nine, 60, carers: 2);
        scene.Given("V-5", Monday.PlusDays(4) + Nine, 60, carers: 2);
        scene.Close(Monday, Sunday);
        return scene;
    }

    private static string PlannedIn(WeekScene scene, string lineId = "L-1") => string.Join("; ",
        scene.Line(Monday, lineId).Planned.Select(sum => $"{sum.AllocationId} {sum.Minutes}"));

    [Fact]
    public void What_was_planned_is_published_by_allocation()
    {
        var scene = ThreeHoursOfTwo();
        Assert.Equal(
            ("A-1 360", "", "A-1 400"), (PlannedIn(scene), scene.Missed(Monday), PlannedIn(scene, "L-2")));
    }

    [Fact]
    public void What_was_planned_is_published_again_when_it_changes_and_then_no_more()
    {
        var scene = ThreeHoursOfTwo();
        scene.Plans = Plans(Line("L-1", 2, Slot("Mon Wed Fri Sat", "09:00", 60)), Weekly("L-2", 400));
        Assert.True(Assert.Single(scene.Close(Monday, Sunday).Weeks).IsChanged);
        Assert.Equal((2, "A-1 480"), (scene.Weeks[Monday].Version, PlannedIn(scene)));
        Assert.False(Assert.Single(scene.Close(Monday, Sunday).Weeks).IsChanged);
    }

    [Fact]
    public void Of_a_line_that_the_plan_no_longer_has_what_was_fulfilled_counts_as_planned()
    {
        var scene = ThreeHoursOfTwo();
        scene.Plans = Plans(Weekly("L-2", 400));
        scene.Close(Monday, Sunday);
        Assert.Equal("A-1 360", PlannedIn(scene));
    }

    [Fact]
    public void A_week_that_was_stored_before_it_had_its_plan_is_read_and_published_again()
    {
        var stored = IsfJson.Read<List<ClosedLineSums>>("""
            [{"lineId":"L-1","missed":[{"reason":"no-record","minutes":840,"banked":0,"released":840}],
              "drawnMinutes":0,"expiredMinutes":0,"revaluedMinutes":0}]
            """);
        var closing = new ClosedWeeks(Daily(), Agreed(), []).Close(
            "F-1", Monday, Sunday, [], [new ClosedFundWeek(Monday, 1, stored, [])]);
        var week = Assert.Single(closing.Weeks);
        Assert.Equal((true, 2), (week.IsChanged, week.Week.Version));
        Assert.Equal([new PlannedSum("A-1", 840)], Assert.Single(week.Week.Lines).Planned);
    }

    [Fact]
    public void A_week_without_plan_or_visit_is_not_published()
    {
        var scene = new WeekScene { Plans = Plans(Line("L-1", 1, Slot("Mon", "09:00", 120, everyWeeks: 2))) };
        Assert.Equal([Monday, Monday.PlusWeeks(2)],
            scene.Close(Monday, Monday.PlusDays(20)).Weeks.Select(week => week.Week.Monday));
    }

    [Theory]
    // A week closes on the second Monday after its end. The run of that night covers the days up to the Sunday before
    // that Monday. The first column is the last day that a run covers.
    [InlineData("2026-05-16", "2026-06-01", "2026-05-03")]
    [InlineData("2026-05-17", "2026-06-01", "2026-05-10")]
    [InlineData("2026-05-18", "2026-06-01", "2026-05-10")]
    [InlineData("2026-05-23", "2026-06-01", "2026-05-10")]
    [InlineData("2026-05-24", "2026-06-01", "2026-05-17")]
    [InlineData("2026-12-31", "2026-06-01", "2026-05-31")]
    [InlineData("2026-12-31", "2026-05-31", "2026-05-24")]
    public void A_run_up_to_a_day_closes_what_was_due_by_then_and_is_over(string upTo, string today, string sunday)
    {
        static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
        Assert.Equal(Day(sunday), ClosedWeeks.LastDue(Day(upTo), Day(today)));
    }

    [Theory]
    // A week is due at 03:00 London time, in winter and summer time; some runs are a minute early or days late.
    [InlineData("2026-03-23T03:00:00Z", "2026-03-15")]
    [InlineData("2026-03-30T01:59:00Z", "2026-03-15")]
    [InlineData("2026-03-30T02:00:00Z", "2026-03-22")]
    [InlineData("2026-03-31T00:10:00Z", "2026-03-22")]
    [InlineData("2026-04-05T23:30:00Z", "2026-03-22")]
    [InlineData("2026-04-06T02:00:00Z", "2026-03-29")]
    [InlineData("2026-10-26T02:59:00Z", "2026-10-11")]
    [InlineData("2026-10-26T03:00:00Z", "2026-10-18")]
    public void The_schedule_closes_a_week_on_its_second_Monday_at_3_whenever_the_run_is_made_up(
        string fired, string sunday)
    {
        var at = NodaTime.Text.InstantPattern.General.Parse(fired).Value;
        var night = Schedules.NightOf(new(CloseWeeks.Cron, "Europe/London", true), at);
        Assert.Equal(sunday, $"{ClosedWeeks.LastDue(night.PlusDays(-1), London.DayOf(at)):uuuu-MM-dd}");
    }

    [Theory]
    [InlineData("1900-01-01", "2026-04-12", "2026-03-30 to 2026-04-12")]
    [InlineData("2026-04-05", "2026-04-12", "2026-04-06 to 2026-04-12")]
    [InlineData("2026-04-05", "2026-04-26", "2026-04-06 to 2026-04-26")]
    [InlineData("2026-04-12", "2026-04-12", null)]
    [InlineData("2026-04-19", "2026-04-12", null)]
    [InlineData("1900-01-01", "2026-03-29", null)]
    public void A_fund_is_closed_from_where_it_was_left_and_never_before_its_first_week(
        string closedTo, string sunday, string? weeks)
    {
        static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
        var due = CloseWeeks.NextWeeks(Day(closedTo), new LocalDate(2026, 4, 2), Day(sunday));
        Assert.Equal(weeks, due is { } days ? $"{days.From:uuuu-MM-dd} to {days.To:uuuu-MM-dd}" : null);
    }
}
