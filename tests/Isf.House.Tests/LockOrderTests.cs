using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A decision under a lock reads after it has the lock, because an earlier read may be outdated. A session refuses to
/// lock after a read; this rule finds the same mistake in code that no test runs.
/// </summary>
public sealed class LockOrderTests
{
    private static readonly string[] Reads =
    [
        "FirstOrDefaultAsync", "LoadAsync", "LoadManyAsync", "LoadEventuallyAsync", "RowsAsync", "ToListAsync",
    ];

    /// <summary>The calls of a PUT; each of them locks before it loads.</summary>
    private static readonly string[] Puts = ["CreateAsync", "UpsertAsync", "ChangeRowAsync"];

    /// <summary>After these calls, nothing counts as read.</summary>
    private static readonly string[] Ends = ["EndReadingAsync", "WaitForAsync"];

    /// <summary>Methods by which the checks of care read and save their flags.</summary>
    private static readonly string[] CareReads =
    [
        "EqualTimesAsync", "FindAsync", "SaveFlagsAsync", "StoredAsync", "LeftAsync", "ListAsync", "LongDaysAsync",
        "LookAsync", "NamingAsync", "OfFundAsync", "OfWorkersAsync",
    ];

    /// <summary>Finds locks that are taken after a read in the same method or function.</summary>
    public static IEnumerable<Finding> ReadsBeforeIt(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp && file.IsUnder("services")))
        {
            foreach (var scope in file.All<InvocationExpressionSyntax>().Where(IsNotInWait).GroupBy(ScopeOf))
            {
                string? read = null;
                foreach (var call in scope.OrderBy(call => call.ArgumentList.OpenParenToken.SpanStart))
                {
                    var name = NameOf(call);
                    if (Ends.Contains(name))
                        read = null;
                    else if ((name == "LockAsync" || Puts.Contains(name)) && read is not null)
                        yield return file.Found(call, $"{name} comes after {read}: lock first, then read");
                    else if (Reads.Contains(name))
                        read = name;
                }
            }
        }
    }

    /// <summary>
    /// Finds locks that are taken inside the decision of a PUT. The PUT has taken its locks and loaded its document by
    /// then.
    /// </summary>
    public static IEnumerable<Finding> InsideAPut(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from call in file.All<InvocationExpressionSyntax>()
        where NameOf(call) is "LockAsync" or "LockFoundAsync"
        where call.Ancestors().OfType<InvocationExpressionSyntax>().Any(put => Puts.Contains(NameOf(put)))
        select file.Found(call, $"{NameOf(call)} inside a PUT: give it the key");

    /// <summary>
    /// Finds checks of care that read or save before FlagTable.WaitAsync, which waits for the changes under way.
    /// </summary>
    public static IEnumerable<Finding> ChecksThatDoNotWait(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services/Support")
        from method in file.All<MethodDeclarationSyntax>()
            // Private methods are left out. They are called after the wait, or save only what is true in any case.
        where method.Modifiers.Any(modifier => modifier.Text is "public" or "internal")
        let calls = method.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .OrderBy(call => call.ArgumentList.OpenParenToken.SpanStart).Select(call => (At: call, Name: NameOf(call)))
            .ToList()
        where calls.Any(call => call.Name is "SaveFlagsAsync" or "CheckAsync")
        let early = calls.TakeWhile(call => call.At.ToString() != "FlagTable.WaitAsync(session)")
            .FirstOrDefault(call => CareReads.Contains(call.Name))
        where early.At is not null
        select file.Found(early.At, $"{early.Name} before FlagTable.WaitAsync: wait first, then read");

    private static SyntaxNode? ScopeOf(SyntaxNode node) => node.Ancestors().FirstOrDefault(at =>
        at is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax);

    private static bool IsNotInWait(InvocationExpressionSyntax call) =>
        !call.Ancestors().OfType<InvocationExpressionSyntax>().Any(wait => NameOf(wait) == "WaitForAsync");

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    [Fact]
    public void Nothing_is_read_before_a_lock()
    {
        Rule.Holds("lock first, then read (design §8)", ReadsBeforeIt(Repository.Files));
        Rule.Holds("a PUT is given the keys of its locks", InsideAPut(Repository.Files));
    }

    [Fact]
    public void A_check_of_care_waits_before_it_reads()
    {
        Rule.Holds("a check of care waits for those under way", ChecksThatDoNotWait(Repository.Files));
        var files = Rule.Sample("services/Support/Isf.Support/Checks/A.cs", """
            class A
            {
                public T B(S session) { FlagTable.WaitAsync(session); v.OfFundAsync(1); CheckAsync(); }
                public T C(S session) { v.OfFundAsync(1); FlagTable.WaitAsync(session); CheckAsync(); }
                public T D(S session) { FlagTable.SaveFlagsAsync(session); }
                public T E(S session) { v.OfFundAsync(1); }
                private T F(S session) { FlagTable.SaveFlagsAsync(session); }
            }
            """);
        Rule.Finds(ChecksThatDoNotWait(files), "A.cs:4: OfFundAsync before", "A.cs:5: SaveFlagsAsync before");
    }

    [Fact]
    public void A_lock_after_a_read_and_one_inside_a_put_are_found()
    {
        var files = Rule.Sample("services/Funds/Isf.Funds/Checks/A.cs", """
            class A
            {
                async Task B(S s) { await s.LoadAsync<F>(1); await s.LockAsync(1); }
                async Task C(S s) { await s.LockAsync(1); await s.LoadAsync<F>(1); }
                async Task D(S s) { await s.LoadAsync<F>(1); await s.EndReadingAsync(); await s.LockAsync(1); }
                async Task E(S s) { await s.WaitForAsync(() => s.LoadAsync<F>(1)); await s.LockAsync(1); }
                async Task G(S s, P put) { await s.Query<F>().ToListAsync(); await put.CreateAsync<F>(s); }
                async Task H(S s, P put) { await put.UpsertAsync<F>(s, async () => { await s.LockAsync(1); }); }
            }
            """);
        Rule.Finds(ReadsBeforeIt(files), "A.cs:3: LockAsync comes after LoadAsync",
            "A.cs:7: CreateAsync comes after ToListAsync");
        Rule.Finds(InsideAPut(files), "A.cs:8: LockAsync inside a PUT");
    }
}
