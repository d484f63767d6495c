using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>Refusals are closed, numbered and ordered, and a test reaches each of them (design §8.5, §8.13).</summary>
public sealed class RefusalTests
{
    /// <summary>
    /// A reason for which a feature refuses: the feature's name, the reason's name, and its place in the code.
    /// </summary>
    public sealed record Reason(string Feature, string Name, EnumMemberDeclarationSyntax At, SourceFile File);

    /// <summary>Reasons without an explicit number, or not numbered 1, 2, 3 … in order.</summary>
    public static IEnumerable<Finding> BadNumbers(IEnumerable<SourceFile> files) =>
        from of in Reasons(files).GroupBy(reason => (reason.File, reason.At.Parent))
        from numbered in of.Select((reason, index) => (reason, right: index + 1))
        where numbered.reason.At.EqualsValue?.Value.ToString() != $"{numbered.right}"
        select of.Key.File.Found(
            numbered.reason.At,
            $"{numbered.reason.Feature}.Refusal.{numbered.reason.Name} should be = {numbered.right}");

    /// <summary>Refusal enums outside a feature.</summary>
    public static IEnumerable<Finding> Homeless(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from type in file.All<EnumDeclarationSyntax>()
        where type.Identifier.Text == "Refusal" && type.Parent is not TypeDeclarationSyntax
        select file.Found(type, "a Refusal lies in the feature that refuses");

    /// <summary>
    /// Reasons that no test reaches. A test reaches a reason if it names Feature.Refusal.Reason, also by an alias, or
    /// if it contains the reason's code and either belongs to the reason's service or names the feature.
    /// </summary>
    public static IEnumerable<Finding> Untested(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        var tests = all.Where(file => file.IsCSharp && file.IsUnder("tests") && !file.IsUnder("tests/Isf.House.Tests"))
            .ToList();
        return from reason in Reasons(all)
               where !tests.Any(test => Reaches(test, reason))
               select reason.File.Found(
                   reason.At,
                   $"no test reaches {reason.Feature}.Refusal.{reason.Name} ({ServiceMap.Kebab(reason.Name)})");
    }

    private static bool Reaches(SourceFile test, Reason reason)
    {
        var text = test.Text;
        var code = text.Contains($"\"{ServiceMap.Kebab(reason.Name)}\"", StringComparison.Ordinal);
        if (code && test.Path.Contains($"/{ServiceMap.ServiceOf(reason.File)}/", StringComparison.Ordinal))
            return true;
        if (!text.Contains(reason.Feature, StringComparison.Ordinal))
            return false;
        var alias = Regex.Match(text, $@"using (\w+) = [\w.]*\b{reason.Feature}\.Refusal;");
        var named = alias.Success ? alias.Groups[1].Value : $"{reason.Feature}.Refusal";
        return Regex.IsMatch(text, $@"\b{Regex.Escape(named)}\.{reason.Name}\b")
            || (Regex.IsMatch(text, $@"using static [\w.]*\b{reason.Feature};")
                && Regex.IsMatch(text, $@"\bRefusal\.{reason.Name}\b"))
            || code;
    }

    private static IEnumerable<Reason> Reasons(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from type in file.All<EnumDeclarationSyntax>()
        where type.Identifier.Text == "Refusal" && type.Parent is TypeDeclarationSyntax
        from member in type.Members
        select new Reason(((TypeDeclarationSyntax)type.Parent!).Identifier.Text, member.Identifier.Text, member, file);

    private static SourceFile Feature(string members) => new(
        "services/Funds/Isf.Funds/Funds/OpenFund.cs", $"static class OpenFund {{ enum Refusal {{ {members} }} }}");

    [Fact]
    public void Refusals_are_numbered_from_1_in_order() =>
        Rule.Holds("refusals are numbered and ordered (design §8.5)", BadNumbers(Repository.Files));

    [Fact]
    public void A_refusal_is_in_its_feature() =>
        Rule.Holds("one enum per feature (design §8.5)", Homeless(Repository.Files));

    [Fact]
    public void Every_refusal_is_reached_by_a_test() =>
        Rule.Holds("every refusal reached (design §8.13)", Untested(Repository.Files));

    [Theory]
    [InlineData("A = 1, B = 2", 0)]
    [InlineData("A, B = 2", 1)]
    [InlineData("A = 1, B = 3", 1)]
    [InlineData("A = 0", 1)]
    [InlineData("A = 2, B = 1", 2)]
    public void A_gap_in_the_numbers_is_found(string members, int found) =>
        Assert.Equal(found, BadNumbers([Feature(members)]).Count());

    [Fact]
    public void A_refusal_outside_a_feature_is_found() =>
        Rule.Finds(Homeless(Rule.Sample("services/Funds/A.cs", "enum Refusal { A = 1 }")), "A.cs:1");

    [Theory]
    [InlineData("tests/Isf.Feature.Tests/Funds/A.cs", 0)]
    [InlineData("tests/Isf.Feature.Tests/Ledger/A.cs", 1)]
    public void A_code_counts_in_the_tests_of_its_service(string path, int found) =>
        Assert.Equal(
            found, Untested([Feature("FundClosed = 1"), new SourceFile(path, "Refused(\"fund-closed\");")]).Count());

    [Theory]
    [InlineData("Assert.Equal(OpenFund.Refusal.FundClosed, x);", true)]
    [InlineData("using Why = Isf.Funds.Funds.OpenFund.Refusal; x = Why.FundClosed;", true)]
    [InlineData("using static Isf.Funds.Funds.OpenFund; x = Refusal.FundClosed;", true)]
    [InlineData("class OpenFundTests { string a = \"fund-closed\"; }", true)]
    [InlineData("class CloseFundTests { string a = \"fund-closed\"; }", false)]
    [InlineData("x = OpenFund.Refusal.FundClosedEarly;", false)]
    [InlineData("x = CloseFund.Refusal.FundClosed;", false)]
    public void A_refusal_that_no_test_reaches_is_found(string test, bool reached) =>
        Assert.Equal(
            reached ? 0 : 1,
            Untested([Feature("FundClosed = 1"), new SourceFile("tests/Isf.Domain.Tests/A.cs", test)]).Count());
}
