using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Isf.House.Tests;

/// <summary>
/// A record with many fields names them where it is made: it has init properties, mostly required. In a long list of
/// arguments, two neighbours of one type change places without a complaint from the compiler.
/// </summary>
public sealed class PositionalRecordTests
{
    private const int FieldsMax = 8;

    /// <summary>The records of rows that still have a long list.</summary>
    private static readonly HashSet<string> OfRows = ["StoredException"];

    /// <summary>Finds positional records with too many fields.</summary>
    public static IEnumerable<Finding> TooLong(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && (file.IsUnder("services") || file.IsUnder("contracts"))
        from record in file.All<RecordDeclarationSyntax>()
        let fields = record.ParameterList?.Parameters.Count ?? 0
        where fields > FieldsMax && !OfRows.Contains(record.Identifier.Text)
        select file.Found(record.Identifier,
            $"{record.Identifier.Text} has {fields} positional fields, at most {FieldsMax}: give it init properties");

    [Fact]
    public void A_positional_record_has_few_fields() =>
        Rule.Holds($"a positional record has at most {FieldsMax} fields", TooLong(Repository.Files));

    [Theory]
    [InlineData("record A(int B1, int B2, int B3, int B4, int B5, int B6, int B7, int B8);", 0)]
    [InlineData("record A(int B1, int B2, int B3, int B4, int B5, int B6, int B7, int B8, int B9);", 1)]
    [InlineData("record struct A(int B1, int B2, int B3, int B4, int B5, int B6, int B7, int B8, int B9);", 1)]
    [InlineData("record A { public required int B { get; init; } }", 0)]
    public void A_longer_list_is_found(string text, int found) =>
        Assert.Equal(found, TooLong(Rule.Sample("services/A.cs", text)).Count());
}
