using Xunit;

namespace Isf.House.Tests;

/// <summary>How a rule is asserted, on the repository and on the small samples that prove that it can fail.</summary>
public static class Rule
{
    /// <summary>The rule holds: nothing was found. Otherwise fails with one line for each place.</summary>
    public static void Holds(string rule, IEnumerable<Finding> findings)
    {
        var found = findings.Select(finding => finding.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(
            found.Count == 0,
            $"House rule: {rule}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    /// <summary>The rule finds exactly these places, each told by a part of its line, in any order.</summary>
    public static void Finds(IEnumerable<Finding> findings, params string[] parts)
    {
        var found = findings.Select(finding => finding.ToString()).ToList();
        Assert.True(
            found.Count == parts.Length && parts.All(part => found.Any(line => line.Contains(part))),
            $"expected {string.Join(" | ", parts)}{Environment.NewLine}found {string.Join(" | ", found)}");
    }

    /// <summary>Files made up for a self-test: path, text, path, text, …</summary>
    public static List<SourceFile> Sample(params string[] pathsAndTexts) =>
        pathsAndTexts.Chunk(2).Select(pair => new SourceFile(pair[0], pair[1])).ToList();
}
