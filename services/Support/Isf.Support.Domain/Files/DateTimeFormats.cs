using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The dates, times and lengths of time of one file: reads them as its profile says or as they are found to be, and
/// remembers in which forms they came, to say them back. Days come before months unless the whole file, or its profile,
/// says otherwise.
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

    /// <summary>As a profile says, or, without, as the file has been found to be.</summary>
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

    /// <summary>The forms that were found so far.</summary>
    public DetectedFormats Found => new([.. datesFound], [.. timesFound], [.. durationsFound]);

    /// <summary>How dates are read where they leave a doubt.</summary>
    public string DateForm => dates?.Text ?? (monthFirst ? "mm/dd/yyyy" : "dd/mm/yyyy");

    /// <summary>The day that a text says; a time after it does not count.</summary>
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
            return false;
        Note(FormOf(sign, monthFirst), ref lastDate, datesFound);
        return true;
    }

    /// <summary>The day of a text that begins with one as 2026-04-06, whatever the file's own form is.</summary>
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
    /// A moment in the one form that is read further: 2026-04-06T08:00:00 with the offset that it had, if any. Null
    /// when there is no date and time in it.
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
        // "Oct" holds a t of its own.
        while (gap > 0 && char.IsAsciiLetter(text[gap - 1]) && text[gap] != ' ')
            gap = text.AsSpan(gap + 1).IndexOfAny(' ', 'T', 't') is var next && next < 0 ? -1 : gap + 1 + next;
        return gap > 0 && TryDate(text.AsSpan(0, gap), out var day) && Time(text.AsSpan(gap + 1).Trim()) is { } time
            ? $"{day:uuuu-MM-dd}T{time}" : null;
    }

    /// <summary>A time of day as hh:mm:ss, with its offset where it has one; null when it is none.</summary>
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

    /// <summary>A length of time in seconds: hours, minutes, seconds, or a number; null for neither.</summary>
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
                return null;
            durationsFound.Add(text.Count(sign => sign == ':') == 2 ? WithSeconds : HourMinute);
            return (hour * 3600) + (minute * 60) + seconds;
        }
        if (Hundredths.Read(text) is not { } number)
            return null;
        durationsFound.Add(hours ? "hours" : "minutes");
        var counted = number * (hours ? 36 : 0) + (hours ? 0 : number * 60 / 100);
        return counted > int.MaxValue ? null : (int)counted;
    }

    /// <summary>Yes, no, or neither.</summary>
    public static bool? Yes(string? text) => text?.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "Y" or "1" or "T" => true,
        null or "" or "FALSE" or "NO" or "N" or "0" or "F" => false,
        _ => null,
    };

    /// <summary>
    /// The three numbers of a day with its year last, and the sign between them, whichever of the first two is the
    /// month.
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

    /// <summary>The day's part of a text that may go on with a time.</summary>
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

/// <summary>The forms of dates, times and lengths of time that were found in a file.</summary>
public sealed record DetectedFormats(
    IReadOnlyList<string> Dates, IReadOnlyList<string> Times, IReadOnlyList<string> Durations);

/// <summary>
/// Whether a file writes the month before the day. One date that can only be day first settles it; month first it is
/// only where no date says otherwise and at least one in ten cannot be read differently, so that a slip of the pen in
/// one row does not turn all others round.
/// </summary>
public sealed class DayOrder
{
    // A file whose first so many dates are of another form is not read through for this.
    private const int EnoughOfOthers = 1000;

    private long ambiguous;
    private long monthFirst;
    private long others;

    /// <summary>Whether nothing that may still come can change the answer.</summary>
    public bool Settled { get; private set; }

    /// <summary>Whether months come first, as far as the dates that were seen say.</summary>
    public bool MonthFirst => !Settled && monthFirst > 0 && monthFirst * 10 >= ambiguous + monthFirst;

    /// <summary>Looks at a date, or at what begins with one.</summary>
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

/// <summary>Numbers of at most two places, in hundredths: a week's hours come in quarters (domain.md §4.4).</summary>
public static class Hundredths
{
    /// <summary>The number, or null when it is none, has more places, or is beyond a million.</summary>
    public static long? Read(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, places) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..].TrimEnd('0'));
        var at = 0;
        if (whole.Length is 0 or > 7 || places.Length > 2
            || !PatternParts.Number(whole, ref at, 7, 1, out var number) || at != whole.Length)
            return null;
        at = 0;
        var part = 0;
        if (places.Length > 0 && (!PatternParts.Number(places, ref at, 2, 1, out part) || at != places.Length))
            return null;
        return (number * 100L) + (places.Length == 1 ? part * 10 : part);
    }

    /// <summary>The number in words: 34.5, 2, 0.25.</summary>
    public static string Say(long hundredths) => hundredths % 100 == 0 ? $"{hundredths / 100}"
        : hundredths % 10 == 0 ? $"{hundredths / 100}.{hundredths % 100 / 10}"
        : $"{hundredths / 100}.{hundredths % 100:00}";
}
