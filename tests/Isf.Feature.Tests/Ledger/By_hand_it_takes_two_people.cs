using Isf.Client;
using Isf.Hosting.Http;
using Isf.Ledger;
using static Isf.Tests.Ledger.Adjustments_are_made_by_hand;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// The person who proposes a posting by hand cannot approve it, and a posting can name only accounts of the fund.
/// </summary>
public sealed class By_hand_it_takes_two_people
{
    private const string Adjustment = "F-1/adjustments/J-1";

    private static object Moving(string book, string from, string to) => new
    {
        effectiveOn = "2026-04-12", reason = "put right", moves = new[] { new { book, from, to, amount = 5 } },
    };

    private static object Reversal(AdjustFundResponse posted, string effectiveOn) =>
        new { journalId = posted.JournalId, effectiveOn, reason = "not so" };

    private static async Task<int> CountAsync(LedgerHost ledger) => (await ledger.JournalsAsync()).Count;

    private static async Task<HttpResponseMessage> ProposeAsync(LedgerHost ledger, string path, object body) =>
        await (await ledger.Finance.PutAsync("/v1/funds/" + path, body)).NeedsAsync(201);

    private static async Task<AdjustFundResponse> ApprovedAsync(LedgerHost ledger, string path = Adjustment) =>
        await (await (await ledger.ApproveAsync(path)).NeedsAsync(200)).ReadAsync<AdjustFundResponse>();

    private static async Task<string> ReversalStateAsync(LedgerHost ledger) =>
        (await ledger.Client.ReverseAdjustmentGetAsync("F-1", "X-1")).State;

    private static async Task SamePersonAsync(LedgerHost ledger, string path)
    {
        var refused = await (await ledger.ApproveAsync(path, Role.HolderFinance)).NeedsAsync(403);
        Assert.Equal("same-person", await refused.CodeAsync());
    }

    [Fact]
    public async Task What_one_proposed_is_posted_when_another_approves_it_and_so_is_its_reversal()
    {
        await using var ledger = await StartAsync();
        var response = await ProposeAsync(ledger, Adjustment, Pound("2026-04-12"));
        var proposed = await ledger.Client.AdjustFundGetAsync("F-1", "J-1");
        Assert.Equal(("proposed", Role.HolderFinance), (proposed.State, proposed.ProposedBy));
        // The proposer cannot approve in another role either.
        await SamePersonAsync(ledger, Adjustment);
        Assert.Equal(1, await CountAsync(ledger));
        Assert.Equal(await response.Content.ReadAsStringAsync(),
            await ledger.Finance.GetStringAsync("/v1/funds/" + Adjustment));
        var posted = await ApprovedAsync(ledger);
        Assert.Equal(("posted", "approver", 2), (posted.State, posted.ApprovedBy, posted.Position));
        await (await ledger.ApproveAsync(Adjustment, "third")).NeedsAsync(200);
        await SamePersonAsync(ledger, Adjustment);
        await ProposeAsync(ledger, "F-1/reversals/X-1", Reversal(posted, "2026-04-13"));
        await SamePersonAsync(ledger, "F-1/reversals/X-1");
        Assert.Equal(("proposed", 2), (await ReversalStateAsync(ledger), await CountAsync(ledger)));
        await (await ledger.ApproveAsync("F-1/reversals/X-1")).NeedsAsync(200);
        Assert.Equal(("posted", 3), (await ReversalStateAsync(ledger), await CountAsync(ledger)));
    }

    private static readonly (string Book, string From, string To, string? Pointer)[] Accounts =
    [
        ("money", "held/drawn", "accrued/NOPE", "/moves/0/to"),
        ("money", "owed/NOPE", "paid/V-1", "/moves/0/from"),
        ("money", "held/nhs", "outside/nhs", null),
        ("money", "held/drawn", "owed/holder", null),
        ("promise", "free", "promised/A-9", "/moves/0/to"),
        ("promise", "used/A-1", "promised/none", null),
        ("time", "agreed/L-9", "planned/L-9", "/moves/0/from"),
        ("time", "planned/L-1", "missed/L-1/because", "/moves/0/to"),
        ("time", "planned/L-1", "missed/L-1/respite", null),
        // A provider is not a line, and a line is not an allocation.
        ("time", "agreed/V-1", "planned/V-1", "/moves/0/from"),
        ("promise", "free", "promised/L-1", "/moves/0/to"),
    ];

