using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Isf.Tests.Servers;

namespace Isf.Tests.Described;

/// <summary>An operation of the description: a method and a path, as described in the golden copy.</summary>
/// <param name="Name">The method and the path's pattern, such as GET /v1/runs/{id}.</param>
/// <param name="Path">Matches the paths of requests.</param>
/// <param name="Described">What the golden copy says.</param>
internal sealed partial record Operation(string Name, Regex Path, JsonNode Described)
{
    /// <summary>Reads an operation of the golden copy.</summary>
    public static Operation Read(string path, string method, JsonNode described) => new(
        $"{method.ToUpperInvariant()} {path}",
        new Regex($"^{Parameter().Replace(Regex.Escape(path), "[^/]+")}/?$", RegexOptions.IgnoreCase), described);

    [GeneratedRegex(@"\\\{\w+}")]
    private static partial Regex Parameter();
}

/// <summary>The golden copy of the interface's description.</summary>
internal static class Interface
{
    private static readonly Lazy<JsonNode> Golden = new(() => JsonNode.Parse(File.ReadAllText(
        Path.Combine(TestServers.Root, "services", "Host", "Isf.Host", "openapi.v1.json")))!);

    private static readonly Lazy<IReadOnlyList<Operation>> All = new(() =>
    [
        .. from path in Golden.Value["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           select Operation.Read(path.Key, method.Key, method.Value!),
    ]);

    /// <summary>All operations.</summary>
    public static IReadOnlyList<Operation> Operations => All.Value;

    /// <summary>
    /// The operation that answers a request; null if there is none. Of several patterns that match a path, the one
    /// with the most text of its own answers.
    /// </summary>
    public static Operation? Find(HttpMethod method, string path) => Operations
        .Where(item => item.Name.StartsWith(method.Method + " ", StringComparison.Ordinal) && item.Path.IsMatch(path))
        .MaxBy(item => item.Name.Split('{', '}').Where((_, at) => at % 2 == 0).Sum(text => text.Length));

    /// <summary>The part itself, or the part to which it refers.</summary>
    public static JsonNode Resolve(JsonNode part) => part is JsonObject named && named["$ref"] is { } reference
        ? ((string)reference!).Split('/').Skip(1).Aggregate(Golden.Value, (at, name) => at[name]!) : part;
}
