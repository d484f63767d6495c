using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// Reads the dates, times and durations of one file by the file's profile, or else by the forms detected in the file.
/// The forms that occur are recorded, so that they can be reported. The day comes before the month unless the profile
/// or the whole file shows otherwise.
/// </summary>
public sealed class DateTimeFormats
{
    private const string Iso = "yyyy-mm-dd", HourMinute = "hh:mm", WithSeconds = "hh:mm:ss";
    private static readonly TimePattern Colons = TimePattern.Read(HourMinute)!;
    private static readonly TimePattern ColonsSeconds = TimePattern.Read(WithSeconds)!;

    private readonly DayPattern? dates;
    private readonly TimePattern? times;
    private readonly bool hours;
    private readonly bool monthFirst;
    private readonly SortedSet<string> datesFound = new(StringComparer.Ordinal);
    private readonly SortedSet<string> timesFound = new(StringComparer.Ordinal);
    private readonly SortedSet<string> durationsFound = new(StringComparer.Ordinal);
    private string? lastDate;
    private string? lastTime;

    /// <summary>Reads by the profile if there is one, otherwise by the file's order of day and month.</summary>
    public DateTimeFormats(VisitFileProfile? profile, bool monthFirst, DetectedFormats? before = null)
    {
        dates = profile?.Dates is { } written ? DayPattern.Read(written) : null;
        times = profile?.Times is { } clock ? TimePattern.Read(clock) : null;
        hours = profile?.Durations == "hours";
        this.monthFirst = monthFirst;
        datesFound.UnionWith(before?.Dates ?? []);
        timesFound.UnionWith(before?.Times ?? []);
        durationsFound.UnionWith(before?.Durations ?? []);
    }

    /// <summary>The forms found so far.</summary>
    public DetectedFormats Found => new([.. datesFound], [.. timesFound], [.. durationsFound]);

    /// <summary>The date form by which the file is read, as error messages show it.</summary>
    public string DateForm => dates?.Text ?? (monthFirst ? "mm/dd/yyyy" : "dd/mm/yyyy");

    /// <summary>Reads the date at the start of a text and ignores a time after it; false if there is no date.</summary>
    public bool TryDate(ReadOnlySpan<char> text, out LocalDate day)
    {
        day = default;
        if (dates is not null)
        {
            var found = dates.TryRead(text, out day) || dates.TryRead(DayOf(text), out day);
            if (found)
                Note(dates.Text, ref lastDate, datesFound);
            return found;
        }
        if (IsoDay(text, out day))
        {
            Note(Iso, ref lastDate, datesFound);
            return true;
        }
        if (!Parts(DayOf(text), out var first, out var second, out var written, out var sign)
            || !DayPattern.IsDay(written, monthFirst ? first : second, monthFirst ? second : first, out day))
        {
            return false;
        }
        Note(FormOf(sign, monthFirst), ref lastDate, datesFound);
        return true;
    }

    /// <summary>
    /// Reads the date of a text that begins with an ISO date such as 2026-04-06, whatever form the file's other dates
    /// have.
    /// </summary>
    public static bool IsoDay(ReadOnlySpan<char> text, out LocalDate day)
    {
        day = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-')
            return false;
        var at = 0;
        if (!PatternParts.Number(text, ref at, 4, 4, out var year))
            return false;
        at++;
        if (!PatternParts.Number(text, ref at, 2, 2, out var month))
            return false;
        at++;
        return PatternParts.Number(text, ref at, 2, 2, out var date)
            && (at == text.Length || text[at] is 'T' or 't' or ' ') && DayPattern.IsDay(year, month, date, out day);
    }

    /// <summary>
    /// The text's date and time as 2026-04-06T08:00:00, with its UTC offset if it has one; null if either is missing.
    /// If the profile sets no forms, a text that looks like ISO is returned unchanged, because the visit's own checks
    /// read it.
    /// </summary>
    public string? Moment(string text)
    {
        if (dates is null && times is null && text.Length >= 16 && text[4] == '-' && text[7] == '-')
        {
            Note(Iso, ref lastDate, datesFound);
            Note(text.Length > 16 && text[16] == ':' ? WithSeconds : HourMinute, ref lastTime, timesFound);
            return text;
        }
        var gap = text.AsSpan().IndexOfAny(' ', 'T', 't');
        // The t in the month "Oct" does not separate the date from the time.
        while (gap > 0 && char.IsAsciiLetter(text[gap - 1]) && text[gap] != ' ')
            gap = text.AsSpan(gap + 1).IndexOfAny(' ', 'T', 't') is var next && next < 0 ? -1 : gap + 1 + next;
        return gap > 0 && TryDate(text.AsSpan(0, gap), out var day) && Time(text.AsSpan(gap + 1).Trim()) is { } time
            ? $"{day:uuuu-MM-dd}T{time}" : null;
    }

    /// <summary>The time of day as hh:mm:ss, with its UTC offset if it has one; null if the text is no time.</summary>
    public string? Time(ReadOnlySpan<char> text)
    {
        var pattern = times ?? ColonsSeconds;
        if (!pattern.TryRead(text, out var hour, out var minute, out var second, out var length))
        {
            pattern = Colons;
            if (times is not null || !pattern.TryRead(text, out hour, out minute, out second, out length))
                return null;
        }
        var rest = text[length..].Trim();
        if (rest.Length > 0 && rest[0] is '.' or ',')
            rest = rest[1..].TrimStart("0123456789").Trim();
        Note(pattern.Text, ref lastTime, timesFound);
        return rest.IsEmpty || rest[0] is '+' or '-' or 'Z' or 'z' ? $"{hour:00}:{minute:00}:{second:00}{rest}" : null;
    }

