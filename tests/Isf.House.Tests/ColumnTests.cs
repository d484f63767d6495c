using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// Days and moments pass through columns as NodaTime's types, by Npgsql's plug-in. With the plug-in, a value that is
/// read as an object has a NodaTime type: a day is not a DateOnly, and an interval is not a TimeSpan.
/// </summary>
public sealed class ColumnTests
{
    private static readonly string[] Reads = ["ExecuteScalar", ".GetValue("];
    private static readonly string[] ColumnReads =
    [
        "IsDBNull", "GetString", "GetStringOrNull", "GetInt16", "GetInt32", "GetInt64", "GetBoolean", "GetGuid",
        "GetDecimal", "GetFieldValue", "GetValue",
    ];
    private static readonly string[] Times = ["TimeSpan", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly"];

    /// <summary>Data sources built elsewhere than in Databases.cs, which adds the plug-in.</summary>
    public static IEnumerable<Finding> OtherSources(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services") && file.Name != "Databases.cs"
        from name in file.All<IdentifierNameSyntax>()
        where name.Identifier.Text is "NpgsqlDataSourceBuilder" or "NpgsqlSlimDataSourceBuilder"
            || (name.Identifier.Text == "NpgsqlDataSource" && name.Parent is MemberAccessExpressionSyntax)
        select file.Found(name, "makes a source of its own: Databases.Open");

    /// <summary>Values that are read as object and then cast to one of .NET's own types of time.</summary>
    public static IEnumerable<Finding> CastTimes(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.IsUnder("services")
        from node in file.All<ExpressionSyntax>()
        let conversion = node switch
        {
            IsPatternExpressionSyntax pattern => (Read: pattern.Expression.ToString(), As: pattern.Pattern.ToString()),
            CastExpressionSyntax cast => (Read: cast.Expression.ToString(), As: cast.Type.ToString()),
            _ => (Read: "", As: ""),
        }
        where Reads.Any(read => conversion.Read.Contains(read, StringComparison.Ordinal))
            && Times.Contains(conversion.As.Split(' ', '?')[0])
        select file.Found(node, $"takes it for a {conversion.As}: GetFieldValue says which type it is read as");

    /// <summary>Columns of a service's rows that are read by their number.</summary>
    public static IEnumerable<Finding> NumberedReads(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && Repository.Services.Any(service => file.IsUnder($"services/{service}"))
        from call in file.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var name }
            && ColumnReads.Contains(name)
            && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax { Token.Value: int } }]
        select file.Found(call, "reads a column by its number: RowsAsync reads records and tuples");

    [Fact]
    public void A_services_columns_are_read_by_name() =>
        Rule.Holds("columns are read by name (decision 0027)", NumberedReads(Repository.Files));

    [Fact]
    public void A_column_that_is_read_by_its_number_is_found() => Rule.Finds(
        NumberedReads(Rule.Sample("services/Funds/A.cs", """
            class A
            {
                string B() => row.GetString(0);
                LocalDate? C() => row.IsDBNull(1) ? null : row.GetFieldValue<LocalDate>(1);
                string D() => day.GetProperty("name").GetString();
            }
            """)),
        "A.cs:3", "A.cs:4", "A.cs:4");

    [Fact]
    public void Sources_are_made_in_one_place() =>
        Rule.Holds("every source of connections knows NodaTime", OtherSources(Repository.Files));

    [Fact]
    public void What_is_read_says_its_type() =>
        Rule.Holds("columns of time say their type", CastTimes(Repository.Files));

    [Fact]
    public void A_source_without_it_is_found() => Rule.Finds(
        OtherSources(Rule.Sample("services/A.cs", """
            class A
            {
                NpgsqlDataSource B() => NpgsqlDataSource.Create("");
                NpgsqlDataSource C() => new NpgsqlDataSourceBuilder("").Build();
                NpgsqlDataSource D() => Databases.Open("");
            }
            """)),
        "A.cs:3", "A.cs:4");

    [Fact]
    public void A_value_without_a_type_is_found() => Rule.Finds(
        CastTimes(Rule.Sample("services/A.cs", """
            class A
            {
                bool B() => command.ExecuteScalar() is TimeSpan wait;
                DateTime C() => (DateTime)reader.GetValue(0);
                DateOnly? D() => (DateOnly?)reader.GetValue(0);
                bool E() => command.ExecuteScalar() is string text;
            }
            """)),
        "A.cs:3", "A.cs:4", "A.cs:5");
}
