using System.Text.RegularExpressions;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Each service's README lists exactly what its code consumes and publishes (design §3).</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Sections = ["Owns", "Consumes", "Publishes", "Refuses", "Always true", "Tables"];

    /// <summary>Services whose page is missing, lacks a section, or differs from the table of contents.</summary>
    public static IEnumerable<Finding> WrongPages(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        foreach (var contents in ServiceMap.Of(all).Contents)
        {
            var path = $"services/{contents.Service}/README.md";
            if (all.FirstOrDefault(file => file.Path == path) is not { } page)
            {
                yield return new Finding(path, 1, "the service has no page");
                continue;
            }

            foreach (var finding in Missing(page)
                .Concat(Differs(page, "Consumes", contents.Consumes, contents.File))
                .Concat(Differs(page, "Publishes", contents.Publishes, contents.File)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> Missing(SourceFile page)
    {
        var found = page.Lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..].Trim()).Where(Sections.Contains).ToList();
        if (!found.SequenceEqual(Sections))
        {
            yield return page.Found(
                1, $"has the sections {string.Join(", ", found)}, not {string.Join(", ", Sections)}");
        }
    }

    private static IEnumerable<Finding> Differs(
        SourceFile page, string section, IEnumerable<Entry> entries, SourceFile contents)
    {
        var inCode = entries.Select(entry => entry.Name).ToHashSet();
        var onPage = Bullets(page, section).ToList();
        foreach (var (name, line) in onPage.Where(bullet => !inCode.Contains(bullet.Name)))
            yield return page.Found(line, $"{section} lists {name}, which {contents.Name} does not");
        foreach (var name in inCode.Where(name => onPage.All(bullet => bullet.Name != name)))
            yield return page.Found(1, $"{section} does not list {name}, which {contents.Name} does");
        foreach (var twice in onPage.GroupBy(bullet => bullet.Name).Where(group => group.Count() > 1))
            yield return page.Found(twice.Last().Line, $"{section} lists {twice.Key} twice");
    }

    // A bullet names one message first, in backticks: - `FundOpened`: what it means here.
    private static IEnumerable<(string Name, int Line)> Bullets(SourceFile page, string section)
    {
        var inside = false;
        var number = 0;
        foreach (var line in page.Lines)
        {
            number++;
            if (line.StartsWith("## ", StringComparison.Ordinal))
                inside = line[3..].Trim() == section;
            else if (inside && Bullet().Match(line) is { Success: true } bullet)
                yield return (bullet.Groups[1].Value, number);
        }
    }

    [GeneratedRegex("^[-*] +`([A-Za-z0-9]+)`")]
    private static partial Regex Bullet();

    private const string Code =
        "class S { object D() => new S().Publishes<FundOpened>().Consumes<BudgetSet, AConsumer>(); }";

    private static IEnumerable<Finding> Page(string consumes, string publishes) => WrongPages(Rule.Sample(
        "services/Funds/Isf.Funds/FundsService.cs", Code,
        "services/Funds/README.md", $"""
            # Funds
            ## Owns
            - `Fund`
            ## Consumes
            {consumes}
            ## Publishes
            {publishes}
            ## Refuses
            ## Always true
            ## Tables
            """));

    [Fact]
    public void Each_services_page_lists_exactly_what_it_consumes_and_publishes() =>
        Rule.Holds("a service's README is its code's (design §3)", WrongPages(Repository.Files));

    [Fact]
    public void A_page_that_agrees_passes() => Rule.Finds(Page("- `BudgetSet` (Funds): why", "- `FundOpened`"));

    [Fact]
    public void A_message_left_out_and_one_too_many_are_found() =>
        Rule.Finds(
            Page("- `BudgetSet`\n- `PlanApproved`", "nothing"), "Consumes lists PlanApproved",
            "Publishes does not list FundOpened");

    [Fact]
    public void A_missing_section_and_a_missing_page_are_found()
    {
        Rule.Finds(
            WrongPages(Rule.Sample(
                "services/Funds/Isf.Funds/FundsService.cs", "class S;",
                "services/Funds/README.md", "## Owns\n## Publishes\n")),
            "has the sections Owns, Publishes, not");
        Rule.Finds(
            WrongPages(Rule.Sample("services/Funds/Isf.Funds/FundsService.cs", "class S;")), "the service has no page");
    }
}
