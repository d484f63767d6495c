using System.Text.Json;
using System.Text.Json.Nodes;

namespace Isf.Tests.Described;

/// <summary>Compares JSON with a schema of the description, as far as the description uses JSON Schema.</summary>
internal static class JsonShape
{
    /// <summary>What does not fit, with its JSON pointer; null if the value fits.</summary>
    public static string? FaultOf(JsonNode? value, JsonNode described, string pointer = "")
    {
        var schema = Interface.Resolve(described).AsObject();
        if (Part(schema, "oneOf") is { } oneOf)
        {
            var faults = oneOf.Select(part => FaultOf(value, part!, pointer)).ToList();
            return faults.Contains(null) ? null : faults[^1];
        }
        var (type, types) = (KindOf(value), TypesOf(schema));
        if (types.Length > 0 && !types.Contains(type) && !(type == "integer" && types.Contains("number")))
            return $"{pointer} is of type {type} and not {string.Join(" or ", types)}";
        if (Part(schema, "enum") is { } values && !values.Any(item => JsonNode.DeepEquals(item, value)))
            return $"{pointer} is {value}, which is none of the values described";
        return (Part(schema, "allOf") ?? []).Select(part => FaultOf(value, part!, pointer))
            .Concat(value switch
            {
                JsonObject fields => FaultsOf(fields, schema, pointer),
                JsonArray items when schema["items"] is { } each =>
                    items.Select((item, at) => FaultOf(item, each, $"{pointer}/{at}")),
                _ => [],
            }).FirstOrDefault(fault => fault is not null);
    }

    private static IEnumerable<string?> FaultsOf(JsonObject fields, JsonObject schema, string pointer)
    {
        foreach (var name in (Part(schema, "required") ?? []).Select(item => (string)item!))
            yield return fields.ContainsKey(name) ? null : $"{pointer}/{name} is described and not there";
        var (described, others) = (schema["properties"], schema["additionalProperties"]);
        foreach (var (name, value) in fields)
        {
            var place = $"{pointer}/{name}";
            if (described?[name] is { } own)
                yield return FaultOf(value, own, place);
            else if (others is JsonObject of)
                yield return FaultOf(value, of, place);
            else if (others is JsonValue)
                yield return $"{place} is not described";
        }
    }

    private static string[] TypesOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(item => (string)item!)],
        { } one => [(string)one!],
        null => [],
    };

    private static JsonArray? Part(JsonObject schema, string name) => schema[name]?.AsArray();

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
        _ => "boolean",
    };
}
