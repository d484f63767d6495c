using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Reconciliation.Councils;
using NodaTime;

namespace Isf.Tests.Reconciliation;

public sealed class Councils_get_their_feed
{
    private const string Path = "/v1/councils/E10000009/feeds";
    private static readonly LocalDate Tuesday = new(2026, 4, 7);

    [Fact]
    public async Task With_every_figure_worked_by_hand_and_frozen_once_issued()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(host, admin);
        var period = new { from = "2026-04-06", to = "2026-05-03" };
        await (await admin.PutAsync($"{Path}/FD-1", period)).NeedsAsync(201);

        var json = await admin.GetStringAsync($"{Path}/FD-1.json");
        var line = JsonNode.Parse(json)!["people"]!.AsArray().Single()!;
        var figures = string.Join(" ", line.AsObject()
            .Where(field => field.Value is JsonValue).Select(field => $"{field.Key} {field.Value}"));
        // £300 came in on 1 April, before the period. Then £180 came from the person and £10 went back to the council.
        // Two visits cost £14.75 + £10.00, attributed to the person first, so £155.25 of £180.00 is left. The budget
        // is £420 × 365 ÷ 7. The allocation promises £240 × 52, of which the part not used is still promised. An hour
        // was planned; 45 minutes of it were given, and 30 minutes beyond the plan.
        Assert.Equal("personId P-1 councilRef LAS-77 nhsNumber 9434765919 fundId F-1 "
            + $"position {await host.ValueAsync<long>("select position from ledger.heads")} "
            + "receivedPence 18000 returnedPence 1000 spentPence 2475 accruedPence 2475 owedPence 0 heldPence 44525 "
            + "overdrawnPence 0 budgetPence 2190000 promisedPence 1245525 plannedMinutes 60 extraMinutes 30 "
            + "deliveredMinutes 75 missedMinutes 0 chargedNotDeliveredMinutes 0 bankedMinutes 0 releasedMinutes 0 "
            + "outstandingMinutes 15", figures);
        Assert.Equal("""[{"source":"council","pence":29000},{"source":"person","pence":15525}]""",
            line["held"]!.ToJsonString());
        var balance = (await admin.GetJsonAsync("/v1/funds/F-1/balance?effectiveOn=2026-05-03"))["money"]!;
        Assert.Equal(balance["held"]!.ToJsonString(), line["held"]!.ToJsonString());

