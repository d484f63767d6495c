using System.Net.Http.Headers;
using Isf.Contracts.Funds;
using Isf.Contracts.Ledger;
using Isf.Hosting.Http;
using NodaTime;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>Periods close in order and for good; a late fact counts on the first open day.</summary>
public sealed class Periods_are_closed
{
    /// <summary>The holder's settings: by default periods of four weeks from 6 April 2026.</summary>
    public static Fact Calendar(int version = 1, string every = "4-weeks", string firstOn = "2026-04-06") => new(
        new HolderSet
        {
            HolderId = LedgerHost.Holder, Version = version, Name = "Sunrise", Address = "1 High Street",
            Phone = "01632 960001", Email = "office@sunrise.example", Complaints = "Write to us.",
            PeriodsEvery = every, PeriodsFirstOn = Day(firstOn), ToleranceMinutes = 15, TolerancePence = 100,
            TolerancePercent = 2,
        },
        $"v{version}");

    public static async Task<HttpResponseMessage> CloseAsync(
        LedgerHost ledger, string id, string to, params int[] statuses) =>
        await (await ledger.Finance.PutAsync($"/v1/periods/{id}/close", new { to }))
            .NeedsAsync(statuses.Length == 0 ? [201] : statuses);

    [Fact]
    public async Task A_period_is_closed_once_published_and_listed()
    {
        await using var ledger = await LedgerHost.StartAsync([.. Opened(), Calendar()]);
        var closed = await CloseAsync(ledger, "april", "2026-05-03");
        Assert.Equal(EntityTagHeaderValue.Parse("\"1\""), closed.Headers.ETag);
        var published = Assert.Single(await ledger.PublishedAsync<PeriodClosed>());
        Assert.Equal(("april", null, Day("2026-05-03")), (published.PeriodId, published.From, published.To));
        var repeated = await CloseAsync(ledger, "april", "2026-05-03", 200);
        Assert.Equal(closed.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        Assert.Single(await ledger.PublishedAsync<PeriodClosed>());
        await CloseAsync(ledger, "may", "2026-05-31");
        var listed = await ledger.Client.ClosePeriodListAsync(limit: 1);
        Assert.Equal(("april", "2026-05-03"), (listed.Items[0].PeriodId, listed.Next));
        listed = await ledger.Client.ClosePeriodListAsync(after: "2026-05-03");
        Assert.Equal(("may", Day("2026-05-04"), null), (listed.Items[0].PeriodId, listed.Items[0].From, listed.Next));
    }

    [Fact]
    public async Task A_period_that_cannot_be_closed_is_refused_with_its_reason()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        async Task RefusedAsync(string id, string to, int status, string code) =>
            Assert.Equal(code, await (await CloseAsync(ledger, id, to, status)).CodeAsync());
        await RefusedAsync("april", "2026-05-03", 422, "no-calendar");
        await ledger.ConsumeAsync([Calendar(2), Calendar(1, "month", "2026-01-01")]);
        await RefusedAsync("april", "2026-04-30", 422, "not-the-next-period-end");
        await RefusedAsync("may", "2026-05-31", 422, "not-the-next-period-end");
        await CloseAsync(ledger, "april", "2026-05-03");
        await RefusedAsync("april", "2026-05-31", 409, "id-used-for-something-else");
        await RefusedAsync("april-again", "2026-05-03", 409, "already-closed");
        ledger.Host.Clock.Reset(Instant.FromUtc(2026, 5, 31, 22, 59));
        await RefusedAsync("may", "2026-05-31", 422, "period-not-over");
        ledger.Host.Clock.Reset(Instant.FromUtc(2026, 5, 31, 23, 0));
        await CloseAsync(ledger, "may", "2026-05-31");
        var care = ledger.Host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/periods/june/close", new { to = "2026-06-28" })).NeedsAsync(403);
        Assert.Equal("unknown-field", await (await (await ledger.Finance.PutAsync(
            "/v1/periods/june/close", new { to = "2026-06-28", force = true })).NeedsAsync(400)).CodeAsync());
    }

