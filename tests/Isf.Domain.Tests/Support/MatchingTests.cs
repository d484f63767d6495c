using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;

namespace Isf.Domain.Tests.Support;

public sealed class MatchingTests
{
    private static readonly FundPlans TwoADay = Plans(Line("L-1", 1, Slot("Mon Tue", "08:00", 45),
        Slot("Mon", "18:00", 30)));

    private static (string? At, long Fulfilled, long Extra) Matched(VisitRecorder book, VisitRecord record)
    {
        var fulfilment = book.Record(record, Now).Visit!.Fulfilment;
        return (fulfilment.Occurrence?.ToString("ddd HH:mm", null), fulfilment.Fulfilled.Count,
            fulfilment.Extra.Count);
    }

    [Fact]
    public void A_visit_answers_the_occurrence_that_its_planned_start_names_wherever_it_was_given()
    {
        var moved = Record("2026-04-08T11:00", "2026-04-08T11:40") with
        {
            PlannedStart = PlannedTimes.MomentOf(new LocalDateTime(2026, 4, 6, 18, 0)),
        };
        Assert.Equal(("Mon 18:00", 30, 10), Matched(Book(TwoADay), moved));
    }

    [Fact]
    public void Without_a_planned_start_it_answers_the_nearest_of_its_day_that_nobody_answered()
    {
        var book = Book(TwoADay);
        Assert.Equal(("Mon 18:00", 30, 0), Matched(book, Record("2026-04-06T17:40", "2026-04-06T18:10", "V-1")));
        Assert.Equal(("Mon 08:00", 45, 15), Matched(book, Record("2026-04-06T17:50", "2026-04-06T18:50", "V-2")));
        Assert.Equal((null, 0, 20), Matched(book, Record("2026-04-06T18:00", "2026-04-06T18:20", "V-3")));
        Assert.Equal((null, 0, 20), Matched(book, Record("2026-04-08T08:00", "2026-04-08T08:20", "V-4")));
    }

    [Fact]
    public void A_second_visit_for_the_same_occurrence_is_extra()
    {
        var book = Book(TwoADay);
        var record = Record("2026-04-06T08:00", "2026-04-06T08:45") with
        {
            PlannedStart = PlannedTimes.MomentOf(new LocalDateTime(2026, 4, 6, 8, 0)),
        };
        Assert.Equal(("Mon 08:00", 45, 0), Matched(book, record));
        Assert.Equal((null, 0, 45), Matched(book, record with { VisitId = "V-2" }));
        Assert.Equal(RecordOutcome.Unchanged, book.Record(record, Now).Outcome);
    }

