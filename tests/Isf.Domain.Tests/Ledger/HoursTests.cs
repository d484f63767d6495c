using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Hours by week and line, in carer-minutes, with the person's own minutes beside them.</summary>
public sealed class HoursTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    private static DayPostingSum Moved(LocalDate on, Account from, Account to, long minutes, bool reversing = false) =>
        new(on, PostingSum.FromMove(new Move(Book.Time, from, to, new Minutes(minutes)), reversing));

    [Fact]
    public void Weeks_run_from_monday_and_lines_stand_apart()
    {
        var hours = Hours.Build(
            [
                Moved(Monday, Account.Agreed("L-1"), Account.Planned("L-1"), 120),
                Moved(Monday, Account.Planned("L-1"), Account.Delivered("L-1"), 90),
                Moved(Monday.PlusDays(6), Account.Extra("L-2"), Account.Delivered("L-2"), 30),
                Moved(Monday.PlusDays(7), Account.Agreed("L-1"), Account.Planned("L-1"), 60),
            ],
            [new PersonTime(Monday, "L-1", 45), new PersonTime(Monday.PlusDays(6), "L-2", 30)]);
        Assert.Equal(["2026-04-06 L-1", "2026-04-06 L-2", "2026-04-13 L-1"], hours.Weeks.SelectMany(week =>
            week.Lines.Select(line => $"{week.WeekFrom:uuuu-MM-dd} {line.LineId}")));
        var (first, second) = (hours.Weeks[0].Lines[0].Figures, hours.Weeks[0].Lines[1].Figures);
        Assert.Equal((120, 90, 30, 45), (first.Time.PlannedMinutes, first.Time.DeliveredMinutes,
            first.Time.OutstandingMinutes, first.PersonMinutes));
        Assert.Equal((0, 30, 30, 30), (second.Time.PlannedMinutes, second.Time.ExtraMinutes,
            second.Time.DeliveredMinutes, second.PersonMinutes));
        Assert.Equal((180, 30, 120, 90, 75), (hours.Totals.Time.PlannedMinutes, hours.Totals.Time.ExtraMinutes,
            hours.Totals.Time.DeliveredMinutes, hours.Totals.Time.OutstandingMinutes, hours.Totals.PersonMinutes));
    }

    [Fact]
    public void What_was_missed_stays_listed_by_reason_whatever_became_of_it()
    {
        var hours = Hours.Build(
            [
                Moved(Monday, Account.Agreed("L-1"), Account.Planned("L-1"), 180),
                Moved(Monday, Account.Planned("L-1"), Account.Missed("L-1", "hospital"), 60),
                Moved(Monday, Account.Missed("L-1", "hospital"), Account.Banked("L-1"), 60),
                Moved(Monday, Account.Planned("L-1"), Account.Missed("L-1", "no-access"), 45),
                Moved(Monday, Account.Planned("L-1"), Account.Charged("L-1"), 30),
            ],
            []);
        Assert.Equal([new MissedFor("hospital", 60), new MissedFor("no-access", 45)], hours.Totals.Missed);
        var time = hours.Totals.Time;
        Assert.Equal((75, 30, 60, 45),
            (time.MissedMinutes, time.ChargedNotDeliveredMinutes, time.BankedMinutes, time.OutstandingMinutes));
        Assert.Equal(time.PlannedMinutes + time.ExtraMinutes, time.DeliveredMinutes + time.MissedMinutes
            + time.BankedMinutes
            + time.ReleasedMinutes + time.OutstandingMinutes);
    }

    [Fact]
    public void A_visit_taken_back_leaves_nothing_of_it()
    {
        var hours = Hours.Build(
            [
                Moved(Monday, Account.Extra("L-1"), Account.Delivered("L-1"), 60),
                Moved(Monday, Account.Delivered("L-1"), Account.Extra("L-1"), 60, reversing: true),
            ],
            [new PersonTime(Monday, "L-1", 60), new PersonTime(Monday, "L-1", -60)]);
        Assert.Equal((0, 0, 0),
            (hours.Totals.Time.DeliveredMinutes, hours.Totals.Time.ExtraMinutes, hours.Totals.PersonMinutes));
    }

    [Fact]
    public void A_fund_without_time_has_no_weeks() => Assert.Empty(Hours.Build([], []).Weeks);
}
