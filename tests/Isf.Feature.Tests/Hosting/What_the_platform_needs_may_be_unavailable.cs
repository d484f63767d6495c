using Isf.Hosting.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Hosting;

public sealed class What_the_platform_needs_may_be_unavailable
{
    [Fact]
    public async Task Without_its_database_every_route_says_that_it_is_not_available()
    {
        await using var host = await TestHost.StartAsync(
            new() { Database = "Host=127.0.0.1;Port=1;Database=none;Username=none" });
        var reached = new List<string>();
        foreach (var (method, path, role) in Routes(host))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != "GET")
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var caller = host.As(role, person: "P-1", council: "E10000009");
            var response = await caller.SendAsync(request);

            if ((int)response.StatusCode < 500)
                continue;
            await response.NeedsAsync(503);
            Assert.Equal("not-available", await response.CodeAsync());
            Assert.NotNull(response.Headers.RetryAfter);
            reached.Add($"{method} {path}");
        }
        Assert.True(reached.Count(text => text.StartsWith("GET ", StringComparison.Ordinal)) > 25,
            string.Join("\n", reached));
    }

    [Fact]
    public async Task Without_its_broker_it_takes_facts_and_says_that_they_do_not_arrive()
    {
        await using var host = await TestHost.StartAsync(
            new() { Transport = "rabbitmq", RabbitMq = "amqp://guest:guest@127.0.0.1:1/", BusPrefix = "nowhere." });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        var fact = (await admin.PutAsync("/v1/funds/F-1/receipts/R-2",
            new { source = "council", pence = 1, receivedOn = "2026-04-02" })).Headers.GetValues("Isf-Fact").Single();
        var response = await (await admin.GetAsync($"/v1/funds/F-1/balance?afterFact={fact}")).NeedsAsync(503);
        Assert.Equal("not-available", await response.CodeAsync());
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static IEnumerable<(string Method, string Path, string Role)> Routes(TestHost host) =>
        from route in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let admitted = route.Metadata.GetMetadata<Admitted>()
        where route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, RouteText.With(route, "x-1"), admitted.Roles[0]);
}
