using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A word used as an account's id is one of PlaceWords, which are refused as ids; any other word would be an ordinary
/// id.
/// </summary>
public sealed class PlaceTests
{
    // Payers are a closed list, and not ids: outside, held and budget use their names.
    private static readonly string[] OfIds =
    [
        "Accrued", "Agreed", "Banked", "Charged", "Delivered", "Extra", "Owed", "Paid", "Planned", "Promised",
        "Released", "Used",
    ];

    /// <summary>Accounts with ids built from words in the code.</summary>
    public static IEnumerable<Finding> WordsOnTheSpot(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } access
            && owner.Identifier.Text == "Place" && OfIds.Contains(access.Name.Identifier.Text)
        from word in call.DescendantNodes().OfType<LiteralExpressionSyntax>()
        where word.IsKind(SyntaxKind.StringLiteralExpression)
        select file.Found(word, $"{word} stands where an id does: make it one of PlaceWords");

    [Fact]
    public void Words_of_places_are_those_that_ids_may_not_be()
    {
        Rule.Holds("words of places stand in PlaceWords", WordsOnTheSpot(Repository.Files));
        var files = Rule.Sample("services/Ledger/Isf.Ledger.Domain/A.cs", """
            class A
            {
                Place B = Place.Promised("fee");
                Place C = Place.Promised(PlaceWords.Fee);
                Place D = Place.Held("council");
            }
            """);
        Rule.Finds(WordsOnTheSpot(files), "A.cs:3: \"fee\" stands where an id does");
    }
}
