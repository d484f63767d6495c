using System.Text.Json.Nodes;
using Isf.Client;
using Isf.Contracts.Ledger;
using Isf.Hosting.Http;

namespace Isf.Tests.Reconciliation;

/// <summary>
/// A difference that another service finds is an exception while its cause exists, in any order of arrival.
/// </summary>
public sealed class Exceptions_resolve_themselves
{
    private static int messages;

    [Fact]
    public async Task Care_beyond_a_promise_and_a_funds_money_is_raised_with_figures_and_resolved_when_both_are_back()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(admin);
        // The exception has the figures of the journal that takes the balance below zero. The promise must be posted
        // before that journal, so the test waits before it sends the first visit.
        await host.UntilIdleAsync();
        for (var day = 6; day <= 12; day++)
            await VisitAsync(admin, day, 130);
        await host.UntilIdleAsync();
        var open = await OpenAsync(host);
        Assert.Equal(["fund-overdrawn F-1 open", "promise-overdrawn F-1 open"], open);
        var promise = await OneAsync(host, "promise-overdrawn");
        Assert.Equal([("promisedPence", "3000"), ("usedPence", "5200")], BooksScene.FiguresOf(promise).Take(2));
        Assert.Contains("£22.00 beyond the promise", promise.PlainWords, StringComparison.Ordinal);

