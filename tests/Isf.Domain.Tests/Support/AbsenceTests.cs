using Isf.Support.Absences;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>
/// Care planned for days in hospital is charged up to the paid days and then released. Care planned for days of
/// another absence is missed, with the kind of the absence as its reason.
/// </summary>
public sealed class AbsenceTests
{
    private static readonly LocalTime Nine = new(9, 0);
    private static readonly LocalDate First = new(2026, 10, 5);
    private static readonly LocalDate Last = new(2026, 10, 25);
    private static readonly Absence Stay = AbsenceOf(AbsenceKind.Hospital, new(2026, 10, 6), Last);

    private static WeekScene InHospital(PlanLine line, params Absence[] absences) => new()
    {
        Plans = Plans(line), Terms = Agreed(BankUnit.Minutes, paidDays: 14, absences: absences),
    };

    private static readonly PlanLine TwoHoursADay = Line("L-1", 1, Slot("Mon Tue Wed Thu Fri Sat Sun", "09:00", 120));

    public static TheoryData<string, PlanLine, int> Lines => new()
    {
        { "two hours a day", TwoHoursADay, 1 },
        { "fourteen hours a week", Weekly("L-1", 840), 1 },
        { "two carers", TwoHoursADay with { Carers = 2 }, 2 },
    };

