using NodaTime;

namespace Isf.Hosting.Serialization;

/// <summary>
/// A fast path for dates and moments in their commonest forms: "2026-03-30", "2026-03-30T06:01:00Z",
/// "2026-03-30T06:01:00+01:00". A message of visits holds thousands of them. Read returns false and Write returns 0
/// for anything else, which NodaTime's patterns then handle.
/// </summary>
internal static class Iso8601Fast
{
    /// <summary>The length of the longest form, in bytes.</summary>
    public const int Longest = 25;

    private const int Day = 10;
    private const int Second = 19;

    public static bool Read(ReadOnlySpan<byte> text, out LocalDate value)
    {
        value = default;
        return text.Length == Day && ReadDay(text, out value);
    }

    public static bool Read(ReadOnlySpan<byte> text, out Instant value)
    {
        value = default;
        if (text.Length != Second + 1 || text[Second] != 'Z' || !ReadSecond(text, out var utc))
            return false;
        value = utc.InUtc().ToInstant();
        return true;
    }

    public static bool Read(ReadOnlySpan<byte> text, out OffsetDateTime value)
    {
        value = default;
        var offset = 0;
        var ends = (text.Length == Second + 1 && text[Second] == 'Z')
            || (text.Length == Longest && text[Second] == '+' && text[Second + 3] == ':'
                && Two(text, Second + 1, 17, out var hours) && Two(text, Second + 4, 59, out var minutes)
                && (offset = (hours * 60) + minutes) > 0);
        if (!ends || !ReadSecond(text, out var local))
            return false;
        value = new(local, Offset.FromSeconds(offset * 60));
        return true;
    }

    public static int Write(LocalDate value, Span<byte> text)
    {
        if (value.Year is < 1 or > 9999 || value.Calendar != CalendarSystem.Iso)
            return 0;
        WriteTwo(value.Year / 100, text);
        WriteTwo(value.Year % 100, text[2..]);
        text[4] = (byte)'-';
        WriteTwo(value.Month, text[5..]);
        text[7] = (byte)'-';
        WriteTwo(value.Day, text[8..]);
        return Day;
    }

    public static int Write(Instant value, Span<byte> text)
    {
        if (WriteSecond(value.InUtc().LocalDateTime, text) == 0)
            return 0;
        text[Second] = (byte)'Z';
        return Second + 1;
    }

    public static int Write(OffsetDateTime value, Span<byte> text)
    {
        var (minutes, rest) = Math.DivRem(value.Offset.Seconds, 60);
        if (minutes < 0 || rest != 0 || WriteSecond(value.LocalDateTime, text) == 0)
            return 0;
        text[Second] = (byte)(minutes == 0 ? 'Z' : '+');
        if (minutes == 0)
            return Second + 1;
        WriteTwo(minutes / 60, text[(Second + 1)..]);
        text[Second + 3] = (byte)':';
        WriteTwo(minutes % 60, text[(Second + 4)..]);
        return Longest;
    }

    private static bool ReadDay(ReadOnlySpan<byte> text, out LocalDate value)
    {
        value = default;
        if (text[4] != '-' || text[7] != '-' || !Two(text, 0, 99, out var century) || !Two(text, 2, 99, out var year)
            || !Two(text, 5, 12, out var month) || !Two(text, 8, 31, out var day))
        {
            return false;
        }
        year += century * 100;
        if (year == 0 || month == 0 || day == 0 || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return false;
        value = new(year, month, day);
        return true;
    }

    private static bool ReadSecond(ReadOnlySpan<byte> text, out LocalDateTime value)
    {
        value = default;
        if (text[Day] != 'T' || text[13] != ':' || text[16] != ':' || !ReadDay(text, out var day)
            || !Two(text, 11, 23, out var hour) || !Two(text, 14, 59, out var minute)
            || !Two(text, 17, 59, out var second))
        {
            return false;
        }
        value = day.At(new LocalTime(hour, minute, second));
        return true;
    }

    private static int WriteSecond(LocalDateTime value, Span<byte> text)
    {
        if (value.NanosecondOfSecond != 0 || Write(value.Date, text) == 0)
            return 0;
        text[Day] = (byte)'T';
        WriteTwo(value.Hour, text[11..]);
        text[13] = (byte)':';
        WriteTwo(value.Minute, text[14..]);
        text[16] = (byte)':';
        WriteTwo(value.Second, text[17..]);
        return Second;
    }

    private static bool Two(ReadOnlySpan<byte> text, int at, int max, out int value)
    {
        value = ((text[at] - '0') * 10) + text[at + 1] - '0';
        return char.IsAsciiDigit((char)text[at]) && char.IsAsciiDigit((char)text[at + 1]) && value <= max;
    }

    private static void WriteTwo(int value, Span<byte> text)
    {
        text[0] = (byte)('0' + (value / 10));
        text[1] = (byte)('0' + (value % 10));
    }
}
