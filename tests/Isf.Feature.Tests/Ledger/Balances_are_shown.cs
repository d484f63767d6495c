using System.Net;
using Isf.Hosting.Http;
using NodaTime;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>Callers with access can ask for balances and journals on both axes.</summary>
public sealed class Balances_are_shown
{
    private static readonly LocalDate Tenth = new(2026, 4, 10);

    // £1.00 of 10 April, £0.20 of 5 April and £0.03 of 10 April were recorded at 9:00 UTC on 10, 11 and 12 April.
    private static readonly (LocalDate On, int? Position, Instant? KnownAt, int HeldPence, int At)[] AsAt =
    [
        (new(2026, 4, 4), null, null, 0, 3), (new(2026, 4, 5), null, null, 20, 3), (new(2026, 4, 9), null, null, 20, 3),
        (Tenth, null, null, 123, 3), (Tenth, 0, null, 0, 0), (Tenth, 1, null, 100, 1), (new(2026, 4, 5), 1, null, 0, 1),
        (Tenth, 2, null, 120, 2), (Tenth, null, Instant.FromUtc(2026, 4, 10, 8, 59, 59), 0, 0),
        (Tenth, null, Instant.FromUtc(2026, 4, 10, 9, 0), 100, 1),
        (Tenth, null, Instant.FromUtc(2026, 4, 11, 9, 0) - Duration.FromNanoseconds(1_000), 100, 1),
        (Tenth, null, Instant.FromUtc(2026, 4, 11, 9, 0), 120, 2),
        (Tenth, null, Instant.FromUtc(2030, 1, 1, 0, 0), 123, 3),
    ];

    [Fact]
    public async Task A_balance_can_be_asked_as_at_any_day_and_as_known_at_any_position_or_moment()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        var clock = ledger.Host.Clock;
        foreach (var (id, pence, on, at) in new[]
        {
            ("R-1", 100, "2026-04-10", Instant.FromUtc(2026, 4, 10, 9, 0)),
            ("R-2", 20, "2026-04-05", Instant.FromUtc(2026, 4, 11, 9, 0)),
            ("R-3", 3, "2026-04-10", Instant.FromUtc(2026, 4, 12, 9, 0)),
        })
        {
            clock.Reset(at);
            await ledger.ConsumeAsync([Received(id, "council", pence, on)]);
        }
        foreach (var (on, position, knownAt, heldPence, at) in AsAt)
        {
            var balance = await ledger.Client.ShowBalanceGetAsync("F-1", position, knownAt, on);
            Assert.Equal((heldPence, at), (balance.Money.HeldPence, balance.Position));
        }
    }

    [Fact]
    public async Task A_journal_dated_in_the_future_is_not_in_todays_balance()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Received("R-1", "council", 100, "2026-06-01"), Received("R-2", "council", 20, "2026-06-02")]);
        var balance = await ledger.Client.ShowBalanceGetAsync("F-1");
        Assert.Equal((100, new LocalDate(2026, 6, 1)), (balance.Money.HeldPence, balance.EffectiveOn));
        // 23:00 UTC in June is midnight in London.
        ledger.Host.Clock.Reset(Instant.FromUtc(2026, 6, 1, 23, 0));
        Assert.Equal(120, (await ledger.Client.ShowBalanceGetAsync("F-1")).Money.HeldPence);
    }

    [Fact]
    public async Task The_order_of_spending_and_a_budgets_shares_are_taken_as_they_were_known()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(order: "pro-rata"), Received("R-1", "council", 10_000, "2026-04-06"),
            Received("R-2", "person", 10_000, "2026-04-06"),
            Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
            Priced(Visit("V-1", "2026-04-07", 60, 7_000)),
            Budget("B-1", 2, "2026-04-07", "2026-04-06", "2026-05-03", 0, 6_000),
            Agreed("F-1", 2, "council-first", "2026-04-20"),
        ]);
        foreach (var (on, position, held) in new (string, int?, string)[]
        {
            ("2026-04-19", 4, "council=4000 person=9000"), ("2026-04-19", 5, "council=10000 person=3000"),
            ("2026-04-20", 5, "council=10000 person=3000"), ("2026-04-19", null, "council=10000 person=3000"),
            // The money that was attributed under the earlier order stays as it was.
            ("2026-04-20", null, "council=10000 person=3000"),
        })
        {
            var balance = await ledger.Client.ShowBalanceGetAsync("F-1", position, effectiveOn: Day(on));
            Assert.Equal(held, BySource(balance.Money.Held));
        }
    }

    [Fact]
    public async Task Journals_are_listed_a_page_at_a_time_by_effective_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), .. Enumerable.Range(1, 5).Select(n => Received($"R-{n}", "council", n, $"2026-04-0{n}"))]);
        var first = await ledger.Client.ListJournalsGetAsync("F-1", limit: 2);
        Assert.Equal((2, "2"), (first.Items.Count, first.Next));
        var last = await ledger.Client.ListJournalsGetAsync("F-1", limit: 3, after: "2");
        Assert.Equal([3, 4, 5], last.Items.Select(journal => journal.Position));
        Assert.Null(last.Next);
        var some = await ledger.Client.ListJournalsGetAsync("F-1", position: 3, from: new(2026, 4, 2),
            to: new(2026, 4, 4));
        Assert.Equal(["R-2", "R-3"], some.Items.Select(journal => journal.Cause.Id));
    }

    private static readonly (string Path, int Status, string Code)[] Unanswerable =
    [
        ("balance?effectiveOn=06/04/2026", 400, "bad-date"),
        ("balance?knownAt=yesterday", 400, "bad-moment"),
        ("balance?position=-1", 400, "bad-position"),
        ("balance?position=1&knownAt=2026-04-10T09:00:00Z", 400, "bad-position"),
        ("balance?position=2", 422, "position-not-reached"),
        ("hours?from=2026-04-10&to=2026-04-09", 400, "bad-range"),
        ("journals?after=x", 400, "bad-after"),
        ("journals?limit=501", 400, "bad-limit"),
    ];

    [Fact]
    public async Task A_question_that_cannot_be_answered_is_refused_with_its_reason()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Received("R-1", "council", 1, "2026-04-06")]);
        foreach (var (path, status, code) in Unanswerable)
        {
            var response = await ledger.Finance.GetAsync($"/v1/funds/F-1/{path}");
            Assert.Equal(code, await (await response.NeedsAsync(status)).CodeAsync());
        }
    }

    [Fact]
    public async Task Only_those_who_may_see_the_fund_are_told_that_it_exists()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        var host = ledger.Host;
        foreach (var (client, query, status) in new[]
        {
            (host.As(Role.HolderCare), "", HttpStatusCode.OK),
            (host.As(Role.Person, person: "P-1"), "", HttpStatusCode.OK),
            (host.As(Role.Person, person: "P-2"), "", HttpStatusCode.NotFound),
            (host.As(Role.Council, council: "E10000009"), "?holder=sunrise", HttpStatusCode.OK),
            (host.As(Role.Council, council: "E10000009"), "", HttpStatusCode.BadRequest),
            (host.As(Role.Council, council: "E10000001"), "?holder=sunrise", HttpStatusCode.NotFound),
            (host.As(Role.Auditor), "?holder=sunrise", HttpStatusCode.OK), (host.Http, "", HttpStatusCode.Unauthorized),
        })
        {
            foreach (var what in new[] { "balance", "journals", "hours", "integrity" })
                Assert.Equal(status, (await client.GetAsync($"/v1/funds/F-1/{what}{query}")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ledger.Finance.GetAsync("/v1/funds/F-2/balance")).StatusCode);
    }
}
