using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A service's copies of another's documents are compared with the owner's documents every night (design §2).
/// </summary>
public sealed class CopyTests
{
    // The messages that bring a document, each with the kind of the document as its owner names it in the nightly
    // statement of documents.
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["FundOpened"] = "fund", ["AgreementSigned"] = "agreement", ["BudgetSet"] = "budget",
        ["AllocationMade"] = "allocation", ["FundClosed"] = "closure", ["ConsentGiven"] = "consent",
        ["MoneyReceived"] = "receipts", ["PersonRegistered"] = "person", ["ProviderRegistered"] = "provider",
        ["HolderSet"] = "holder", ["PlanApproved"] = "plan",
    };

    private static readonly Dictionary<(string Service, string Kind), string> NotCopied = new()
    {
        [("Ledger", "receipts")] = "the Ledger keeps journals of them, which Reconciliation folds",
    };

    /// <summary>
    /// Finds services that consume a kind of document and do not declare where they store their copy.
    /// </summary>
    public static IEnumerable<Finding> NotCompared(IEnumerable<SourceFile> files)
    {
        var all = files.ToList();
        foreach (var contents in ServiceMap.Of(all).Contents)
        {
            var sources = all.Where(file => file.Path.EndsWith("/CopyTable.cs", StringComparison.Ordinal)
                && file.IsUnder($"services/{contents.Service}")).SelectMany(KindsOf).ToHashSet();
            foreach (var entry in contents.Consumes.Where(entry => Kinds.ContainsKey(entry.Name)))
            {
                var kind = Kinds[entry.Name];
                if (!sources.Contains(kind) && !NotCopied.ContainsKey((contents.Service, kind)))
                {
                    yield return contents.File.Found(
                        entry.At, $"consumes {entry.Name}, but CopyTable.cs does not say where a {kind} is kept");
                }
            }
        }
    }

    private static IEnumerable<string> KindsOf(SourceFile file) =>
        from made in file.All<ImplicitObjectCreationExpressionSyntax>()
        let first = made.ArgumentList.Arguments.FirstOrDefault()?.Expression as LiteralExpressionSyntax
        where first is not null
        select first.Token.ValueText;

    [Fact]
    public void Every_copy_is_compared_with_its_owner() =>
        Rule.Holds("copies are compared (design §2)", NotCompared(Repository.Files));

    [Fact]
    public void A_copy_that_is_not_compared_is_found() =>
        Rule.Finds(
            NotCompared(Rule.Sample(
                "services/Support/Isf.Support/SupportService.cs",
                "class S { S D() => new S().Consumes<FundOpened, AConsumer>().Consumes<BudgetSet, BConsumer>(); }",
                "services/Support/Isf.Support/Copies/CopyTable.cs",
                "class C { CopySource[] All = [new(\"fund\", \"select 1\")]; }")),
            "consumes BudgetSet, but CopyTable.cs does not say where a budget is kept");
}
