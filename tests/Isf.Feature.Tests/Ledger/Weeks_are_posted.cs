using Isf.Client;
using Isf.Contracts.Support;
using Isf.Ledger.Posting;
using static Isf.Tests.Ledger.ClaimFacts;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>The Ledger posts weeks that are closed and closed again, and charges for care not given.</summary>
public sealed class Weeks_are_posted
{
    // 40 hours are planned and 34.5 delivered. Of the rest, 2 are missed by the provider and 3.5 cancelled by the
    // person.
    private static readonly Fact[] FortyHours =
    [
        .. Opened(), Planned("2026-04-06", 1, ("L-1", 2_400)), Priced(Visit("V-1", "2026-04-06", 2_070, 82_800)),
    ];

    [Fact]
    public async Task Forty_hours_planned_are_delivered_and_banked_and_missed_still_says_why()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FortyHours,
            Closed(Week(
                "2026-04-06", 1, new("missed-by-provider", 120, 120, 0), new("cancelled-by-person", 210, 210, 0))),
        ]);
        var totals = await ledger.TotalsAsync("2026-04-06", "2026-04-12");
        Assert.Equal((2_400, 2_070, 330, 0, 0, 0), (totals.PlannedMinutes, totals.DeliveredMinutes,
            totals.BankedMinutes, totals.MissedMinutes, totals.ReleasedMinutes,
            totals.OutstandingMinutes));
        Assert.Equal(["cancelled-by-person 210", "missed-by-provider 120"], Reasons(totals));
        var time = (await ledger.BalanceAsync("2026-04-11")).Time;
        Assert.Equal((330, 0), (time.OutstandingMinutes, time.BankedMinutes));
    }

    [Fact]
    public async Task A_late_visit_has_the_week_closed_again_by_the_difference()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FortyHours, Closed(Week("2026-04-06", 1, new MissedMinutes("no-access", 330, 330, 0))),
            Priced(Visit("V-2", "2026-04-09", 90, 3_600)),
        ]);
        var late = await ledger.TotalsAsync("2026-04-06", "2026-04-12");
        Assert.Equal(-90, late.OutstandingMinutes);
        await ledger.ConsumeAsync([Closed(Week("2026-04-06", 2, new MissedMinutes("no-access", 240, 240, 0)))]);
        var totals = await ledger.TotalsAsync("2026-04-06", "2026-04-12");
        Assert.Equal((0, 240, 2_160), (totals.OutstandingMinutes, totals.BankedMinutes,
            totals.DeliveredMinutes));
        Assert.Equal(["no-access 240"], Reasons(totals));
    }

    [Fact]
    public async Task What_is_drawn_released_expired_and_revalued_keeps_the_weeks_identity()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FortyHours, Closed(Week("2026-04-06", 1, new("short", 30, 0, 30), new("no-access", 300, 300, 0))),
            Priced(Visit("V-2", "2026-04-15", 0, 3_600, extra: 90)),
            Closed(WeekOf("2026-04-13", 1, [], drawn: 90, expired: 60, revalued: -15)),
        ]);
        foreach (var (from, to, extra, banked, released) in new[]
        {
            ("2026-04-06", "2026-04-12", 0, 300, 30), ("2026-04-13", "2026-04-19", 0, -165, 75),
            ("2026-04-06", "2026-04-19", 0, 135, 105),
        })
        {
            var totals = await ledger.TotalsAsync(from, to);
            Assert.Equal((extra, banked, released),
                (totals.ExtraMinutes, totals.BankedMinutes, totals.ReleasedMinutes));
            Assert.Equal(
                totals.PlannedMinutes + totals.ExtraMinutes,
                totals.DeliveredMinutes + totals.MissedMinutes + totals.BankedMinutes
                    + totals.ReleasedMinutes + totals.OutstandingMinutes);
        }
    }

    [Fact]
    public async Task What_is_charged_though_not_given_is_in_missed_and_never_banked()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Planned("2026-10-06", 1, ("L-1", 120)),
            Priced(Visit("V-1", "2026-10-06", 0, 4_800, outcome: "hospital") with { ChargedNotGivenMinutes = 120 }),
        ]);
        var totals = await ledger.TotalsAsync("2026-10-05", "2026-10-11");
        Assert.Equal((0, 120, 120, 0, 0), (totals.DeliveredMinutes, totals.MissedMinutes,
            totals.ChargedNotDeliveredMinutes, totals.OutstandingMinutes, totals.PersonMinutes));
        Assert.Empty(Reasons(totals));
        Assert.Equal(4_800, (await ledger.MoneyAsync("2026-10-06")).AccruedPence);
        await ledger.ConsumeAsync([Repriced(Visit("V-1", "2026-10-06", 0, 0, version: 2, outcome: "hospital"))]);
        totals = await ledger.TotalsAsync("2026-10-05", "2026-10-11");
        Assert.Equal((0, 120), (totals.ChargedNotDeliveredMinutes, totals.OutstandingMinutes));
    }

    [Fact]
    public async Task A_closing_waits_for_the_one_before_it_and_comes_out_the_same_within_one_batch()
    {
        ClosedWeek[] weeks =
        [
            Week("2026-04-06", 2, new MissedMinutes("short", 60, 0, 60)),
            Week("2026-04-06", 1, new MissedMinutes("short", 90, 0, 90)),
            Week("2026-04-06", 1, new MissedMinutes("short", 90, 0, 90)),
        ];
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.DeliverAsync(Closed(Week("2026-04-06", 3)));
        await ledger.UntilAsync(
            "select exists (select 1 from ledger.parked where needs = 'week-closed/F-1/2026-04-06/v1')");
        await ledger.ConsumeAsync([Closed(weeks)]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        var totals = await ledger.TotalsAsync("2026-04-06", "2026-04-12");
        Assert.Equal((0, 0), (totals.ReleasedMinutes, totals.OutstandingMinutes));
        Assert.Equal(3, (await ledger.JournalsAsync()).Count);
    }

    [Fact]
    public async Task The_same_closing_again_does_nothing_and_one_with_other_content_is_refused_also_within_one_batch()
    {
        var (first, second) = (Closed(Week("2026-04-06", 1, new MissedMinutes("short", 90, 0, 90))),
            Closed(Week("2026-04-06", 2, new MissedMinutes("short", 60, 0, 60))));
        await using var ledger = await LedgerHost.StartAsync([.. Opened(), first, second]);
        await ledger.ConsumeNowAsync(first);
        await ledger.ConsumeNowAsync(second);
        Assert.Equal(2, (await ledger.JournalsAsync()).Count);
        await Assert.ThrowsAsync<ConflictingContentException>(() =>
            ledger.ConsumeNowAsync(Closed(Week("2026-04-06", 1, new MissedMinutes("short", 91, 0, 91)))));
        await Assert.ThrowsAsync<ConflictingContentException>(() => ledger.ConsumeNowAsync(Closed(
            Week("2026-04-13", 1, new MissedMinutes("short", 5, 0, 5)),
            Week("2026-04-13", 1, new MissedMinutes("short", 6, 0, 6)))));
        Assert.Equal(2, (await ledger.JournalsAsync()).Count);
    }

    [Fact]
    public async Task Weeks_of_many_funds_in_one_message_each_get_their_own_positions()
    {
        await using var ledger =
            await LedgerHost.StartAsync([.. Enumerable.Range(0, 10).SelectMany(n => Opened($"F-{n}"))]);
        await ledger.ConsumeAsync([Closed([.. Enumerable.Range(0, 200).Select(n => WeekOf(
            Day("2026-04-06").PlusWeeks(n / 10).ToString("uuuu-MM-dd", null), 1, [new("short", 15, 0, 15)],
            fund: $"F-{n % 10}"))])]);
        Assert.Equal(20, (await ledger.BalanceAsync(fund: "F-3")).Position);
    }

    private static IEnumerable<string> Reasons(ShowHoursLineFigures totals) =>
        totals.Missed.Select(missed => $"{missed.Reason} {missed.Minutes}");
}
