using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>
/// Every integer in bodies and URLs is tried with the limits of its type: no request crashes, and nothing accepted
/// fails later.
/// </summary>
public sealed class Numbers_are_bounded_everywhere : IAsyncLifetime
{
    private static readonly long[] Numbers = [int.MinValue, int.MaxValue, long.MinValue, long.MaxValue, 0, -1];

    private TestHost host = null!;

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync(new()
        {
            LookupRetryTime = TimeSpan.FromMilliseconds(50), WaitForFactsFor = TimeSpan.FromSeconds(1),
        });
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(short)
        || type == typeof(byte) || type == typeof(decimal);

    [Fact]
    public async Task No_number_of_any_body_fails_now_or_later()
    {
        var unread = new List<string>();
        foreach (var route in host.Routes.Where(route => route.Body() is not null))
        {
            foreach (var way in RouteRequests.PlacesOf(route.Body()!, IsNumber))
            {
                var codes = new List<string>();
                foreach (var number in Numbers)
                    codes.Add(await CodeAsync(route, way, number));
                if (codes.All(code => code == "missing-field"))
                    unread.Add($"{route.Named()} /{string.Join('/', way)}");
            }
        }
        Assert.True(unread.Count == 0, "Give these bodies what they lack: " + string.Join("; ", unread));
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
    }

    private async Task<string> CodeAsync(RouteEndpoint route, string[] way, long number)
    {
        var response = await host.SendAsync(route, RouteRequests.BodyOf(route).With(way, number));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500, $"{route.Named()} /{string.Join('/', way)} {number}: {text}");
        return response.IsSuccessStatusCode ? "" : (string)JsonNode.Parse(text)!["code"]!;
    }

    [Fact]
    public async Task No_number_of_any_address_fails()
    {
        foreach (var route in host.Routes)
        {
            foreach (var (name, number) in from name in QueryOptions.Of(route)
                                           from number in Numbers
                                           select (name, number))
            {
                var response = await host.SendAsync(route, null, $"?{name}={number}");
                Assert.True((int)response.StatusCode < 500,
                    $"{route.Named()} ?{name}={number}: {await response.Content.ReadAsStringAsync()}");
            }
        }
    }
}
