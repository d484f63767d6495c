using System.Text.Json;
using System.Text.Json.Nodes;
using Isf.Hosting.Serialization;

namespace Isf.Client;

/// <summary>
/// A client of the HTTP interface, generated from the interface's description when this project is built. A method is
/// named after its operation, and what it returns has the fields of the description and no others.
/// </summary>
public partial class IsfClient
{
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => IsfJson.Apply(settings);
}

/// <summary>What a refused request is told.</summary>
public static class Refusals
{
    /// <summary>The code of the problem, such as unknown-fund; null if the answer is no problem.</summary>
    public static string? CodeOf(this RefusedException refused) =>
        (string?)JsonNode.Parse(refused.Response ?? "null")?["code"];
}
