using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>The policy of ops/build applies everywhere. No project and no file exempts itself.</summary>
public sealed class PolicyTests
{
    private static readonly Dictionary<string, string> Policy = new()
    {
        ["Nullable"] = "enable",
        ["TreatWarningsAsErrors"] = "true",
        ["CheckForOverflowUnderflow"] = "true",
        ["Deterministic"] = "true",
        ["RestorePackagesWithLockFile"] = "true",
        ["ManagePackageVersionsCentrally"] = "true",
    };

    private static readonly HashSet<string> OnlyInPolicy =
    [
        .. Policy.Keys, "NoWarn", "WarningsNotAsErrors", "AnalysisLevel", "AnalysisMode", "RunAnalyzers",
        "RunAnalyzersDuringBuild", "EnableNETAnalyzers", "WarningLevel",
    ];

    private static readonly string[] Clocks =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "P:System.DateTimeOffset.Now",
        "P:System.DateTimeOffset.UtcNow", "P:NodaTime.SystemClock.Instance", "M:System.Guid.NewGuid",
    ];

    /// <summary>Settings that the files of the policy lack, and clocks that ops/build does not ban.</summary>
    public static IEnumerable<Finding> MissingPolicy(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        var written = all.Where(file => file.Path is "ops/build/House.props" or "Directory.Packages.props")
            .SelectMany(file => XDocument.Parse(file.Text).Descendants())
            .Where(element => element.Attribute("Condition") is null)
            .Select(element => (element.Name.LocalName, element.Value)).ToHashSet();
        foreach (var (name, value) in Policy.Where(setting => !written.Contains((setting.Key, setting.Value))))
            yield return new Finding("ops/build/House.props", 1, $"<{name}>{value}</{name}> is missing");

        var banned = all.Where(file => file.Path == "ops/build/BannedSymbols.txt").SelectMany(file => file.Lines)
            .Select(line => line.Split(';')[0]).ToHashSet();
        foreach (var clock in Clocks.Where(clock => !banned.Contains(clock)))
            yield return new Finding("ops/build/BannedSymbols.txt", 1, $"{clock} is not banned: time is an argument");
    }

    /// <summary>Projects that set a policy of their own.</summary>
    public static IEnumerable<Finding> OwnPolicy(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        from element in XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants()
        where OnlyInPolicy.Contains(element.Name.LocalName)
        select file.Found(
            ((System.Xml.IXmlLineInfo)element).LineNumber,
            $"{element.Name.LocalName} is set in ops/build for every project alike");

    /// <summary>Disabled warnings and suppressed checks without a reason on that line or above.</summary>
    public static IEnumerable<Finding> SilentExceptions(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp))
        {
            foreach (var node in file.Code.DescendantNodes(descendIntoTrivia: true).Where(node =>
                node is PragmaWarningDirectiveTriviaSyntax { DisableOrRestoreKeyword.Text: "disable" }
                    or NullableDirectiveTriviaSyntax
                    or CheckedStatementSyntax { Keyword.Text: "unchecked" }
                    or CheckedExpressionSyntax { Keyword.Text: "unchecked" }))
            {
                var line = node.GetLocation().GetLineSpan().StartLinePosition.Line;
                if (!file.Lines[Math.Max(0, line - LinesAbove)..(line + 1)].Any(IsComment))
                    yield return file.Found(node, "a check is switched off: say why, in a comment here or just above");
            }
        }
    }

    // Two lines, such as a signature and a brace, may be between the comment with a reason and the exception.
    private const int LinesAbove = 3;

    private static bool IsComment(string line) => line.Contains("//", StringComparison.Ordinal);

    [Fact]
    public void The_policy_is_written_in_ops_build() => Rule.Holds("policy", MissingPolicy(Repository.Files));

    [Fact]
    public void No_project_has_a_policy_of_its_own() => Rule.Holds("one policy", OwnPolicy(Repository.Files));

    [Fact]
    public void A_check_is_not_switched_off_silently() =>
        Rule.Holds("no silent exceptions", SilentExceptions(Repository.Files));

    [Fact]
    public void A_policy_that_is_missing_is_found()
    {
        var without = MissingPolicy(Rule.Sample(
            "ops/build/House.props",
            "<Project><Nullable>enable</Nullable><Deterministic>false</Deterministic></Project>",
            "ops/build/BannedSymbols.txt", "P:System.DateTime.Now;why")).Select(finding => finding.ToString()).ToList();
        Assert.Contains(without, line => line.Contains("<Deterministic>true"));
        Assert.Contains(without, line => line.Contains("SystemClock"));
        Assert.DoesNotContain(without, line => line.Contains("Nullable") || line.Contains("DateTime.Now"));
    }

    [Fact]
    public void A_project_with_its_own_policy_is_found() =>
        Rule.Finds(
            OwnPolicy(Rule.Sample(
                "a/a.csproj",
                "<Project><PropertyGroup><NoWarn>CA1</NoWarn><OutputType>Exe</OutputType></PropertyGroup></Project>")),
            "NoWarn is set in ops/build");

    [Fact]
    public void A_check_switched_off_without_a_reason_is_found() =>
        Rule.Finds(
            SilentExceptions(Rule.Sample("a.cs", """
                #pragma warning disable CA1
                class A
                {
                    // Hashes wrap round on purpose.
                    int B(int c) => unchecked(c * 31);

                    int D(int c) =>

                        unchecked(c * 31);
                    #pragma warning disable CA2 // the framework asks for it
                    #pragma warning restore CA2
                }
                """)),
            "a.cs:1", "a.cs:9");
}
