using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Text from outside is shortened in one place (Isf.Measures.Texts), between grapheme clusters. A text cut within a
/// character could not be stored, and its message would be retried without end.
/// </summary>
public sealed class TextTests
{
    private const string TheOnePlace = "contracts/Isf.Measures/Texts.cs";

    /// <summary>
    /// Finds texts that are shortened elsewhere, by code that has a … of its own or that cuts at a number of code
    /// units. The number is a literal, a name, or the lesser of two numbers.
    /// </summary>
    public static IEnumerable<Finding> CutByHand(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts")) && file.Path != TheOnePlace
        from node in file.All<ExpressionSyntax>()
        where node is LiteralExpressionSyntax { Token.Value: "…" }
            || (node is MemberAccessExpressionSyntax call
                && call.Name.Identifier.Text is "Substring" or "Remove" or "Truncate"
                && call.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: [var first, ..] }
                && (IsNumber(first.Expression)
                    || (IsZero(first.Expression) && call.Name.Identifier.Text == "Substring")))
            || (node is RangeExpressionSyntax { RightOperand: { } end } range
                && (range.LeftOperand is null || IsZero(range.LeftOperand)) && IsNumber(end)
                && range.ToString() is not ("..1" or "..2") && !OfOurOwn(range))
            || (node is InvocationExpressionSyntax { ArgumentList.Arguments: [var letters] } made
                && made.Expression.ToString() is "string.Concat" && TakesSome(letters.Expression))
            || (node is ObjectCreationExpressionSyntax { ArgumentList.Arguments: [var argument, ..] } text
                && text.Type.ToString() is "string" && TakesSome(argument.Expression))
        select file.Found(node, $"{node} cuts a text by hand: Texts.Shortened or Texts.Quoted cuts between elements");

    // Whether an expression is a number, a constant, or a name of a limit, such as max. An index found by a search has
    // another name.
    private static bool IsNumber(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.NumericLiteralExpression) && !IsZero(literal),
        IdentifierNameSyntax { Identifier.Text: var name } => char.IsAsciiLetterUpper(name[0])
            || name.StartsWith("most", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("Max", StringComparison.Ordinal) || name is "max" or "most" or "limit",
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text.EndsWith("Max", StringComparison.Ordinal),
        InvocationExpressionSyntax least => least.Expression.ToString() == "Math.Min",
        BinaryExpressionSyntax sum => IsNumber(sum.Left),
        ParenthesizedExpressionSyntax inner => IsNumber(inner.Expression),
        _ => false,
    };

    private static bool IsZero(ExpressionSyntax? expression) =>
        expression is LiteralExpressionSyntax { Token.Value: 0 };

    private static bool TakesSome(ExpressionSyntax letters) => letters.DescendantNodesAndSelf()
        .OfType<MemberAccessExpressionSyntax>().Any(item => item.Name.Identifier.Text is "Take" or "TakeWhile");

    // Our own hashes and dates are ASCII with a fixed length.
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
                string G(Exception e) => e.Message[..WordsMax];
                string H(string text) => string.Concat(text.Take(64));
                string I(string text) => new string(text.Take(64).ToArray());
                string J(string text, int most) => text[..most];
                string K(string text) => text[..Math.Min(text.Length, 60)];
                string L(string text) => text.Substring(0, WordsMax);
                string M(string text) => text.Remove(Terms.Max - 1);
                string N(string text) => text[0..60];
                string O(string text) => text[..lettersMax];
            }
            """)),
        [.. new[] { 3, 4, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16 }.Select(line => $"A.cs:{line}")]);
}
