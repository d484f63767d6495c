using System.Net;
using Isf.Hosting.Http;
using Isf.Measures;

namespace Isf.Tests.Hosting;

public sealed class The_caller_chooses_ids : IAsyncLifetime
{
    private TestHost host = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync() => admin = (host = await TestHost.StartAsync()).As(Role.HolderAdmin);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task The_same_content_is_already_done_and_other_content_is_refused()
    {
        await Sample.OpenAsync(admin);
        var receipt = new { source = "council", pence = 144000, receivedOn = "2026-04-06" };
        var first = await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2", receipt)).NeedsAsync(201);
        var repeated = await (await admin.PutAsync("/v1/funds/F-1/receipts/R-2", receipt)).NeedsAsync(200);
        Assert.Equal(first.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
        Assert.Equal(first.Headers.ETag, repeated.Headers.ETag);
        var other = await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "council", pence = 1, receivedOn = "2026-04-06" });
        Assert.Equal((HttpStatusCode.Conflict, "id-used-for-something-else"),
            (other.StatusCode, await other.CodeAsync()));
    }

    [Fact]
    public async Task What_the_books_call_something_else_is_no_id()
    {
        await Sample.OpenAsync(admin);
        var requests = ReservedNames.Allocations.Keys
            .Select(id => ($"/v1/funds/F-1/allocations/{id}", Sample.Allocation))
            .Concat(ReservedNames.Providers.Keys.Select(id => ($"/v1/providers/{id}", Sample.Provider)));
        foreach (var (address, body) in requests)
        {
            var response = await admin.PutAsync(address, body);
            Assert.Equal((422, "reserved-id"), ((int)response.StatusCode, await response.CodeAsync()));
        }
    }

    [Fact]
    public async Task A_change_names_the_version_that_it_saw()
    {
        await Sample.OpenAsync(admin);
        var renamed = new { name = "Ada B. Example", nation = "england", format = "plain", language = "en" };
        var unnamed = await admin.PutAsync("/v1/people/P-1", renamed);
        Assert.Equal(HttpStatusCode.Conflict, unnamed.StatusCode);
        var changed = await (await admin.PutAsync("/v1/people/P-1", renamed, version: 1)).NeedsAsync(200);
        Assert.Equal("\"2\"", changed.Headers.ETag!.Tag);
        var late = await admin.PutAsync("/v1/people/P-1", Sample.Person, version: 1);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "has-moved-on"), (late.StatusCode, await late.CodeAsync()));
        var early = await admin.PutAsync("/v1/people/P-9", Sample.Person, version: 1);
        Assert.Equal(HttpStatusCode.PreconditionFailed, early.StatusCode);
    }

    [Fact]
    public async Task Of_many_that_send_the_same_at_once_one_creates_it_and_all_are_content()
    {
        var responses =
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PutAsync("/v1/people/P-7", Sample.Person)));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Two_that_promise_the_same_money_at_once_cannot_both_have_it()
    {
        await Sample.OpenAsync(admin);
        var half = new
        {
            providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2027-04-04", weeklyPence = 18000,
            weeklyMinutes = 0, claim = "on-delivery",
            priceList = new { rates = new object[] { new { code = "weekday", unit = "hour", pence = 2400 } } },
        };
        var responses = await Task.WhenAll(Enumerable.Range(2, 4)
            .Select(i => admin.PutAsync($"/v1/funds/F-1/allocations/A-{i}", half)));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
            Assert.Equal("exceeds-budget-pence", await refused.CodeAsync());
    }

    [Fact]
    public async Task A_list_is_read_page_by_page()
    {
        foreach (var i in Enumerable.Range(1, 5))
            await (await admin.PutAsync($"/v1/people/P-{i}", Sample.Person)).NeedsAsync(201);
        var first = await admin.Typed().RegisterPersonListAsync(limit: 3);
        var second = await admin.Typed().RegisterPersonListAsync(limit: 3, after: first.Next);
        Assert.Equal(["P-1", "P-2", "P-3"], first.Items.Select(person => person.PersonId));
        Assert.Equal(["P-4", "P-5"], second.Items.Select(person => person.PersonId));
        Assert.Null(second.Next);
        Assert.Equal("bad-limit", await (await admin.GetAsync("/v1/people?limit=501")).CodeAsync());
    }
}
