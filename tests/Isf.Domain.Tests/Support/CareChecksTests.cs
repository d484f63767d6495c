using Isf.Measures;
using Isf.Support.Domain;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// The flags that the checks on arrival raise, on both sides of every boundary and in any order of arrival.
/// </summary>
public sealed class CareChecksTests
{
    private static Visit Given(string id, string start, string end, string fund = "F-1", string? worker = "W-1",
        int carers = 1, int planned = 1, string line = "L-1", string day = "2026-04-06")
    {
        var record = Record($"{day} {start}", $"{day} {end}", id, carers) with
        {
            FundId = fund,
            WorkerId = worker,
            LineId = line,
        };
        var wall = London.At(record.Start!.Value.ToInstant()).LocalDateTime;
        return new Visit
        {
            Record = record, Version = 1, AllocationId = "A-1", Service = "support", CareOn = wall.Date,
            Fulfilment = new Fulfilment
            {
                Occurrence = planned > 0 ? wall : null, OccurrenceMinutes = 60, OccurrenceCarers = planned,
                CarerSlots = Math.Min(planned, carers), Fulfilled = planned > 0 ? record.Given : Minutes.Zero,
                Extra = planned > 0 ? Minutes.Zero : record.Given,
            },
        };
    }

    private static string Found(params Visit[] visits) => Found([], visits);

    private static string Found(Absence[] absences, params Visit[] visits) => string.Join(" | ",
        CareChecks.Find(visits, [], [], absences, CheckTerms.Default)
            .Select(flag => $"{flag.Kind} {string.Join(' ', flag.Visits)}").Order());

