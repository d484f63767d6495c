using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A connection returns to its pool without a reset, so no statement's setting or lock may outlive its transaction.
/// </summary>
public sealed partial class ConnectionTests
{
    /// <summary>
    /// Statements whose effect stays with the connection. Migrations.cs is left out, because it undoes the effect
    /// itself.
    /// </summary>
    public static IEnumerable<Finding> Left(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && file.Name != "Migrations.cs"
        from text in file.All<ExpressionSyntax>()
        where text is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax
            && Stays().IsMatch(text.ToString())
        select file.Found(text, "stays with the connection behind its transaction");

    [GeneratedRegex("""
        set_config\([^()]*,\s*false\s*\) | pg_(try_)?advisory_(un)?lock(_shared)?\( | ["';]\s*(listen|prepare|discard)\s
        | ["';]\s*set\s+(session\s|role\s|[a-z_.]+\s*(=|\sto\s)(?!.*\swhere\s))
        | create\s+(local\s+|global\s+)?temp(orary)?\s+table(?!.*on\s+commit\s+drop)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Stays();

    [Fact]
    public void Connections_go_back_as_they_came() =>
        Rule.Holds("what a statement sets ends with its transaction", Left(Repository.Files));

    [Fact]
    public void What_stays_is_found() => Rule.Finds(
        Left(Rule.Sample("services/A.cs", """
            class A
            {
                string B = "select set_config('isf.holder', $1, false)";
                string C = "set statement_timeout = 5";
                string D = "select pg_advisory_lock(1)";
                string E = "create temporary table t (a int)";
                string F = "select 1; set role x";
                string G = "listen nights";
                string H = "select set_config('isf.holder', $1, true)";
                string I = "set local statement_timeout = 5";
                string J = "select pg_advisory_xact_lock(1)";
                string K = "create temporary table t (a int) on commit drop";
                string L = "set discarded_at = now() where id = $1";
            }
            """)),
        "A.cs:3", "A.cs:4", "A.cs:5", "A.cs:6", "A.cs:7", "A.cs:8");
}
