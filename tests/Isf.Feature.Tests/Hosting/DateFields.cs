using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// Has a body with every date field for each route that takes dates, and finds the places of a type that take dates.
/// </summary>
internal static partial class DateFields
{
    private const string PriceList = """
        {"rates":[{"code":"weekday","unit":"hour","pence":2400,"from":"2026-04-06","to":"2027-04-04"},
         {"code":"day","unit":"hour","pence":3000,"when":{"dates":["2026-12-25"]}}]}
        """;

    /// <summary>The bodies, by method and route.</summary>
    public static readonly IReadOnlyDictionary<string, string> Bodies = new Dictionary<string, string>
    {
        ["PUT /v1/holder"] = """
            {"name":"Sunrise","address":"1 High Street","phone":"0100","email":"a@sunrise.example",
             "complaints":"Write to us.","periods":{"every":"4-weeks","firstOn":"2026-04-06"},
             "payments":{"sortCode":"010203","accountNumber":"01234567","accountName":"Sunrise"},
             "tolerances":{"minutes":15,"pence":100,"percent":2}}
            """,
        ["PUT /v1/people/{id}"] = """
            {"name":"Ada","dateOfBirth":"1950-01-01","nation":"england","format":"plain","language":"en"}
            """,
        ["PUT /v1/funds/{fundId}"] = """
            {"personId":"P-1","councilId":"E10000009","kind":"isf","opensOn":"2026-03-30","agreement":{
             "signedOn":"2026-03-30","reviewOn":"2026-10-05","endsOn":"2029-03-29","parties":["person","holder"],
             "payment":{"every":"4-weeks","firstOn":"2026-04-06"},"contribution":"to-holder",
             "spendOrder":"person-first","managementFee":{"weeklyPence":1250,"from":"2026-06-01","mode":"within"}}}
            """,
        ["PUT /v1/funds/{fundId}/budgets/{id}"] = """
            {"from":"2026-04-06","to":"2027-04-04","weeklyPence":700,"sources":[{"source":"council","weeklyPence":700}],
             "deployment":[{"as":"isf","weeklyPence":700}]}
            """,
        ["PUT /v1/funds/{fundId}/allocations/{id}"] = """
            {"providerId":"V-1","kind":"regular","from":"2026-04-06","to":"2027-04-04","weeklyMinutes":0,
             "weeklyPence":1,"claim":"on-delivery","priceList":
            """ + PriceList + "}",
        ["PUT /v1/funds/{fundId}/receipts/{id}"] = """
            {"source":"council","pence":100,"receivedOn":"2026-04-06","forFrom":"2026-04-06","forTo":"2026-05-03"}
            """,
        ["PUT /v1/funds/{fundId}/returns/{id}"] = """
            {"source":"council","pence":1,"paidOn":"2026-04-06","reason":"other"}
            """,
        ["PUT /v1/funds/{fundId}/fees/{id}"] = """{"from":"2026-06-01","to":"2026-06-28"}""",
        ["PUT /v1/funds/{fundId}/closure"] = """{"on":"2026-05-31","reason":"ended"}""",
        ["PUT /v1/funds/{fundId}/consents/{id}"] = """{"supporter":"sue","sees":["statements"],"to":"2027-01-01"}""",
        ["PUT /v1/funds/{fundId}/plans/{id}"] = """
            {"from":"2026-04-06","to":"2026-12-31","lines":[{"lineId":"L-D","allocationId":"A-1","purpose":"support",
             "schedule":[{"start":"08:00","minutes":45,"dates":["2026-06-08"]},
             {"start":"09:00","minutes":45,"days":["mon"],"except":["2026-06-15"]}]}]}
            """,
        ["PUT /v1/funds/{fundId}/absences/{id}"] = """{"from":"2026-05-01","to":"2026-05-03","kind":"other"}""",
        ["PUT /v1/visits/{id}"] = """
            {"fundId":"F-1","lineId":"L-D","plannedStart":"2026-05-04T08:00:00+01:00",
             "start":"2026-05-04T08:00:00+01:00","end":"2026-05-04T08:45:00+01:00","outcome":"delivered"}
            """,
        ["POST /v1/quotes"] = """
            {"nation":"england","visits":[{"id":"Q-1","plannedStart":"2026-05-04T08:00:00+01:00","plannedMinutes":45,
             "start":"2026-05-04T08:00:00+01:00","end":"2026-05-04T08:45:00+01:00",
             "disturbances":[{"start":"2026-05-04T08:10:00+01:00","end":"2026-05-04T08:20:00+01:00"}]}],"priceList":
            """ + PriceList + "}",
        ["PUT /v1/funds/{fundId}/adjustments/{id}"] = """
            {"effectiveOn":"2026-05-04","moves":[{"book":"money","from":"accrued/V-1","to":"held/council","amount":1}],
             "reason":"a test"}
            """,
        ["PUT /v1/funds/{fundId}/reversals/{id}"] = """
            {"journalId":"00000000-0000-0000-0000-000000000001","effectiveOn":"2026-05-04","reason":"a test"}
            """,
        ["PUT /v1/periods/{id}/close"] = """{"to":"2026-05-03"}""",
        ["PUT /v1/runs/{id}"] = """{"kind":"books","upTo":"2026-05-31"}""",
        ["POST /v1/schedules/{name}/run"] = """{"upTo":"2026-05-31"}""",
        ["PUT /v1/councils/{councilId}/feeds/{id}"] = """{"from":"2026-04-06","to":"2026-05-03"}""",
        ["PUT /v1/funds/{fundId}/statements/{id}"] = """{"from":"2026-03-30","to":"2026-05-03"}""",
    };

    /// <summary>Whether a query option is a day or a moment.</summary>
    public static bool IsOption(string name) => name is "from" or "to" or "on" or "effectiveOn" or "upTo" or "knownAt";

    /// <summary>Returns the dates in a body.</summary>
    public static IEnumerable<JsonValue> In(JsonNode node) => node switch
    {
        JsonObject record => record.Select(field => field.Value).OfType<JsonNode>().SelectMany(In).ToList(),
        JsonArray list => list.OfType<JsonNode>().SelectMany(In).ToList(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && Day().IsMatch(value.GetValue<string>())
            => [value],
        _ => [],
    };

    /// <summary>The places of a type that take dates, as JSON paths with [] for every list.</summary>
    public static IEnumerable<string> Of(Type type, string path = "$")
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(LocalDate) || bare == typeof(Instant) || bare == typeof(OffsetDateTime))
            return [path];
        var shape = IsfJson.Options.GetTypeInfo(bare);
        return shape.Kind switch
        {
            JsonTypeInfoKind.Enumerable => Of(shape.ElementType!, path + "[]"),
            JsonTypeInfoKind.Object => shape.Properties
                .SelectMany(field => Of(field.PropertyType, $"{path}.{field.Name}")).ToList(),
            _ => [],
        };
    }

    /// <summary>A JSON path with [] in place of the indices of its lists.</summary>
    public static string Plain(string path) => Number().Replace(path, "[]");

    /// <summary>The name of the field that holds a value; empty if the value is not in an object.</summary>
    public static string FieldName(this JsonNode value) =>
        value.Parent is JsonObject ? value.GetPropertyName() : "";

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d")]
    private static partial Regex Day();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Number();
}
