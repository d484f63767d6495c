using System.Text.Json.Nodes;
using Xunit;

namespace Isf.Story.Tests.Telling;

/// <summary>Compares a table of named figures with a response, all rows at once.</summary>
internal static class Sheet
{
    /// <summary>
    /// Each name has a path such as money.held[source=*].pence, in which * stands for the last word of the name. A
    /// blank and further fields may follow; these are read from the same object as the path's last field. A missing
    /// list entry counts as zero, and for a list its number of entries is compared.
    /// </summary>
    public static void Check(Table table, JsonNode json, IReadOnlyDictionary<string, string> paths)
    {
        var expected = new List<string>();
        var found = new List<string>();
        foreach (var (name, value) in table.Pairs)
        {
            expected.Add($"{name}: {string.Join(' ', Figure.All(value))}");
            found.Add($"{name}: {string.Join(' ', Find(json, PathOf(name, paths)))}");
        }
        Assert.Equal(string.Join('\n', expected), string.Join('\n', found));
    }

    private static string PathOf(string name, IReadOnlyDictionary<string, string> paths)
    {
        if (paths.TryGetValue(name, out var path))
            return path;
        var last = name.LastIndexOf(' ');
        return last > 0 && paths.TryGetValue(name[..last] + " *", out var pattern)
            ? pattern.Replace("*", name[(last + 1)..], StringComparison.Ordinal) : name;
    }

    private static IEnumerable<long> Find(JsonNode json, string path)
    {
        var fields = path.Split(' ');
        var steps = fields[0].Split('.');
        JsonNode? at = json;
        foreach (var step in steps[..^1])
        {
            at = step.Split('[', '=', ']') is [var list, var key, var value, _]
                ? at?[list]?.AsArray().FirstOrDefault(item => item![key]?.ToString() == value) : at?[step];
        }
        return fields.Skip(1).Prepend(steps[^1]).Select(field => at?[field] switch
        {
            null when at is null => 0,
            JsonArray list => list.Count,
            JsonValue figure => figure.GetValue<long>(),
            _ => throw new InvalidOperationException($"The answer has no {path}: {json.ToJsonString()}"),
        });
    }
}