    private static WeekScene AfterTheStay(PlanLine line)
    {
        var scene = InHospital(line, Stay);
        scene.Close(First, Last);
        return scene;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_hospital_from_6_to_25_October_28_hours_are_charged(string name, PlanLine line, int carers) =>
        Assert.Equal((name, 28 * 60 * carers),
            (name, AfterTheStay(line).Visits.Sum(visit => visit.Fulfilment.Charged.Count)));

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_hospital_the_first_14_days_are_charged(string name, PlanLine line, int carers)
    {
        var charged = AfterTheStay(line).Visits;
        Assert.All(charged, visit => Assert.True(visit is { ForAbsence: true, Version: 1 }, $"{name}, {carers}"));
        Assert.Equal(Enumerable.Range(0, 14).Select(Stay.From.PlusDays), charged.Select(visit => visit.CareOn).Order());
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_hospital_from_6_to_25_October_12_hours_are_released(string name, PlanLine line, int carers) =>
        Assert.Equal((name, 12 * 60 * carers), (name, AfterTheStay(line).Weeks.Values.Sum(week => week.Lines.Sum(sums =>
            sums.Missed.Where(missedSum => missedSum.Reason == "hospital").Sum(missedSum => missedSum.Released)))));

    [Theory]
    [MemberData(nameof(Lines))]
    public void Before_the_stay_nothing_is_known_and_in_its_first_week_nothing_is_missed(
        string name, PlanLine line, int carers)
    {
        var scene = AfterTheStay(line);
        Assert.Equal(
            (name, $"no-record {120 * carers} {120 * carers} 0", ""),
            (name, scene.Missed(First), scene.Missed(First.PlusWeeks(1))));
    }

    [Fact]
    public void Who_sends_a_visit_for_a_day_of_the_stay_takes_the_place_of_what_nobody_sent()
    {
        var scene = InHospital(TwoHoursADay, Stay);
        scene.Close(First, Last);
        scene.Given("V-1", new LocalDate(2026, 10, 7) + Nine, 120);
        var changed = Assert.Single(scene.Close(First, Last).Visits);
        Assert.Equal((2, 0L, new LocalDate(2026, 10, 7)),
            (changed.Version, changed.Fulfilment.Charged.Count, changed.CareOn));
        Assert.NotNull(Absence.Around(scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Record, [Stay]));
        scene.Send(new VisitInput
        {
            VisitId = "V-1", FundId = "F-1", LineId = "L-1", Outcome = "hospital",
            PlannedStart = "2026-10-07T09:00",
        });
        Assert.Empty(scene.Close(First, Last).Visits);
        Assert.Equal(28 * 60, scene.Visits.Sum(visit => visit.Fulfilment.Charged.Count));
    }

    [Fact]
    public void A_stay_that_becomes_known_later_charges_what_was_sent_as_hospital_before()
    {
        var scene = InHospital(TwoHoursADay);
        var sent = scene.NotGiven("V-1", new LocalDate(2026, 10, 6) + Nine, "hospital", 120);
        Assert.Equal(0, sent.Fulfilment.Charged.Count);
        scene.Close(First, Last);
        Assert.Equal("hospital 120 0 120; no-record 720 720 0", scene.Missed(First));
        scene.Terms = scene.Terms with { Absences = [Stay] };
        scene.Close(First, Last);
        Assert.Equal((2, 120L), (scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Version,
            scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Fulfilment.Charged.Count));
        Assert.Equal(14, scene.Visits.Count);
        Assert.Equal("no-record 120 120 0", scene.Missed(First));
        scene.Terms = scene.Terms with { Absences = [] };
        scene.Close(First, Last);
        Assert.Equal("hospital 120 0 120; no-record 720 720 0", scene.Missed(First));
        Assert.Equal(0, scene.Visits.Sum(visit => visit.Fulfilment.Charged.Count));
    }

    [Theory]
    [InlineData(AbsenceKind.Holiday, "holiday 240 240 0; no-record 600 600 0")]
    [InlineData(AbsenceKind.Respite, "no-record 600 600 0; respite 240 240 0")]
    [InlineData(AbsenceKind.Other, "no-record 600 600 0; other 240 240 0")]
    public void Any_other_absence_is_missed_for_its_reason_and_banked(AbsenceKind kind, string missed)
    {
        var scene = InHospital(TwoHoursADay, AbsenceOf(kind, First.PlusDays(2), First.PlusDays(3)));
        scene.Close(First, First.PlusDays(6));
        Assert.Equal(missed, scene.Missed(First));
        Assert.Empty(scene.Visits);
    }

    [Theory]
    [InlineData("2026-10-05", null)]
    [InlineData("2026-10-06", "AB-1 1")]
    [InlineData("2026-10-08", "AB-1 3")]
    [InlineData("2026-10-25", "AB-1 20")]
    [InlineData("2026-10-26", "AB-2 24")]
    public void Hospital_counts_before_a_holiday_and_days_count_from_admission(string day, string? expected)
    {
        var on = NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value;
        Absence[] absences = [AbsenceOf(AbsenceKind.Holiday, new(2026, 10, 3), null, "AB-2"), Stay];
        var found = Absence.On(day == "2026-10-05" ? [Stay] : absences, on);
        Assert.Equal(expected, found is null ? null : $"{found.Id} {found.DayOf(on)}");
    }

    [Theory]
    [InlineData("2026-10-07T09:00", "delivered", true)]
    [InlineData("2026-10-07T09:00", "no-access", false)]
    [InlineData("2026-10-05T23:30", "delivered", false)]
    [InlineData("2026-10-25T23:30", "delivered", true)]
    [InlineData("2026-10-26T00:00", "delivered", false)]
    public void Care_given_inside_an_absence_is_found_by_the_day_on_which_it_began(
        string start, string outcome, bool isInside)
    {
        var record = Record(Offer(start, start) with { Outcome = outcome });
        Assert.Equal(isInside, Absence.Around(record, [Stay]) is not null);
    }

    private static readonly Fund Open = new("F-1", "P-1", "E10000009", new LocalDate(2026, 3, 30));

    private static readonly Absence Earlier =
        AbsenceOf(AbsenceKind.Hospital, new(2026, 9, 1), new(2026, 10, 5), "AB-2");

    /// <summary>What is known when an absence is reported.</summary>
    public sealed record Known(Fund? Fund, Absence? Before, params Absence[] Others);

    public static TheoryData<string, RecordAbsence.Refusal?, Absence, Known> Reports => new()
    {
        { "good", null, Stay, new(Open, null) },
        { "unknown fund", RecordAbsence.Refusal.UnknownFund, Stay, new(null, null) },
        { "of another fund", RecordAbsence.Refusal.AbsenceOfAnotherFund, Stay,
            new(Open, Stay with { FundId = "F-2" }) },
        { "ends before it starts", RecordAbsence.Refusal.EndsBeforeItStarts,
            Stay with { To = Stay.From.PlusDays(-1) }, new(Open, null) },
        { "one day", null, Stay with { To = Stay.From }, new(Open, null) },
        { "meets another", RecordAbsence.Refusal.Overlaps, Stay,
            new(Open, null, Stay, Earlier with { To = Stay.From }) },
        { "follows another", null, Stay, new(Open, null, Earlier) },
        { "meets one of another kind", null, Stay,
            new(Open, null, Earlier with { Kind = AbsenceKind.Holiday, To = null }) },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void An_absence_is_refused_for_its_first_reason(
        string name, RecordAbsence.Refusal? why, Absence absence, Known known) =>
        Assert.Equal((name, why),
            (name, RecordAbsence.Decide(absence, new(known.Fund, known.Before, known.Others)).Refusal));

    // 700 minutes a week, of which 100 are planned for each of two days in hospital and given on four other days.
    private static WeekScene WeeklyMinutesWithTwoDaysInHospital()
    {
        var scene = new WeekScene
        {
            Plans = Plans(Weekly("L-1", 700)),
            Terms = Agreed(BankUnit.Minutes, paidDays: 14,
                absences: AbsenceOf(AbsenceKind.Hospital, Monday, Monday.PlusDays(1))),
        };
        scene.NotGiven("H-0", Monday + Nine, "hospital", 100);
        scene.NotGiven("H-1", Monday.PlusDays(1) + Nine, "hospital", 100);
        scene.GivenAtNine((2, 100), (3, 100), (4, 100), (5, 100));
        scene.Close(Monday, Monday.PlusDays(6));
        return scene;
    }

    [Fact]
    public void Of_weekly_minutes_days_in_hospital_that_visits_speak_for_are_charged_once()
    {
        var scene = WeeklyMinutesWithTwoDaysInHospital();
        Assert.DoesNotContain(scene.Visits, visit => visit.ForAbsence);
        Assert.Equal(200, scene.Visits.Sum(visit => visit.Fulfilment.Charged.Count));
        Assert.Equal("no-record 100 100 0", scene.Missed(Monday));
    }

    [Fact]
    public void Of_weekly_minutes_a_day_in_hospital_charges_only_what_no_visit_speaks_for()
    {
        var scene = WeeklyMinutesWithTwoDaysInHospital();
        scene.Given("H-1", Monday.PlusDays(1) + Nine, 70);
        scene.Close(Monday, Monday.PlusDays(6));
        Assert.Equal(30, Assert.Single(scene.Visits, visit => visit.ForAbsence).Fulfilment.Charged.Count);
    }
}
