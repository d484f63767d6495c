using Isf.Contracts.Ledger;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Xunit;

namespace Isf.Domain.Tests.Hosting;

/// <summary>Tests texts whose form several services share: ETags, rows of CSV files, and stored moves.</summary>
public sealed class TextFormsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("E1 north", "E1 north")]
    [InlineData("a;b", "a;b")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    public void A_cell_is_quoted_where_it_must_be(string text, string cell) => Assert.Equal(cell, CsvWriter.Cell(text));

    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a,\"b\";c", "\"a,\"\"b\"\";c\"")]
    public void A_cell_of_lists_is_quoted_for_a_semicolon_too(string text, string cell) =>
        Assert.Equal(cell, CsvWriter.CellOfLists(text));

    [Fact]
    public void A_row_ends_with_a_line_end() => Assert.Equal("a,,c\r\n", CsvWriter.Row(["a", "", "c"]));

    [Fact]
    public void A_version_is_a_tag_in_quotes()
    {
        Assert.Equal("\"3\"", IfMatch.Tag(3));
        Assert.Equal("\"i3\"", IfMatch.Tag("i3"));
    }

    [Fact]
    public void Moves_are_read_as_they_were_written()
    {
        PostedMove[] moves = [new("money", "source:council", "held", 12), new("time", "a", "b/c", -5)];
        var text = MoveText.Write(moves);
        Assert.Equal("money source:council held 12\ntime a b/c -5\n", text);
        Assert.Equal(moves, Read(text));
    }

    [Theory]
    [InlineData("money a b", "money a b")]
    [InlineData("money a b 1 2", "money a b 1 2")]
    [InlineData("money a b 1.5", "money a b 1.5")]
    public void A_line_that_is_no_move_is_read_by_the_callers_function(string text, string line) =>
        Assert.Equal([new(line, "", "", 0)], Read(text));

    private static PostedMove[] Read(string text) => MoveText.Read(text,
        (book, from, to, amount) => new PostedMove(book, from, to, amount), line => new PostedMove(line, "", "", 0));
}
