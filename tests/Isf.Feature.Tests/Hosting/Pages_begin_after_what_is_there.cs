using Isf.Client;
using Isf.Hosting.Http;
using Isf.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>
/// A list continues after the id that the previous page gave as next, and refuses any other id, also as CSV. If it did
/// not refuse, a client with a damaged id would read the first page again and again.
/// </summary>
public sealed class Pages_begin_after_what_is_there : IAsyncLifetime
{
    private TestHost host = null!;
    private string file = "";

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await (await admin.PutAsync("/v1/people/P-2", Sample.Person)).NeedsAsync(201);
        await host.UntilIdleAsync();
        var sent = await host.As(Role.HolderCare).SendFileAsync("R-1",
            "visitId,fundId,lineId,outcome\nW-1,F-0,L-1,hospital\nW-2,F-0,L-1,hospital\n");
        file = (await (await sent.NeedsAsync(202)).ReadAsync<StoreVisitFileResponse>()).Id;
        await host.UntilIdleAsync();
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    private IEnumerable<RouteEndpoint> Lists =>
        host.Routes.Where(route => QueryOptions.Of(route).Contains("after"));

    private Task<HttpResponseMessage> SendAsync(RouteEndpoint route, string query)
    {
        var path = route.RoutePattern.RawText!.Replace("{fundId}", "F-1").Replace("{providerId}", "V-1")
            .Replace("{id}", file).Replace("{councilId}", "E10000009").Replace("{name}", "state-books")
            .Replace("{service}", "ledger");
        return host.As(route.Metadata.GetMetadata<Admitted>()!.Roles[0]).GetAsync(path + query);
    }

    [Fact]
    public async Task Every_list_refuses_what_it_does_not_hold()
    {
        Assert.True(Lists.Count() >= 15);
        foreach (var route in Lists)
        {
            foreach (var csv in QueryOptions.Of(route).Contains("format") ? new[] { "", "&format=csv" } : [""])
            {
                foreach (var after in new[] { "zz", "P-999", "99999999", "2026-04-07", "-1", "zz/zz", "%20",
                    "00000000-0000-0000-0000-000000000001" })
                {
                    var response = await SendAsync(route, $"?after={after}{csv}");
                    Assert.Equal((route.Named(), after, 400, "bad-after"), (route.Named(), after,
                        (int)response.StatusCode, await response.CodeAsync()));
                }
            }
        }
    }

    [Fact]
    public async Task Every_list_goes_on_after_what_it_said()
    {
        var pages = 0;
        foreach (var route in Lists)
        {
            var first = await (await (await SendAsync(route, "?limit=1")).NeedsAsync(200)).JsonAsync();
            if (first["next"]?.ToString() is not { } next)
                continue;
            await (await SendAsync(route, $"?limit=1&after={next}")).NeedsAsync(200);
            pages++;
        }
        Assert.True(pages >= 3, $"{pages} lists had a second page");
    }
}