    public static readonly TheoryData<string, Visit[]> Table = new()
    {
        { "", [Given("V-1", "08:00", "08:45")] },
        // One worker has visits with two people. The two visits share a minute, touch, or are a minute apart.
        { "WorkerOverlap V-2 V-1", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:44", "09:30", "F-2")] },
        { "NoTravelGap V-2 V-1", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:45", "09:30", "F-2")] },
        { "", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:46", "09:30", "F-2")] },
        { "", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:00", "08:45", "F-2", "W-2")] },
        { "", [Given("V-1", "08:00", "08:45", worker: null), Given("V-2", "08:00", "08:45", "F-2", null)] },
        // One person has two visits with different ids. They have the same times, or different ends, or are on two
        // lines.
        {
            "ExactRepeat V-2 V-1",
            [Given("V-1", "08:00", "08:45", planned: 2), Given("V-2", "08:00", "08:45", planned: 2)]
        },
        { "", [Given("V-1", "08:00", "08:45", planned: 2), Given("V-2", "08:00", "08:46", planned: 2)] },
        { "", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:00", "08:45", line: "L-2")] },
        // Two equal visits name no worker. They are duplicates if the plan has no place for the second one, and the
        // visits of two carers if it has.
        {
            "ExactRepeat V-2 V-1 | OutsidePlan V-1 | OutsidePlan V-2",
            [Given("V-1", "08:00", "08:45", worker: null, planned: 0),
                Given("V-2", "08:00", "08:45", worker: null, planned: 0)]
        },
        {
            "",
            [Given("V-1", "08:00", "08:45", worker: null, planned: 2),
                Given("V-2", "08:00", "08:45", worker: null, planned: 2)]
        },
        // A line has as many carers at a time as its plan has, or more.
        { "", [Given("V-1", "08:00", "08:45", carers: 2, planned: 2)] },
        { "MoreCarersThanPlanned V-1", [Given("V-1", "08:00", "08:45", carers: 3, planned: 2)] },
        {
            "MoreCarersThanPlanned V-1 V-2 | MoreCarersThanPlanned V-2 V-1",
            [Given("V-1", "08:00", "08:45"), Given("V-2", "08:44", "09:00", worker: "W-2")]
        },
        { "", [Given("V-1", "08:00", "08:45"), Given("V-2", "08:45", "09:00", worker: "W-2")] },
        { "OutsidePlan V-1", [Given("V-1", "08:00", "08:45", planned: 0)] },
        // Care begins and ends in the same minute, or a minute later.
        { "NoLength V-1", [Given("V-1", "08:00", "08:00")] },
        { "", [Given("V-1", "08:00", "08:01")] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_check_finds_what_it_asks_for_and_nothing_else(string found, Visit[] visits)
    {
        Assert.Equal(found, Found(visits));
        Assert.Equal(found, Found([.. visits.Reverse()]));
    }

    [Theory]
    [InlineData("support", "2026-04-06", null)]
    [InlineData("cooking", "2026-04-06", "cooking, which the price list of allocation A-1 does not know")]
    [InlineData("support", "2026-05-04", null)]
    [InlineData("cooking", "2026-05-04", null)]
    public void Care_of_a_service_that_the_list_of_its_day_does_not_know_is_asked_about(
        string service, string day, string? found)
    {
        static Isf.Prices.PriceRate Rate(string of) => new()
        {
            Code = of, Unit = Isf.Prices.PriceUnit.Hour, Pence = 2_400, Service = of,
        };
        var prices = new AgreedPrices("A-1", "F-1",
        [
            new(1, new(2026, 4, 1), new() { Rates = [Rate("support")] }),
            new(2, new(2026, 5, 1), new() { Rates = [Rate("support"), Rate("cooking")] }),
        ]);
        var visit = Given("V-1", "08:00", "08:45", day: day) with { Service = service };
        var flags = CareChecks.NotPriced([visit], new Dictionary<string, AgreedPrices> { ["A-1"] = prices }).ToList();
        Assert.Equal(found is null ? 0 : 1, flags.Count);
        Assert.All(flags, flag => Assert.Contains(found!, flag.Evidence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_visit_that_is_looked_at_alone_meets_those_around_it()
    {
        Visit[] both = [Given("V-1", "08:00", "08:45"), Given("V-2", "08:30", "09:30", "F-2")];
        var one = Assert.Single(CareChecks.Find([both[0]], [both[1]], [], [], CheckTerms.Default));
        var other = Assert.Single(CareChecks.Find([both[1]], both, [], [], CheckTerms.Default));
        Assert.Equal((one.Key, one.Evidence), (other.Key, other.Evidence));
        Assert.Contains("for 15 of the same minutes", one.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-04-05", "")]
    [InlineData("2026-04-06", "InsideAbsence V-1")]
    [InlineData("2026-04-08", "InsideAbsence V-1")]
    [InlineData("2026-04-09", "")]
    public void Care_on_a_day_of_an_absence_is_asked_about(string day, string found)
    {
        var absence = new Absence
        {
            Id = "AB-1", FundId = "F-1", From = new(2026, 4, 6), To = new(2026, 4, 8), Kind = AbsenceKind.Hospital,
        };
        Assert.Equal(found, Found([absence], Given("V-1", "08:00", "08:45", day: day)));
        Assert.Equal("", Found([absence with { FundId = "F-2" }], Given("V-1", "08:00", "08:45", day: day)));
    }

    [Theory]
    [InlineData(1440, 0)]
    [InlineData(1441, 1)]
    public void A_worker_may_give_24_hours_and_no_more_unasked(long minutes, int found)
    {
        var day = new WorkerDay("W-1", new(2026, 4, 6), minutes, ["V-2", "V-1"], "F-1");
        Assert.Equal(found, CareChecks.Find([], [], [day], [], CheckTerms.Default).Count);
        var shorter = CheckTerms.Default with { WorkerHoursADay = 23 };
        Assert.Single(CareChecks.Find([], [], [day with { Minutes = 1381 }], [], shorter));
        Assert.Empty(CareChecks.Find([], [], [day with { Minutes = 1380 }], [], shorter));
    }

    [Theory]
    [InlineData("08:45", "in the same minute")]
    [InlineData("08:46", "1 min later; 10 min are expected")]
    [InlineData("08:54", "9 min later; 10 min are expected")]
    [InlineData("08:55", null)]
    public void A_way_takes_as_long_as_the_holder_says(string start, string? travelTime)
    {
        Visit[] both = [Given("V-1", "08:00", "08:45"), Given("V-2", start, "09:30", "F-2")];
        var found = CareChecks.Find(both, [], [], [], new CheckTerms { TravelMinutes = 10 });
        Assert.Equal(travelTime is null ? 0 : 1, found.Count);
        Assert.All(found, flag => Assert.Contains(travelTime!, flag.Evidence, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_went_somewhere_else_in_between_did_not_go_from_the_first_to_the_last()
    {
        Visit[] round = [Given("V-1", "08:00", "08:15"), Given("V-2", "08:20", "08:35", "F-2"),
            Given("V-3", "08:40", "08:55", "F-3")];
        var found = CareChecks.Find(round, [], [], [], new CheckTerms { TravelMinutes = 30 });
        Assert.Equal(["V-2 V-1", "V-3 V-2"], found.Select(flag => string.Join(' ', flag.Visits)).Order());
    }

    [Theory]
    [InlineData("2026-04-05", null, 2)]
    [InlineData("2026-04-06", null, 0)]
    [InlineData("2026-04-06", "08:59", 1)]
    [InlineData("2026-04-06", "09:00", 0)]
    public void Care_that_began_after_the_end_of_its_fund_is_asked_about(string on, string? at, int found)
    {
        var end = new FundEnd(NodaTime.Text.LocalDatePattern.Iso.Parse(on).Value, at is null ? null
            : NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at).Value);
        var flags = CareChecks.AfterEnd([Given("V-1", "08:00", "08:45"), Given("V-2", "09:00", "09:45")], end);
        Assert.Equal(found, flags.Count());
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(7, 1)]
    public void A_stay_that_goes_on_behind_the_end_of_its_fund_is_asked_about(int end, int found)
    {
        var stay = Given("S-1", "08:00", "09:00") with
        {
            Record = Record("2026-04-06T08:00", "2026-04-09T00:00", "S-1"),
        };
        Assert.Equal(found, CareChecks.AfterEnd([stay], new FundEnd(new(2026, 4, end), null)).Count());
    }

    [Fact]
    public void Every_check_says_what_it_asks_and_how_it_may_be_harmless() => Assert.All(
        Enum.GetValues<FlagKind>(), kind => Assert.True(
            CareChecks.Table[kind] is { Question: [.., '?'], InnocentReadings.Count: > 1 }, $"{kind}"));
}

/// <summary>Continuity, under- and over-delivery, and the hours of a line's week.</summary>
public sealed class CareFiguresTests
{
    [Theory]
    [InlineData(new long[] { 100, 100 }, new long[] { 84, 84 }, true)]
    [InlineData(new long[] { 100, 100 }, new long[] { 85, 84 }, false)]  // the last period is good enough
    [InlineData(new long[] { 100, 100 }, new long[] { 84, 85 }, false)]
    [InlineData(new long[] { 100, 0 }, new long[] { 0, 0 }, false)]      // nothing was planned in the second
    [InlineData(new long[] { 100 }, new long[] { 0 }, false)]            // one period alone proves nothing
    public void Care_is_under_its_plan_where_both_periods_are_below_85_per_cent(
        long[] planned, long[] delivered, bool isUnder) =>
        Assert.Equal(isUnder, DeliveryChecks.IsUnder(planned, delivered, 2, 85));

    [Theory]
    [InlineData(60, 0, true)]
    [InlineData(60, 1, false)]
    [InlineData(0, 0, false)]
    public void None_is_given_only_where_something_was_planned(long planned, long given, bool isNone) =>
        Assert.Equal(isNone, DeliveryChecks.IsNone([planned], given));

    [Theory]
    [InlineData(100, 115, false)]
    [InlineData(100, 116, true)]
    [InlineData(0, 1, true)]
    public void Over_is_more_than_115_percent_of_the_plan(long planned, long given, bool isOver) =>
        Assert.Equal(isOver, DeliveryChecks.IsOver([planned], [given], 115));

    [Theory]
    [InlineData(100, 85, 85L)]
    [InlineData(0, 5, null)]
    public void What_is_given_is_a_percentage_of_what_was_planned(long planned, long given, long? percent) =>
        Assert.Equal(percent, DeliveryChecks.Percent(planned, given));

    [Fact]
    public void Continuity_counts_wanted_workers_late_starts_and_short_visits()
    {
        var plans = Plans(Line("L-1", 1, Slot("Mon Tue Wed", "08:00", 60)) with { Workers = ["W-1", "W-2"] });
        Visit At(string day, string start, string end, string? worker)
        {
            var record = Record($"{day} {start}", $"{day} {end}", day) with { WorkerId = worker };
            return new Visit
            {
                Record = record, Version = 1, AllocationId = "A-1", Service = "support",
                CareOn = London.DayOf(record.Start!.Value), Fulfilment = Matching.MatchPlanned(plans, record, []),
            };
        }
        var line = Assert.Single(Continuity.Measure(plans,
        [
            At("2026-04-06", "08:15", "09:15", "W-1"),  // 15 minutes late: within the tolerance
            At("2026-04-07", "08:16", "09:00", "W-3"),  // 16 late, and 16 short
            At("2026-04-08", "08:00", "08:45", null),   // 15 short
        ], new(15)));
        Assert.Equal(new Continuity("L-1", 3, 2, 1, 1, new(16), 1, new(16)), line);
        Assert.Equal(33, line.PreferredPercent);
    }

    [Fact]
    public void The_hours_of_a_week_account_for_every_minute()
    {
        var closed = new ClosedLineSums
        {
            LineId = "L-1",
            Missed = [new("short", 30, 30, 0), new("no-access", 20, 0, 20)],
            DrawnMinutes = 10, ExpiredMinutes = 5, RevaluedMinutes = -2,
        };
        var hours = CareHours.Sum(600, 500, 60, 40, 560, closed) + CareHours.Sum(100, 40, 0, 0, 40, null);
        Assert.Equal(hours.PlannedMinutes + hours.ExtraMinutes, hours.DeliveredMinutes + hours.MissedMinutes
            + hours.BankedMinutes + hours.ReleasedMinutes + hours.OutstandingMinutes);
        Assert.Equal((700, 50, 600, 40, 40, 13, 27, 70, 600), (hours.PlannedMinutes, hours.ExtraMinutes,
            hours.DeliveredMinutes, hours.MissedMinutes, hours.ChargedNotDeliveredMinutes, hours.BankedMinutes,
            hours.ReleasedMinutes, hours.OutstandingMinutes, hours.PersonMinutes));
    }
}
