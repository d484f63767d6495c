using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Limits that keep code readable: a file ≤ 300 lines, a method ≤ 60, a line ≤ 120 (design §8.1), and a test ≤ 25
/// (design §8.13).
/// </summary>
public sealed class LengthTests
{
    /// <summary>C# files of more than 300 lines.</summary>
    public static IEnumerable<Finding> LongFiles(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.Lines.Length > 300
        select file.Found(301, $"the file has {file.Lines.Length} lines, at most 300");

    /// <summary>Lines of C# of more than 120 characters.</summary>
    public static IEnumerable<Finding> LongLines(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        where line.text.EnumerateRunes().Count() > 120
        select file.Found(line.number, $"the line has {line.text.EnumerateRunes().Count()} characters, at most 120");

    /// <summary>
    /// Methods (and everything else with a body) of more than 60 lines, from the signature to the end.
    /// </summary>
    public static IEnumerable<Finding> LongMethods(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from found in LongerThan(60, file)
        select found;

    /// <summary>Methods of tests, and what they call in their projects, of more than 25 lines.</summary>
    public static IEnumerable<Finding> LongTestMethods(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && IsInTests(file)
        from found in LongerThan(25, file)
        select found;

    private static bool IsInTests(SourceFile file) =>
        file.Path.Split('/') is ["tests", var project, ..] && project.EndsWith(".Tests", StringComparison.Ordinal);

    private static IEnumerable<Finding> LongerThan(int most, SourceFile file) =>
        from node in file.All<SyntaxNode>()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
            or PropertyDeclarationSyntax or AnonymousFunctionExpressionSyntax
        where !IsTableOfCases(node)
        let lines = LinesOf(node)
        where lines > most
        select file.Found(node, $"{NameOf(node)} has {lines} lines, at most {most}");

    // A table of cases is data and not a method.
    private static bool IsTableOfCases(SyntaxNode node) =>
        node is PropertyDeclarationSyntax { Type: GenericNameSyntax { Identifier.Text: "TheoryData" } };

    // Attributes do not count, because a table of cases above a theory is data and not a method.
    private static int LinesOf(SyntaxNode node)
    {
        var attributes = node.ChildNodes().OfType<AttributeListSyntax>().LastOrDefault();
        var first = attributes is null ? node.GetFirstToken() : attributes.GetLastToken().GetNextToken();
        var tree = node.SyntaxTree;
        return tree.GetLineSpan(node.Span).EndLinePosition.Line
            - tree.GetLineSpan(first.Span).StartLinePosition.Line + 1;
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        _ => node.Kind().ToString(),
    };

    [Fact]
    public void A_file_has_at_most_300_lines() => Rule.Holds("file ≤ 300 lines", LongFiles(Repository.Files));

    [Fact]
    public void A_line_has_at_most_120_characters() => Rule.Holds("line ≤ 120 characters", LongLines(Repository.Files));

    [Fact]
    public void A_method_has_at_most_60_lines() => Rule.Holds("method ≤ 60 lines", LongMethods(Repository.Files));

    [Fact]
    public void A_method_of_a_test_has_at_most_25_lines() =>
        Rule.Holds("test ≤ 25 lines", LongTestMethods(Repository.Files));

    [Fact]
    public void A_file_of_301_lines_is_found_and_one_of_300_is_not()
    {
        const string line = "// x\n";
        Rule.Finds(
            LongFiles(Rule.Sample(
                "a.cs", string.Concat(Enumerable.Repeat(line, 300)),
                "b.cs", string.Concat(Enumerable.Repeat(line, 301)))),
            "b.cs:301: the file has 301 lines");
    }

    [Fact]
    public void A_line_of_121_characters_is_found_and_one_of_120_is_not() =>
        Rule.Finds(
            LongLines(Rule.Sample("a.cs", new string('/', 120) + "\n" + new string('/', 121) + "\r\n")),
            "a.cs:2: the line has 121 characters");

    [Theory]
    [InlineData(57, 0)]
    [InlineData(58, 1)]
    public void A_method_of_61_lines_is_found_and_one_of_60_is_not(int statements, int found)
    {
        var body = string.Concat(Enumerable.Repeat("x();\n", statements));
        var findings = LongMethods(Rule.Sample("a.cs", $"class A {{\n[B]\n[C]\nvoid M()\n{{\n{body}}}\n}}")).ToList();
        Assert.Equal(found, findings.Count);
    }

    private static string Lines(int statements) => string.Concat(Enumerable.Repeat("x();\n", statements));

    [Theory]
    [InlineData("tests/Isf.Domain.Tests/A.cs", 22, 0)]
    [InlineData("tests/Isf.Domain.Tests/A.cs", 23, 1)]
    [InlineData("tests/Isf.Benchmarks/A.cs", 23, 0)]
    [InlineData("services/Funds/Isf.Funds/A.cs", 23, 0)]
    public void A_test_of_26_lines_is_found_and_one_of_25_is_not(string path, int statements, int found)
    {
        var test = $"class A {{\n[Fact]\npublic void M()\n{{\n{Lines(statements)}}}\n}}";
        Assert.Equal(found, LongTestMethods(Rule.Sample(path, test)).Count());
    }

    [Theory]
    [InlineData("TheoryData<int>", 0)]
    [InlineData("List<int>", 1)]
    public void A_table_of_cases_may_be_long_and_no_other_property(string type, int found)
    {
        var rows = string.Concat(Enumerable.Repeat("1,\n", 30));
        var table = $"class A {{\npublic static {type} Cases =>\n[\n{rows}];\n}}";
        Assert.Equal(found, LongTestMethods(Rule.Sample("tests/Isf.Domain.Tests/A.cs", table)).Count());
    }
}
