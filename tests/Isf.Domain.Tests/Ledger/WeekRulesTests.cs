using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Ledger.PostingRulesTests;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The moves of closing a week in the book of time, with figures.</summary>
public sealed class WeekRulesTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    private static readonly ClosedCareLine Line = new()
    {
        LineId = "L-1", Missed = [], Drawn = Minutes.Zero, Expired = Minutes.Zero, Revalued = Minutes.Zero,
    };

    private static ClosedCare Week(int version, params ClosedCareLine[] lines) => new()
    {
        FundId = "F-1", WeekFrom = Monday, Version = version, Lines = lines,
    };

    private static MissedCare Missed(string reason, long minutes, long banked, long released) =>
        new(reason, new Minutes(minutes), new Minutes(banked), new Minutes(released));

    [Fact]
    public void What_was_missed_is_banked_or_released_on_the_sunday()
    {
        var entry = PostingRules.WeekClosed(Week(1, Line with
        {
            Missed = [Missed("missed-by-provider", 120, 90, 30), Missed("closed-holiday", 60, 0, 60),
                Missed("short", 15, 0, 0)],
        })).DifferenceFrom([]);
        Assert.Equal(
            [
                "time planned/L-1 → missed/L-1/missed-by-provider 120",
                "time planned/L-1 → missed/L-1/closed-holiday 60",
                "time planned/L-1 → missed/L-1/short 15",
                "time missed/L-1/missed-by-provider → banked/L-1 90",
                "time missed/L-1/missed-by-provider → released/L-1 30",
                "time missed/L-1/closed-holiday → released/L-1 60",
            ],
            Written(entry));
        Assert.Equal(("week-closed", "2026-04-06/v1", new LocalDate(2026, 4, 12)),
            (entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void What_is_drawn_comes_out_of_the_bank_for_care_beyond_the_plan_and_what_expires_is_released() =>
        Assert.Equal(
            ["time banked/L-1 → extra/L-1 45", "time banked/L-1 → released/L-1 60"],
            Written(PostingRules.WeekClosed(Week(
                1, Line with { Drawn = new Minutes(45), Expired = new Minutes(60) })).DifferenceFrom([])));

    [Theory]
    [InlineData(-16, "time banked/L-1 → released/L-1 16")]
    [InlineData(16, "time extra/L-1 → banked/L-1 16")]
    public void A_bank_of_money_changes_its_minutes_with_the_rate(long minutes, string move) => Assert.Equal(
        [move], Written(PostingRules.WeekClosed(Week(1,
            Line with { Revalued = new Minutes(minutes) })).DifferenceFrom([])));

    [Fact]
    public void A_late_visit_has_the_week_closed_again_by_the_difference()
    {
        var first = PostingRules.WeekClosed(Week(1, Line with { Missed = [Missed("no-access", 120, 120, 0)] }));
        var second = PostingRules.WeekClosed(Week(2, Line with { Missed = [Missed("no-access", 75, 75, 0)] }));
        var third = PostingRules.WeekClosed(Week(3, Line));
        var journals = Books.Posted([first.DifferenceFrom([])]);
        Assert.Equal(
            ["time missed/L-1/no-access → planned/L-1 45", "time banked/L-1 → missed/L-1/no-access 45"],
            Written(second.DifferenceFrom(journals)));
        journals = Books.Posted([first.DifferenceFrom([]), second.DifferenceFrom(journals)]);
        Assert.Equal(
            ["time missed/L-1/no-access → planned/L-1 75", "time banked/L-1 → missed/L-1/no-access 75"],
            Written(third.DifferenceFrom(journals)));
    }

    [Fact]
    public void A_week_closed_again_with_the_same_sums_moves_nothing_and_takes_its_place()
    {
        var line = Line with { Missed = [Missed("short", 15, 0, 15)] };
        var entry = PostingRules.WeekClosed(Week(2, line))
            .DifferenceFrom(Books.Posted([PostingRules.WeekClosed(Week(1, line)).DifferenceFrom([])]));
        Assert.Empty(entry.Moves);
        Assert.Equal("2026-04-06/v2", entry.Cause.Id);
    }

    [Theory]
    [InlineData(60, 60, 0, true)]
    [InlineData(60, 30, 30, true)]
    [InlineData(60, 60, 1, false)]
    [InlineData(0, 0, 0, true)]
    public void No_more_can_be_banked_or_released_than_was_missed(long missed, long banked, long released, bool may)
    {
        if (may)
            Assert.Equal(missed, Missed("short", missed, banked, released).Amount.Count);
        else
            Assert.Throws<ArgumentException>(() => Missed("short", missed, banked, released));
    }

    [Fact]
    public void Less_than_nothing_cannot_be_missed() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        PostingRules.WeekClosed(Week(1, Line with { Missed = [Missed("short", -5, -5, 0)] })));

    // Of 40 hours planned, 34.5 are delivered, 2 missed by the provider and 3.5 missed by choice; 5.5 are banked.
    private static HoursFigures FortyHours()
    {
        var visit = new PricedCare
        {
            VisitId = "V-1", Version = 1, FundId = "F-1", LineId = "L-1", AllocationId = "A-1", ProviderId = "P-1",
            CareOn = Monday, Fulfilled = new Minutes(2_070), Extra = Minutes.Zero, Carers = 1, Price = new(82_800),
            FundedBy = [], ClaimedOnInvoice = false,
        };
        var journals = Books.Posted(
        [
            PostingRules.DayPlanned("F-1", Monday, 1, [new LineMinutes("L-1", new Minutes(2_400))]),
            PostingRules.VisitPriced(visit),
            PostingRules.WeekClosed(Week(1, Line with
            {
                Missed = [Missed("missed-by-provider", 120, 120, 0), Missed("cancelled-by-person", 210, 210, 0)],
            })).DifferenceFrom([]),
        ]);
        return Hours.Build([.. journals.SelectMany(TimePosted)], []).Totals;
    }

    private static IEnumerable<DayPostingSum> TimePosted(Journal journal) =>
        journal.Entry.Moves.Where(move => move.Book == Book.Time)
            .Select(move => new DayPostingSum(journal.Entry.AboutOn, PostingSum.FromMove(move, false)));

    [Fact]
    public void Forty_hours_planned_are_delivered_and_banked()
    {
        var time = FortyHours().Time;
        Assert.Equal((2_400, 2_070, 330, 0, 0), (time.PlannedMinutes, time.DeliveredMinutes, time.BankedMinutes,
            time.MissedMinutes, time.OutstandingMinutes));
    }

    [Fact]
    public void Banked_minutes_still_say_why_they_were_missed() => Assert.Equal(
        [new MissedFor("cancelled-by-person", 210), new MissedFor("missed-by-provider", 120)], FortyHours().Missed);

    [Fact]
    public void What_a_week_closed_again_takes_back_is_no_longer_listed_as_missed()
    {
        DayPostingSum Moved(Account from, Account to, long minutes) =>
            new(Monday, PostingSum.FromMove(new Move(Book.Time, from, to, new Minutes(minutes)), false));
        var hours = Hours.Build(
            [
                Moved(Account.Planned("L-1"), Account.Missed("L-1", "short"), 60),
                Moved(Account.Missed("L-1", "short"), Account.Planned("L-1"), 45),
                Moved(Account.Planned("L-1"), Account.Missed("L-1", "no-access"), 30),
                Moved(Account.Missed("L-1", "no-access"), Account.Planned("L-1"), 30),
            ],
            []);
        Assert.Equal([new MissedFor("short", 15)], hours.Totals.Missed);
    }
}
