using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using NpgsqlTypes;

namespace Isf.Hosting.Serialization;

/// <summary>The JSON format of responses, documents and messages.</summary>
public static class IsfJson
{
    /// <summary>
    /// The strict options. Names are in camelCase, NodaTime's types are ISO texts, and enums are words in kebab-case.
    /// Unknown and repeated fields throw.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Adds our naming, our strictness and our converters to other options, such as a framework's.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 64;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OpenEnd.Mark } };
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        return AddConverters(options);
    }

    /// <summary>
    /// Adds our converters, but not our strictness, to the options for messages. A newer publisher may add fields
    /// within a version, and an older consumer ignores them.
    /// </summary>
    public static JsonSerializerOptions ApplyToWire(JsonSerializerOptions options) => AddConverters(options);

    private static JsonSerializerOptions AddConverters(JsonSerializerOptions options)
    {
        options.Converters.Add(new StrictEnumConverter());
        options.Converters.Add(
            new PatternConverter<LocalDate>(LocalDatePattern.Iso, Iso8601Fast.Read, Iso8601Fast.Write));
        options.Converters.Add(new PatternConverter<LocalTime>(
            new CompositePatternBuilder<LocalTime>
            {
                { LocalTimePattern.CreateWithInvariantCulture("HH:mm:ss"), _ => true },
                { LocalTimePattern.CreateWithInvariantCulture("HH:mm"), time => time.Second == 0 },
            }.Build()));
        options.Converters.Add(
            new PatternConverter<Instant>(InstantPattern.ExtendedIso, Iso8601Fast.Read, Iso8601Fast.Write));
        options.Converters.Add(
            new PatternConverter<OffsetDateTime>(OffsetDateTimePattern.Rfc3339, Iso8601Fast.Read, Iso8601Fast.Write));
        return options;
    }

    /// <summary>The words of an enum's members, in order.</summary>
    public static IReadOnlyList<string> NamesOf(Type words) =>
    [
        .. Enum.GetValues(words).Cast<object>()
            .Select(word => JsonSerializer.SerializeToElement(word, words, Options).GetString()!),
    ];

    /// <summary>The value as JSON text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The value of a JSON text; throws if the text is null.</summary>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null where a value belongs");

    private static JsonSerializerOptions Make()
    {
        var options = Apply(new JsonSerializerOptions());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private delegate bool ReadPlain<T>(ReadOnlySpan<byte> text, out T value);

    private delegate int WritePlain<in T>(T value, Span<byte> text);

    /// <summary>Converts by the pattern, with an optional fast path for the commonest forms.</summary>
    private sealed class PatternConverter<T>(
        IPattern<T> pattern, ReadPlain<T>? read = null, WritePlain<T>? write = null) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException($"a {typeof(T).Name} is written as text");
            if (read is not null && !reader.HasValueSequence && read(reader.ValueSpan, out var plain))
                return plain;
            var parsed = pattern.Parse(reader.GetString()!);
            return parsed.Success && HasYear(parsed.Value)
                ? parsed.Value : throw new JsonException($"not a {typeof(T).Name}");
        }

        // PostgreSQL has no year 0, and writes the years before it in another form.
        private static bool HasYear(T value) => value switch
        {
            LocalDate day => day.Year > 0,
            Instant moment => moment.InUtc().Year > 0,
            OffsetDateTime moment => moment.Year > 0,
            _ => true,
        };

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[Iso8601Fast.Longest];
            if (write?.Invoke(value, text) is > 0 and var length)
                writer.WriteStringValue(text[..length]);
            else
                writer.WriteStringValue(pattern.Format(value));
        }

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) =>
            pattern.Parse(reader.GetString()!).GetValueOrThrow();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(pattern.Format(value!));
    }
}

/// <summary>
/// Reads an enum from exactly one kebab-case word. The framework's converter also accepts several words joined by
/// commas and adds their numbers, which yields a different member.
/// </summary>
internal sealed class StrictEnumConverter : JsonConverterFactory
{
    private static readonly JsonStringEnumConverter Inner = new(JsonNamingPolicy.KebabCaseLower, false);

    public override bool CanConvert(Type typeToConvert) => Inner.CanConvert(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(StrictConverter<>).MakeGenericType(typeToConvert),
            Inner.CreateConverter(typeToConvert, options))!;

    private sealed class StrictConverter<T>(JsonConverter<T> inner) : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString()!.Contains(',', StringComparison.Ordinal)
                ? throw new JsonException("one word, not several")
                : inner.Read(ref reader, typeToConvert, options);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            inner.Write(writer, value, options);
    }
}

/// <summary>Compares two values as JSON.</summary>
public static class JsonEquality
{
    /// <summary>
    /// Whether both values have the same JSON. Both are normalized to NFC, because older rows were not.
    /// </summary>
    public static bool AreEqual<T>(T one,
        T other) => Nfc.Normalize(IsfJson.Write(one)) == Nfc.Normalize(IsfJson.Write(other));
}

/// <summary>A value that is stored in a jsonb column.</summary>
public sealed record Json(string Text)
{
    /// <summary>Writes the value as JSON.</summary>
    public static Json From<T>(T value) => new(IsfJson.Write(value));
}

/// <summary>Converts column values that Npgsql does not convert itself; it does convert NodaTime's types.</summary>
public static class Columns
{
    /// <summary>The value of a text column; null if the column is null.</summary>
    public static string? GetStringOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A positional parameter with this value.</summary>
    public static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        NpgsqlParameter ready => ready,
        Json json => new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb },
        Json?[] many => new NpgsqlParameter
        {
            Value = many.Select(json => json?.Text).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        },
        IReadOnlyCollection<string> many and not string[] => new NpgsqlParameter { Value = many.ToArray() },
        _ => new NpgsqlParameter { Value = value },
    };
}
