using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Isf.Tests.Hosting;

/// <summary>
/// Sends requests to any route of the host, each with new ids. It has a body for each route: the minimum that the
/// route accepts, and optional lists and parts.
/// </summary>
internal static class RouteRequests
{
    private const string PriceList = """
        {"basis":"banded","band":{"minutes":15,"to":"nearest"},"round":{"at":"visit"},
         "rates":[{"code":"weekday","unit":"hour","pence":2400,"fixed":[{"minutes":30,"pence":1600}]}]}
        """;

    private const string Setting = """{"cron":"0 0 1 * * ?","zone":"Europe/London","enabled":true}""";

    private static readonly Dictionary<string, string> Fuller = new()
    {
        ["PUT /v1/providers/{id}"] = """{"name":"Brook Care","kind":"agency","vat":{"registered":false}}""",
        ["PUT /v1/funds/{fundId}"] = """
            {"personId":"P-1","councilId":"E10000009","kind":"isf","opensOn":"2026-03-30","agreement":{
             "signedOn":"2026-03-30","parties":["person","holder"],"payment":{"every":"4-weeks","firstOn":"2026-04-06"},
             "contribution":"to-holder","spendOrder":"person-first","surplus":{"weeks":4,"heldForWeeks":12},
             "banking":{"keep":"minutes","expiresAfterWeeks":12},"hospital":{"paidDays":14},"lateVariationDays":14,
             "managementFee":{"weeklyPence":1250,"from":"2026-06-01","mode":"within"}}}
            """,
        ["PUT /v1/funds/{fundId}/budgets/{id}"] = """
            {"from":"2026-04-06","to":"2027-04-04","weeklyPence":700,"sources":[{"source":"council","weeklyPence":700}],
             "deployment":[{"as":"isf","weeklyPence":700}],"weeklyMinutes":0,
             "oneOff":[{"purpose":"bed rail","source":"council","pence":8500}]}
            """,
        ["PUT /v1/funds/{fundId}/allocations/{id}"] = """
            {"providerId":"V-1","kind":"regular","from":"2026-04-06","to":"2027-04-04","weeklyMinutes":0,
             "weeklyPence":1,"fundedBy":[{"source":"council","percent":100}],"claim":"on-delivery","priceList":
            """ + PriceList + "}",
        ["PUT /v1/funds/{fundId}/closure"] = """
            {"on":"2026-05-31","reason":"ended","notice":[{"providerId":"V-1","pence":100,"why":"Four weeks."}]}
            """,
        ["POST /v1/quotes"] = """
            {"nation":"england","visits":[{"id":"Q-1","plannedStart":"2026-05-04T08:00:00+01:00","plannedMinutes":45,
             "start":"2026-05-04T08:00:00+01:00","end":"2026-05-04T08:45:00+01:00"}],"priceList":
            """ + PriceList + "}",
        ["PUT /v1/visit-file-profiles/{id}"] = """
            {"format":"visits-csv","fields":{"visitId":{"from":"{Visit}"}}}
            """,
        ["PUT /v1/schedules/{name}"] = Setting,
        ["PUT /v1/operator/schedules/{name}"] = Setting,
        ["POST /v1/funds/{fundId}/receipts/{id}/void"] = """{"why":"Paid twice."}""",
        ["POST /v1/funds/{fundId}/returns/{id}/void"] = """{"why":"Paid twice."}""",
        ["POST /v1/funds/{fundId}/absences/{id}/withdraw"] = """{"why":"It never was."}""",
        ["POST /v1/care-flags/{id}/resolution"] = """{"code":"explained","note":"A training day."}""",
        ["POST /v1/operator/{service}/messages/{id}/retry"] = """{"why":"The list is put right."}""",
        ["POST /v1/operator/{service}/messages/{id}/discard"] = """{"why":"Paid twice."}""",
        ["POST /v1/exceptions/{id}/resolution"] = """{"code":"explained","note":"A training day."}""",
    };

    // Fields that a part requires though the whole part is optional.
    private static readonly Dictionary<string, string> Parts = new()
    {
        ["disturbances"] = """{"free":2,"then":"waking"}""",
        ["minimum"] = """{"per":"day","pence":100}""",
        ["cancellation"] = """{"noticeHoursUnder":24,"percent":100}""",
        ["outcomes"] = """{"outcome":"hospital","percent":50}""",
        ["vat"] = """{"code":"standard","percent":20}""",
        ["banking"] = """{"keep":"minutes"}""",
        ["miles"] = """{"workerId":"W-1","miles":100}""",
    };

