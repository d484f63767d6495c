using System.Globalization;
using System.Text;

namespace Isf.Measures;

/// <summary>
/// Measures, checks and repairs text from outside. It counts text elements, each of which a person sees as one
/// character (a letter with its marks, an emoji with all the characters that it is joined from), and not the units in
/// which the text is stored.
/// </summary>
public static class Texts
{
    private const int BidiFirst = 0x202A, BidiLast = 0x202E, IsolateFirst = 0x2066, IsolateLast = 0x2069;
    private const int ElementMax = 64, Joiner = 0x200D;

    // The largest average number of bytes per text element. It leaves room for the emoji of a family of four, which has
    // 25, and keeps a text within a key of a database index, which has at most 2,700 bytes for all its columns.
    private const int BytesOfOneMax = 32;

    // The separator of a visit file is in this list because it may be a tab.
    private static readonly HashSet<string> FreeText =
    [
        "address", "beyondHeld", "comment", "complaints", "description", "note", "purpose", "reason", "separator",
        "why", "words",
    ];

    // Letters, marks and signs that show nothing: the joiner of graphemes, the fillers of Hangul, an empty braille
    // cell.
    private static readonly int[] Fillers = [0x034F, 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0];
    private const char FirstStrongIsolate = '\u2068', PopIsolate = '\u2069';

    /// <summary>The number of text elements in a text.</summary>
    public static int Length(string text)
    {
        var count = 0;
        for (var at = 0; at < text.Length; at += StringInfo.GetNextTextElementLength(text, at))
            count++;
        return count;
    }

    /// <summary>
    /// Whether the text has more text elements than the limit, or so many marks on them that no column could store it.
    /// Counting stops at the limit.
    /// </summary>
    public static bool IsLonger(string text, int max)
    {
        return text.Length > max && (Ends(text, max) < text.Length
            || Encoding.UTF8.GetByteCount(text) > BytesOfOneMax * max);
    }

    /// <summary>Whether the text is not blank and has at most this many text elements.</summary>
    public static bool Fits(string? text, int max) => !string.IsNullOrWhiteSpace(text) && !IsLonger(text, max);

    /// <summary>The first <paramref name="max"/> text elements of a text, followed by … if it has more.</summary>
    public static string Shortened(string text, int max)
    {
        if (text.Length <= max)
            return text;
        var end = Ends(text, max);
        return end < text.Length ? $"{text.AsSpan(0, end)}…" : text;
    }

    /// <summary>A text from outside as a message quotes it: short, with codes for invisible characters.</summary>
    public static string Quoted(string text, int max = 60)
    {
        var runes = Shortened(text, max).EnumerateRunes().ToList();
        var quoted = new StringBuilder();
        for (var i = 0; i < runes.Count; i++)
        {
            var joins = runes[i].Value == Joiner && i > 0 && i + 1 < runes.Count && IsPicture(runes[i + 1]);
            _ = joins || IsSeen(runes[i]) ? quoted.Append(runes[i]) : quoted.Append($"<{Code(runes[i].Value)}>");
        }
        return quoted.ToString();
    }

    /// <summary>A character's code, as messages name it: U+202E.</summary>
    public static string Code(int character) => "U+" + character.ToString("X4", CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether a field of this name is free text: sentences that somebody writes, which may hold tabs and line breaks.
    /// A name, an id, a number or a word from a list is one line (api.md, conventions).
    /// </summary>
    public static bool IsFree(string? field) => field is not null && FreeText.Contains(field);

    /// <summary>Whether a field of this name holds the name of somebody or something, for pages and lists.</summary>
    public static bool IsName(string? field) => field is "name" or "nameAtBank" or "supporter"
        || field?.EndsWith("Name", StringComparison.Ordinal) == true;

    /// <summary>
    /// The reason why a text cannot be a name, which is shown in one line and must be visible. Null if the text can be
    /// a name. Null for a blank text too, because other checks refuse it.
    /// </summary>
    public static string? FaultOfName(string text)
    {
        if (Bidirectional(text) is { } turns)
            return $"it holds {Code(turns)}, which can show a name as another one. Take it out.";
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return $"it holds {Code(rune.Value)}, which breaks the line. Take it out.";
        }
        return string.IsNullOrWhiteSpace(text) || text.EnumerateRunes().Any(Names) ? null
            : $"nothing of “{Quoted(text)}” names anybody: write at least one letter, digit or sign that can be seen.";
    }

