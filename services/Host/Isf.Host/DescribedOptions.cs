using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Microsoft.OpenApi;

namespace Isf.Host;

/// <summary>Describes the ids in a route's path, its options and the headers that it reads.</summary>
internal static class DescribedOptions
{
    /// <summary>The ids that callers choose (Ids).</summary>
    public const string IdPattern = "^[A-Za-z0-9._-]{1,64}$";

    // The framework lists only the handler's own parameters, so the options that the platform reads are added here.
    public static void Describe(OpenApiOperation operation, IReadOnlyCollection<object> metadata)
    {
        var listed = operation.Parameters ??= [];
        var own = metadata.OfType<MethodInfo>().Take(1).SelectMany(handler => handler.GetParameters())
            .ToDictionary(parameter => parameter.Name!);
        var inPath = listed.Where(item => item.In == ParameterLocation.Path).Select(item => item.Name!).ToList();
        // Only routes for councils or auditors list the option holder. The tokens of other callers name their holder.
        var choosesHolder = metadata.OfType<Admitted>().LastOrDefault()?.Roles
            .Any(role => role is Role.Council or Role.Auditor) == true;
        foreach (var name in QueryOptions.Of(metadata, inPath).Where(name => listed.All(item => item.Name != name)
            && (name != QueryOptions.Holder || choosesHolder)))
        {
            listed.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query });
        }
        if (metadata.OfType<AcceptsIfMatch>().Any())
        {
            listed.Add(new OpenApiParameter
            {
                Name = "If-Match", In = ParameterLocation.Header, Schema = Text(),
                Description = "The ETag of the version that the caller saw; needed for a change.",
            });
        }
        foreach (var parameter in listed.OfType<OpenApiParameter>().Where(item => item.In != ParameterLocation.Header))
        {
            var (schema, words) = Of(parameter.Name!, own.GetValueOrDefault(parameter.Name!));
            parameter.Schema = schema;
            parameter.Description ??= words;
        }
    }

    private static (OpenApiSchema Schema, string? PlainWords) Of(string name, ParameterInfo? own)
    {
        if (own?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            return (OneOf([.. allowed.Values.Select(value => (string)value!)]), null);
        if (own?.GetCustomAttribute<NamesOfAttribute>() is { } names)
            return (OneOf([.. names.Names]), null);
        return own?.GetCustomAttribute<RangeAttribute>() is { } range
            ? (Whole((int)range.Minimum, (int)range.Maximum), null)
            : Shared(name);
    }

    // The options whose name means the same on every route.
    private static (OpenApiSchema Schema, string? PlainWords) Shared(string name) => name switch
    {
        "limit" => (Whole(1, 500, 100), "The largest number of items on the page."),
        "after" => (Text(), "The value of next on the page before; left out for the first page."),
        "afterFact" => (Text("uuid"), "The Isf-Fact of a write: the answer waits for all that follows from it."),
        "format" => (OneOf("json", "csv"), "The format; by default the one that Accept names, or else json."),
        "from" => (Text("date"), "The first day."),
        "to" => (Text("date"), "The last day."),
        "on" or "effectiveOn" or "upTo" => (Text("date"), "The day that the answer is about."),
        "knownAt" => (Text("date-time"), "The moment: the answer counts what was recorded by then."),
        "position" => (Whole(0, int.MaxValue), "The position in the journal: the answer counts what comes up to it."),
        QueryOptions.Holder => (Id(), "The holder. A council has to name one."),
        "id" => (Id(), null),
        _ when name.EndsWith("Id", StringComparison.Ordinal) => (Id(), null),
        _ => (Text(), null),
    };

    private static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, Pattern = IdPattern };

    private static OpenApiSchema OneOf(params string[] values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)value)] };

    private static OpenApiSchema Whole(int min, int max, int? otherwise = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = otherwise is { } value ? value : null,
    };
}
