using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>Faults of a row that are found before its values are read.</summary>
public enum RowTrouble
{
    /// <summary>The row has no fault.</summary>
    None = 0,

    /// <summary>The row is longer than any visit can be.</summary>
    TooLong,

    /// <summary>A quotation mark opens and is never closed.</summary>
    QuoteNotClosed,

    /// <summary>The file ends in the middle of the row, because the file itself was cut short.</summary>
    CutShort,
}

/// <summary>
/// A row of a file: its first line (counted from 1), its text as in the file, its values and its fault.
/// </summary>
public sealed record SourceRow(long Line, string Original, IReadOnlyList<string> Values, RowTrouble Trouble)
{
    /// <summary>Whether no line end follows the row, as in the last row of a file that was cut off.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>Receives the text of a row, without its line end. The text is valid only during the call.</summary>
public delegate void RowText(ReadOnlySpan<char> text);

/// <summary>
/// Splits text that arrives in blocks into rows and values. Any separator is possible; quoted values may contain
/// separators, quotes and line ends; line ends may be those of Windows, Unix or old Macs. Only one row is in memory
/// at a time, up to <paramref name="longest"/> characters, so a row of ten million characters needs no more memory,
/// and a quote that is never closed makes one line faulty and not the file.
/// </summary>
public sealed class RowSplitter(char separator, int longest = RowSplitter.LongestRow)
{
    /// <summary>The maximum length of a row, in characters.</summary>
    public const int LongestRow = 32_768;

    // A note may have several lines; a quote that is still open after this many lines is a mistake.
    private const int MostLinesInQuotes = 50;
    private const int ShownOfTooLongMax = 1000;
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("\r\n\"");

    private readonly List<string> values = new(32);
    private char[] held = new char[4096];
    private int length;
    private long line = 1;
    private int linesInside;
    private bool quoted;
    private bool atValueStart = true;
    private bool justClosed;
    private bool skipping;
    private bool afterReturn;

    /// <summary>Receives each sound row as text, not split; null to have rows split into values.</summary>
    public RowText? OnText { get; set; }

    /// <summary>Reads the next block of text and adds the rows that it completes.</summary>
    public void Push(ReadOnlySpan<char> block, ICollection<SourceRow> rows)
    {
        while (!block.IsEmpty)
        {
            // Outside quotes only line ends and quotes matter, so the text before them is copied in one step.
            var plain = quoted || skipping || afterReturn ? 0 : block.IndexOfAny(Special);
            plain = plain < 0 ? block.Length : plain;
            if (plain > 0 && length + plain < longest)
            {
                Hold(block[..plain]);
                block = block[plain..];
                continue;
            }
            Add(block[0], rows);
            block = block[1..];
        }
    }

    /// <summary>Ends the text and adds the rows that remain.</summary>
    /// <param name="cutShort">Whether the file breaks off here, so that its last row cannot be trusted.</param>
    /// <param name="rows">The collection to which the rows are added.</param>
    public void End(bool cutShort, ICollection<SourceRow> rows)
    {
        while (!cutShort && quoted && length > 0)
            GiveUpQuote(rows);
        if (length > 0 || skipping)
            Emit(skipping ? RowTrouble.TooLong : cutShort ? RowTrouble.CutShort : RowTrouble.None, rows, isOpen: true);
    }

    private void Add(char sign, ICollection<SourceRow> rows)
    {
        if (afterReturn)
        {
            afterReturn = false;
            if (sign == '\n')
            {
                if (quoted)
                    Hold(sign);
                return;
            }
        }
        var lineEnd = sign is '\n' or '\r';
        afterReturn = sign == '\r';
        if (lineEnd && !quoted)
        {
            if (length > 0 || skipping)
                Emit(skipping ? RowTrouble.TooLong : RowTrouble.None, rows);
            line++;
            return;
        }
        if (skipping)
            return;
        // A quote opens at the start of a value, closes, and opens again if it is doubled. Anywhere else it is an
        // ordinary character.
        var wasQuoted = quoted;
        if (sign == '"')
            quoted = !wasQuoted && (atValueStart || justClosed);
        justClosed = sign == '"' && wasQuoted;
        atValueStart = !quoted && (sign == separator || (atValueStart && sign == ' '));
        Hold(sign);
        if (lineEnd)
            linesInside++;
        if (length < longest && linesInside < MostLinesInQuotes)
            return;
        if (quoted && linesInside > 0)
            GiveUpQuote(rows);
        else
            (skipping, quoted) = (true, false);
    }