    [Fact]
    public async Task Only_what_the_fund_knows_can_be_named()
    {
        await using var ledger = await LedgerHost.StartImpatientAsync();
        await ledger.ConsumeAsync(
        [
            .. Opened(), Person(), Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 100),
            Planned("2026-04-07", 1, ("L-1", 60)),
        ]);
        var made = 0;
        foreach (var (book, from, to, pointer) in Accounts)
        {
            var response = await ledger.Finance.PutAsync(
                $"/v1/funds/F-1/adjustments/J-{++made}", Moving(book, from, to));
            var json = await (await response.NeedsAsync(pointer is null ? 201 : 422)).JsonAsync();
            Assert.Equal((from, to, pointer is null ? null : "unknown-account", pointer),
                (from, to, (string?)json["code"], (string?)json["errors"]?[0]?["pointer"]));
        }
    }

    [Fact]
    public async Task An_account_that_is_on_its_way_is_waited_for()
    {
        await using var ledger = await StartAsync();
        var sending = ledger.Finance.PutAsync("/v1/funds/" + Adjustment, Moving("time", "agreed/L-7", "planned/L-7"));
        await ledger.ConsumeAsync([Planned("2026-04-07", 1, ("L-7", 60))]);
        await (await sending).NeedsAsync(201);
    }

    [Fact]
    public async Task What_was_closed_or_taken_back_in_the_meantime_is_not_posted()
    {
        await using var ledger = await StartAsync(Periods_are_closed.Calendar());
        await ProposeAsync(ledger, "F-1/adjustments/J-2", Pound("2026-05-04"));
        var posted = await ApprovedAsync(ledger, "F-1/adjustments/J-2");
        await ProposeAsync(ledger, Adjustment, Pound("2026-04-12"));
        foreach (var id in new[] { "X-1", "X-2", "X-3" })
            await ProposeAsync(ledger, $"F-1/reversals/{id}", Reversal(posted, "2026-05-04"));
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        async Task RefusedAsync(string path, int status, string code) =>
            Assert.Equal(code, await (await (await ledger.ApproveAsync(path)).NeedsAsync(status)).CodeAsync());
        await RefusedAsync(Adjustment, 422, "period-closed");
        await (await ledger.ApproveAsync("F-1/reversals/X-2")).NeedsAsync(200);
        await RefusedAsync("F-1/reversals/X-1", 409, "already-reversed");
        await RefusedAsync("F-1/reversals/X-9", 404, "unknown-reversal");
        await RefusedAsync("F-2/reversals/X-1", 404, "unknown-reversal");
        await RefusedAsync("F-1/adjustments/J-9", 404, "unknown-adjustment");
        foreach (var path in new[] { "F-1/adjustments/J-9", "F-1/reversals/X-9", "F-2/adjustments/J-1" })
            await (await ledger.Finance.GetAsync("/v1/funds/" + path)).NeedsAsync(404);
    }

    [Fact]
    public async Task What_is_after_a_closure_in_the_meantime_is_not_posted()
    {
        await using var ledger = await StartAsync();
        await ProposeAsync(ledger, "F-1/adjustments/J-2", Pound("2026-06-01"));
        var posted = await ApprovedAsync(ledger, "F-1/adjustments/J-2");
        await ProposeAsync(ledger, "F-1/adjustments/J-9", Pound("2026-06-10"));
        await ProposeAsync(ledger, Adjustment, Pound("2026-06-11"));
        await ProposeAsync(ledger, "F-1/reversals/X-1", Reversal(posted, "2026-06-11"));
        await ProposeAsync(ledger, "F-1/reversals/X-2", Reversal(posted, "2026-06-10"));
        await ledger.ConsumeAsync([FundClosed("2026-06-10")]);
        var before = await CountAsync(ledger);
        foreach (var path in new[] { Adjustment, "F-1/reversals/X-1" })
        {
            var refused = await (await ledger.ApproveAsync(path)).NeedsAsync(422);
            Assert.Equal("day-too-late", await refused.CodeAsync());
        }
        Assert.Equal("proposed", (await ledger.Client.AdjustFundGetAsync("F-1", "J-1")).State);
        Assert.Equal(("proposed", before), (await ReversalStateAsync(ledger), await CountAsync(ledger)));
        foreach (var path in new[] { "F-1/adjustments/J-9", "F-1/reversals/X-2", "F-1/adjustments/J-2" })
            await (await ledger.ApproveAsync(path)).NeedsAsync(200);
    }

    [Fact]
    public async Task One_that_was_posted_before_two_were_needed_stands_as_posted()
    {
        await using var older = await OlderDatabase.AsOfAsync(LedgerService.Describe(), 10);
        await older.RunAsync("""
            insert into ledger.mt_doc_adjustment (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'J-1',
              '{"id":"J-1","fundId":"F-1","journalId":"0b8c1a52-6f2e-8c4d-9a3b-5d7e9f102132","position":7,
                "effectiveOn":"2026-04-12","moves":[{"book":"money","from":"held/drawn","to":"accrued/NOPE",
                "amount":5}],"commitment":"00"}', 'Adjustment')
            """);
        await older.UpgradeAsync();
        await using var ledger = await LedgerHost.StartOnAsync(older.Owner, Opened());
        Assert.Equal("posted", (await ledger.Client.AdjustFundGetAsync("F-1", "J-1")).State);
        Assert.Equal(7, (await ApprovedAsync(ledger)).Position);
        Assert.Equal(0, await CountAsync(ledger));
    }
}
