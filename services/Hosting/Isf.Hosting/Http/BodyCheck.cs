using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Isf.Hosting.Serialization;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Hosting.Http;

/// <summary>
/// Checks a request body against its type before it is deserialized. Unknown, repeated and missing fields, excessive
/// depth, null items of lists, unstorable characters and days out of range are each refused with their place.
/// System.Text.Json alone is not enough, because its errors differ only in their text, and it accepts a null in a
/// list.
/// </summary>
internal static class BodyCheck
{
    private const int DepthMax = 64;

    private static readonly JsonDocumentOptions Whole = new() { MaxDepth = int.MaxValue };
    private static readonly ConcurrentDictionary<Type, Shape> Shapes = new();

    /// <summary>
    /// The shape of a type's JSON. Fields is null unless the type is a record. Element is null unless the type is a
    /// list.
    /// </summary>
    private sealed record Shape(Dictionary<string, JsonPropertyInfo>? Fields, Type? Element)
    {
        public static readonly Shape Unknown = new(null, null);

        public static Shape For(Type type)
        {
            var info = BodyJson.Options.GetTypeInfo(type);
            // A computed property is written to responses and never read.
            var fields = info.Properties.Where(item => item.Set is not null || item.AssociatedParameter is not null);
            return info.Kind switch
            {
                JsonTypeInfoKind.Object => new(fields.ToDictionary(item => item.Name), null),
                JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => new(null, info.ElementType),
                _ => Unknown,
            };
        }
    }

    /// <summary>Whether a body of this type has a field, at any depth, of which the condition holds.</summary>
    public static bool HasField(Type type, Func<string, Type, bool> condition) => HasField(type, condition, []);

    private static bool HasField(Type? type, Func<string, Type, bool> condition, HashSet<Type> seen)
    {
        if (type is null || !seen.Add(type))
            return false;
        var (fields, element) = ShapeOf(type);
        return HasField(element, condition, seen) || fields?.Values.Any(field => condition(field.Name,
            Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType)
            || HasField(field.PropertyType, condition, seen)) == true;
    }

