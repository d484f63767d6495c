using Isf.Hosting.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Hosting;

/// <summary>
/// Of several changes that name the same version, one succeeds and the others get 412, and every service holds the
/// winner's content. Every route that accepts If-Match is raced on for at least 25 rounds of 8 callers, with
/// ISF_TEST_LONG=1 for at least 30 s.
/// </summary>
public sealed class Changes_race_for_one_version(Changes_race_for_one_version.RacingHost shared)
    : IClassFixture<Changes_race_for_one_version.RacingHost>
{
    private const int Rounds = 25;
    private readonly TestHost host = shared.Host;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 30 : 0);

    [Fact]
    public void Every_route_that_takes_If_Match_is_raced_on()
    {
        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AcceptsIfMatch>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!);
        Assert.Equal(RaceFixture.All.Select(fixture => fixture.Route).Order(StringComparer.Ordinal),
            routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_of_eight_changes_is_made_and_every_service_holds_it()
    {
        var races = RaceFixture.All.Select((fixture, i) => new VersionRace(host, fixture, $"race-{i}")).ToList();
        await Task.WhenAll(races.Select(race => race.PrepareAsync()));
        await host.UntilIdleAsync(TimeSpan.FromMinutes(3));
        await Task.WhenAll(races.Select(race => race.RunAsync(Rounds, LeastTime)));
        var backlog = await Record.ExceptionAsync(() => host.UntilIdleAsync(TimeSpan.FromMinutes(3)));
        foreach (var race in races)
            await race.CompareAsync();
        string[] errors = [.. races.Select(race => race.Errors).Where(text => text.Length > 0), backlog?.Message ?? ""];
        Assert.True(errors is [""], string.Join(Environment.NewLine, errors));
    }

    [Theory]
    [InlineData("\"9\", \"1\"", 200, null)]
    [InlineData("*", 200, null)]
    [InlineData("W/\"1\"", 412, "has-moved-on")]
    [InlineData("\"2\"", 412, "has-moved-on")]
    [InlineData("1", 400, "bad-if-match")]
    public async Task If_Match_takes_a_tag_a_list_or_a_star(string ifMatch, int status, string? code)
    {
        var admin = host.As(Role.HolderAdmin, $"match-{status}-{ifMatch.Length}");
        await (await admin.PutAsync("/v1/people/P-1", Sample.Person)).NeedsAsync(201);
        foreach (var path in new[] { "/v1/people/P-1", "/v1/people/P-2" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, path)
            {
                Content = new StringContent(RaceBodies.Person(1), null, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            var response = await admin.SendAsync(request);
            // If the document does not exist, no ETag matches.
            var expected = path == "/v1/people/P-1" || status == 400 ? (status, code) : (412, "has-moved-on");
            Assert.Equal(expected, ((int)response.StatusCode,
                response.IsSuccessStatusCode ? null : await response.CodeAsync()));
        }
    }

    /// <summary>One host for all tests of the class; each race and each case uses a holder of its own.</summary>
    public sealed class RacingHost : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await TestHost.StartAsync();

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
