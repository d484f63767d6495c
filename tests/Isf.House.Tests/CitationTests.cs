using System.Text.RegularExpressions;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Every cited section of the project's documents exists (ops/docs).</summary>
public sealed partial class CitationTests
{
    private const string Documents = "ops/docs/";

    /// <summary>Cited sections that do not exist, and citations without the name of the document.</summary>
    public static IEnumerable<Finding> Unresolved(IEnumerable<SourceFile> files)
    {
        // This file is left out, because its samples cite sections that do not exist.
        var all = files.Where(file => file.Name != "CitationTests.cs").ToList();
        var sections = all.Where(IsDocument).ToDictionary(file => file.Stem, file => Sections(file).ToHashSet());
        return all.SelectMany(file =>
        {
            var resolved = new HashSet<int>();
            return MissingSections(file, sections, resolved).ToList().Concat(WithoutDocument(file, sections, resolved));
        });
    }

    // Adds the place of every section that is cited together with its document to resolved.
    private static IEnumerable<Finding> MissingSections(
        SourceFile file, Dictionary<string, HashSet<string>> sections, HashSet<int> resolved)
    {
        foreach (var cited in Citation().Matches(file.Text).Cast<Match>())
        {
            var document = cited.Groups["document"].Value.ToLowerInvariant();
            foreach (var section in cited.Groups["section"].Captures.Cast<Capture>())
            {
                resolved.Add(section.Index);
                if (sections.TryGetValue(document, out var numbers) && !numbers.Contains(section.Value))
                    yield return file.Found(LineOf(file, section.Index), $"{document}.md has no §{section.Value}");
            }
        }
    }

    private static IEnumerable<Finding> WithoutDocument(
        SourceFile file, Dictionary<string, HashSet<string>> sections, HashSet<int> resolved)
    {
        foreach (var section in Section().Matches(file.Text).Select(match => match.Groups["section"]))
        {
            if (resolved.Contains(section.Index))
                continue;
            if (!IsDocument(file))
                yield return file.Found(LineOf(file, section.Index), $"of which document is §{section.Value}?");
            else if (!sections[file.Stem].Contains(section.Value))
                yield return file.Found(LineOf(file, section.Index), $"{file.Name} has no §{section.Value}");
        }
    }

    private static bool IsDocument(SourceFile file) =>
        file.Folder + "/" == Documents && file.Name.EndsWith(".md", StringComparison.Ordinal);

    // "## 8. House style" is §8, "### 4.2 Bank holidays" is §4.2, and "3. Units are types" in a list of §8 is §8.3.
    private static IEnumerable<string> Sections(SourceFile document)
    {
        var section = "";
        foreach (var line in document.Lines)
        {
            if (Heading().Match(line) is { Success: true } heading)
                yield return section = heading.Groups["number"].Value;
            else if (Item().Match(line) is { Success: true } item)
                yield return $"{section}.{item.Groups["number"].Value}";
        }
    }

    private static int LineOf(SourceFile file, int index) => file.Text.AsSpan(0, index).Count('\n') + 1;

    // A citation may continue on the next line of a comment. Sections of RFCs are not checked.
    [GeneratedRegex("""
        \b(?:(?<document>design|domain|api)(?:\.md)?|RFC\s\d+)
        (?:[\s/\#-]+|,\s|\sand\s|\sor\s)*?§\s?(?<section>\d+(?:\.\d+)*)
        (?:(?:,|\sand|\sor)[\s/\#-]+§\s?(?<section>\d+(?:\.\d+)*))*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Citation();

    [GeneratedRegex(@"§\s?(?<section>\d+(?:\.\d+)*)")]
    private static partial Regex Section();

    [GeneratedRegex(@"^##+ (?<number>\d+(?:\.\d+)*)\.? ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?<number>\d+)\. ")]
    private static partial Regex Item();

    [Fact]
    public void Every_section_that_is_cited_is_there() =>
        Rule.Holds("citations resolve", Unresolved(Repository.Files));

    [Fact]
    public void A_section_that_is_not_there_is_found() =>
        Rule.Finds(
            Unresolved(Rule.Sample(
                "ops/docs/design.md", "## 1. What it is\n## 8. Style\n1. A feature.\nSee §9.\n",
                "services/A.cs", "// As design §8.1 and §8.2 say (RFC 9110 §13.1.1, §8.8.3).\n/// (design\n/// §7)\n",
                "services/B.cs", "// See §8.\n")),
            "services/A.cs:1: design.md has no §8.2", "services/A.cs:3: design.md has no §7",
            "services/B.cs:1: of which document is §8?", "ops/docs/design.md:4: design.md has no §9");
}