        var csv = await admin.GetByteArrayAsync($"{Path}/FD-1.csv");
        var zip = await admin.GetByteArrayAsync($"{Path}/FD-1.zip");
        Assert.Contains("P-1,LAS-77,9434765919,F-1,", Encoding.UTF8.GetString(csv), StringComparison.Ordinal);
        await using (var archive = new ZipArchive(new MemoryStream(zip)))
        {
            using var inside = new StreamReader(archive.GetEntry("FD-1.json")!.Open());
            Assert.Equal(json, await inside.ReadToEndAsync());
        }
        var shown = await admin.GetJsonAsync($"{Path}/FD-1");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(zip)), (string)shown["sha256"]!["zip"]!);

        // Later facts, also about April, leave the feed unchanged.
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-9",
            new { source = "council", pence = 5000, receivedOn = "2026-04-30" })).NeedsAsync(201);
        await host.UntilIdleAsync();
        await (await admin.PutAsync($"{Path}/FD-1", period)).NeedsAsync(200);
        Assert.Equal(json, await admin.GetStringAsync($"{Path}/FD-1.json"));
        Assert.Equal(zip, await admin.GetByteArrayAsync($"{Path}/FD-1.zip"));
        await (await admin.PutAsync($"{Path}/FD-2", period)).NeedsAsync(201);
        var later = (await admin.GetJsonAsync($"{Path}/FD-2.json"))["people"]![0]!;
        Assert.Equal(23000, (long)later["receivedPence"]!);
        await SeeOnlyTheirsAsync(host, admin);
    }

    private static async Task SeeOnlyTheirsAsync(TestHost host, HttpClient admin)
    {
        var council = host.As(Role.Council, holder: null!, council: "E10000009");
        Assert.Equal(HttpStatusCode.OK, (await council.GetAsync($"{Path}/FD-1.csv?holder=sunrise")).StatusCode);
        Assert.Equal("no-holder", await (await council.GetAsync($"{Path}/FD-1.csv")).CodeAsync());
        Assert.Equal("unknown-feed", await (await council.GetAsync($"{Path}/FD-1.csv?holder=sunset")).CodeAsync());
        var another = host.As(Role.Council, holder: null!, council: "E10000001");
        Assert.Equal("unknown-feed", await (await another.GetAsync($"{Path}/FD-1.json?holder=sunrise")).CodeAsync());
        Assert.Equal("unknown-feed",
            await (await another.GetAsync("/v1/councils/E10000001/feeds/FD-1.json?holder=sunrise")).CodeAsync());
        Assert.Equal("id-used-for-something-else", await (await admin.PutAsync(
            $"{Path}/FD-1", new { from = "2026-04-06", to = "2026-05-10" })).CodeAsync());
        Assert.Equal(ProblemException.CodeOf(IssueFeed.Refusal.EndsBeforeItBegins), await (await admin.PutAsync(
            $"{Path}/FD-3", new { from = "2026-05-03", to = "2026-04-06" })).CodeAsync());
        Assert.Equal(ProblemException.CodeOf(IssueFeed.Refusal.PeriodNotOver), await (await admin.PutAsync(
            $"{Path}/FD-3", new { from = "2026-04-06", to = "2026-06-01" })).CodeAsync());
        Assert.Equal(ProblemException.CodeOf(IssueFeed.Refusal.UnknownCouncil), await (await admin.PutAsync(
            "/v1/councils/E1/feeds/FD-3", new { from = "2026-04-06", to = "2026-05-03" })).CodeAsync());
    }

    [Fact]
    public async Task Not_while_the_copy_of_the_journals_has_a_gap()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await ArrangeAsync(host, admin);
        await host.ValueAsync<long>("""
            with missing as (update reconciliation.arrivals set highest = kept + 1 returning 1)
            select count(*) from missing
            """);

        var response = await admin.PutAsync($"{Path}/FD-1", new { from = "2026-04-06", to = "2026-05-03" });

        Assert.Equal((503, ProblemException.CodeOf(IssueFeed.Refusal.JournalsOnTheirWay)),
            ((int)response.StatusCode, await response.CodeAsync()));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task ArrangeAsync(TestHost host, HttpClient admin)
    {
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/people/P-1", new
        {
            name = "Ada Example", nation = "england", format = "plain", language = "en", councilRef = "LAS-77",
            nhsNumber = "9434765919",
        }, 1)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "person", pence = 18000, receivedOn = "2026-04-06" })).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/returns/X-1",
            new { source = "council", pence = 1000, paidOn = "2026-04-20", reason = "overpaid" })).NeedsAsync(201);
        await host.PublishAsync("support", "sunrise", new DaysPlanned
        {
            HolderId = "sunrise",
            Days = [new PlannedDay("F-1", Tuesday, 1, [new PlannedMinutes("L-1", 60)])],
        }, "days", "F-1");
        await host.PublishAsync("invoicing", "sunrise", new VisitsPriced
        {
            HolderId = "sunrise", Visits = [Visit("V-1", 45, 0, 1475), Visit("V-2", 0, 30, 1000)],
        }, "visits", "F-1");
        await host.UntilIdleAsync();
    }

    private static PricedVisit Visit(string id, long fulfilled, long extra, long pence) => new()
    {
        VisitId = id,
        Version = 1,
        FundId = "F-1",
        LineId = "L-1",
        AllocationId = "A-1",
        ProviderId = "V-1",
        CareOn = Tuesday,
        Outcome = "delivered",
        AnswersMinutes = fulfilled,
        ExtraMinutes = extra,
        Carers = 1,
        ChargedMinutes = fulfilled + extra,
        Pence = pence,
        NetPence = pence,
        VatPence = 0,
        VatCode = "exempt",
        Parts = [],
        Because = "As agreed.",
        Claim = "on-delivery",
    };
}
