using System.Text.RegularExpressions;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Ids that a spreadsheet took for numbers and shortened: 123456789012 is saved as 1.23457E+11, and so are the ids next
/// to it. Nobody can tell them apart any more.
/// </summary>
public static partial class DamagedId
{
    /// <summary>Whether a text is such a number.</summary>
    public static bool Is(string text)
    {
        return text.Length > 3 && char.IsAsciiDigit(text[0]) && text.AsSpan().IndexOfAny('e', 'E') > 0
            && Shortened().IsMatch(text);
    }

    /// <summary>What is wrong with its row, and how to export it again.</summary>
    public static RowFault Fault(string field, string text) => new(field, "damaged-id",
        $"\"{text}\" is what a spreadsheet makes of a long number: its last digits are lost, and with them what "
        + "it names. Export the file again and send it without opening it in a spreadsheet, or set the column to Text "
        + "before the numbers go into it.");

    [GeneratedRegex(@"\A[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]{1,3}\z")]
    private static partial Regex Shortened();
}
