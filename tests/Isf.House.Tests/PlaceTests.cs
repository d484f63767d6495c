using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Where an account has a word in place of an id (promised/none), the word is one of PlaceWords. The services refuse
/// these words as ids. Any other word could be the id of something.
/// </summary>
public sealed class PlaceTests
{
    // Accounts that contain an id. Outside, held and budget contain a payer instead, and payers are a closed list.
    private static readonly string[] OfIds =
    [
        "Accrued", "Agreed", "Banked", "Charged", "Delivered", "Extra", "Owed", "Paid", "Planned", "Promised",
        "Released", "Used",
    ];

    /// <summary>Accounts for which the code writes a word where an id belongs.</summary>
    public static IEnumerable<Finding> WordsOnTheSpot(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } access
            && owner.Identifier.Text == "Place" && OfIds.Contains(access.Name.Identifier.Text)
        from word in call.DescendantNodes().OfType<LiteralExpressionSyntax>()
        where word.IsKind(SyntaxKind.StringLiteralExpression)
        select file.Found(word, $"{word} stands where an id does: make it one of ReservedNames");

    [Fact]
    public void Words_of_places_are_those_that_ids_may_not_be()
    {
        Rule.Holds("words of places stand in ReservedNames", WordsOnTheSpot(Repository.Files));
        var files = Rule.Sample("services/Ledger/Isf.Ledger.Domain/A.cs", """
            class A
            {
                Place B = Place.Promised("fee");
                Place C = Place.Promised(ReservedNames.Fee);
                Place D = Place.Held("council");
            }
            """);
        Rule.Finds(WordsOnTheSpot(files), "A.cs:3: \"fee\" stands where an id does");
    }
}
