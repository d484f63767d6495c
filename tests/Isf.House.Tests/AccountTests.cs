using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A word that stands for an id in an account (promised/none) is one of ReservedNames. The services refuse those as
/// ids; any other word could be the id of something.
/// </summary>
public sealed class AccountTests
{
    // Accounts that contain an id. Outside, held and budget contain a payer instead, and payers are a closed list.
    private static readonly string[] OfIds =
    [
        "Accrued", "Agreed", "Banked", "Charged", "Delivered", "Extra", "Owed", "Paid", "Planned", "Promised",
        "Released", "Used",
    ];

    /// <summary>Words in the code where an account of these contains an id.</summary>
    public static IEnumerable<Finding> WordsForIds(IEnumerable<SourceFile> files) =>
        from file in files
        from call in CallsWithIds(file)
        from word in call.DescendantNodes().OfType<LiteralExpressionSyntax>()
        where word.IsKind(SyntaxKind.StringLiteralExpression)
        select file.Found(word, $"{word} is in the place of an id: make it one of ReservedNames");

    private static IEnumerable<InvocationExpressionSyntax> CallsWithIds(SourceFile file) =>
        from call in file.IsCSharp && file.IsUnder("services") ? file.All<InvocationExpressionSyntax>() : []
        where call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } access
            && owner.Identifier.Text == "Account" && OfIds.Contains(access.Name.Identifier.Text)
        select call;

    [Fact]
    public void Words_of_accounts_are_those_that_ids_may_not_be() =>
        Rule.Holds("words in accounts are those of ReservedNames", WordsForIds(Repository.Files));

    [Fact]
    public void Every_account_with_an_id_is_used_by_the_services() => Assert.Empty(OfIds.Except(
        Repository.Files.SelectMany(CallsWithIds)
            .Select(call => ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.Text)));

    [Fact]
    public void A_word_in_place_of_an_id_is_found()
    {
        var files = Rule.Sample("services/Ledger/Isf.Ledger.Domain/A.cs", """
            class A
            {
                Account B = Account.Promised("fee");
                Account C = Account.Promised(ReservedNames.Fee);
                Account D = Account.Held("council");
            }
            """);
        Rule.Finds(WordsForIds(files), "A.cs:3: \"fee\" is in the place of an id");
    }
}
