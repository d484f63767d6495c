using Isf.Measures;

namespace Isf.Support.Domain.Files;

/// <summary>What is wrong with a row before any of its values is read.</summary>
public enum RowTrouble
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is longer than any visit can be.</summary>
    TooLong,

    /// <summary>A quote opens that nothing closes.</summary>
    QuoteNotClosed,

    /// <summary>The file ends in the middle of it, because the file itself was cut short.</summary>
    CutShort,
}

/// <summary>A row of a file: the line on which it begins (from 1), its text as it stands there, its values.</summary>
public sealed record SourceRow(long Line, string Original, IReadOnlyList<string> Values, RowTrouble Trouble)
{
    /// <summary>Whether no line end follows: of a file that was cut off, this is its last row.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>Takes the text of a row, without its line end; the text is gone afterwards.</summary>
public delegate void RowText(ReadOnlySpan<char> text);

/// <summary>
/// Splits text that comes in blocks into rows and values: any separator, quotes with the separator, quotes or line ends
/// in them, Windows, Unix or old Mac line ends. It holds one row at a time and no more of it than <paramref
/// name="longest"/>: a row of ten million characters costs no memory, and a quote that nothing closes costs its own
/// line, not the file.
/// </summary>
public sealed class RowSplitter(char separator, int longest = RowSplitter.LongestRow)
{
    /// <summary>The longest row that is read, in characters.</summary>
    public const int LongestRow = 32_768;

    // A note may run over lines; a quote that is still open after so many was never meant as one.
    private const int MostLinesInQuotes = 50;
    private const int KeptOfTooLong = 1000;
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

    /// <summary>Where it is set, sound rows go here as they stand, and are not split.</summary>
    public RowText? OnText { get; set; }

    /// <summary>Takes the next block and adds the rows that it completes.</summary>
    public void Push(ReadOnlySpan<char> block, ICollection<SourceRow> rows)
    {
        while (!block.IsEmpty)
        {
            // Outside quotes nothing matters but line ends and quotes: what lies before them is held at once.
            var plain = quoted || skipping || afterReturn ? 0 : block.IndexOfAny(Special);
            plain = plain < 0 ? block.Length : plain;
            if (plain > 0 && length + plain < longest)
            {
                Hold(block[..plain]);
                block = block[plain..];
                continue;
            }
            Take(block[0], rows);
            block = block[1..];
        }
    }

    /// <summary>The text is at its end: adds what is left.</summary>
    /// <param name="cutShort">Whether the file breaks off here, so that its last row cannot be trusted.</param>
    /// <param name="rows">Where the rows go.</param>
    public void End(bool cutShort, ICollection<SourceRow> rows)
    {
        while (!cutShort && quoted && length > 0)
            GiveUpQuote(rows);
        if (length > 0 || skipping)
            Emit(skipping ? RowTrouble.TooLong : cutShort ? RowTrouble.CutShort : RowTrouble.None, rows, isOpen: true);
    }

    private void Take(char sign, ICollection<SourceRow> rows)
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
        // A quote opens at the start of a value, closes, and opens again when it is doubled; elsewhere it is a mere
        // sign.
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

    // The first line is refused for its quote, and the lines after it are read again as what they most likely are:
    // rows.
    private void GiveUpQuote(ICollection<SourceRow> rows)
    {
        var text = held.AsSpan(0, length).ToString();
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        rows.Add(new SourceRow(line, Kept(first), [], RowTrouble.QuoteNotClosed));
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
            rows.Add(new SourceRow(line, Kept(text.ToString()), [], trouble));
        else if (!IsBlank(text) && OnText is { } take)
            take(text);
        else if (!IsBlank(text))
            rows.Add(new SourceRow(line, text.ToString(), Values(text), RowTrouble.None) { IsOpen = isOpen });
        line += linesInside;
        Clear();
    }

    // Nothing, or separators alone: spreadsheets write such rows where one was emptied.
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

    // What was held of a row that is too long may end within a character.
    private static string Kept(string text) => Texts.Whole(Texts.Shortened(text, KeptOfTooLong));

    /// <summary>One value of a row's text; nothing where the row has fewer.</summary>
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
