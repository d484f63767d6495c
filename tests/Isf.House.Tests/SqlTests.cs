using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// The SQL of a service is in its *Table.cs files and its migrations, nowhere else. Whoever changes a table finds
/// every statement about it there, and a feature contains only its decisions.
/// </summary>
public sealed partial class SqlTests
{
    /// <summary>Texts of a service that begin like SQL, outside its *Table.cs files.</summary>
    public static IEnumerable<Finding> OutsideTables(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && Repository.Services.Any(service => file.IsUnder($"services/{service}"))
            && !file.Name.EndsWith("Table.cs", StringComparison.Ordinal)
        from text in file.All<ExpressionSyntax>()
        let content = TextOf(text)
        where content is not null
        let sql = Sql().Match(content)
        where sql.Success
        select file.Found(text, $"“{OneLine(sql.Value)}…” is SQL: it belongs in a *Table.cs file");

    // A hole in an interpolated string counts as a word, because it may be filled with any word.
    private static string? TextOf(ExpressionSyntax text) => text switch
    {
        LiteralExpressionSyntax { Token.Value: string literal } => literal,
        InterpolatedStringExpressionSyntax parts => string.Concat(parts.Contents.Select(part =>
            part is InterpolatedStringTextSyntax content ? content.TextToken.ValueText : "x")),
        _ => null,
    };

    private static string OneLine(string sql) => Spaces().Replace(sql, " ").Trim();

    [GeneratedRegex("""
        ^\s*(?:
          select[\s(]
        | insert\s+into\s
        | update\s+(?:only\s+)?[\w.]+\s+(?:(?:as\s+)?\w+\s+)?set\s
        | delete\s+from\s
        | with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s*)?\(
        | lock\s+table\s
        )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [Fact]
    public void SQL_is_in_tables_and_migrations() =>
        Rule.Holds("SQL stands in *Table.cs files and migrations", OutsideTables(Repository.Files));

    // SQL in every form, and then texts that are none.
    private const string Feature = """"
        class A
        {
            T B() => Rows("select a from b");
            T C() => Run("insert into a (b) values ($1)");
            T D() => Run($"update {Name} set b = $1");
            T E() => Run("delete from a");
            T F() => Rows("""
                with a as (select 1)
                select * from a
                """);
            const string G = $"""

                select {H} from b
                """;
            T I() => Run("lock table a");
            T J() => Run($"select {how}(1)");
            T K() => Run("with a(b, c) as materialized (select 1, 2) select b from a");
            T L() => Run("update a set b = 1" + "select 2");
            T M() => Say("Select a fund.", "updates of a set", "update the set", "with care as agreed", "selected");
            T N() => from a in b select a;
            const string O = "a, b, c from d";
            // select a from b
        }
        """";

    [Fact]
    public void SQL_in_a_feature_is_found() => Rule.Finds(
        OutsideTables(Rule.Sample("services/Funds/Isf.Funds/Funds/OpenFund.cs", Feature)),
        [.. new[] { 3, 4, 5, 6, 7, 11, 15, 16, 17, 18, 18 }.Select(line => $"OpenFund.cs:{line}: ")]);

    [Theory]
    [InlineData("services/Funds/Isf.Funds/Funds/FundTable.cs")]
    [InlineData("services/Hosting/Isf.Hosting/Session.cs")]
    [InlineData("tests/Isf.Feature.Tests/A.cs")]
    public void SQL_in_a_table_in_Hosting_or_in_a_test_is_no_finding(string path) =>
        Rule.Finds(OutsideTables(Rule.Sample(path, Feature)));
}
