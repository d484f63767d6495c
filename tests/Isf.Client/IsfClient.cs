using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Client;

/// <summary>
/// A client of the HTTP interface, generated from the interface's description when this project is built. A method is
/// named after its operation, and what it returns has the fields of the description and no others.
/// </summary>
public partial class IsfClient
{
    /// <summary>How answers are read.</summary>
    public static JsonSerializerOptions Json { get; } = Apply(new());

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => Apply(settings);

    private static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        IsfJson.Apply(options);
        // A record of an answer takes its fields by its constructor, and an answer leaves out those without a value.
        options.RespectRequiredConstructorParameters = false;
        options.Converters.Insert(0, new Moments());
        return options;
    }

    // The description says of a moment only that it is one, and answers write many with London's offset.
    private sealed class Moments : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<OffsetDateTime>(ref reader, options).ToInstant();

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, IsfJson.Options);
    }
}

/// <summary>What a refused request is told.</summary>
public static class Refusals
{
    /// <summary>The code of the problem, such as unknown-fund; null if the answer is no problem.</summary>
    public static string? CodeOf(this RefusedException refused) =>
        (string?)JsonNode.Parse(refused.Response ?? "null")?["code"];
}
