using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The reason for which one row of a file is rejected: the column (null if the whole row is at fault), a stable code,
/// and what to do about it.
/// </summary>
public sealed record RowFault(string? Field, string Code, string PlainWords)
{
    private static readonly RowFault CutShort = new(null, "file-cut-short",
        "The file breaks off here, so this row may not be whole. Send the whole file under a new reference: "
        + "visits that are known already will not count twice.");

    /// <summary>Turns a fault in a visit into a fault of its row, with the code of the same reason.</summary>
    public static RowFault From(VisitCheck.Fault fault) =>
        new(fault.Field, CodeOf(fault.Why), fault.PlainWords);

    /// <summary>The fault of a row before its values are read, or null.</summary>
    /// <param name="row">The row.</param>
    /// <param name="width">The number of columns in the header.</param>
    public static RowFault? From(SourceRow row, int width)
    {
        return row.Trouble switch
        {
            RowTrouble.TooLong => new(null, "row-too-long",
                "This row is far longer than a visit can be. Check where its line should end."),
            RowTrouble.QuoteNotClosed => new(null, "quote-not-closed",
                "A quotation mark opens in this row and is not closed. Close it, or take it out."),
            RowTrouble.CutShort => CutShort,
            // A last line that only lacks its line end has all its values; a line that was cut off lacks some.
            _ when row.IsOpen && row.Values.Count < width => CutShort,
            _ when row.Values.Skip(width).Any(value => value.Length > 0) => new(null, "too-many-values",
                $"This row has {row.Values.Count} values for {width} columns. "
                + "Put values that hold the separator into quotes."),
            _ when row.Original.Contains('\0', StringComparison.Ordinal) => new(null, "not-text",
                "This row holds characters that are no text. Export the file again."),
            _ when Texts.Control(row.Original, isFree: true) is { } control => new(null, "control-character",
                $"This row holds the control character {Texts.Code(control)}, which cannot be kept. Take it out."),
            _ => null,
        };
    }

    /// <summary>The stable code of a refusal: its name in kebab-case.</summary>
    public static string CodeOf(VisitCheck.Refusal why) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString());
}
