using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Public types of Measures, Contracts and the domains, and the head of every feature, open with their business meaning
/// in a summary (design §8.12).
/// </summary>
public sealed class SummaryTests
{
    /// <summary>Public types without a summary, or with an empty one.</summary>
    public static IEnumerable<Finding> Unexplained(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        where file.IsUnder("contracts") || NameTests.IsFeature(file)
            || (file.IsUnder("services") && file.Path.Contains(".Domain/", StringComparison.Ordinal))
        from type in file.All<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        where NameTests.IsFeature(file) ? type == NameTests.Head(file) : IsPublic(type)
        where Summary(type).Length == 0
        select file.Found(Identifier(type), $"{Identifier(type).Text} has no /// summary");

    private static bool IsPublic(SyntaxNode? node) => node switch
    {
        MemberDeclarationSyntax type and (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax) =>
            type.Modifiers.Any(SyntaxKind.PublicKeyword) && IsPublic(type.Parent),
        _ => true,
    };

    private static SyntaxToken Identifier(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier,
        DelegateDeclarationSyntax named => named.Identifier,
        _ => default,
    };

    // Documentation is not parsed as XML here, so the summary is read from the comment's lines.
    private static string Summary(MemberDeclarationSyntax type)
    {
        var summary = string.Concat(type.GetLeadingTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
                || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
            .Select(trivia => trivia.ToFullString().Replace("///", "", StringComparison.Ordinal)));
        var from = summary.IndexOf("<summary>", StringComparison.Ordinal);
        var to = summary.IndexOf("</summary>", StringComparison.Ordinal);
        return from < 0 || to < 0 ? "" : summary[(from + 9)..to].Trim();
    }

    [Fact]
    public void Public_types_and_features_open_with_what_they_mean() =>
        Rule.Holds("/// opens with the business meaning (design §8.12)", Unexplained(Repository.Files));

    [Fact]
    public void A_public_type_without_a_summary_is_found() =>
        Rule.Finds(
            Unexplained(Rule.Sample("contracts/Isf.Measures/A.cs", """
                namespace Isf.Measures;
                /// <summary>Said.</summary>
                [Some] public record A { public enum Inner { X } }
                /// <summary>
                /// Said on
                /// three lines.
                /// </summary>
                public record struct B;
                /// <summary> </summary>
                public record C;
                // A comment.
                public delegate int D();
                record Hidden { public enum E { X } }
                """)),
            "A.cs:3: Inner", "A.cs:10: C", "A.cs:12: D");

    [Fact]
    public void A_feature_without_a_summary_is_found() =>
        Rule.Finds(
            Unexplained(Rule.Sample(
                "services/Funds/Isf.Funds/Funds/OpenFund.cs",
                "public static class OpenFund { public record Request; void PutAsync() {} }")),
            "OpenFund has no");
}