        await CoverAsync(admin);
        await host.UntilIdleAsync();
        Assert.Empty(await OpenAsync(host));
        promise = await OneAsync(host, "promise-overdrawn");
        Assert.Equal(("resolved", "cause-gone", "reconciliation"),
            (promise.State, promise.Resolution?.Code, promise.Resolution?.By));
    }

    [Fact]
    public async Task In_every_order_and_however_often_the_highest_position_counts()
    {
        await using var host = await TestHost.StartAsync();
        var facts = new (long Position, long Pence)[] { (3, -500), (7, 20), (9, -40), (12, 0) };
        var orders = Orders(facts).ToList();
        for (var n = 0; n < orders.Count; n++)
        {
            var fund = $"F-{n}";
            foreach (var upTo in new[] { 3, 4 })
            {
                foreach (var (position, pence) in orders[n].Where(fact => Array.IndexOf(facts, fact) < upTo))
                    await PublishAsync(host, $"{fund}-{upTo}", position, pence);
            }
        }
        await host.UntilIdleAsync();
        var open = await OpenAsync(host);
        Assert.Equal(orders.Select((_, n) => $"fund-overdrawn F-{n}-3 open").Order(StringComparer.Ordinal), open);
        await PublishAsync(host, "F-0-3", 3, -500);
        await PublishAsync(host, "F-0-3", 7, 20);
        await host.UntilIdleAsync();
        Assert.Equal(open, await OpenAsync(host));
    }

    [Fact]
    public async Task The_next_fall_is_a_new_exception_also_after_somebody_resolved_the_last()
    {
        await using var host = await TestHost.StartAsync();
        await PublishAsync(host, "F-1", 3, -500);
        await host.UntilIdleAsync();
        var id = (await OneAsync(host, "fund-overdrawn")).ExceptionId;
        await (await host.As(Role.HolderFinance).PostAsync($"/v1/exceptions/{id}/resolution",
            new { code = "explained", note = "The council pays on Friday." })).NeedsAsync(200);
        await PublishAsync(host, "F-1", 5, 100);
        await host.UntilIdleAsync();
        Assert.Empty(await OpenAsync(host));
        await PublishAsync(host, "F-1", 8, -1);
        await host.UntilIdleAsync();
        Assert.Single(await OpenAsync(host));
        Assert.Equal(2, (await ListAsync(host, "kind=fund-overdrawn&fundId=F-1")).Count);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_kind_fund_and_the_London_day_on_which_it_was_raised()
    {
        await using var host = await TestHost.StartAsync();
        await PublishAsync(host, "F-1", 3, -500);
        await PublishAsync(host, "F-2", 3, -500);
        await host.UntilIdleAsync();
        foreach (var (query, count) in new[]
        {
            ("kind=fund-overdrawn", 2), ("kind=promise-overdrawn", 0), ("kind=books", 0), ("fundId=F-2", 1),
            ("from=2026-06-01", 2), ("from=2026-06-02", 0), ("to=2026-05-31", 0), ("to=2026-06-01", 2),
            ("state=open&kind=fund-overdrawn&fundId=F-1&from=2026-06-01&to=2026-06-01", 1),
        })
        {
            Assert.Equal((query, count), (query, (await ListAsync(host, query)).Count));
        }
        var admin = host.As(Role.HolderAdmin);
        Assert.Equal("bad-kind", await (await admin.GetAsync("/v1/exceptions?kind=overdrawn")).CodeAsync());
        Assert.Equal("bad-from", await (await admin.GetAsync("/v1/exceptions?from=yesterday")).CodeAsync());
        Assert.Equal("bad-to", await (await admin.GetAsync("/v1/exceptions?to=today")).CodeAsync());
    }

    // £30 is promised for a week's help. The help costs £52 each day, so a week of it is also more than the £300 that
    // came in.
    private static async Task ArrangeAsync(HttpClient admin)
    {
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/funds/F-1/budgets/B-1", Bought(3_000), 1)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-2", Total(3_000))).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1", new
        {
            from = "2026-04-06",
            lines = new object[]
            {
                new { lineId = "L-2", allocationId = "A-2", purpose = "help", service = "support", carers = 1,
                    schedule = new object[] { new { days = new[] { "mon" }, start = "08:00", minutes = 60 } } },
            },
        })).NeedsAsync(201);
    }

    // £900 more comes in, and £600 are promised for the help.
    private static async Task CoverAsync(HttpClient admin)
    {
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "council", pence = 90_000, receivedOn = "2026-04-02" })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/budgets/B-1", Bought(60_000), 2)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-2", Total(60_000), 1)).NeedsAsync(200);
    }

    private static Task PublishAsync(TestHost host, string fund, long position, long pence) => host.PublishAsync(
        "ledger", "sunrise",
        new FundOverdrawn { HolderId = "sunrise", FundId = fund, Position = position, HeldPence = pence },
        $"{fund}/{position}/{pence}/{Interlocked.Increment(ref messages)}", fund);

    private static IEnumerable<(long, long)[]> Orders((long, long)[] facts) => facts.Length <= 1 ? [facts]
        : facts.SelectMany((first, n) => Orders([.. facts[..n], .. facts[(n + 1)..]])
            .Select(rest => ((long, long)[])[first, .. rest]));

    private static async Task VisitAsync(HttpClient admin, int day, int minutes) => await (await admin.PutAsync(
        $"/v1/visits/V-{day}", new
        {
            fundId = "F-1", lineId = "L-2", start = $"2026-04-{day:00}T08:00:00+01:00", carers = 1,
            end = $"2026-04-{day:00}T{8 + (minutes / 60):00}:{minutes % 60:00}:00+01:00", outcome = "delivered",
        })).NeedsAsync(201);

    private static object Total(long pence) => new
    {
        providerId = "V-1", kind = "one-off", from = "2026-04-06", to = "2026-04-12", totalPence = pence,
        claim = "on-delivery",
        priceList = new { rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400 } } },
    };

    private static JsonNode Bought(long pence)
    {
        var node = System.Text.Json.JsonSerializer.SerializeToNode(Sample.Budget)!;
        node["oneOff"] = new JsonArray(new JsonObject
        {
            ["purpose"] = "help at home", ["source"] = "council", ["pence"] = pence,
        });
        return node;
    }

    private static async Task<StoredException> OneAsync(TestHost host, string kind) =>
        Assert.Single(await ListAsync(host, $"kind={kind}"));

    private static Task<IReadOnlyList<StoredException>> ListAsync(TestHost host, string query) =>
        host.As(Role.HolderAdmin).ExceptionsAsync($"limit=500&{query}");

    private static async Task<IReadOnlyList<string>> OpenAsync(TestHost host) =>
    [
        .. (await ListAsync(host, "state=open"))
            .Select(exception => $"{exception.Kind} {exception.FundId} {exception.State}")
            .Order(StringComparer.Ordinal),
    ];
}
