using Xunit;

namespace Isf.House.Tests;

/// <summary>Asserts a rule, on the repository and on small samples that prove that the rule can fail.</summary>
public static class Rule
{
    /// <summary>Asserts that there are no findings; otherwise fails with one line for each.</summary>
    public static void Holds(string rule, IEnumerable<Finding> findings)
    {
        var found = findings.Select(finding => finding.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(
            found.Count == 0,
            $"House rule: {rule}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    /// <summary>
    /// Asserts that there are exactly these findings, in any order, each named by a part of its line.
    /// </summary>
    public static void Finds(IEnumerable<Finding> findings, params string[] parts)
    {
        var found = findings.Select(finding => finding.ToString()).ToList();
        Assert.True(
            found.Count == parts.Length && parts.All(part => found.Any(line => line.Contains(part))),
            $"expected {string.Join(" | ", parts)}{Environment.NewLine}found {string.Join(" | ", found)}");
    }

    /// <summary>Sample files for a self-test: path, text, path, text, …</summary>
    public static List<SourceFile> Sample(params string[] pathsAndTexts) =>
        pathsAndTexts.Chunk(2).Select(pair => new SourceFile(pair[0], pair[1])).ToList();
}
