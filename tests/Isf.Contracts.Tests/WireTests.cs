using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using MassTransit;
using Xunit;

namespace Isf.Contracts.Tests;

/// <summary>
/// Messages on the wire stay readable. Each message has one golden sample in contracts/Isf.Contracts/wire, named after
/// its exchange; today's code must read the sample with the same meaning and write it identically. A sample is never
/// edited, only extended when a field is added. ISF_APPROVE=1 writes missing ones.
/// </summary>
public sealed class WireTests
{
    private static readonly Dictionary<Type, object> Samples =
        ((object[])
        [
            .. FundsSamples.All, .. CareSamples.All, .. ClaimSamples.All, .. BooksSamples.All, .. CopySamples.All,
        ]).ToDictionary(sample => sample.GetType());

    private static readonly JsonSerializerOptions Lenient = IsfJson.ApplyToWire(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    });

    private static readonly JsonSerializerOptions Indented = new(IsfJson.Options) { WriteIndented = true };

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "IsfPlatform.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
            return Path.Combine(folder.FullName, "contracts", "Isf.Contracts", "wire");
        }
    }

    public static TheoryData<string> Messages => [.. MessageTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_has_a_sample_with_every_field_set(string message)
    {
        var type = TypeOf(message);
        Assert.True(Samples.TryGetValue(type, out var sample), $"Add a sample of {message} to this project.");
        Assert.Empty(Unset(sample!, type.Name));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_written_exactly_as_its_golden_sample(string message)
    {
        var type = TypeOf(message);
        var path = Path.Combine(Folder, EntityOf(type) + ".json");
        var written = Golden(type, Samples[type]);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("ISF_APPROVE") == "1")
            File.WriteAllText(path, written.ToJsonString(Indented) + "\n");
        Assert.True(File.Exists(path), $"{path} is missing: look at the message, then write it with ISF_APPROVE=1.");
        var golden = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(golden.ToJsonString(IsfJson.Options), written.ToJsonString(IsfJson.Options));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_golden_sample_is_read_as_it_was_meant(string message)
    {
        var type = TypeOf(message);
        var golden = Read(type)["message"]!;
        foreach (var options in new[] { IsfJson.Options, Lenient })
        {
            var read = golden.Deserialize(type, options)!;
            Assert.Empty(Differences(Samples[type], read, type.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_called_on_the_wire_what_its_golden_sample_says(string message)
    {
        var type = TypeOf(message);
        var golden = Read(type);
        Assert.Equal((string)golden["urn"]!, MessageNames.UrnOf(type));
        Assert.Equal((string)golden["entity"]!, EntityOf(type));
    }

    [Fact]
    public void A_newer_speaker_may_add_a_field_which_the_bus_passes_over()
    {
        var golden = Read(typeof(FundOpened))["message"]!;
        golden["addedLater"] = "words";
        var read = golden.Deserialize<FundOpened>(Lenient)!;
        Assert.Empty(Differences(Samples[typeof(FundOpened)], read, "FundOpened"));
    }

    [Fact]
    public void There_is_no_golden_sample_without_its_message() =>
        Assert.Equal(
            MessageTypes().Select(type => EntityOf(type) + ".json").Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    private static IEnumerable<Type> MessageTypes() => typeof(FundOpened).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<MessageUrnAttribute>() is not null).OrderBy(type => type.FullName);

    private static Type TypeOf(string message) => typeof(FundOpened).Assembly.GetType(message)!;

    private static string EntityOf(Type type) => type.GetCustomAttribute<EntityNameAttribute>()!.EntityName;

    private static JsonNode Read(Type type) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, EntityOf(type) + ".json")))!;

    private static JsonObject Golden(Type type, object sample) => new()
    {
        ["urn"] = MessageNames.UrnOf(type),
        ["entity"] = EntityOf(type),
        ["message"] = JsonSerializer.SerializeToNode(sample, type, IsfJson.Options),
    };

    /// <summary>Fields without a value, or lists without an entry, at any depth of our own records.</summary>
    private static IEnumerable<string> Unset(object value, string at)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var field = property.GetValue(value);
            var path = $"{at}.{property.Name}";
            if (field is null or IList { Count: 0 })
                yield return path;
            foreach (var unset in Parts(field).SelectMany(part => Unset(part, path)))
                yield return unset;
        }
    }

    /// <summary>
    /// The differences between two values of one type, field by field. Their JSON is not compared, because a fault of
    /// the serializer would be in both texts.
    /// </summary>
    private static IEnumerable<string> Differences(object? one, object? other, string at)
    {
        if (one is IList ones && other is IList others)
        {
            return ones.Count != others.Count
                ? [$"{at}: {ones.Count} and {others.Count} entries"]
                : Enumerable.Range(0, ones.Count).SelectMany(i => Differences(ones[i], others[i], $"{at}[{i}]"));
        }
        if (one is not null && other is not null && IsOurs(one.GetType()) && one.GetType() == other.GetType())
        {
            return one.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
                Differences(property.GetValue(one), property.GetValue(other), $"{at}.{property.Name}"));
        }
        return Equals(one, other) ? [] : [$"{at}: {one} and {other}"];
    }

    private static IEnumerable<object> Parts(object? field) => field switch
    {
        null or string => [],
        IList list => list.Cast<object>().SelectMany(Parts),
        _ => IsOurs(field.GetType()) ? [field] : [],
    };

    private static bool IsOurs(Type type) =>
        type is { IsEnum: false, Namespace: { } space } && space.StartsWith("Isf.", StringComparison.Ordinal);
}
