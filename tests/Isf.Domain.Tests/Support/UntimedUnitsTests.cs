using Isf.Measures;
using Isf.Prices;
using Isf.Support.Domain;
using Isf.Support.Domain.Files;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Sessions, days, weeks, miles and items carry no minutes. A visit paid by the day or the week may be a stay.
/// </summary>
public sealed class UntimedUnitsTests
{
    private static readonly LocalTime Nine = new(9, 0);
    private static readonly PlanLine Daily = Line("L-1", 1, Slot("Mon Tue Wed Thu Fri Sat Sun", "09:00", 300));

    private static PriceRate In(PriceUnit unit, LocalDate? from = null, LocalDate? to = null, string? service = null) =>
        new() { Code = unit.ToString(), Unit = unit, Pence = 5000, From = from, To = to, Service = service };

    private static IReadOnlyList<UntimedService> Untimed(params PriceRate[][] versions) => versions.Select(
        (rates, i) => new PriceVersion(i + 1, Monday.PlusWeeks(i), new PriceList { Rates = rates }))
        .Aggregate((AgreedPrices?)null, (stored, version) => AgreedPrices.With(stored, "A-1", "F-1", version))!
        .Untimed();

    private static WeekScene Scene(PriceUnit unit, CareTerms? terms = null)
    {
        var allocation = Paid([.. Untimed([In(unit)])]);
        return new()
        {
            Allocation = allocation,
            Plans = new([Plan(Version(1, Monday, null, Daily))], Allocation.ById([allocation])),
            Terms = terms ?? Agreed(BankUnit.Minutes, list: new() { Rates = [In(unit)] }),
        };
    }

    [Theory]
    [InlineData(PriceUnit.Hour, false, false)]
    [InlineData(PriceUnit.Visit, false, false)]
    [InlineData(PriceUnit.Night, false, false)]
    [InlineData(PriceUnit.Session, true, false)]
    [InlineData(PriceUnit.Mile, true, false)]
    [InlineData(PriceUnit.Item, true, false)]
    [InlineData(PriceUnit.Day, true, true)]
    [InlineData(PriceUnit.Week, true, true)]
    public void Whether_minutes_count_and_a_stay_may_last_follows_from_the_unit(
        PriceUnit unit, bool isUntimed, bool isStay)
    {
        var untimed = Untimed([In(unit)]);
        Assert.Equal(isUntimed ? [new UntimedService("support", null, null, isStay)] : [], untimed);
        Assert.Equal(isUntimed, Paid([.. untimed]).UntimedOn("support", Monday) is not null);
        Assert.Null(Paid([.. untimed]).UntimedOn("sleep-in", Monday));
    }

    [Fact]
    public void A_unit_that_changes_counts_from_the_day_of_its_rate_or_list()
    {
        var (second, third) = (Monday.PlusWeeks(1), Monday.PlusWeeks(2));
        Assert.Equal([new UntimedService("support", second, null, false)],
            Untimed([In(PriceUnit.Hour)], [In(PriceUnit.Session)]));
        Assert.Equal([new UntimedService("support", null, second.PlusDays(-1), true)],
            Untimed([In(PriceUnit.Week)], [In(PriceUnit.Hour)]));
        Assert.Equal([new UntimedService("support", third, null, true)],
            Untimed([In(PriceUnit.Hour, to: third.PlusDays(-1)), In(PriceUnit.Day, third)]));
        // A visit may begin before the weekly rate applies and still be a stay. So the service can have stays even
        // before the rate's first day.
        Assert.Equal([new UntimedService("support", null, null, true)], Untimed([In(PriceUnit.Week, third)]));
        Assert.Equal([new UntimedService("club", null, null, false)],
            Untimed([In(PriceUnit.Hour), In(PriceUnit.Session, service: "club")]));
    }

