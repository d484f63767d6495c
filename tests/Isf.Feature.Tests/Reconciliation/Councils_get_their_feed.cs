using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Reconciliation.Councils;
using NodaTime;
using FeedLine = Isf.Client.FeedLine;

namespace Isf.Tests.Reconciliation;

public sealed class Councils_get_their_feed(FeedScene scene) : IClassFixture<FeedScene>
{
    private const string Path = FeedScene.Path;

    [Fact]
    public async Task With_every_figure_worked_by_hand()
    {
        var line = (await scene.Admin.GetJsonAsync($"{Path}/FD-1.json"))["people"]!.AsArray().Single()!;
        var figures = string.Join(" ", line.AsObject()
            .Where(field => field.Value is JsonValue).Select(field => $"{field.Key} {field.Value}"));
        // £300 came in on 1 April, before the period. Then £180 came from the person and £10 went back to the council.
        // Two visits cost £14.75 + £10.00, attributed to the person first, so £155.25 of £180.00 is left. The budget
        // is £420 × 365 ÷ 7. The allocation promises £240 × 52, of which the part not used is still promised. An hour
        // was planned; 45 minutes of it were given, and 30 minutes beyond the plan.
        Assert.Equal("personId P-1 councilRef LAS-77 nhsNumber 9434765919 fundId F-1 "
            + $"position {await PositionAsync()} "
            + "receivedPence 18000 returnedPence 1000 spentPence 2475 accruedPence 2475 owedPence 0 heldPence 44525 "
            + "overdrawnPence 0 budgetPence 2190000 promisedPence 1245525 plannedMinutes 60 extraMinutes 30 "
            + "deliveredMinutes 75 missedMinutes 0 chargedNotDeliveredMinutes 0 bankedMinutes 0 releasedMinutes 0 "
            + "outstandingMinutes 15", figures);
    }

    [Fact]
    public async Task With_what_is_held_of_each_source_as_in_the_balance()
    {
        var held = (await LineAsync(scene.Admin, "FD-1")).Held.Select(left => (left.Source, left.Pence)).ToList();
        Assert.Equal([("council", 29000), ("person", 15525)], held);
        var balance = await scene.Admin.Typed().ShowBalanceGetAsync("F-1", effectiveOn: new LocalDate(2026, 5, 3));
        Assert.Equal(balance.Money.Held.Select(left => (left.Source, left.Pence)), held);
    }

    [Fact]
    public async Task As_json_as_csv_and_as_a_zip_whose_hash_is_shown()
    {
        var json = await scene.Admin.GetStringAsync($"{Path}/FD-1.json");
        var csv = await scene.Admin.GetByteArrayAsync($"{Path}/FD-1.csv");
        var zip = await scene.Admin.GetByteArrayAsync($"{Path}/FD-1.zip");
        Assert.Contains("P-1,LAS-77,9434765919,F-1,", Encoding.UTF8.GetString(csv), StringComparison.Ordinal);
        await using (var archive = new ZipArchive(new MemoryStream(zip)))
        {
            using var inside = new StreamReader(archive.GetEntry("FD-1.json")!.Open());
            Assert.Equal(json, await inside.ReadToEndAsync());
        }
        var shown = await scene.Admin.Typed().IssueFeedGetAsync(FeedScene.Council, "FD-1");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(zip)), shown.Sha256["zip"]);
    }

    [Fact]
    public async Task Frozen_once_issued_although_later_facts_are_about_its_days()
    {
        var admin = (await scene.OpenAsync()).As(Role.HolderAdmin);
        await (await admin.PutAsync($"{Path}/FD-1", FeedScene.FourWeeks)).NeedsAsync(201);
        var json = await admin.GetStringAsync($"{Path}/FD-1.json");
        var zip = await admin.GetByteArrayAsync($"{Path}/FD-1.zip");

        await (await admin.PutAsync("/v1/funds/F-1/receipts/R-9",
            new { source = "council", pence = 5000, receivedOn = "2026-04-30" })).NeedsAsync(201);
        await scene.Host.UntilIdleAsync();

        await (await admin.PutAsync($"{Path}/FD-1", FeedScene.FourWeeks)).NeedsAsync(200);
        Assert.Equal(json, await admin.GetStringAsync($"{Path}/FD-1.json"));
        Assert.Equal(zip, await admin.GetByteArrayAsync($"{Path}/FD-1.zip"));
        await (await admin.PutAsync($"{Path}/FD-2", FeedScene.FourWeeks)).NeedsAsync(201);
        Assert.Equal(23000, (await LineAsync(admin, "FD-2")).ReceivedPence);
    }

    [Theory]
    [InlineData("E10000009", "E10000009/feeds/FD-1.csv?holder=sunrise", null)]
    [InlineData("E10000009", "E10000009/feeds/FD-1.csv", "no-holder")]
    [InlineData("E10000009", "E10000009/feeds/FD-1.csv?holder=sunset", "unknown-feed")]
    [InlineData("E10000001", "E10000009/feeds/FD-1.json?holder=sunrise", "unknown-feed")]
    [InlineData("E10000001", "E10000001/feeds/FD-1.json?holder=sunrise", "unknown-feed")]
    public async Task And_read_no_other(string caller, string feed, string? code)
    {
        var council = scene.Host.As(Role.Council, holder: null!, council: caller);
        var response = await council.GetAsync("/v1/councils/" + feed);
        Assert.Equal(code, (int)response.StatusCode == 200 ? null : await response.CodeAsync());
    }

    public static readonly TheoryData<string, string, string, string> NotIssued = new()
    {
        { "E10000009/feeds/FD-1", "2026-04-06", "2026-05-10", "id-used-for-something-else" },
        { "E10000009/feeds/FD-3", "2026-05-03", "2026-04-06",
            ProblemException.CodeOf(IssueFeed.Refusal.EndsBeforeItBegins) },
        { "E10000009/feeds/FD-3", "2026-04-06", "2026-06-01",
            ProblemException.CodeOf(IssueFeed.Refusal.PeriodNotOver) },
        { "E1/feeds/FD-3", "2026-04-06", "2026-05-03", ProblemException.CodeOf(IssueFeed.Refusal.UnknownCouncil) },
    };

    [Theory]
    [MemberData(nameof(NotIssued))]
    public async Task But_not_of_days_or_councils_that_cannot_be(string feed, string from, string to, string code) =>
        Assert.Equal(code, await (await scene.Admin.PutAsync("/v1/councils/" + feed, new { from, to })).CodeAsync());

    [Fact]
    public async Task Not_while_the_copy_of_the_journals_has_a_gap()
    {
        var gap = await scene.OpenAsync();
        await scene.Host.FalsifyAsync($"""
            update reconciliation.arrivals set highest = kept + 1 where holder_id = '{gap.Holder}'
            """);

        var response = await gap.As(Role.HolderAdmin).PutAsync($"{Path}/FD-1", FeedScene.FourWeeks);

        Assert.Equal((503, ProblemException.CodeOf(IssueFeed.Refusal.JournalsOnTheirWay)),
            ((int)response.StatusCode, await response.CodeAsync()));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task<FeedLine> LineAsync(HttpClient admin, string feed) =>
        (await admin.Typed().IssueFeedGetJsonAsync(FeedScene.Council, feed)).People.Single();

    private Task<long> PositionAsync() =>
        scene.Host.ValueAsync<long>("select position from ledger.heads where holder_id = 'sunrise'");
}