    /// <summary>
    /// A duration in seconds; null if the text is neither a time such as 00:45 or 00:45:00 nor a number. A number
    /// counts minutes, or hours if the profile says so.
    /// </summary>
    public int? Seconds(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            var at = 0;
            var seconds = 0;
            if (!PatternParts.Number(text, ref at, 2, 1, out var hour) || at == text.Length || text[at++] != ':'
                || !PatternParts.Number(text, ref at, 2, 2, out var minute)
                || (at < text.Length && (text[at++] != ':' || !PatternParts.Number(text, ref at, 2, 2, out seconds)))
                || at != text.Length || minute > 59 || seconds > 59)
            {
                return null;
            }
            durationsFound.Add(text.Count(sign => sign == ':') == 2 ? WithSeconds : HourMinute);
            return (hour * 3600) + (minute * 60) + seconds;
        }
        if (Hundredths.Read(text) is not { } number)
            return null;
        durationsFound.Add(hours ? "hours" : "minutes");
        var counted = (number * (hours ? 36 : 0)) + (hours ? 0 : number * 60 / 100);
        return counted > int.MaxValue ? null : (int)counted;
    }

    /// <summary>True for yes, false for no or an empty text, null for any other text.</summary>
    public static bool? Yes(string? text) => text?.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "Y" or "1" or "T" => true,
        null or "" or "FALSE" or "NO" or "N" or "0" or "F" => false,
        _ => null,
    };

    /// <summary>
    /// Splits a date that ends with its year into its three numbers and their separator. Either of the first two
    /// numbers may be the month.
    /// </summary>
    internal static bool Parts(ReadOnlySpan<char> text, out int first, out int second, out int year, out char sign)
    {
        (second, year, sign) = (0, 0, '/');
        var at = 0;
        if (!PatternParts.Number(text, ref at, 2, 1, out first) || at == text.Length)
            return false;
        sign = text[at++];
        return sign is '/' or '-' or '.' && PatternParts.Number(text, ref at, 2, 1, out second) && at < text.Length
            && text[at++] == sign && PatternParts.Number(text, ref at, 4, 4, out year) && at == text.Length;
    }

    /// <summary>The date part of a text that may also have a time.</summary>
    internal static ReadOnlySpan<char> DayOf(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(' ', 'T');
        return end < 0 ? text : text[..end];
    }

    private static string FormOf(char sign, bool monthFirst) => (sign, monthFirst) switch
    {
        ('/', false) => "dd/mm/yyyy",
        ('-', false) => "dd-mm-yyyy",
        ('.', false) => "dd.mm.yyyy",
        ('/', true) => "mm/dd/yyyy",
        ('-', true) => "mm-dd-yyyy",
        _ => "mm.dd.yyyy",
    };

    private static void Note(string form, ref string? last, SortedSet<string> found)
    {
        if (ReferenceEquals(form, last))
            return;
        last = form;
        found.Add(form);
    }
}

/// <summary>The forms of dates, times and durations found in a file.</summary>
public sealed record DetectedFormats(
    IReadOnlyList<string> Dates, IReadOnlyList<string> Times, IReadOnlyList<string> Durations);

/// <summary>
/// Decides whether a file writes the month before the day. One date that can only be day first makes the file day
/// first. The file is month first only if it has no such date and at least one date in ten can only be month first, so
/// that one mistyped row does not change how all others are read.
/// </summary>
public sealed class DayOrder
{
    // The search ends after this many texts if none of them was a date of two numbers and a year.
    private const int EnoughOfOthers = 1000;

    private long ambiguous;
    private long monthFirst;
    private long others;

    /// <summary>Whether no later date can change the result.</summary>
    public bool Settled { get; private set; }

    /// <summary>Whether the dates seen so far show that the month comes first.</summary>
    public bool MonthFirst => !Settled && monthFirst > 0 && monthFirst * 10 >= ambiguous + monthFirst;

    /// <summary>Counts a date, or a text that begins with a date.</summary>
    public void See(ReadOnlySpan<char> text)
    {
        if (!DateTimeFormats.Parts(DateTimeFormats.DayOf(text), out var first, out var second, out _, out _))
            Settled |= ++others >= EnoughOfOthers && ambiguous + monthFirst == 0;
        else if (first > 12)
            Settled = true;
        else if (second > 12)
            monthFirst++;
        else if (first != second)
            ambiguous++;
    }
}

/// <summary>
/// Reads and writes numbers with at most two decimal places as hundredths, because a week's hours come in quarters
/// (domain.md §4.4).
/// </summary>
public static class Hundredths
{
    /// <summary>
    /// The number in hundredths; null if it is no number, or has more than two places or seven whole digits.
    /// </summary>
    public static long? Read(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, places) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..].TrimEnd('0'));
        var at = 0;
        if (whole.Length is 0 or > 7 || places.Length > 2
            || !PatternParts.Number(whole, ref at, 7, 1, out var number) || at != whole.Length)
        {
            return null;
        }
        at = 0;
        var part = 0;
        if (places.Length > 0 && (!PatternParts.Number(places, ref at, 2, 1, out part) || at != places.Length))
            return null;
        return (number * 100L) + (places.Length == 1 ? part * 10 : part);
    }

    /// <summary>The number as text without needless zeros: 34.5, 2, 0.25.</summary>
    public static string Format(long hundredths) => hundredths % 100 == 0 ? $"{hundredths / 100}"
        : hundredths % 10 == 0 ? $"{hundredths / 100}.{hundredths % 100 / 10}"
        : $"{hundredths / 100}.{hundredths % 100:00}";
}
