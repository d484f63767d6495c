using Isf.Support.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Support.Care;
using Refusal = Isf.Support.Domain.VisitCheck.Refusal;

namespace Isf.Domain.Tests.Support;

public sealed class VisitCheckTests
{
    private static readonly VisitInput Good = Offer("2026-04-06T08:00+01:00", "2026-04-06T08:45+01:00");

    private static (Refusal? Why, string? Field) Judge(VisitInput offer, bool offsetNeeded = false,
        VisitRecord? before = null)
    {
        var (record, fault) = offer.Read(offsetNeeded);
        if (record is not null)
        {
            var plans = Plans(Line("L-1", 1, Slot("Mon", "08:00", 45)),
                Weekly("L-2", 60) with { AllocationId = "A-9" });
            (_, fault) = VisitCheck.Decide(record, record.FundId == "F-1" ? Fund(plans) : null, before, Now);
        }
        return (fault?.Why, fault?.Field);
    }

    public static TheoryData<string, VisitInput, Refusal?, string?> Visits => new()
    {
        { "good", Good, null, null },
        { "no visit id", Good with { VisitId = "" }, Refusal.FieldMissing, "visitId" },
        { "id with a blank", Good with { FundId = "F 1" }, Refusal.BadId, "fundId" },
        { "long note", Good with { Note = new string('x', 2001) }, Refusal.TextTooLong, "note" },
        { "eleven carers", Good with { Carers = 11 }, Refusal.OutOfRange, "carers" },
        { "no carers", Good with { Carers = 0 }, Refusal.OutOfRange, "carers" },
        { "ten carers", Good with { Carers = 10 }, null, null },
        { "three decimal places", Good with { Miles = 1.125m }, Refusal.OutOfRange, "miles" },
        { "unknown outcome", Good with { Outcome = "Delivered" }, Refusal.UnknownOutcome, "outcome" },
        { "no outcome", Good with { Outcome = "" }, Refusal.FieldMissing, "outcome" },
        { "no time", Good with { Start = "6 April, eightish" }, Refusal.NotATime, "start" },
        { "unknown fund", Good with { FundId = "F-2" }, Refusal.UnknownFund, "fundId" },
        { "unknown line", Good with { LineId = "L-7" }, Refusal.UnknownLine, "lineId" },
        { "delivered without end", Good with { End = null }, Refusal.StartAndEndNeeded, "end" },
        { "hospital without any time", Planned(null), Refusal.DayNotKnown, "plannedStart" },
        { "hospital with a planned start", Planned("2026-04-06T08:00"), null, null },
        { "ends before it starts", Offer("2026-04-06T08:00", "2026-04-06T07:59"), Refusal.EndsBeforeItStarts, "end" },
        { "ends as it starts", Offer("2026-04-06T08:00", "2026-04-06T08:00"), null, null },
        { "25 hours", Offer("2026-04-06T08:00", "2026-04-07T09:00"), null, null },
        { "25 hours and a minute", Offer("2026-04-06T08:00", "2026-04-07T09:01"), Refusal.VisitTooLong, "end" },
        { "ends now", Offer("2026-12-01T11:00", "2026-12-01T12:00"), null, null },
        { "ends in a minute", Offer("2026-12-01T11:00", "2026-12-01T12:01"), Refusal.InTheFuture, "end" },
        { "hospital later today", Planned("2026-12-01T23:00"), null, null },
        { "hospital tomorrow", Planned("2026-12-02T00:00"), Refusal.InTheFuture, "plannedStart" },
        { "before the fund", Offer("2026-03-29T08:00", "2026-03-29T09:00"), Refusal.BeforeFundOpens, "start" },
        { "day before the allocation", Offer("2026-04-05T08:00", "2026-04-05T09:00"), null, null },
        { "line of an unknown allocation", Good with { LineId = "L-2" }, Refusal.UnknownAllocation, "lineId" },
    };

    private static VisitInput Planned(string? at) =>
        Good with { Outcome = "hospital", Start = null, End = null, PlannedStart = at };

    [Theory]
    [MemberData(nameof(Visits))]
    public void Each_reason_is_found_on_its_own_side_of_the_line(
        string name, VisitInput visit, Refusal? why, string? field) =>
        Assert.Equal((name, (why, field)), (name, Judge(visit)));

