using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Finds what the repository must not contain: unfinished work, paths of one machine, binaries, and silent skips.
/// </summary>
public sealed class WordTests
{
    // A pattern that would match itself is written in two halves.
    private static readonly (Regex Pattern, string Why)[] Unwanted =
    [
        (new Regex(@"\b(TO" + "DO|FIX" + "ME|HA" + "CK|XX" + @"X)\b"), "unfinished work: do it, or write an issue"),
        (new Regex("NotImplemented" + "Exception"), "unfinished work: do it, or leave it out"),
        (new Regex(@"(?<![\w.}/-])/(home|Users|work)/[\w-]+/"), "a path of one machine"),
        (new Regex(@"\b[A-Z]:\\Users\\"), "a path of one machine"),
        (new Regex(@"\b(api\.|www\.)?nuget" + @"\.org\b"), "where packages come from is set outside the repository"),
    ];

    /// <summary>Lines with unwanted words.</summary>
    public static IEnumerable<Finding> UnwantedWords(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Name != "packages.lock.json" && !file.Path.EndsWith(".csv", StringComparison.Ordinal)
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        from unwanted in Unwanted
        let match = unwanted.Pattern.Match(line.text)
        where match.Success
        select file.Found(line.number, $"“{match.Value}”: {unwanted.Why}");

    /// <summary>Regions in C#.</summary>
    public static IEnumerable<Finding> Regions(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from region in file.Code.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
        select file.Found(region.GetStructure()!, "a region hides what a reader came for: split the file");

    /// <summary>Tests that are skipped without a reason of at least 20 characters.</summary>
    public static IEnumerable<Finding> SilentSkips(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("tests")
        from argument in file.All<AttributeArgumentSyntax>()
        where argument.NameEquals?.Name.Identifier.Text == "Skip"
        let reason = (argument.Expression as LiteralExpressionSyntax)?.Token.ValueText ?? ""
        where reason.Trim().Length < 20
        select file.Found(argument, "a skipped test says why, in at least 20 characters");

    /// <summary>Files that are not text.</summary>
    public static IEnumerable<Finding> Binaries(IEnumerable<string> paths, Func<string, byte[]> read) =>
        from path in paths
        where Repository.IsBinary(path, read(path))
        select new Finding(path, 1, "a binary: keep its source, or make it in the test that needs it");

    [Fact]
    public void Nothing_is_unfinished_or_of_one_machine() =>
        Rule.Holds("unwanted words", UnwantedWords(Repository.Files));

    [Fact]
    public void There_are_no_regions() => Rule.Holds("no regions", Regions(Repository.Files));

    [Fact]
    public void A_skipped_test_says_why() => Rule.Holds("no silent skips", SilentSkips(Repository.Files));

    [Fact]
    public void There_are_no_binaries() => Rule.Holds("no binaries", Binaries(Repository.Paths, Repository.Bytes));

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("# FIX" + "ME")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    [InlineData("cd /ho" + "me/someone/isf")]
    [InlineData("cd /wo" + "rk/main/isf")]
    [InlineData("source: https://api.nuget" + ".org/v3")]
    public void An_unwanted_word_is_found(string line) =>
        Rule.Finds(UnwantedWords(Rule.Sample("ops/run", "first\n" + line)), "ops/run:2");

    [Theory]
    [InlineData("all that there is to do, todos los días")]
    [InlineData("GET /v1/work/list")]
    [InlineData("${HOME}/work/x, NuGet")]
    public void Ordinary_words_pass(string line) => Rule.Finds(UnwantedWords(Rule.Sample("README.md", line)));

    [Fact]
    public void A_region_is_found() =>
        Rule.Finds(
            Regions(Rule.Sample("a.cs", "class A\n{\n#region B\n#endregion\nstring c = \"#region\";\n}")), "a.cs:3");

    [Fact]
    public void A_silent_skip_is_found() =>
        Rule.Finds(
            SilentSkips(Rule.Sample(
                "tests/a.cs",
                """
                class A
                {
                    [Fact(Skip = "flaky")] void B() { }
                    [Fact(Skip = "no container engine runs on this kind of machine")] void C() { }
                }
                """)),
            "tests/a.cs:3");

    [Fact]
    public void A_binary_is_found() =>
        Rule.Finds(
            Binaries(["a.txt", "b.dll", "c.csv"], path => path == "c.csv" ? [97, 0, 98] : [97]), "b.dll:1", "c.csv:1");
}