    [Fact]
    public void A_week_of_sessions_has_no_hours_and_leaves_none_to_bank()
    {
        var scene = Scene(PriceUnit.Session);
        scene.Given("V-1", Monday + Nine, 300);
        scene.NotGiven("V-2", Monday.PlusDays(1) + Nine, "missed-by-provider", 300);
        scene.Close(Monday, Monday.PlusDays(6));
        Assert.Equal(("", 0L), (scene.Missed(Monday), scene.Banked));
        Assert.Empty(PlannedDays.MinutesByDay(scene.Plans, Days(Monday, Monday.PlusDays(6)), scene.Visits));
        var given = scene.Visits.Single(visit => visit.Record.VisitId == "V-1");
        Assert.Equal((0L, 0L, Monday + Nine), (given.Fulfilment.Fulfilled.Count, given.Fulfilment.Extra.Count,
            given.Fulfilment.Occurrence));
    }

    [Fact]
    public void A_session_that_is_charged_though_not_given_says_so_without_minutes()
    {
        var list = new PriceList { Rates = [In(PriceUnit.Session)], Outcomes = [new("no-access", 100)] };
        var scene = Scene(PriceUnit.Session, Agreed(list: list));
        Assert.True(scene.NotGiven("V-1", Monday + Nine, "no-access", 300).Fulfilment is
        { UntimedCharged: true, Charged.Count: 0, IsCharged: true });
        Assert.False(scene.NotGiven("V-2", Monday.PlusDays(1) + Nine, "missed-by-provider", 300).Fulfilment.IsCharged);
        // The plan has only one such session on that day, so a second visit fulfils nothing of the plan and is not
        // charged.
        Assert.False(scene.NotGiven("V-3", Monday + Nine, "no-access", 300).Fulfilment.IsCharged);
        scene.Terms = Agreed(list: list with { Outcomes = [] });
        var changed = Assert.Single(scene.Close(Monday, Monday.PlusDays(6)).Visits);
        Assert.Equal(("V-1", 2, false), (changed.Record.VisitId, changed.Version, changed.Fulfilment.IsCharged));
    }

    [Fact]
    public void A_hospital_stays_paid_days_are_charged_day_by_day()
    {
        var absence = AbsenceOf(AbsenceKind.Hospital, Monday.PlusDays(1), Monday.PlusDays(5));
        var scene = Scene(PriceUnit.Day,
            Agreed(paidDays: 3, list: new() { Rates = [In(PriceUnit.Day)] }, absences: absence));
        scene.Close(Monday, Monday.PlusDays(6));
        Assert.Equal([1, 2, 3], scene.Visits.Where(visit => visit is
        {
            ForAbsence: true,
            Fulfilment.UntimedCharged: true
        })
            .Select(visit => Period.DaysBetween(Monday, visit.CareOn)).Order());
        Assert.Empty(scene.Close(Monday, Monday.PlusDays(6)).Visits);
        scene.Terms = scene.Terms with { Absences = [] };
        Assert.Equal(3, scene.Close(Monday, Monday.PlusDays(6)).Visits.Count(visit => !visit.Fulfilment.IsCharged));
    }

    [Fact]
    public void A_stay_answers_what_is_expected_on_each_of_its_days()
    {
        var scene = Scene(PriceUnit.Week);
        var stay = scene.Send(Offer("2026-04-06T09:00", "2026-04-11T00:00"));
        var expected = Matching.Expected(scene.Plans, "L-1", Days(Monday, Monday.PlusDays(6)), [stay]);
        Assert.Equal([0, 1, 2, 3, 4], expected.Where(expectedVisit => expectedVisit.FreeSlots == 0)
            .Select(expectedVisit => Period.DaysBetween(Monday, expectedVisit.Planned.Wall.Date)));
        Assert.All(expected, expectedVisit => Assert.Equal(Minutes.Zero, expectedVisit.Planned.CarerMinutes));
    }