    [Theory]
    [InlineData("2026-10-25T01:30", false, Refusal.AmbiguousTime)]
    [InlineData("2026-10-25T01:30", true, Refusal.AmbiguousTime)]
    [InlineData("2026-10-25T01:30+01:00", true, null)]
    [InlineData("2026-10-25T01:30+00:00", false, null)]
    [InlineData("25/10/2026 01:30", false, Refusal.AmbiguousTime)]
    [InlineData("2026-10-25T02:00", false, null)]
    [InlineData("2026-10-25T00:59", false, null)]
    [InlineData("2027-03-28T01:30", false, Refusal.SkippedTime)]
    [InlineData("2026-10-24T23:30", true, Refusal.OffsetMissing)]
    [InlineData("2026-10-24T23:30Z", true, null)]
    public void On_the_night_the_clocks_change_a_local_time_is_not_enough(string start, bool json, Refusal? why) =>
        Assert.Equal(why, Judge(Offer(start, "2026-10-25T03:00Z"), offsetNeeded: json).Why);

    [Fact]
    public void A_visit_keeps_its_fund() => Assert.Equal(
        (Refusal.FundChanged, "fundId"), Judge(Good, before: Record(Good) with { FundId = "F-0" }));

    [Fact]
    public void Numbers_that_are_none_are_the_files_own_refusal() =>
        Assert.True(VisitCheck.IsMalformed(Refusal.NotANumber));

    [Theory]
    [InlineData("2026-03-28T22:00", "2026-03-29T07:00", 480)]   // a waking night in March has 8 hours
    [InlineData("2026-10-24T22:00", "2026-10-25T07:00", 600)]   // and one in October 10
    [InlineData("2026-05-01T22:00", "2026-05-02T07:00", 540)]
    [InlineData("2026-05-01T08:00:00", "2026-05-01T08:44:59", 44)]
    public void Minutes_given_are_those_that_elapsed(string start, string end, long minutes) =>
        Assert.Equal(minutes, Record(start, end).Given.Count);

    [Fact]
    public void Two_carers_for_45_minutes_are_90_and_nothing_is_given_unless_delivered()
    {
        var record = Record("2026-04-06T08:00", "2026-04-06T08:45", carers: 2);
        Assert.Equal(90, record.Given.Count);
        Assert.Equal(0, (record with { Outcome = VisitOutcome.NoAccess }).Given.Count);
    }

    [Theory]
    [InlineData("2026-04-06T08:00+01:00", true)]
    [InlineData("2026-04-06t08:00:00.123+0100", true)]
    [InlineData("2026-04-06 08:00", true)]
    [InlineData("06/04/2026 08:00", true)]
    [InlineData("06/04/2026 08:00:00", true)]
    [InlineData("2026-04-06 07:00Z", true)]
    [InlineData("2026-04-06T03:00-04:00", true)]
    [InlineData("2026-04-06", false)]
    [InlineData("2026-02-30T08:00", false)]
    [InlineData("31/04/2026 08:00", false)]
    [InlineData("2026-04-06T24:00", false)]
    [InlineData("2026-04-06T08:60", false)]
    [InlineData("2026-04-06T08:00+25:00", false)]
    [InlineData("2026-04-06T08:00 BST", false)]
    [InlineData("04/06/2026", false)]
    [InlineData("٢٠٢٦-04-06T08:00", false)]
    [InlineData("", false)]
    public void Times_are_read_in_the_forms_that_rosters_write(string text, bool read)
    {
        var found = MomentText.Read(text, offsetNeeded: false, out var moment);
        Assert.Equal(read ? MomentText.Found.Moment : MomentText.Found.Nothing, found);
        if (read)
            Assert.Equal(new LocalDateTime(2026, 4, 6, 8, 0).WithOffset(Offset.FromHours(1)), moment);
    }

    [Theory]
    // The person dies on 6 April at 14:00. A visit at 09:00 that day is paid, and one at 15:00 or on 7 April is
    // refused.
    [InlineData("2026-04-06T09:00+01:00", "14:00", null)]
    [InlineData("2026-04-06T14:00+01:00", "14:00", null)]
    [InlineData("2026-04-06T14:01+01:00", "14:00", Refusal.FundClosed)]
    [InlineData("2026-04-06T23:00+01:00", null, null)]
    [InlineData("2026-04-07T09:00+01:00", null, Refusal.FundClosed)]
    public void Care_after_a_fund_has_closed_is_refused(string start, string? at, Refusal? why)
    {
        var pattern = NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm");
        var end = new FundEnd(Monday, at is null ? null : pattern.Parse(at).Value);
        var fund = Fund(Plans(Line("L-1", 1, Slot("Mon", "08:00", 45)))) with { End = end };
        var record = Record(start, start);
        Assert.Equal(why, VisitCheck.Decide(record, fund, null, Now).Fault?.Why);
    }
}
