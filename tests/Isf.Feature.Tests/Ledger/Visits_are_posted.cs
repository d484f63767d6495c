using Isf.Client;
using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>The Ledger posts planned days and priced visits, and shows the resulting hours.</summary>
public sealed class Visits_are_posted
{
    private static readonly Fact[] Promised =
    [
        .. Opened(), Received("R-1", "council", 144_000, "2026-04-06"),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 24_000),
    ];

    [Fact]
    public async Task A_visit_moves_time_promise_and_money_and_its_journal_says_so()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Promised, Planned("2026-04-07", 1, ("L-1", 60)),
                Priced(Visit("V-1", "2026-04-07", 60, 2_400, extra: 15))]);
        var balance = await ledger.BalanceAsync("2026-04-07");
        Assert.Equal((141_600, 2_400, 144_000),
            (balance.Money.HeldPence, balance.Money.AccruedPence, balance.Money.CashPence));
        Assert.Equal((2_400, 93_600), (balance.Promise.UsedPence, balance.Promise.PromisedPence));
        Assert.Equal((75, 0), (balance.Time.DeliveredMinutes, balance.Time.OutstandingMinutes));
        var journal = (await ledger.JournalsAsync())[^1];
        Assert.Equal(("visit-priced", "V-1/v1", "visit-priced"),
            (journal.Kind, journal.Cause.Id, journal.Cause.Message));
        Assert.Equal(
            ["time planned/L-1 delivered/L-1 60", "time extra/L-1 delivered/L-1 15",
                "promise promised/A-1 used/A-1 2400",
                "money held/drawn accrued/V-1 2400"],
            journal.Moves.Select(move => $"{move.Book} {move.From} {move.To} {move.Amount}"));
    }

    [Fact]
    public async Task A_visit_of_nothing_is_on_the_books()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Priced(Visit("V-1", "2026-04-07", 0, 0, outcome: "no-access"))]);
        var journal = Assert.Single(await ledger.JournalsAsync());
        Assert.Empty(journal.Moves);
        Assert.Equal("V-1/v1", journal.Cause.Id);
        Assert.True(await ledger.IsWholeAsync());
    }

    [Fact]
    public async Task Named_sources_bear_their_part_and_an_invoice_claim_waits()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Received("R-1", "council", 10_000, "2026-04-06"), Received("R-2", "nhs", 10_000, "2026-04-06"),
            Priced(
                Visit("V-1", "2026-04-07", 60, 1_475,
                    fundedBy: [new FundingShare("nhs", 50), new FundingShare("council", 50)]),
                Visit("V-2", "2026-04-07", 60, 9_999, claim: "on-invoice")),
        ]);
        var balance = await ledger.BalanceAsync("2026-04-07");
        Assert.Equal("council=9263 nhs=9262", BySource(balance.Money.Held));
        Assert.Equal(1_475, balance.Money.AccruedPence);
        Assert.Equal(120, balance.Time.DeliveredMinutes);
    }

    [Fact]
    public async Task A_correction_is_a_whole_reversal_and_a_new_posting()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Promised, Planned("2026-04-07", 1, ("L-1", 60)), Priced(Visit("V-1", "2026-04-07", 60, 2_400))]);
        await ledger.ConsumeAsync([Repriced(Visit("V-1", "2026-04-07", 45, 1_800, version: 2))]);
        var journals = await ledger.JournalsAsync();
        Assert.Equal(["visit-priced", "visit-reversed", "visit-repriced"], journals.TakeLast(3)
            .Select(journal => journal.Kind));
        Assert.Equal(journals[^3].JournalId, journals[^2].Reverses);
        Assert.Equal([60, -60, 45], journals.TakeLast(3).Select(journal => journal.PersonMinutes));
        var balance = await ledger.BalanceAsync();
        Assert.Equal((1_800, 1_800), (balance.Money.AccruedPence, balance.Promise.UsedPence));
        Assert.Equal(15, balance.Time.OutstandingMinutes);
    }

    [Fact]
    public async Task A_correction_that_comes_first_waits_for_the_version_before_it()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.DeliverAsync(Repriced(Visit("V-1", "2026-04-07", 30, 1_200, version: 3)));
        await ledger.DeliverAsync(Repriced(Visit("V-1", "2026-04-07", 45, 1_800, version: 2)));
        await ledger.UntilAsync("select count(*) = 2 from ledger.parked");
        await ledger.ConsumeAsync([Priced(Visit("V-1", "2026-04-07", 60, 2_400))]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        Assert.Equal(1_200, (await ledger.MoneyAsync()).AccruedPence);
    }

    [Fact]
    public async Task A_fund_that_falls_below_zero_is_published_once_for_each_fall_and_posted_all_the_same()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Received("R-1", "council", 3_000, "2026-04-06"),
                Priced(Visit("V-1", "2026-04-07", 60, 2_400))]);
        await ledger.ConsumeAsync([Priced(Visit("V-2", "2026-04-08", 60, 2_400))]);
        await ledger.ConsumeAsync([Priced(Visit("V-3", "2026-04-09", 60, 2_400))]);
        var published = Assert.Single(await ledger.PublishedAsync<FundOverdrawn>());
        Assert.Equal(("F-1", 3L, -1_800L), (published.FundId, published.Position, published.HeldPence));
        var money = await ledger.MoneyAsync();
        Assert.Equal((-4_200, 4_200), (money.HeldPence, money.OverdrawnPence));
        Assert.Equal("council=0", BySource(money.Held));
    }

    [Fact]
    public async Task An_allocation_used_beyond_its_promise_is_published_once_for_each_fall_and_rise_with_its_figures()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Promised, Received("R-9", "council", 9_000_000, "2026-04-01")]);
        foreach (var (id, pence) in new[] { ("V-1", 90_000L), ("V-2", 50_000L), ("V-3", 1_000L) })
            await ledger.ConsumeAsync([Priced(Visit(id, "2026-04-07", 60, pence))]);
        await ledger.ConsumeAsync([Repriced(Visit("V-2", "2026-04-07", 60, 100, version: 2))]);
        await ledger.ConsumeAsync([Priced(Visit("V-4", "2026-04-07", 60, 9_000))]);
        var published = await ledger.PublishedAsync<PromiseOverdrawn>();
        Assert.Equal(["A-1 96000 140000 -44000", "A-1 96000 91100 4900", "A-1 96000 100100 -4100"], published.Select(
            message => $"{message.AllocationId} {message.PromisedPence} {message.UsedPence} {message.LeftPence}"));
        Assert.True(await ledger.IsWholeAsync());
        Assert.Empty(await ledger.PublishedAsync<FundOverdrawn>());
    }

    [Fact]
    public async Task Many_funds_in_one_message_each_get_their_own_positions()
    {
        await using var ledger =
            await LedgerHost.StartAsync([.. Enumerable.Range(0, 10).SelectMany(n => Opened($"F-{n}"))]);
        await ledger.ConsumeAsync([Priced([.. Enumerable.Range(0, 500).Select(n =>
            Visit($"V-{n}", "2026-04-07", 60, 2_400, fund: $"F-{n % 10}"))])]);
        var posted = Assert.Single(await ledger.PublishedAsync<JournalsPosted>());
        Assert.Equal(500, posted.Journals.Count);
        Assert.Equal(10, posted.Heads.Count);
        Assert.All(posted.Heads, head => Assert.Equal(50, head.Position));
        Assert.All(posted.Heads, head => Assert.Equal(
            head.Hash, posted.Journals.Last(journal => journal.FundId == head.FundId).Hash));
        await ledger.ConsumeAsync([Repriced([.. Enumerable.Range(0, 500).Select(n =>
            Visit($"V-{n}", "2026-04-07", 45, 1_800, version: 2, fund: $"F-{n % 10}"))])]);
        Assert.Equal(
            [500, 500, 500], (await ledger.PublishedAsync<JournalsPosted>()).Select(message => message.Journals.Count));
        Assert.Equal(90_000, (await ledger.MoneyAsync(fund: "F-3")).AccruedPence);
    }

    private static readonly Fact[] TwoWeeks =
    [
        .. Opened(), Planned("2026-04-07", 1, ("L-1", 180), ("L-2", 30)), Planned("2026-04-14", 1, ("L-1", 60)),
        Unplanned("2026-04-14", 2, ("L-1", 15)),
        Priced(
            Visit("V-1", "2026-04-07", 90, 4_000, carers: 2), Visit("V-2", "2026-04-07", 60, 2_400, extra: 10),
            Visit("V-3", "2026-04-12", 0, 1_000, extra: 20, line: "L-2")),
    ];

    [Fact]
    public async Task Hours_are_shown_by_week_and_line_with_the_persons_own_minutes()
    {
        await using var ledger = await LedgerHost.StartAsync(TwoWeeks);
        var before = (await ledger.BalanceAsync()).Position;
        await ledger.ConsumeAsync([Repriced(Visit("V-2", "2026-04-08", 50, 2_000, version: 2))]);
        var hours = await ledger.HoursAsync("2026-04-06", "2026-04-19");
        var totals = hours.Totals;
        Assert.Equal((255, 20, 160, 115, 115), (totals.PlannedMinutes, totals.ExtraMinutes, totals.DeliveredMinutes,
            totals.OutstandingMinutes, totals.PersonMinutes));
        Assert.Equal([Day("2026-04-06"), Day("2026-04-13")], hours.Weeks.Select(week => week.WeekFrom));
        var line = hours.Weeks[0].Lines[0];
        Assert.Equal(("L-1", 180, 140, 40, 95), (line.LineId, line.PlannedMinutes, line.DeliveredMinutes,
            line.OutstandingMinutes, line.PersonMinutes));
        Assert.Equal(45, hours.Weeks[1].Lines[0].PlannedMinutes);
        var first = (await ledger.HoursAsync("2026-04-06", "2026-04-19", before)).Totals;
        Assert.Equal((180, 135), (first.DeliveredMinutes, first.PersonMinutes));
        Assert.Equal(20, (await ledger.TotalsAsync("2026-04-09", "2026-04-12")).DeliveredMinutes);
    }

    private static readonly string[] ThreeWeeksAsCsv =
    [
        "weekFrom,lineId,plannedMinutes,extraMinutes,deliveredMinutes,missedMinutes,chargedNotDeliveredMinutes,"
            + "bankedMinutes,releasedMinutes,outstandingMinutes,personMinutes,missed",
        "2026-04-06,L-1,180,0,90,0,0,0,0,90,45,",
        "2026-04-06,L-2,30,0,0,0,0,0,0,30,0,",
        "2026-04-13,L-1,60,0,0,0,0,0,0,60,0,",
        "2026-04-20,L-1,45,0,0,0,0,0,0,45,0,",
    ];

    [Fact]
    public async Task Hours_come_by_pages_of_weeks_and_whole_as_csv()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Planned("2026-04-07", 1, ("L-1", 180), ("L-2", 30)), Planned("2026-04-14", 1, ("L-1", 60)),
            Planned("2026-04-21", 1, ("L-1", 45)), Priced(Visit("V-1", "2026-04-07", 90, 4_000, carers: 2)),
        ]);
        const string path = "/v1/funds/F-1/hours?from=2026-04-06&to=2026-04-26";
        Task<ShowHoursResponse> PageAsync(string? after) => ledger.Client.ShowHoursGetAsync(
            "F-1", limit: 2, after: after, from: Day("2026-04-06"), to: Day("2026-04-26"));
        var (first, rest) = (await PageAsync(null), await PageAsync("2026-04-13"));
        Assert.Equal([Day("2026-04-06"), Day("2026-04-13")], first.Weeks.Select(week => week.WeekFrom));
        Assert.Equal((Day("2026-04-13"), 315), (first.Next, first.Totals.PlannedMinutes));
        Assert.Equal((Day("2026-04-20"), null), (Assert.Single(rest.Weeks).WeekFrom, rest.Next));
        Assert.Equal(string.Join("\r\n", ThreeWeeksAsCsv) + "\r\n",
            await ledger.Finance.GetStringAsync(path + "&format=csv"));
        Assert.Equal("bad-format", await (await ledger.Finance.GetAsync(path + "&format=xml")).CodeAsync());
        Assert.Equal("bad-after", await (await ledger.Finance.GetAsync(path + "&after=soon")).CodeAsync());
    }
}
