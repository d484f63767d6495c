using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Isf.Host;

/// <summary>Names and describes the types of bodies: their formats, their units and their fields.</summary>
internal static class DescribedSchemas
{
    private static readonly Dictionary<Type, string> Formats = new()
    {
        [typeof(LocalDate)] = "date", [typeof(LocalTime)] = "time", [typeof(Instant)] = "date-time",
        [typeof(OffsetDateTime)] = "date-time", [typeof(Guid)] = "uuid",
    };

    private static readonly (string End, string Unit)[] Units =
        [("pence", "Whole pence."), ("minutes", "Whole minutes.")];

    private static readonly ConcurrentDictionary<string, Type> Named = new();

    // The fields that an answer leaves out where they are null, by the name of the schema.
    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> LeftOut = new();

    /// <summary>
    /// The name of a type's schema; null for a type that is described where it is used. A nested type has the name of
    /// its feature before its own, and a page of a list the name of its items.
    /// </summary>
    public static string? NameOf(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (Formats.ContainsKey(type) || typeof(JsonNode).IsAssignableFrom(type)
            || OpenApiOptions.CreateDefaultSchemaReferenceId(info) is null)
        {
            return null;
        }
        var name = NameOf(type);
        return AreOne(Named.GetOrAdd(name, type), type) ? name : throw new InvalidOperationException(
            $"{type.FullName} and {Named[name].FullName} would both be described as {name}: rename one of them.");
    }

    /// <summary>The name of a feature, or the subject of a class of routes.</summary>
    public static string FeatureOf(Type feature) =>
        feature.Name.EndsWith("Routes", StringComparison.Ordinal) ? feature.Name[..^"Routes".Length] : NameOf(feature);

    /// <summary>Describes a type that our converters write.</summary>
    public static void Describe(OpenApiSchema schema, JsonTypeInfo info)
    {
        var type = info.Type;
        if (info.Kind == JsonTypeInfoKind.Object && NameOf(info) is { } name)
        {
            LeftOut[name] = [.. info.Properties.Where(field => field.ShouldSerialize is not null)
                .Select(field => field.Name)];
        }
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var orNull = bare == type ? default : JsonSchemaType.Null;
        if (Formats.TryGetValue(bare, out var format))
            (schema.Type, schema.Format) = (JsonSchemaType.String | orNull, format);
        else if (bare.IsEnum)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. NamesOf(bare)]);
    }

    /// <summary>
    /// Adds the units to fields of money and time, and names the fields of answers as required, because an answer
    /// writes nearly every field, if only as null.
    /// </summary>
    public static void Complete(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        var sent = new HashSet<string>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
                Follow(content.Schema, schemas, sent);
        }
        foreach (var (name, schema) in schemas)
        {
            foreach (var (field, value) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                if (value is OpenApiSchema own)
                    Complete(own, field);
            }
            if (schema is OpenApiSchema { Properties: { } fields } answer && !sent.Contains(name))
                answer.Required = fields.Keys.Except(LeftOut.GetValueOrDefault(name, [])).ToHashSet();
        }
    }

    private static void Complete(OpenApiSchema schema, string field)
    {
        // The framework puts the text of a field that may be null beside the reference alone.
        schema.Description ??= schema.OneOf?.FirstOrDefault(branch => branch is OpenApiSchemaReference)?.Description;
        if (schema.Type?.HasFlag(JsonSchemaType.Integer) == true)
        {
            foreach (var (_, unit) in Units.Where(unit => field.EndsWith(unit.End, StringComparison.OrdinalIgnoreCase)))
                schema.Description = schema.Description is { } text ? $"{text} {unit}" : unit;
        }
        if (schema.Type?.HasFlag(JsonSchemaType.String) == true && field.EndsWith("Id", StringComparison.Ordinal)
            && schema.Format is null)
        {
            schema.Pattern = DescribedOptions.IdPattern;
        }
    }

    // Adds the names of the schemas to which a schema leads.
    private static void Follow(IOpenApiSchema? schema, IDictionary<string, IOpenApiSchema> all, HashSet<string> reached)
    {
        if (schema is null)
            return;
        if (schema is OpenApiSchemaReference { Reference.Id: { } name })
        {
            if (reached.Add(name))
                Follow(all[name], all, reached);
            return;
        }
        foreach (var part in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? []).Concat(schema.AnyOf ?? [])
            .Concat(schema.AllOf ?? []).Append(schema.Items).Append(schema.AdditionalProperties))
        {
            Follow(part, all, reached);
        }
    }

    // Two services may each have an enum of their own for the same words.
    private static bool AreOne(Type one, Type other) => one == other
        || (one.IsEnum && other.IsEnum && IsfJson.NamesOf(one).SequenceEqual(IsfJson.NamesOf(other)));

    private static string NameOf(Type type) => type switch
    {
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ItemPage<>) =>
            NameOf(type.GetGenericArguments()[0]) + "Page",
        { IsGenericType: true } => string.Concat(type.GetGenericArguments().Select(NameOf)) + type.Name.Split('`')[0],
        _ => (type.DeclaringType is { } feature ? FeatureOf(feature) : "") + type.Name,
    };

    private static IEnumerable<JsonNode> NamesOf(Type words) => IsfJson.NamesOf(words).Select(name => (JsonNode)name);
}
