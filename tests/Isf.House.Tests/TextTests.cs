using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Text from outside is cut in one place (Isf.Measures.Texts), between its elements: a text that was cut within a
/// character could not be stored, and its message came back for ever.
/// </summary>
public sealed class TextTests
{
    private const string TheOnePlace = "contracts/Isf.Measures/Texts.cs";

    /// <summary>Texts that are shortened by hand: they end in a … of their own, or at a number of units.</summary>
    public static IEnumerable<Finding> CutByHand(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts")) && file.Path != TheOnePlace
        from node in file.All<ExpressionSyntax>()
        where node is LiteralExpressionSyntax { Token.Value: "…" }
            || node is MemberAccessExpressionSyntax { Name.Identifier.Text: "Substring" or "Remove" or "Truncate" } call
                && call.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: [var first, ..] }
                && first.Expression.IsKind(SyntaxKind.NumericLiteralExpression)
            || node is RangeExpressionSyntax { LeftOperand: null, RightOperand: LiteralExpressionSyntax } range
                && range.ToString() is not ("..1" or "..2") && !OfOurOwn(range)
        select file.Found(node, $"{node} cuts a text by hand: Texts.Shortened or Texts.Said cuts it between elements");

    // Our own hashes and dates are ASCII and as long as we made them.
    private static bool OfOurOwn(RangeExpressionSyntax range) =>
        range.Parent?.Parent?.Parent is ElementAccessExpressionSyntax cut
        && cut.Expression.ToString() is var what && (what.Contains("hash", StringComparison.OrdinalIgnoreCase)
            || what.Contains("Hex", StringComparison.Ordinal) || what == "row.Id");

    [Fact]
    public void Texts_are_cut_in_one_place() => Rule.Holds("texts are cut in one place", CutByHand(Repository.Files));

    [Fact]
    public void A_text_that_is_cut_by_hand_is_found() => Rule.Finds(
        CutByHand(Rule.Sample("services/A.cs", """
            class A
            {
                string B(string text) => text[..60];
                string C(string text, int most) => text[..most] + "…";
                string D(string text) => text.Substring(0, 60);
                string E(string hash) => hash[..16];
                string F(string text, int comma) => text[..comma];
            }
            """)),
        "A.cs:3", "A.cs:4", "A.cs:5");
}
