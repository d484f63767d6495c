using System.Text.RegularExpressions;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Recognises ids that a spreadsheet has shortened because it took them for numbers. The spreadsheet saves
/// 123456789012 as 1.23457E+11, and nearby ids as the same text, so they can no longer be told apart.
/// </summary>
public static partial class DamagedId
{
    /// <summary>Whether the text looks like an id that a spreadsheet has shortened.</summary>
    public static bool Is(string text)
    {
        return text.Length > 3 && char.IsAsciiDigit(text[0]) && text.AsSpan().IndexOfAny('e', 'E') > 0
            && Shortened().IsMatch(text);
    }

    /// <summary>The fault of a row with a damaged id; its message explains how to export the file again.</summary>
    public static RowFault Fault(string field, string text) => new(field, "damaged-id",
        $"\"{text}\" is what a spreadsheet makes of a long number: its last digits are lost, and with them what "
        + "it names. Export the file again and send it without opening it in a spreadsheet, or set the column to Text "
        + "before the numbers go into it.");

    [GeneratedRegex(@"\A[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]{1,3}\z")]
    private static partial Regex Shortened();
}