    [Theory]
    [InlineData("2026-04-06T09:00", "2027-04-05T00:00", null)]             // to the allocation's last midnight
    [InlineData("2026-04-06T09:00", "2027-04-05T00:01", null)]             // beyond that midnight, which is flagged
    [InlineData("2026-04-06T09:00", "2027-04-08T09:00", VisitCheck.Refusal.VisitTooLong)]
    public void A_stay_lasts_up_to_a_year_on_days_that_are_all_paid_for(
        string start, string end, VisitCheck.Refusal? why)
    {
        var scene = Scene(PriceUnit.Day);
        var fund = Fund(scene.Plans) with { Allocations = Allocation.ById([scene.Allocation]) };
        var now = Instant.FromUtc(2027, 6, 1, 0, 0);
        Assert.Equal(why, VisitCheck.Decide(Record(start, end), fund, null, now).Fault?.Why);
        var closed = fund with { End = new FundEnd(new LocalDate(2026, 4, 10), null) };
        Assert.Equal(VisitCheck.Refusal.FundClosed,
            VisitCheck.Decide(Record(start, "2026-04-12T00:00"), closed, null, now).Fault?.Why);
        Assert.Null(VisitCheck.Decide(Record(start, "2026-04-11T00:00"), closed, null, now).Fault);
    }

    [Fact]
    public void A_session_of_more_than_25_hours_is_refused_as_any_visit_is() =>
        Assert.Equal(VisitCheck.Refusal.VisitTooLong, VisitCheck.Decide(
            Record("2026-04-06T09:00", "2026-04-07T10:01"), Fund(Scene(PriceUnit.Session).Plans), null, Now)
            .Fault?.Why);

    [Fact]
    public void Miles_beside_a_visit_do_not_stand_in_its_place()
    {
        var allocation = Paid([.. Untimed([In(PriceUnit.Hour), In(PriceUnit.Mile, service: "mileage")])]);
        var scene = new WeekScene
        {
            Allocation = allocation,
            Plans = new([Plan(Version(1, Monday, null, Daily))], Allocation.ById([allocation])),
        };
        var miles = scene.Send(Offer("2026-04-06T09:00", "2026-04-06T14:00", "M-1")
            with
        { Service = "mileage", Miles = 12, PlannedStart = "2026-04-06T09:00" });
        Assert.Equal(new Fulfilment(), miles.Fulfilment);
        Assert.Equal(300, scene.Given("V-1", Monday + Nine, 300).Fulfilment.Fulfilled.Count);
    }

    [Fact]
    public void Miles_beside_a_stay_or_session_do_not_stand_in_its_place()
    {
        var allocation = Paid([.. Untimed([In(PriceUnit.Day), In(PriceUnit.Mile, service: "mileage")])]);
        var scene = new WeekScene
        {
            Allocation = allocation,
            Plans = new([Plan(Version(1, Monday, null, Daily))], Allocation.ById([allocation])),
        };
        var miles = scene.Send(Offer("2026-04-06T09:00", "2026-04-06T14:00", "M-1")
            with
        { Service = "mileage", Miles = 12, PlannedStart = "2026-04-06T09:00" });
        Assert.Equal((null, false), (miles.Fulfilment.Occurrence, miles.IsUnplanned));
        var day = scene.Given("V-1", Monday + Nine, 300);
        Assert.Equal(Monday + Nine, day.Fulfilment.Occurrence);
        Assert.True(scene.Given("V-2", Monday + Nine, 300).IsUnplanned);
        Assert.Equal((7, 2), DeliveryChecks.Untimed(scene.Plans, "L-1", Days(Monday, Monday.PlusDays(6)),
            [.. scene.Visits]));
    }

    [Fact]
    public void A_return_of_actuals_counts_sessions_as_sessions()
    {
        var scene = Scene(PriceUnit.Session);
        var fund = Fund(scene.Plans);
        var row = new WeekRow(name => name)
        {
            Fund = "F-1", LineId = "L-1", WeekEnding = Monday.PlusDays(6), Unit = "session", Quantity = 500,
            Missed = 200, Extra = null, Frustrated = null, Comment = "the centre was closed",
        };
        var (visits, _) = row.Visits(fund, []);
        Assert.Equal((5, 2), (visits.Count(visit => visit.Outcome == VisitOutcome.Delivered),
            visits.Count(visit => visit.Outcome == VisitOutcome.MissedByProvider)));
        Assert.Equal("unit-does-not-fit", (row with { Unit = "hour" }).Visits(fund, []).Fault?.Code);
    }
}