    private void Hold(ReadOnlySpan<char> plain)
    {
        if (length + plain.Length > held.Length)
            Array.Resize(ref held, Math.Max(held.Length * 2, length + plain.Length));
        plain.CopyTo(held.AsSpan(length));
        length += plain.Length;
        justClosed = false;
        var last = plain.TrimEnd(' ');
        atValueStart = last.IsEmpty ? atValueStart : last[^1] == separator;
    }

    private void Hold(char sign)
    {
        if (length == held.Length)
            Array.Resize(ref held, held.Length * 2);
        held[length++] = sign;
    }

    // The first line is refused because of its quote. The lines after it are read again, as they are most likely rows
    // of their own.
    private void GiveUpQuote(ICollection<SourceRow> rows)
    {
        var text = held.AsSpan(0, length).ToString();
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        rows.Add(new SourceRow(line, Beginning(first), [], RowTrouble.QuoteNotClosed));
        Clear();
        afterReturn = false;
        if (end < 0)
            return;
        line++;
        var rest = text.AsSpan(end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1));
        Push(rest, rows);
    }

    private void Emit(RowTrouble trouble, ICollection<SourceRow> rows, bool isOpen = false)
    {
        var text = held.AsSpan(0, length);
        if (trouble != RowTrouble.None)
            rows.Add(new SourceRow(line, Beginning(text.ToString()), [], trouble));
        else if (!IsBlank(text) && OnText is { } addText)
            addText(text);
        else if (!IsBlank(text))
            rows.Add(new SourceRow(line, text.ToString(), Values(text), RowTrouble.None) { IsOpen = isOpen });
        line += linesInside;
        Clear();
    }

    // A row is blank if it has only separators, quotes and white space. Spreadsheets write such rows after a user has
    // emptied them.
    private bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
        {
            if (sign != separator && sign != '"' && !char.IsWhiteSpace(sign))
                return false;
        }
        return true;
    }

    private void Clear() =>
        (length, linesInside, quoted, justClosed, atValueStart, skipping) = (0, 0, false, false, true, false);

    // The kept part of a row may end in the middle of a character; Whole replaces such a half.
    private static string Beginning(string text) => Texts.Whole(Texts.Shortened(text, ShownOfTooLongMax));

    /// <summary>One value of a row's text; empty if the row has fewer values.</summary>
    public ReadOnlySpan<char> Value(ReadOnlySpan<char> text, int column)
    {
        if (text.Contains('"'))
            return Values(text) is var all && column < all.Length ? all[column] : default;
        for (; column > 0; column--)
        {
            var end = text.IndexOf(separator);
            if (end < 0)
                return default;
            text = text[(end + 1)..];
        }
        var last = text.IndexOf(separator);
        return (last < 0 ? text : text[..last]).Trim();
    }

    /// <summary>The values of a row's text.</summary>
    public string[] Values(ReadOnlySpan<char> text)
    {
        values.Clear();
        while (true)
        {
            var start = text.TrimStart(' ');
            if (!start.IsEmpty && start[0] == '"')
            {
                values.Add(Nfc.Normalize(Unquoted(start[1..], out text)));
            }
            else
            {
                var end = text.IndexOf(separator);
                values.Add(Nfc.Normalize((end < 0 ? text : text[..end]).Trim().ToString()));
                text = end < 0 ? default : text[end..];
            }
            if (text.IsEmpty)
                return [.. values];
            text = text[1..];
        }
    }

    private string Unquoted(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        var value = new System.Text.StringBuilder();
        while (true)
        {
            var quote = text.IndexOf('"');
            if (quote < 0)
            {
                rest = default;
                return value.Append(text).ToString().Trim();
            }
            value.Append(text[..quote]);
            text = text[(quote + 1)..];
            if (!text.IsEmpty && text[0] == '"')
            {
                value.Append('"');
                text = text[1..];
                continue;
            }
            var end = text.IndexOf(separator);
            value.Append(end < 0 ? text : text[..end]);
            rest = end < 0 ? default : text[end..];
            return value.ToString().Trim();
        }
    }
}
