using Isf.Client;
using Isf.Funds;
using Isf.Funds.Receipts;
using Isf.Hosting;
using Isf.Hosting.Http;

namespace Isf.Tests.Funds;

/// <summary>Returns over HTTP are bounded by what the source has paid in, also when many come at once.</summary>
public sealed class Returns_are_bounded
{
    private static object Return(long pence, string paidOn = "2026-04-20", string? beyondHeld = null) => new
    {
        source = "council", pence, paidOn, reason = "overpaid", beyondHeld,
    };

    private static async Task<(TestHost Host, HttpClient Finance)> StartAsync()
    {
        var host = await TestHost.StartAsync(new() { Services = "funds" });
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        return (host, host.As(Role.HolderFinance));
    }

    [Fact]
    public async Task Of_sixteen_returns_of_all_the_money_at_once_one_is_accepted()
    {
        var (host, finance) = await StartAsync();
        await using var _ = host;
        // £300.00 came in, and each return is of more than half of that.
        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            finance.PutAsync($"/v1/funds/F-1/returns/X-{n}", Return(15_001 + n))));
        Assert.Single(responses, response => (int)response.StatusCode == 201);
        foreach (var refused in responses.Where(response => (int)response.StatusCode != 201))
        {
            var problem = await (await refused.NeedsAsync(422)).JsonAsync();
            Assert.Equal(ProblemException.CodeOf(ReturnMoney.Refusal.MoreThanReceived), (string)problem["code"]!);
            Assert.Contains("£300.00", (string)problem["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task More_goes_back_when_a_holder_admin_says_why_and_the_same_request_is_done()
    {
        var (host, finance) = await StartAsync();
        await using var _ = host;
        var request = Return(30_001, beyondHeld: "The council asked for a penny that it had paid elsewhere.");
        var refused = await (await finance.PutAsync("/v1/funds/F-1/returns/X-1", request)).NeedsAsync(403);
        Assert.Equal(ProblemException.CodeOf(ReturnMoney.Refusal.NotYourRole), await refused.CodeAsync());
        var admin = host.As(Role.HolderAdmin);
        var accepted = await (await admin.PutAsync("/v1/funds/F-1/returns/X-1", request)).NeedsAsync(201);
        Assert.Contains("a penny", (string)(await accepted.JsonAsync())["beyondHeld"]!, StringComparison.Ordinal);
        await (await finance.PutAsync("/v1/funds/F-1/returns/X-1", request)).NeedsAsync(200);
        await (await admin.PutAsync("/v1/funds/F-1/returns/X-1", Return(30_001))).NeedsAsync(409);
    }

    [Fact]
    public async Task A_receipt_that_went_back_is_void_after_its_return_or_by_a_holder_admin()
    {
        var (host, finance) = await StartAsync();
        await using var _ = host;
        await (await finance.PutAsync("/v1/funds/F-1/returns/X-1", Return(20_000))).NeedsAsync(201);
        Task<HttpResponseMessage> VoidAsync(HttpClient client, string path, string? beyondHeld = null) =>
            client.PostAsync($"/v1/funds/F-1/{path}/void", beyondHeld is null
                ? new { why = "keyed twice" } : new { why = "keyed twice", beyondHeld });
        var refused = await (await VoidAsync(finance, "receipts/R-1")).NeedsAsync(422);
        Assert.Equal(ProblemException.CodeOf(VoidMoney.Refusal.MoreThanReceived), await refused.CodeAsync());
        await (await VoidAsync(finance, "receipts/R-1", "it is so")).NeedsAsync(403);
        var voided = await (await VoidAsync(host.As(Role.HolderAdmin), "receipts/R-1", "it is so")).NeedsAsync(200);
        Assert.Equal("it is so", (await voided.ReadAsync<ReceiveMoneyResponse>()).BeyondHeld);
        await (await VoidAsync(finance, "receipts/R-1")).NeedsAsync(200);
        await (await VoidAsync(finance, "returns/X-1")).NeedsAsync(200);
    }

    [Fact]
    public async Task A_database_of_before_bounds_returns_by_what_came_in()
    {
        await using var older = await OlderDatabase.AsOfAsync(FundsService.Describe(), 3);
        await older.RunAsync(A_fund_is_closed.FundOfBefore);
        await older.RunAsync("""
            insert into funds.mt_doc_receipt (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'R-1',
              '{"id":"R-1","fundId":"F-1","details":{"source":"council","pence":500,"receivedOn":"2026-04-06"}}', 'R');
            insert into funds.mt_doc_moneyreturn (tenant_id, id, data, mt_dotnet_type) values ('sunrise', 'X-1',
              '{"id":"X-1","fundId":"F-1","details":{"source":"council","pence":300,"paidOn":"2026-04-07",
                "reason":"surplus"}}', 'M')
            """);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "funds", Database = older.Owner });
        var finance = host.As(Role.HolderFinance);
        await (await finance.PutAsync("/v1/funds/F-1/returns/X-2", Return(201))).NeedsAsync(422);
        await (await finance.PutAsync("/v1/funds/F-1/returns/X-2", Return(200))).NeedsAsync(201);
    }
}
