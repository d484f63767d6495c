using System.Text;
using System.Text.Json.Serialization.Metadata;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Isf.Tests.Hosting;

/// <summary>The rules of api.md's Conventions for URLs and bodies, checked on every route of the host.</summary>
public sealed class Addresses_and_bodies_are_read_strictly(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private const string AnyId = "00000000-0000-0000-0000-000000000001";
    private readonly TestHost host = shared.Host;

    private List<RouteEndpoint> Routes => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(item => !item.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal))];

    [Fact]
    public async Task Every_route_refuses_an_option_that_it_does_not_take_and_one_said_twice()
    {
        foreach (var route in Routes)
        {
            var unknown = await SendAsync(route, "?effectivOn=2026-06-01");
            Assert.Equal((route.DisplayName, 400, "unknown-option", "?effectivOn"), await FaultAsync(route, unknown));
            // The query option “holder” is checked earlier, together with the token.
            foreach (var name in QueryOptions.Of(route).Where(name => name != QueryOptions.Holder))
            {
                var twice = await SendAsync(route, $"?{name}=1&{name}=2");
                Assert.Equal((route.DisplayName, 400, "repeated-option", "?" + name), await FaultAsync(route, twice));
            }
        }
    }

    [Theory]
    [InlineData("GET", "/v1/funds/F-1/balance?effectivOn=2026-06-01", "Did you mean ?effectiveOn=?")]
    [InlineData("GET", "/v1/funds/F-1/journals?Limit=5", "Did you mean ?limit=?")]
    [InlineData("GET", "/v1/people?names=Ada", "Did you mean ?name=?")]
    [InlineData("GET", "/v1/visit-files/f/rejections?fmt=csv", "It takes after, afterFact, format, holder, limit")]
    [InlineData("POST", "/v1/visit-files?format=visits-csv&reference=R&dry_run=true", "Did you mean ?dryRun=?")]
    [InlineData("GET", "/health/live?x=1", "This address takes no options.")]
    public async Task The_nearest_option_is_named(string method, string path, string detail)
    {
        using var request = new HttpRequestMessage(new(method), path);
        var response = await host.As(Role.HolderAdmin).SendAsync(request);
        var problem = await response.JsonAsync();
        Assert.Equal((400, "unknown-option"), ((int)response.StatusCode, (string)problem["code"]!));
        Assert.Contains(detail, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/people/a%07b", "the path", "U+0007")]
    [InlineData("/v1/people?name=a%00b", "?name", "U+0000")]
    [InlineData("/v1/people?na%0Ame=a", "?na<U+000A>me", "U+000A")]
    [InlineData("/v1/people?after=%C2%85", "?after", "U+0085")]
    [InlineData("/no/such/address%7F", "the path", "U+007F")]
    public async Task A_control_character_in_the_address_is_refused(string path, string place, string code)
    {
        var response = await host.As(Role.HolderAdmin).GetAsync(path);
        var problem = await response.JsonAsync();
        Assert.Equal((400, "control-character"), ((int)response.StatusCode, (string)problem["code"]!));
        Assert.Contains($"{place}: it holds the control character {code}", (string)problem["detail"]!);
    }

    [Fact]
    public async Task Every_body_refuses_control_characters_and_halves_in_every_text()
    {
        foreach (var (route, body) in Bodies())
        {
            foreach (var (pointer, json) in Places(body, """ "a\u0000b" """, type => type == typeof(string)))
                Assert.Equal((route.DisplayName, 400, "control-character", pointer), await PutAsync(route, json));
            foreach (var (pointer, json) in Places(body, """ "a\ud83d" """, type => type == typeof(string)))
                Assert.Equal((route.DisplayName, 400, "half-character", pointer), await PutAsync(route, json));
            var named = await PutAsync(route, """{"a\u0009b":1}""");
            Assert.Equal((route.DisplayName, 400, "control-character", "/"), named);
        }
    }

    [Fact]
    public async Task Every_body_refuses_null_inside_every_list()
    {
        var places = new List<string>();
        foreach (var (route, body) in Bodies())
        {
            foreach (var (pointer, json) in Places(body, "[null]", IsList))
            {
                Assert.Equal((route.DisplayName, 400, "wrong-type", pointer + "/0"), await PutAsync(route, json));
                places.Add(pointer);
            }
        }
        foreach (var named in new[] { "/oneOff", "/lines", "/lines/0/schedule", "/notice" })
            Assert.Contains(named, places);
    }

    [Fact]
    public async Task Free_text_may_hold_tabs_and_line_breaks_and_other_text_may_not()
    {
        var finance = host.As(Role.HolderFinance);
        await (await finance.PutAsync("/v1/funds/F-1/receipts/R-free",
            new { source = "council", pence = 100, receivedOn = "2026-04-02" })).NeedsAsync(201);
        const string path = "/v1/funds/F-1/receipts/R-free/void";
        await (await finance.PostAsync(path, new { why = "Paid twice:\r\n\tsee post." })).NeedsAsync(200, 201);
        var bell = await finance.PostAsync(path, new { why = "Paid twice.\a" });
        Assert.Equal("control-character", await bell.CodeAsync());
    }

    /// <summary>
    /// The fields that hold names, ids, numbers, moments and words from a closed list. Every other text is free text.
    /// </summary>
    private static readonly HashSet<string> OneLine =
    [
        "accountName", "accountNumber", "allocationId", "at", "book",
        "captured", "code", "councilId", "councilRef", "cqcLocationId", "cron", "dates",
        "durations", "email", "encoding", "end", "format", "from", "fundId", "id", "lineId",
        "name", "nhsNumber", "otherwise", "outcome", "parties", "personId", "phone", "place", "plannedStart",
        "preferredName", "providerId", "reference", "service", "serviceUserNumber", "sortCode", "start", "supporter",
        "then", "times", "to", "visitGroup", "visitId", "workerId", "workers", "zone",
    ];

    [Fact]
    public async Task Every_text_of_every_body_is_free_or_one_line()
    {
        var wrong = new List<string>();
        foreach (var (route, body) in Bodies())
        {
            foreach (var (pointer, json) in Places(body, """ "a\tb\r\nc" """, type => type == typeof(string)))
            {
                var (_, _, code, at) = await PutAsync(route, json);
                var isRefused = (code, at) == ("control-character", pointer);
                var field = pointer.Split('/').Last(part => part.Length > 0 && !char.IsAsciiDigit(part[0]));
                if (isRefused != OneLine.Contains(field))
                    wrong.Add($"{field} of {route.DisplayName} {(isRefused ? "is refused" : "is taken")}");
            }
        }
        Assert.True(wrong.Count == 0, "Free text or one line? " + string.Join("; ", wrong));
    }

    [Theory]
    [InlineData("Ada\\u202Egnol", "U+202E")]
    [InlineData("\\u200B\\u200B", "U+200B")]
    [InlineData("Ada\\u2028Example", "U+2028")]
    [InlineData("Ada\\u2029", "U+2029")]
    public async Task Every_name_is_one_line_that_can_be_seen(string name, string code)
    {
        var names = new HashSet<string>();
        foreach (var (route, body) in Bodies())
        {
            foreach (var (pointer, json) in Places(body, $"\"{name}\"", type => type == typeof(string)))
            {
                var field = pointer.Split('/')[^1];
                // The supporter in a consent is a person's name too, although the field's name does not end in “name”.
                if (field != "supporter" && !field.EndsWith("name", StringComparison.OrdinalIgnoreCase))
                    continue;
                var response = await SendAsync(route, "", new StringContent(json, Encoding.UTF8, "application/json"));
                Assert.Equal(
                    (route.DisplayName, 422, "invisible-character", pointer), await FaultAsync(route, response));
                Assert.Contains(code, (string)(await response.JsonAsync())["detail"]!, StringComparison.Ordinal);
                names.Add(field);
            }
        }
        Assert.Superset(new HashSet<string> { "name", "preferredName", "accountName", "supporter" }, names);
    }

    [Fact]
    public async Task One_name_is_one_text_whatever_keyboard_wrote_it()
    {
        var admin = host.As(Role.HolderAdmin);
        object Zoe(string name) => new { name, nation = "england", format = "plain", language = "en" };
        await (await admin.PutAsync("/v1/people/P-zoe", Zoe("Zoe\u0308 Example"))).NeedsAsync(201);
        await (await admin.PutAsync("/v1/people/P-zoe", Zoe("Zo\u00EB Example"))).NeedsAsync(200);
        Assert.Equal("Zo\u00EB Example", (await admin.Typed().RegisterPersonGetAsync("P-zoe")).Name);
        foreach (var name in new[] { "Zoe\u0308", "Zo\u00EB" })
            Assert.Single((await admin.Typed().RegisterPersonListAsync(name)).Items);
    }

    [Fact]
    public void An_option_that_a_route_does_not_declare_cannot_be_read()
    {
        var http = new DefaultHttpContext();
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new QueryOption("from")), "a route"));
        http.Features.Set<IQueryFeature>(new QueryFeature(new QueryCollection(
            new Dictionary<string, StringValues> { ["from"] = "2026-04-06", ["to"] = "2026-04-07" })));
        Assert.Equal("2026-04-06", http.Option("from"));
        Assert.Throws<InvalidOperationException>(() => http.Option("to"));
    }

    private IEnumerable<(RouteEndpoint Route, Type Body)> Bodies() =>
        from route in Routes
        where route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not null
        select (route, route.Metadata.GetMetadata<IAcceptsMetadata>()!.RequestType!);

    private async Task<(string?, int, string, string)> PutAsync(RouteEndpoint route, string json) =>
        await FaultAsync(route, await SendAsync(route, "", new StringContent(json, Encoding.UTF8, "application/json")));

    private static async Task<(string?, int, string, string)> FaultAsync(
        RouteEndpoint route, HttpResponseMessage response)
    {
        var problem = await response.JsonAsync();
        return (route.DisplayName, (int)response.StatusCode, (string)problem["code"]!,
            (string)problem["errors"]?[0]?["pointer"]! ?? "");
    }

    private async Task<HttpResponseMessage> SendAsync(RouteEndpoint route, string query, HttpContent? body = null)
    {
        var path = route.RoutePattern.RawText!;
        foreach (var name in route.RoutePattern.Parameters.Select(parameter => parameter.Name))
            path = path.Replace($"{{{name}}}", AnyId, StringComparison.Ordinal);
        var role = route.Metadata.GetMetadata<Admitted>()!.Roles[0];
        var client = role == "anyone" ? host.Http : host.As(role, person: "P-1", council: "E10000009");
        var verb = route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
        using var request = new HttpRequestMessage(new(verb), path + query) { Content = body };
        return await client.SendAsync(request);
    }

    private static bool IsList(Type type) => ShapeOf(type).Kind == JsonTypeInfoKind.Enumerable;

    private static JsonTypeInfo ShapeOf(Type type) =>
        IsfJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    // A property without a setter is ignored in a body, such as the id that stands in the address.
    private static bool IsInBody(JsonPropertyInfo field) =>
        field.Set is not null || field.AssociatedParameter is not null;

    /// <summary>
    /// Finds the places in a body whose types satisfy <paramref name="belongs"/>. Returns the JSON pointer of each
    /// place, and a body that has the value there.
    /// </summary>
    private static IEnumerable<(string Pointer, string Json)> Places(Type body, string value, Func<Type, bool> belongs)
    {
        var shape = ShapeOf(body);
        if (belongs(body))
            yield return ("", value);
        if (shape.Kind == JsonTypeInfoKind.Enumerable)
        {
            foreach (var (pointer, json) in Places(shape.ElementType!, value, belongs))
                yield return ("/0" + pointer, $"[{json}]");
        }
        if (shape.Kind == JsonTypeInfoKind.Dictionary)
        {
            foreach (var (pointer, json) in Places(shape.ElementType!, value, belongs))
                yield return ("/visitId" + pointer, $"{{ \"visitId\": {json} }}");
        }
        if (shape.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var field in shape.Properties.Where(IsInBody))
            {
                foreach (var (pointer, json) in Places(field.PropertyType, value, belongs))
                    yield return ($"/{field.Name}{pointer}", $"{{ \"{field.Name}\": {json} }}");
            }
        }
    }
}