    /// <summary>
    /// The first control character of a text, or null if it has none. Tabs and line breaks do not count in free text.
    /// </summary>
    public static char? Control(string text, bool isFree = false)
    {
        foreach (var item in text)
        {
            if (char.IsControl(item) && !(isFree && item is '\t' or '\r' or '\n'))
                return item;
        }
        return null;
    }

    /// <summary>
    /// Replaces every half of a character by U+FFFD, the replacement character, because no database can store half a
    /// character. Returns any other text unchanged.
    /// </summary>
    public static string Whole(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
                return string.Concat(text.EnumerateRunes());
        }
        return text;
    }

    /// <summary>
    /// The first bidirectional control of a text, which can show a name as another one; null if it has none.
    /// </summary>
    public static char? Bidirectional(string text)
    {
        foreach (var item in text)
        {
            if (IsBidirectional(item))
                return item;
        }
        return null;
    }

    /// <summary>
    /// A text as a page shows it beside other text. A text with bidirectional controls is isolated, so that it does not
    /// change the order of the text around it; controls that would end the isolation are left out.
    /// </summary>
    public static string Isolated(string text)
    {
        if (IsIsolated(text))
            return text;
        var (isolated, open) = (new StringBuilder(text.Length + 8).Append(FirstStrongIsolate), 0);
        foreach (var item in text)
        {
            if (item == PopIsolate && open == 0)
                continue;
            open += item == PopIsolate ? -1 : IsIsolate(item) ? 1 : 0;
            isolated.Append(item);
        }
        return isolated.Append(PopIsolate, open + 1).ToString();
    }

    // Whether a text can be shown beside other text without being isolated. A sentence can, if the names in it are
    // isolated already.
    private static bool IsIsolated(string text)
    {
        var open = 0;
        foreach (var item in text)
        {
            if (item == PopIsolate ? open-- == 0 : IsBidirectional(item) && !IsIsolate(item) && open == 0)
                return false;
            open += IsIsolate(item) ? 1 : 0;
        }
        return open == 0;
    }

    private static bool IsIsolate(char each) => each is >= (char)IsolateFirst and < PopIsolate;

    private static bool IsBidirectional(char each) => each is '\u061C' or '\u200E' or '\u200F'
        or >= (char)BidiFirst and <= (char)BidiLast or >= (char)IsolateFirst and <= (char)IsolateLast;

    // False for characters that a page shows as nothing, or as if they were a blank.
    private static bool IsSeen(Rune rune) => rune.Value == ' ' || (!Fillers.Contains(rune.Value)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse));

    // A letter, digit, mark or picture can name somebody. Punctuation cannot, nor can a selector, which only changes
    // the look of another character.
    private static bool Names(Rune rune) => IsSeen(rune) && rune.Value is not (>= 0xFE00 and <= 0xFE0F
            or >= 0xE0100 and <= 0xE01EF or >= 0x180B and <= 0x180F)
        && !Rune.IsPunctuation(rune) && rune.Value != ' ';

    private static bool IsPicture(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol;

    // The index at which max text elements end, or the end of a shorter text. The count stops before an element that is
    // too long, because Unicode does not limit the number of marks on a letter.
    private static int Ends(string text, int max)
    {
        var at = 0;
        for (var count = 0; count < max && at < text.Length; count++)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            if (length > ElementMax)
                return at;
            at += length;
        }
        return at;
    }
}