    [Fact]
    public void A_visit_that_was_not_given_suppresses_its_occurrence_too()
    {
        var book = Book(TwoADay);
        var missed = Record(Offer("", "") with { PlannedStart = "2026-04-06T08:00", Outcome = "missed-by-provider" });
        Assert.Equal(("Mon 08:00", 0, 0), Matched(book, missed));
        Assert.Equal(("Mon 18:00", 30, 15), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:45", "V-2")));
    }

    [Fact]
    public void Two_carers_may_be_two_records_and_each_answers_its_part()
    {
        var book = Book(Plans(Line("L-1", 2, Slot("Mon", "08:00", 45))));
        Assert.Equal(("Mon 08:00", 40, 0), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:40", "V-1")));
        Assert.Equal(("Mon 08:00", 50, 10), Matched(book, Record("2026-04-06T08:00", "2026-04-06T09:00", "V-2")));
        Assert.Equal((null, 0, 45), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:45", "V-3")));
    }

    [Fact]
    public void Two_carers_in_one_record_answer_twice_its_minutes()
    {
        var book = Book(Plans(Line("L-1", 2, Slot("Mon", "08:00", 45))));
        Assert.Equal(("Mon 08:00", 90, 0), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:45", carers: 2)));
    }

    [Fact]
    public void Weekly_minutes_are_drawn_until_the_week_has_none_left()
    {
        var book = Book(Plans(Weekly("L-1", 60)));
        Assert.Equal((null, 45, 0), Matched(book, Record("2026-04-12T08:00", "2026-04-12T08:45", "V-1")));
        Assert.Equal((null, 15, 30), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:45", "V-2")));
        Assert.Equal((null, 45, 0), Matched(book, Record("2026-04-13T08:00", "2026-04-13T08:45", "V-3")));
    }

    [Fact]
    public void A_correction_counts_up_gives_back_what_it_answered_and_takes_anew()
    {
        var book = Book(TwoADay);
        Matched(book, Record("2026-04-06T08:00", "2026-04-06T09:00"));
        var shorter = book.Record(Record("2026-04-06T08:00", "2026-04-06T08:30"), Now);
        Assert.Equal((RecordOutcome.Updated, 2, 30L, 0L), (shorter.Outcome, shorter.Visit!.Version,
            shorter.Visit.Fulfilment.Fulfilled.Count, shorter.Visit.Fulfilment.Extra.Count));
        Assert.Null(shorter.ReleasedDays);
        var moved = book.Record(Record("2026-04-07T08:00", "2026-04-07T08:45"), Now);
        Assert.Equal((3, Days(Monday, Monday)), (moved.Visit!.Version, moved.ReleasedDays!.Value));
        Assert.Equal(("Mon 08:00", 45, 0), Matched(book, Record("2026-04-06T08:00", "2026-04-06T08:45", "V-2")));
    }

    [Fact]
    public void What_was_answered_takes_the_place_of_what_a_changed_plan_has_instead()
    {
        var given = Book(TwoADay).Record(Record("2026-04-06T08:00", "2026-04-06T08:45"), Now).Visit!;
        var changed = Plans(Line("L-1", 1, Slot("Mon", "08:30", 45), Slot("Mon", "18:00", 30)));
        var expected = Matching.Expected(changed, "L-1", Days(Monday, Monday), [given]);
        Assert.Equal([("08:00", 1), ("18:00", 0)],
            expected.Select(expectedVisit =>
                (expectedVisit.Planned.Wall.ToString("HH:mm", null), expectedVisit.FulfilledBy.Count)));
    }

    [Fact]
    public void What_was_planned_beside_an_answered_visit_is_still_to_be_expected()
    {
        var given = Book(TwoADay).Record(Record("2026-04-06T08:00", "2026-04-06T08:45"), Now).Visit!;
        var evenings = new FundPlans([Plan(
            Version(1, Monday, null, Line("L-1", 1, Slot("Mon", "08:00", 45), Slot("Mon", "18:00", 30))),
            Version(2, Monday, null, Line("L-1", 1, Slot("Mon", "18:00", 30))))]);
        var expected = Matching.Expected(evenings, "L-1", Days(Monday, Monday), [given]);
        Assert.Equal([("08:00", 1), ("18:00", 0)],
            expected.Select(expectedVisit =>
                (expectedVisit.Planned.Wall.ToString("HH:mm", null), expectedVisit.FulfilledBy.Count)));
    }

    [Fact]
    public void A_correction_after_the_plan_has_changed_has_its_day_published_again()
    {
        var given = Book(TwoADay).Record(Record("2026-04-06T08:00", "2026-04-06T08:45"), Now).Visit!;
        var longer = Plans(Line("L-1", 1, Slot("Mon", "08:00", 60)));
        var book = new VisitRecorder(new Dictionary<string, FundCare> { ["F-1"] = Fund(longer) }, [given], [given]);
        var corrected = book.Record(Record("2026-04-06T08:00", "2026-04-06T09:00"), Now);
        Assert.Equal((60L, 60, Days(Monday, Monday)), (corrected.Visit!.Fulfilment.Fulfilled.Count,
            corrected.Visit.Fulfilment.OccurrenceMinutes, corrected.ReleasedDays!.Value));
    }

    private static readonly FundPlans Crowded = Plans(
        Line("L-1", 2, Slot("Mon Wed Thu", "08:00", 45), Slot("Mon Sun", "18:00", 30), Slot("Mon", "18:30", 30)));

    // Visits of one week that start on any half hour; a visit with the id of an earlier one corrects it.
    private static readonly Arbitrary<List<VisitRecord>> AnyVisits = (
        from halfHours in Gen.Choose(0, 7 * 48)
        from minutes in Gen.Choose(0, 200)
        from carers in Gen.Choose(1, 3)
        from id in Gen.Choose(1, 6)
        let start = (Monday.AtMidnight() + Period.FromMinutes(halfHours * 30)).WithOffset(Offset.FromHours(1))
        select Record("2026-04-06T08:00", "2026-04-06T08:45", $"V-{id}", carers) with
        {
            Start = start,
            End = start.Plus(Duration.FromMinutes(minutes)),
        }).ListOf().ToArbitrary();

    [Fact]
    public void Answered_and_extra_are_what_was_given() => Prop.ForAll(AnyVisits, records =>
    {
        var book = Book(Crowded);
        Assert.All(records, record =>
        {
            var fulfilment = book.Record(record, Now).Visit!.Fulfilment;
            Assert.Equal(record.Given.Count, fulfilment.Fulfilled.Count + fulfilment.Extra.Count);
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_occurrence_is_answered_beyond_its_carers_and_minutes() => Prop.ForAll(AnyVisits, records =>
    {
        var book = Book(Crowded);
        var last = records.Select(record => book.Record(record, Now).Visit!).ToList()
            .GroupBy(visit => visit.Record.VisitId).Select(versions => versions.Last());
        return Matching.Expected(Crowded, "L-1", Days(Monday, Monday.PlusDays(6)), [.. last])
            .All(expectedVisit => expectedVisit.FreeSlots >= 0 && expectedVisit.FreeMinutes >= Minutes.Zero);
    }).QuickCheckThrowOnFailure();
}
