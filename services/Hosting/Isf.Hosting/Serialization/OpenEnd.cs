using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Isf.Measures;
using NodaTime;

namespace Isf.Hosting.Serialization;

/// <summary>
/// Converts the last day of a range that may be open. Council systems write 9999-12-31 for an open end, so that date
/// is read and shown as null (api.md, Dates).
/// </summary>
internal sealed class OpenEnd : JsonConverter<LocalDate?>
{
    private static readonly string[] Names = ["to", "endsOn"];

    /// <summary>Attaches this converter to the optional last days of ranges.</summary>
    public static void Mark(JsonTypeInfo type)
    {
        foreach (var field in type.Properties)
        {
            if (field.PropertyType == typeof(LocalDate?) && Names.Contains(field.Name))
                field.CustomConverter = new OpenEnd();
        }
    }

    /// <summary>Whether a field of this name may hold an open end.</summary>
    public static bool IsNamed(string? field) => Names.Contains(field);

    public override LocalDate? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var day = JsonSerializer.Deserialize<LocalDate>(ref reader, options);
        return day == AcceptedDays.NoEnd ? null : day;
    }

    public override void Write(Utf8JsonWriter writer, LocalDate? value, JsonSerializerOptions options)
    {
        if (value is { } day && day != AcceptedDays.NoEnd)
            JsonSerializer.Serialize(writer, day, options);
        else
            writer.WriteNullValue();
    }
}
