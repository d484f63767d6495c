using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Isf.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>
/// The limit of every free text counts characters as a reader sees them, not code units; and letters with endless
/// combining marks cannot fill a column with megabytes.
/// </summary>
public sealed class Limits_count_what_readers_see(HostWithTwoFunds shared) : IClassFixture<HostWithTwoFunds>
{
    private const string Wide = "\U0001F9D1\U0001F3FD\u200D\U0001F91D\u200D\U0001F9D1\U0001F3FC";
    private const string Smile = "\U0001F600";
    private static readonly int[] Limits = [32, 64, 70, 200, 500, 2000];
    private static readonly string Marks = "e" + new string('\u0301', 60);
    private static readonly HashSet<string> Fields =
    [
        "accountName of v1", "address of v1", "beyondHeld of returns", "complaints of v1", "councilRef of people",
        "description of visit-file-profiles", "name of people", "name of providers", "note of visits",
        "place of visits", "preferredName of people", "purpose of budgets", "purpose of plans", "reason of adjustments",
        "reason of reversals", "reference of receipts", "supporter of consents", "why of {id}", "why of {fundId}",
        "workerId of visits",
    ];

    private readonly TestHost host = shared.Host;

    private static string Times(string one, int count) => string.Concat(Enumerable.Repeat(one, count));

    [Fact]
    public async Task Every_text_of_every_body_is_as_long_in_pictures_as_in_letters()
    {
        var (limited, unlimited) = (new HashSet<string>(), new HashSet<string>());
        foreach (var route in host.Routes.Where(route => route.Body() is not null))
        {
            foreach (var way in RouteRequests.PlacesOf(route.Body()!, type => type == typeof(string)))
            {
                var limit = await HasLimitAsync(route, way);
                if (limit == true)
                    limited.Add($"{way[^1]} of {route.RoutePattern.RawText!.Split('/')[^2]}");
                else if (limit == false)
                    unlimited.Add($"{way[^1]} of {route.Named()}");
            }
        }
        Assert.Superset(Fields, limited);
        // The limits of these fields do not show here. PUT /v1/holder is refused before its texts are checked, because
        // the request names no version, and a quote stores no texts.
        Assert.Equal(["accountNumber of PUT /v1/holder", "sortCode of PUT /v1/holder", "workerId of POST /v1/quotes"],
            unlimited.Order());
    }

    // Returns whether a text has a limit, or null if the requests are refused before its length is checked. A limit
    // must be the same for pictures and letters.
    private async Task<bool?> HasLimitAsync(RouteEndpoint route, string[] way)
    {
        // The first request may be accepted. All later ones may then be refused for that reason, so the first result
        // is not used.
        await CodeAsync(route, way, "x");
        if (await CodeAsync(route, way, "x") is var plain && plain != await CodeAsync(route, way, Wide))
            return null;
        var tooLong = await CodeAsync(route, way, Times("x", 2001));
        Assert.Equal((way[^1], tooLong), (way[^1], await CodeAsync(route, way, Times(Marks, 2000))));
        if (tooLong == plain)
            return plain.Length == 0 ? false : null;
        foreach (var count in Limits.SelectMany(limit => new[] { limit, limit + 1 }))
        {
            Assert.Equal((route.Named(), way[^1], count, await CodeAsync(route, way, Times("x", count))),
                (route.Named(), way[^1], count, await CodeAsync(route, way, Times(Wide, count))));
        }
        return true;
    }

    private async Task<string> CodeAsync(RouteEndpoint route, string[] way, string text)
    {
        var response = await host.SendAsync(route, RouteRequests.BodyOf(route).With(way, text));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500 && (body.Length > 0 || response.IsSuccessStatusCode),
            $"{route.Named()} /{string.Join('/', way)}: {response.StatusCode} {body} {text[..1]}{text.Length}");
        // A conflict with an existing id has nothing to do with the text's length.
        return response.IsSuccessStatusCode || (string)JsonNode.Parse(body)!["code"]! is "id-used-for-something-else"
            ? "" : $"{(string)JsonNode.Parse(body)!["code"]!} {JsonNode.Parse(body)!["errors"]?[0]?["pointer"]}";
    }

    [Fact]
    public async Task So_is_the_reference_of_a_file()
    {
        var care = host.As(Role.HolderCare);
        foreach (var (one, count, status) in new[]
            { (Smile, 200, 202), (Smile, 201, 400), ("x", 200, 202), ("x", 201, 400), (" ", 2, 400) })
        {
            var response = await care.SendFileAsync(
                Times(one, count), "visitId,fundId,lineId,outcome\n");
            Assert.Equal((one, count, status), (one, count, (int)response.StatusCode));
        }
    }
}