    private static int made;

    /// <summary>A route's method and path, as api.md names it.</summary>
    public static string Named(this RouteEndpoint route) =>
        $"{route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]} {route.RoutePattern.RawText}";

    /// <summary>The type of a route's body; null if it has none.</summary>
    public static Type? Body(this RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    /// <summary>Returns a body that the route accepts, with as many of its optional parts as are listed here.</summary>
    public static JsonNode BodyOf(RouteEndpoint route) => JsonNode.Parse(Fuller.GetValueOrDefault(route.Named())
        ?? DateFields.Bodies.GetValueOrDefault(route.Named()) ?? "{}")!;

    /// <summary>
    /// Returns every place in a type whose own type satisfies <paramref name="belongs"/>, as the names on the path to
    /// it, with 0 for a list's first item.
    /// </summary>
    public static IEnumerable<string[]> PlacesOf(Type type, Func<Type, bool> belongs, params string[] way)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (belongs(bare))
            return [way];
        var shape = IsfJson.Options.GetTypeInfo(bare);
        return shape.Kind switch
        {
            JsonTypeInfoKind.Enumerable => PlacesOf(shape.ElementType!, belongs, [.. way, "0"]),
            JsonTypeInfoKind.Dictionary => PlacesOf(shape.ElementType!, belongs, [.. way, "visitId"]),
            JsonTypeInfoKind.Object => shape.Properties.Where(field => field.Set is not null
                    || field.AssociatedParameter is not null)
                .SelectMany(field => PlacesOf(field.PropertyType, belongs, [.. way, field.Name])).ToList(),
            _ => [],
        };
    }

    /// <summary>
    /// Puts a value at a place of the body and returns the body. Missing objects on the path are created.
    /// </summary>
    public static JsonNode With(this JsonNode body, string[] way, JsonNode value)
    {
        var here = body;
        foreach (var (name, next) in way.Zip(way.Skip(1)))
        {
            if (here is JsonArray { Count: 0 } empty)
                empty.Add(Part(way, name));
            if (here is JsonObject whole && whole[name] is null)
                whole[name] = next == "0" ? new JsonArray() : Part(way, name);
            here = here is JsonArray list ? list[0]! : here[name]!;
        }
        if (here is JsonArray { Count: 0 } last)
            last.Add(value);
        else if (here is JsonArray { Count: > 0 } values)
            values[0] = value;
        else
            here[way[^1]] = value;
        return body;
    }

    // Returns a new object for a name on the path. For a list's first item (0), the object is that for the list's
    // name.
    private static JsonNode Part(string[] way, string name) => JsonNode.Parse(
        Parts.GetValueOrDefault(name == "0" ? way[Array.IndexOf(way, name) - 1] : name) ?? "{}")!;

    /// <summary>Sends a request to a route, with an allowed role and a new id.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this TestHost host, RouteEndpoint route, JsonNode? body, string query = "", string fund = "F-1")
    {
        var number = Interlocked.Increment(ref made);
        var verb = route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
        var path = route.RoutePattern.RawText!;
        var isNew = path is "/v1/funds/{fundId}" or "/v1/funds/{fundId}/closure" && verb == "PUT" && fund == "F-1";
        var unknown = new Guid(number, 0, 0, new byte[8]);
        path = path.Replace("/care-flags/{id}", $"/care-flags/{unknown}")
            .Replace("/messages/{id}", $"/messages/{unknown}")
            .Replace("{fundId}", isNew ? $"F-D{number}" : fund)
            .Replace("{providerId}", "V-1").Replace("{councilId}", "E10000009")
            .Replace("{name}", "state-books").Replace("{service}", "ledger").Replace("{id}", $"D-{number}");
        var role = route.Metadata.GetMetadata<Admitted>()!.Roles[0];
        var client = role == "anyone" ? host.Http : host.As(role, person: "P-1", council: "E10000009");
        if (path.EndsWith("/closure", StringComparison.Ordinal) && isNew)
        {
            await (await client.PutAsync($"/v1/funds/F-D{number}",
                JsonNode.Parse(DateFields.Bodies["PUT /v1/funds/{fundId}"])!)).NeedsAsync(201);
        }
        using var request = new HttpRequestMessage(new(verb), path + query);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }
}
