using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using NodaTime;
using NodaTime.Testing;

namespace Isf.Tests.Hosting;

/// <summary>Tries every route with every role, every owner and invalid tokens. See <see cref="Rights"/>.</summary>
public sealed class Every_route_keeps_to_its_rights(RightsScene scene) : IClassFixture<RightsScene>
{
    private static readonly string[] SceneIds = ["\"F-1\"", "\"P-1\"", "\"V-1\"", "\"VI-1\"", "Ada Example"];

    private static IEnumerable<Right> Closed => Rights.Rows.Values.Where(row => row.May != Rights.Anyone);

    [Fact]
    public void Every_route_has_a_row()
    {
        var routes = scene.Routes.ToHashSet();
        foreach (var route in routes.Except(Rights.Rows.Keys))
        {
            Assert.Fail($"{route} has no row: add one to tests/Isf.Feature.Tests/Hosting/Rights.cs that says, "
                + "after api.md (“Who is calling”), who may use it.");
        }
        foreach (var row in Rights.Rows.Keys.Except(routes))
            Assert.Fail($"{row} is a row of Rights.cs, but no route of the host: take it out.");
    }

    [Fact]
    public async Task Each_role_may_do_what_its_row_says_and_nothing_else()
    {
        foreach (var row in Closed)
        {
            foreach (var (letter, (client, query)) in scene.Owners)
            {
                var (status, code, _) = await SendAsync(client, row.Method, Path(row, query));
                var what = $"{row.Method} {row.Path} as {letter}: {status} {code}";
                if (row.May.Contains(letter, StringComparison.Ordinal))
                    Assert.True(row.Reads ? code == row.NotThere : status is not (401 or 403), what);
                else if (!"sv".Contains(letter, StringComparison.Ordinal) || row.May.IndexOfAny(['s', 'v']) < 0)
                    Assert.True((status, code) == (403, "not-your-role"), what);
            }
        }
    }

    [Fact]
    public async Task What_is_not_theirs_is_answered_like_what_is_not_there()
    {
        var requests =
            from row in Closed
            from letter in row.May
            from stranger in scene.Strangers[letter]
            where row.May.IndexOfAny(['s', 'v']) == row.May.LastIndexOfAny(['s', 'v'])
                || stranger.Item1 != "the other consent"
            select (row, letter, stranger);
        foreach (var (row, letter, (who, client, query)) in requests)
        {
            var (status, code, body) = await SendAsync(client, row.Method, Path(row, query));
            var (owner, more) = scene.Owners[letter];
            var (none, noneCode, _) = await SendAsync(
                owner, row.Method, scene.PathOf(row, there: false) + Range(row, more));
            var what = $"{row.Method} {row.Path} as {letter} ({who}): {status} {code}, not {none} {noneCode}";
            if (row.Path.Contains('{', StringComparison.Ordinal) && row.Path != "/v1/schedules/{name}/run")
                Assert.True((status, code) == (none, noneCode), what);
            else if (status == 200)
                Assert.DoesNotContain(SceneIds, id => body.Contains(id, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task No_address_leads_to_another_holder()
    {
        foreach (var row in Closed)
        {
            foreach (var letter in row.May.Where(letter => letter != 'c'))
            {
                var (status, code, _) = await SendAsync(
                    scene.Owners[letter].Client, row.Method, Path(row, "?holder=moonrise"));
                Assert.Equal((row.Path, 404, "unknown-holder"), (row.Path, status, code));
            }
        }
    }

    [Fact]
    public async Task A_token_that_is_none_opens_no_route()
    {
        foreach (var (what, client, refused) in Tokens())
        {
            foreach (var row in Closed)
            {
                var (status, code, _) = await SendAsync(client, row.Method, Path(row, ""));
                Assert.Equal((what, row.Path, refused), (what, row.Path, (status, code!)));
            }
        }
    }

    [Fact]
    public async Task No_response_is_cached_on_the_way()
    {
        foreach (var row in Closed)
        {
            foreach (var client in new[] { scene.Owners['A'].Client, scene.Owners['o'].Client, scene.Host.Http })
            {
                using var request = new HttpRequestMessage(new HttpMethod(row.Method), Path(row, ""));
                using var response = await client.SendAsync(request);
                Assert.True(response.Headers.CacheControl?.NoStore, $"{row.Method} {row.Path} may be kept");
                Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
            }
        }
    }

    private IEnumerable<(string, HttpClient, (int, string))> Tokens()
    {
        var host = scene.Host;
        var elsewhere = Directory.CreateTempSubdirectory("isf-rights-").FullName;
        string Made(string home, Duration ago, string holder) => Callers.LocalToken(
            home, new FakeClock(host.Clock.GetCurrentInstant() - ago), Role.HolderAdmin, "u-1", holder);
        HttpClient With(object role, object holder) =>
            host.With(("sub", "u-1"), ("role", role), ("holder", holder));
        var (good, other) = (Made(host.Home, Duration.Zero, "sunrise").Split('.'),
            Made(host.Home, Duration.Zero, "moonrise").Split('.'));
        string[] roles = [Role.HolderAdmin, Role.Person], holders = ["sunrise", "moonrise"];
        yield return ("none", host.Http, (401, "no-token"));
        yield return ("expired", host.Sending(Made(host.Home, Duration.FromDays(2), "sunrise")), (401, "no-token"));
        yield return ("forged", host.Sending(Made(elsewhere, Duration.Zero, "sunrise")), (401, "no-token"));
        yield return ("changed", host.Sending($"{good[0]}.{other[1]}.{good[2]}"), (401, "no-token"));
        yield return ("two roles", With(roles, "sunrise"), (403, "one-role"));
        yield return ("two holders", With(Role.HolderAdmin, holders), (403, "one-value"));
        Directory.Delete(elsewhere, recursive: true);
    }

    private string Path(Right row, string query) => scene.PathOf(row) + Range(row, query);

    // Two routes require a range of days.
    private static string Range(Right row, string query) =>
        !row.Path.EndsWith("/expected", StringComparison.Ordinal) ? query
            : query + (query.Length == 0 ? "?" : "&") + "from=2026-04-06&to=2026-05-03";

    private static async Task<(int Status, string? Code, string Body)> SendAsync(
        HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var code = response.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(body)!["code"];
        return ((int)response.StatusCode, code, body);
    }
}