    [Fact]
    public async Task A_calendar_that_is_on_its_way_is_waited_for()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        var closing = CloseAsync(ledger, "april", "2026-05-03", 201);
        await ledger.ConsumeAsync([Calendar()]);
        await closing;
    }

    private static readonly Fact[] AfterTheClosing =
    [
        Priced(Visit("V-2", "2026-04-12", 60, 500)), Repriced(Visit("V-1", "2026-04-10", 45, 1_500, version: 2)),
        Priced(Visit("V-3", "2026-05-04", 60, 100)), Voided("R-1"), Planned("2026-04-30", 1, ("L-1", 30)),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
        Received("R-2", "person", 7, "2026-05-03"),
    ];

    // The day on which a journal counts, and its own day if that is another.
    private static readonly string[] KindsAndDays =
    [
        "money-received 2026-04-06 ", "visit-priced 2026-04-10 ", "visit-priced 2026-05-04 2026-04-12",
        "visit-reversed 2026-05-04 2026-04-10", "visit-repriced 2026-05-04 2026-04-10",
        "visit-priced 2026-05-04 ", "receipt-voided 2026-05-04 2026-04-06", "day-planned 2026-05-04 2026-04-30",
        "budget-set 2026-05-04 2026-04-06", "money-received 2026-05-04 2026-05-03",
    ];

    [Fact]
    public async Task A_fact_about_a_closed_day_counts_on_the_first_open_day_with_its_own_stored_hashed_and_shown()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Calendar(), Received("R-1", "council", 10_000, "2026-04-06"),
            Priced(Visit("V-1", "2026-04-10", 60, 2_000)),
        ]);
        await CloseAsync(ledger, "april", "2026-05-03");
        var april = await ledger.MoneyAsync("2026-05-03");
        foreach (var fact in AfterTheClosing)
            await ledger.ConsumeAsync([fact], times: 2);
        Assert.Equivalent(april, await ledger.MoneyAsync("2026-05-03"), strict: true);
        Assert.Equal(KindsAndDays, (await ledger.JournalsAsync()).Select(journal =>
            $"{journal.Kind} {journal.EffectiveOn:uuuu-MM-dd} {journal.CareOn:uuuu-MM-dd}"));
        var now = await ledger.MoneyAsync();
        Assert.Equal((-2_093, 2_100), (now.HeldPence, now.AccruedPence));
        Assert.True(await ledger.IsWholeAsync());
        var posted = (await ledger.PublishedAsync<JournalsPosted>()).SelectMany(message => message.Journals);
        Assert.Contains(posted, journal => journal.CauseId == "V-2/v1" && journal.CareOn == Day("2026-04-12"));
    }

    [Fact]
    public async Task A_budget_that_comes_after_the_closing_changes_no_share_of_a_closed_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(order: "pro-rata"), Calendar(), Received("R-1", "council", 10_000, "2026-04-06"),
            Received("R-2", "person", 10_000, "2026-04-06"),
            Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-31", 6_000),
            Priced(Visit("V-1", "2026-04-10", 60, 7_000)),
        ]);
        await CloseAsync(ledger, "april", "2026-05-03");
        await ledger.ConsumeAsync([Budget("B-1", 2, "2026-04-20", "2026-04-06", "2026-05-31", 36_000)]);
        Assert.Equal("council=6500 person=6500", BySource((await ledger.MoneyAsync("2026-05-03")).Held));
        Assert.Equal("council=4000 person=9000", BySource((await ledger.MoneyAsync("2026-05-04")).Held));
    }

    [Fact]
    public async Task Another_holder_closes_for_itself_alone()
    {
        await using var ledger = await LedgerHost.StartAsync([.. Opened(), Calendar()]);
        await CloseAsync(ledger, "april", "2026-05-03");
        var other = ledger.Host.As(Role.HolderFinance, "sunset");
        Assert.Empty((await other.Typed().ClosePeriodListAsync()).Items);
        Assert.Equal("no-calendar", await (await (await other.PutAsync(
            "/v1/periods/april/close", new { to = "2026-05-03" })).NeedsAsync(422)).CodeAsync());
    }

    [Fact]
    public async Task Closing_and_posting_at_once_leave_nothing_on_a_closed_day_that_was_not_there_at_the_closing()
    {
        var funds = Enumerable.Range(0, 4).Select(n => $"F-{n}").ToArray();
        await using var ledger = await LedgerHost.StartAsync(
            [.. funds.SelectMany(fund => Opened(fund)), Calendar()]);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(ledger, writer, funds, stop.Token)).ToList();
        await ledger.UntilAsync("select count(*) > 100 from ledger.journals");
        var closings = await Task.WhenAll(Enumerable.Range(0, 4).Select(n =>
            CloseAsync(ledger, $"april-{n}", "2026-05-03", 201, 409)));
        Assert.Single(closings, closing => (int)closing.StatusCode == 201);
        var closed = await ledger.OwnerAsync("select count(*) from ledger.journals where effective_on <= '2026-05-03'");
        await ledger.UntilAsync("select count(*) > 100 from ledger.journals where effective_on = '2026-05-04'");
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(
            closed, await ledger.OwnerAsync("select count(*) from ledger.journals where effective_on <= '2026-05-03'"));
        foreach (var fund in funds)
            Assert.True(await ledger.IsWholeAsync(fund));
    }

    // Posts visits of a day in April to every fund until it is told to stop.
    private static async Task WriteAsync(LedgerHost ledger, int writer, string[] funds, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            await ledger.ConsumeAsync([Priced([.. funds.Select(fund =>
                Visit($"V-{writer}-{n}-{fund}", "2026-04-10", 1, 1, fund: fund))])]);
        }
    }
}
