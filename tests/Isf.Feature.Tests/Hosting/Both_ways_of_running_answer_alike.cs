using System.Text;
using Isf.Hosting.Http;
using Isf.Tests.Servers;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>
/// Six processes behind nginx and a single process answer alike on every route, also on one that no service has, and
/// readiness covers all six. Skipped if nginx is not installed.
/// </summary>
public sealed class Both_ways_of_running_answer_alike : IAsyncLifetime
{
    private static readonly TestHostTerms Terms = new()
    {
        LookupRetryTime = TimeSpan.Zero,
        Settings = settings => settings with
        {
            Health = settings.Health with { HeartbeatEvery = TimeSpan.FromMilliseconds(500) },
        },
    };

    private readonly List<TestHost> parted = [];
    private Proxy proxy = null!;
    private TestHost whole = null!;
    private string database = "";

    public async Task InitializeAsync()
    {
        if (!Proxy.CanRun)
            return;
        whole = await TestHost.StartAsync(Terms);
        database = await TestServers.NewDatabaseAsync();
        foreach (var service in Proxy.Services)
        {
            parted.Add(await TestHost.StartAsync(Terms with
            {
                Services = service,
                Database = database,
                Transport = "rabbitmq",
                BusPrefix = $"nginx{Environment.ProcessId}.",
            }));
        }
        proxy = await Proxy.StartAsync(parted.Select(host => host.Address.Authority));
    }

    public async Task DisposeAsync()
    {
        if (!Proxy.CanRun)
            return;
        await proxy.DisposeAsync();
        foreach (var host in parted.Append(whole))
            await host.DisposeAsync();
        await TestServers.DropAsync(database);
    }

    [Fact]
    public async Task On_every_route()
    {
        if (whole is null)
            return;
        using var behind = await ReachedAsync();
        using var alone = new HttpClient { BaseAddress = whole.Address };
        var compared = 0;
        foreach (var route in whole.Routes.Where(route => route.RoutePattern.RawText!.StartsWith('/')))
        {
            foreach (var path in PathsOf(route))
            {
                var (one, six) = (await SendAsync(alone, route, path), await SendAsync(behind, route, path));
                Assert.Equal((route.Named(), path, one), (route.Named(), path, six));
                compared++;
            }
        }
        Assert.True(compared > 100, $"{compared}");
    }

    [Fact]
    public async Task On_what_is_missing()
    {
        if (whole is null)
            return;
        using var behind = await ReachedAsync();
        foreach (var (host, service) in new[] { (parted[0], "funds"), (parted[3], "ledger") })
        {
            await host.StopAsync();
            var readiness = await Until.AnswersAsync(
                async () => await (await behind.GetAsync("/health/ready")).Content.ReadAsStringAsync(),
                text => text.Contains($"\"part\":\"{service}\"", StringComparison.Ordinal), TimeSpan.FromSeconds(90));
            Assert.StartsWith("{\"ready\":false,", readiness, StringComparison.Ordinal);
        }
        var refused = await behind.GetAsync("/v1/funds/F-1/balance");
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal("not-available", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    // Readiness covers the whole installation, so it comes when the last of the six has started.
    private async Task<HttpClient> ReachedAsync()
    {
        var client = new HttpClient { BaseAddress = proxy.Address };
        await Until.HoldsAsync(
            async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        return client;
    }

    private static IEnumerable<string> PathsOf(RouteEndpoint route)
    {
        var path = route.RoutePattern.RawText!.Replace("{documentName}", "v1").Replace("{fundId}", "F-9")
            .Replace("{providerId}", "V-1").Replace("{councilId}", "E10000009").Replace("{id}", "D-1")
            .Replace("{decisionId}", "D-2").Replace("{service}", "ledger");
        return path.Contains("{name}", StringComparison.Ordinal)
            ? new[] { "state-books", "close-weeks", "reconcile-books", "rate-holidays", "none" }
                .Select(name => path.Replace("{name}", name))
            : [path, path.ToUpperInvariant()[..4] + path[4..] + "/"];
    }

    // Returns only status and code, because the rest of a response may vary with the moment.
    private async Task<(int Status, string? Code)> SendAsync(HttpClient client, RouteEndpoint route, string path)
    {
        var role = route.Metadata.GetMetadata<Admitted>()!.Roles[0];
        using var request = new HttpRequestMessage(
            new(route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]), path);
        if (role != "anyone")
        {
            request.Headers.Authorization = new("Bearer", Callers.LocalToken(whole.Home, whole.Clock, role, role,
                role == Role.Operator ? null : "sunrise", "P-1", "E10000009"));
        }
        if (route.Body() is not null)
        {
            request.Content = new StringContent(
                RouteRequests.BodyOf(route).ToJsonString(), Encoding.UTF8, "application/json");
        }
        using var response = await client.SendAsync(request);
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return ((int)response.StatusCode, isProblem ? await response.CodeAsync() : null);
    }
}
