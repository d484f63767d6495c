using System.Text.RegularExpressions;
using Xunit;

namespace Isf.House.Tests;

/// <summary>The pages of the repository name only files and tests that exist.</summary>
public sealed partial class NamedFileTests
{
    /// <summary>Finds files and folders that a page names in code or links to, but that do not exist.</summary>
    public static IEnumerable<Finding> Missing(IEnumerable<SourceFile> files, IEnumerable<string> paths)
    {
        var all = paths.ToHashSet(StringComparer.Ordinal);
        foreach (var path in all.ToList())
        {
            for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
                all.Add(path[..at]);
        }

        return from page in files
               where page.Path.EndsWith(".md", StringComparison.Ordinal)
               from line in page.Lines.Select((text, index) => (text, number: index + 1))
                   .TakeWhile(line => !Planned().IsMatch(line.text))
               from name in Names(page, line.text)
               where !all.Contains(name) && !all.Any(path => path.EndsWith("/" + name, StringComparison.Ordinal))
               select page.Found(line.number, $"there is no {name}");
    }

    /// <summary>Finds tests that a page names in code, but that do not exist.</summary>
    public static IEnumerable<Finding> MissingTests(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        var tests = all.Where(file => file.IsCSharp && file.IsUnder("tests"))
            .SelectMany(file => file.Code.DescendantTokens()).Select(token => token.Text).ToHashSet();
        return
            from page in all
            where page.Path.EndsWith(".md", StringComparison.Ordinal)
            from line in page.Lines.Select((text, index) => (text, number: index + 1))
            from Match name in TestName().Matches(line.text)
            where !tests.Contains(name.Groups["name"].Value)
            select page.Found(line.number, $"there is no test {name.Groups["name"].Value}");
    }

    private static IEnumerable<string> Names(SourceFile page, string line) =>
        Code().Matches(line).Select(match => match.Groups["name"].Value.TrimEnd('/'))
            .Where(name => !Placeholder().IsMatch(name))
            .Concat(Link().Matches(line).Select(match => Resolved(page.Folder, match.Groups["name"].Value)));

    private static string Resolved(string folder, string link) =>
        Path.GetRelativePath("/", Path.GetFullPath(link, "/" + folder)).Replace('\\', '/');

    // A path from the root or from a project, or the bare name of a C# or SQL file.
    [GeneratedRegex("""
        `(?<name>(?:services|contracts|tests|ops|\.github|Isf\.\w+(?:\.\w+)*)(?:/[\w.-]+)+/?|\w+\.(?:cs|sql))`
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<name>[\w./-]+)\)")]
    private static partial Regex Link();

    // A sentence with underscores.
    [GeneratedRegex("`(?<name>[A-Z][a-z]*(?:_[A-Za-z0-9]+){2,})`")]
    private static partial Regex TestName();

    // In a path on a page, X stands for any service.
    [GeneratedRegex(@"(^|[/.])X(\b|Service)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^## .*\bPlanned$")]
    private static partial Regex Planned();

    [Fact]
    public void Every_file_that_a_page_names_is_there() =>
        Rule.Holds("pages name files that exist", Missing(Repository.Files, Repository.Paths));

    [Fact]
    public void Every_test_that_a_page_names_is_there() =>
        Rule.Holds("pages name tests that exist", MissingTests(Repository.Files));

    [Fact]
    public void A_test_that_is_not_there_is_found() =>
        Rule.Finds(
            MissingTests(Rule.Sample(
                "ops/docs/a.md", "`Visits_are_recorded` and\n`Visits_are_forgotten`, by `A_filter_`.",
                "tests/A.cs", "class Visits_are_recorded;")),
            "a.md:2: there is no test Visits_are_forgotten");

    [Fact]
    public void A_file_that_is_not_there_is_found() =>
        Rule.Finds(
            Missing(
                Rule.Sample("ops/docs/a.md", """
                    See `services/A/B.cs`, `A/B.cs`, `B.cs`, `services/X/Isf.X`, [this](../run) and `ops/docs/`.
                    Or `services/A/C.cs`, `D.cs` and [that](run).
                    ## 3. Planned
                    `services/E`
                    """),
                ["ops/run", "ops/docs/a.md", "services/A/B.cs"]),
            "a.md:2: there is no services/A/C.cs", "a.md:2: there is no D.cs", "a.md:2: there is no ops/docs/run");
}
