using System.Buffers;

namespace Isf.Hosting.Http;

/// <summary>Writes the rows of CSV files (RFC 4180), with commas between cells and a line end after each row.</summary>
public static class CsvWriter
{
    /// <summary>The media type of a CSV file.</summary>
    public const string ContentType = "text/csv; charset=utf-8";

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Joins cells, which are already in quotes where they need them, to a row.</summary>
    public static string Row(IEnumerable<string> cells) => string.Join(',', cells) + "\r\n";

    /// <summary>A text as a cell, in quotes only if the text has a comma, a quote or a line end.</summary>
    public static string Cell(string text) => text.AsSpan().ContainsAny(Special) ? Quoted(text) : text;

    /// <summary>
    /// A text as a cell for programs that may separate cells by semicolons. A text with a semicolon is in quotes too.
    /// </summary>
    public static string CellOfLists(string text) =>
        text.Contains(';', StringComparison.Ordinal) ? Quoted(text) : Cell(text);

    /// <summary>A text in quotes; the quotes within it are doubled.</summary>
    public static string Quoted(string text) =>
        $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
