using System.Net;
using Isf.Hosting.Http;
using NodaTime;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>Callers with access can ask for balances and journals on both axes.</summary>
public sealed class Balances_are_shown
{
    // £1.00 of 10 April, £0.20 of 5 April and £0.03 of 10 April were recorded on 10, 11 and 12 April.
    private static readonly (string Query, int Pence, int Position)[] AsAt =
    [
        ("effectiveOn=2026-04-04", 0, 3), ("effectiveOn=2026-04-05", 20, 3), ("effectiveOn=2026-04-09", 20, 3),
        ("effectiveOn=2026-04-10", 123, 3), ("effectiveOn=2026-04-10&position=0", 0, 0),
        ("effectiveOn=2026-04-10&position=1", 100, 1), ("effectiveOn=2026-04-05&position=1", 0, 1),
        ("effectiveOn=2026-04-10&position=2", 120, 2),
        ("effectiveOn=2026-04-10&knownAt=2026-04-10T08:59:59Z", 0, 0),
        ("effectiveOn=2026-04-10&knownAt=2026-04-10T09:00:00Z", 100, 1),
        ("effectiveOn=2026-04-10&knownAt=2026-04-11T08:59:59.999999Z", 100, 1),
        ("effectiveOn=2026-04-10&knownAt=2026-04-11T09:00:00Z", 120, 2),
        ("effectiveOn=2026-04-10&knownAt=2030-01-01T00:00:00Z", 123, 3),
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
        foreach (var (query, pence, position) in AsAt)
        {
            var balance = await ledger.GetAsync($"F-1/balance?{query}");
            Assert.Equal((pence, position), (Pence(balance["money"]!, "held"), (int)balance["position"]!));
        }
    }

    [Fact]
    public async Task A_journal_dated_in_the_future_is_not_in_todays_balance()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Received("R-1", "council", 100, "2026-06-01"), Received("R-2", "council", 20, "2026-06-02")]);
        Assert.Equal(100, Pence((await ledger.GetAsync("F-1/balance"))["money"]!, "held"));
        Assert.Equal("2026-06-01", (string)(await ledger.GetAsync("F-1/balance"))["effectiveOn"]!);
        // 23:00 UTC in June is midnight in London.
        ledger.Host.Clock.Reset(Instant.FromUtc(2026, 6, 1, 23, 0));
        Assert.Equal(120, Pence((await ledger.GetAsync("F-1/balance"))["money"]!, "held"));
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
        foreach (var (query, held) in new[]
        {
            ("effectiveOn=2026-04-19&position=4", "council=4000 person=9000"),
            ("effectiveOn=2026-04-19&position=5", "council=10000 person=3000"),
            ("effectiveOn=2026-04-20&position=5", "council=10000 person=3000"),
            ("effectiveOn=2026-04-19", "council=10000 person=3000"),
            // The money that was attributed under the earlier order stays as it was.
            ("effectiveOn=2026-04-20", "council=10000 person=3000"),
        })
        {
            Assert.Equal(held, Held((await ledger.GetAsync($"F-1/balance?{query}"))["money"]!));
        }
    }

    [Fact]
    public async Task Journals_are_listed_a_page_at_a_time_by_effective_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), .. Enumerable.Range(1, 5).Select(n => Received($"R-{n}", "council", n, $"2026-04-0{n}"))]);
        var first = await ledger.GetAsync("F-1/journals?limit=2");
        Assert.Equal((2, "2"), (first["items"]!.AsArray().Count, (string)first["next"]!));
        var last = await ledger.GetAsync("F-1/journals?limit=3&after=2");
        Assert.Equal([3, 4, 5], last["items"]!.AsArray().Select(node => (int)node!["position"]!));
        Assert.Null(last["next"]);
        var some = await ledger.GetAsync("F-1/journals?from=2026-04-02&to=2026-04-04&position=3");
        Assert.Equal(["R-2", "R-3"], some["items"]!.AsArray().Select(node => (string)node!["cause"]!["id"]!));
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
