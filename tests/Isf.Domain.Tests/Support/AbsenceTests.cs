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

    public static TheoryData<string> Lines => ["two hours a day", "fourteen hours a week", "two carers"];

    [Theory]
    [MemberData(nameof(Lines))]
    public void In_hospital_from_6_to_25_October_28_hours_are_charged_and_12_released(string name)
    {
        var carers = name == "two carers" ? 2 : 1;
        var scene = InHospital(name switch
        {
            "fourteen hours a week" => Weekly("L-1", 840),
            _ => TwoHoursADay with { Carers = carers },
        }, Stay);
        scene.Close(First, Last);
        var charged = scene.Visits.OrderBy(visit => visit.CareOn).ToList();
        Assert.Equal(14, charged.Count);
        Assert.Equal((Stay.From, new LocalDate(2026, 10, 19)), (charged[0].CareOn, charged[^1].CareOn));
        Assert.Equal(28 * 60 * carers, charged.Sum(visit => visit.Fulfilment.ChargedMinutes));
        Assert.All(charged, visit => Assert.True(visit is { ForAbsence: true, Version: 1 }));
        Assert.Equal(12 * 60 * carers, scene.Weeks.Values.Sum(week => week.Lines.Sum(line =>
            line.Missed.Where(missedSum => missedSum.Reason == "hospital").Sum(missedSum => missedSum.Released))));
        Assert.Equal($"no-record {120 * carers} {120 * carers} 0", scene.Missed(First));
        Assert.Equal("", scene.Missed(First.PlusWeeks(1)));
    }

    [Fact]
    public void Who_sends_a_visit_for_a_day_of_the_stay_takes_the_place_of_what_nobody_sent()
    {
        var scene = InHospital(TwoHoursADay, Stay);
        scene.Close(First, Last);
        scene.Given("V-1", new LocalDate(2026, 10, 7) + Nine, 120);
        var changed = Assert.Single(scene.Close(First, Last).Visits);
        Assert.Equal((2, 0L, new LocalDate(2026, 10, 7)),
            (changed.Version, changed.Fulfilment.ChargedMinutes, changed.CareOn));
        Assert.NotNull(Absence.Around(scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Record, [Stay]));
        scene.Send(new VisitInput
        {
            VisitId = "V-1", FundId = "F-1", LineId = "L-1", Outcome = "hospital",
            PlannedStart = "2026-10-07T09:00",
        });
        Assert.Empty(scene.Close(First, Last).Visits);
        Assert.Equal(28 * 60, scene.Visits.Sum(visit => visit.Fulfilment.ChargedMinutes));
    }

    [Fact]
    public void A_stay_that_becomes_known_later_charges_what_was_sent_as_hospital_before()
    {
        var scene = InHospital(TwoHoursADay);
        var sent = scene.NotGiven("V-1", new LocalDate(2026, 10, 6) + Nine, "hospital", 120);
        Assert.Equal(0, sent.Fulfilment.ChargedMinutes);
        scene.Close(First, Last);
        Assert.Equal("hospital 120 0 120; no-record 720 720 0", scene.Missed(First));
        scene.Terms = scene.Terms with { Absences = [Stay] };
        scene.Close(First, Last);
        Assert.Equal((2, 120L), (scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Version,
            scene.Visits.Single(visit => visit.Record.VisitId == "V-1").Fulfilment.ChargedMinutes));
        Assert.Equal(14, scene.Visits.Count);
        Assert.Equal("no-record 120 120 0", scene.Missed(First));
        scene.Terms = scene.Terms with { Absences = [] };
        scene.Close(First, Last);
        Assert.Equal("hospital 120 0 120; no-record 720 720 0", scene.Missed(First));
        Assert.Equal(0, scene.Visits.Sum(visit => visit.Fulfilment.ChargedMinutes));
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

    public static readonly TheoryData<string, RecordAbsence.Refusal?> Reasons = new()
    {
        { "good", null },
        { "unknown fund", RecordAbsence.Refusal.UnknownFund },
        { "of another fund", RecordAbsence.Refusal.AbsenceOfAnotherFund },
        { "ends before it starts", RecordAbsence.Refusal.EndsBeforeItStarts },
        { "one day", null },
        { "on the last day of a closed fund", null },
        { "after it", RecordAbsence.Refusal.FundClosed },
        { "meets another", RecordAbsence.Refusal.Overlaps },
        { "follows another", null },
        { "meets one of another kind", null },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void An_absence_is_refused_for_its_first_reason(string name, RecordAbsence.Refusal? why)
    {
        var fund = new Fund("F-1", "P-1", "E10000009", new LocalDate(2026, 3, 30));
        var other = AbsenceOf(AbsenceKind.Hospital, new(2026, 9, 1), new(2026, 10, 5), "AB-2");
        var decision = RecordAbsence.Decide(name switch
        {
            "ends before it starts" => Stay with { To = Stay.From.PlusDays(-1) },
            "one day" => Stay with { To = Stay.From },
            _ => Stay,
        }, new(name switch
        {
            "unknown fund" => null,
            "on the last day of a closed fund" => fund with { End = new(Stay.From, null) },
            "after it" => fund with { End = new(Stay.From.PlusDays(-1), null) },
            _ => fund,
        }, name == "of another fund" ? Stay with { FundId = "F-2" } : null, name switch
        {
            "meets another" => [Stay, other with { To = Stay.From }],
            "follows another" => [other],
            "meets one of another kind" => [other with { Kind = AbsenceKind.Holiday, To = null }],
            _ => [],
        }));
        Assert.Equal(why, decision.Refusal);
    }

    [Fact]
    public void Of_weekly_minutes_a_day_in_hospital_charges_only_what_no_visit_speaks_for()
    {
        var scene = new WeekScene
        {
            Plans = Plans(Weekly("L-1", 700)),
            Terms = WeekScene.Agreed(BankUnit.Minutes, paidDays: 14,
                absences: WeekScene.AbsenceOf(AbsenceKind.Hospital, Monday, Monday.PlusDays(1))),
        };
        var nine = new LocalTime(9, 0);
        foreach (var day in new[] { 0, 1 })
            scene.NotGiven($"H-{day}", Monday.PlusDays(day) + nine, "hospital", 100);
        foreach (var day in new[] { 2, 3, 4, 5 })
            scene.Given($"V-{day}", Monday.PlusDays(day) + nine, 100);
        scene.Close(Monday, Monday.PlusDays(6));
        Assert.DoesNotContain(scene.Visits, visit => visit.ForAbsence);
        Assert.Equal(200, scene.Visits.Sum(visit => visit.Fulfilment.ChargedMinutes));
        Assert.Equal("no-record 100 100 0", scene.Missed(Monday));
        // If a visit is delivered on a day in hospital, the absence is charged only for the rest of the minutes
        // planned on that day.
        scene.Given("H-1", Monday.PlusDays(1) + nine, 70);
        scene.Close(Monday, Monday.PlusDays(6));
        Assert.Equal(30, Assert.Single(scene.Visits, visit => visit.ForAbsence).Fulfilment.ChargedMinutes);
    }
}