    /// <summary>Parses the body; refuses it if it is not JSON.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Whole);
        }
        catch (JsonException fault)
        {
            throw Refuse(PlatformRefusal.NotJson, "",
                $"it stops being JSON on line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }
    }

    /// <summary>Refuses a body that does not fit the type.</summary>
    public static void Check(JsonElement body, Type type) => At(body, type, "", null, 1);

    private static void At(JsonElement value, Type? type, string pointer, string? field, int depth)
    {
        if (depth > DepthMax)
            throw Refuse(PlatformRefusal.TooDeep, pointer, $"nested more than {DepthMax} deep.");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Object(value, type, pointer, depth);
                break;
            case JsonValueKind.Array:
                Array(value, type, pointer, field, depth);
                break;
            case JsonValueKind.String:
                var text = Text(() => value.GetString()!, pointer, field);
                if (Texts.IsName(field) && Texts.FaultOfName(text) is { } fault)
                {
                    throw Refuse(PlatformRefusal.InvisibleCharacter, pointer,
                        fault);
                }
                Day(text, type, pointer, field);
                break;
        }
    }

    private static void Object(JsonElement value, Type? type, string pointer, int depth)
    {
        var (fields, element) = ShapeOf(type);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var name = Text(() => property.Name, pointer, null);
            var place = $"{pointer}/{Escaped(name)}";
            if (!seen.Add(name))
            {
                throw Refuse(PlatformRefusal.RepeatedField, place,
                    $"“{Texts.Quoted(name)}” stands there twice.");
            }
            var declared = fields?.GetValueOrDefault(name);
            if (fields is not null && declared is null)
            {
                throw Refuse(PlatformRefusal.UnknownField, place,
                    $"“{Texts.Quoted(name)}” is not a field here. Check its spelling.");
            }
            if (declared is not null && property.Value.ValueKind == JsonValueKind.Null && !AcceptsNull(declared))
            {
                throw Refuse(PlatformRefusal.WrongType, place,
                    "null does not belong there: leave the field out, or give it a value.");
            }
            At(property.Value, declared?.PropertyType ?? element, place, name, depth + 1);
        }
        if (fields?.Values.FirstOrDefault(item => IsNeeded(item) && !seen.Contains(item.Name)) is { } missing)
        {
            throw Refuse(PlatformRefusal.MissingField, $"{pointer}/{missing.Name}",
                "needed and not there.");
        }
    }

    private static void Array(JsonElement value, Type? type, string pointer, string? field, int depth)
    {
        var element = ShapeOf(type).Element;
        var number = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = $"{pointer}/{number++}";
            if (item.ValueKind == JsonValueKind.Null)
            {
                throw Refuse(PlatformRefusal.WrongType, place,
                    "null does not belong in a list: leave it out, or give it a value.");
            }
            At(item, element, place, field, depth + 1);
        }
    }

    // The items of a list of days have no names of their own, so the list's name tells whether they may be open ends.
    private static void Day(string text, Type? type, string pointer, string? field)
    {
        var bare = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        LocalDate? day = bare == typeof(LocalDate) && LocalDatePattern.Iso.Parse(text) is { Success: true } date
            ? date.Value
            : bare == typeof(OffsetDateTime) && OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true } moment
                ? moment.Value.Date
            : bare == typeof(Instant) && InstantPattern.ExtendedIso.Parse(text) is { Success: true } instant
                ? instant.Value.InUtc().Date : null;
        if (day is not { } named || AcceptedDays.Holds(named)
            || (named == AcceptedDays.NoEnd && type == typeof(LocalDate?) && OpenEnd.IsNamed(field)))
        {
            return;
        }
        throw Refuse(PlatformRefusal.DateOutOfRange, pointer,
            $"{Texts.Quoted(text)} is not a day {AcceptedDays.Bounds}.");
    }

    // The reader throws on an unpaired surrogate, which no database stores.
    private static string Text(Func<string> read, string pointer, string? field)
    {
        string text;
        try
        {
            text = read();
        }
        catch (InvalidOperationException)
        {
            throw Refuse(PlatformRefusal.HalfCharacter, pointer,
                "a character outside the basic plane is two \\u codes, high and low: one of them is alone here.");
        }
        return Characters.Control(text, field) is { } found
            ? throw Characters.Refusal(pointer.Length == 0 ? "/" : pointer, found) : text;
    }

    private static bool AcceptsNull(JsonPropertyInfo field) => field.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(field.PropertyType) is not null
        : field is { IsSetNullable: true, AssociatedParameter: null or { IsNullable: true } };

    private static bool IsNeeded(JsonPropertyInfo field) =>
        field.IsRequired || field.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static Shape ShapeOf(Type? type) =>
        type is null ? Shape.Unknown : Shapes.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Shape.For);

    // RFC 6901 requires escapes for the separator inside a part of a pointer.
    private static string Escaped(string name) => Texts.Quoted(name)
        .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static ProblemException Refuse(PlatformRefusal why, string pointer, string detail) =>
        ProblemException.For(why, $"Look at {(pointer.Length == 0 ? "the body" : pointer)}: {detail}",
            new FieldError(pointer, detail, DeclaredProblem.CodeOf(why)));
}

/// <summary>
/// The options that deserialize request bodies. They are the platform's options for JSON, but also normalize every
/// text to Unicode's form C, so that a name is one text whatever keyboard wrote it.
/// </summary>
internal static class BodyJson
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(IsfJson.Options);
        options.Converters.Insert(0, new ComposedText());
        options.MakeReadOnly();
        return options;
    }

    private sealed class ComposedText : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Nfc.Normalize(reader.GetString()!)
                : throw new JsonException("a text is written in quotes");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) => Nfc.Normalize(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }
}
