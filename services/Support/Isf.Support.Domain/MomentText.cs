using Isf.Measures;
using NodaTime;

namespace Isf.Support.Domain;

/// <summary>
/// A date and time in the forms of rosters and portals: <c>2026-04-06T08:00:00+01:00</c>, <c>2026-04-06 08:00</c> or
/// <c>06/04/2026 08:00</c>. Seconds and offset may be missing; fractions of a second are ignored.
/// </summary>
public static class MomentText
{
    /// <summary>The result of reading a text.</summary>
    public enum Found
    {
        /// <summary>The text is no date and time in a known form.</summary>
        Nothing = 0,

        /// <summary>The text is a moment. It has an offset, or its local time is unambiguous and needs none.</summary>
        Moment,

        /// <summary>The text is a local time without the offset that is needed.</summary>
        NoOffset,

        /// <summary>The text is a local time that happened twice, on the night when the clocks went back.</summary>
        Twice,

        /// <summary>The text is a local time that never happened, on the night when the clocks went forward.</summary>
        Never,

        /// <summary>The text's day is outside the platform's range.</summary>
        OutOfRange,
    }

    /// <summary>Reads the text; the moment has London's offset, whatever offset the text has.</summary>
    /// <param name="text">The text, without blanks around it.</param>
    /// <param name="offsetNeeded">
    /// True to refuse local times (the JSON interface); false to read them as London's (files).
    /// </param>
    /// <param name="moment">The moment, if the result is Moment.</param>
    public static Found Read(ReadOnlySpan<char> text, bool offsetNeeded, out OffsetDateTime moment)
    {
        moment = default;
        var at = 0;
        if (!ReadDate(text, ref at, out var date) || at >= text.Length || text[at] is not ('T' or 't' or ' '))
            return Found.Nothing;
        at++;
        if (!ReadTime(text, ref at, out var time) || !ReadOffset(text[at..], out var offset))
            return Found.Nothing;
        if (!AcceptedDays.Holds(date))
            return Found.OutOfRange;
        var wall = date + time;
        if (offset is { } value)
        {
            moment = London.At(wall.WithOffset(value).ToInstant());
            return AcceptedDays.Holds(moment.Date) ? Found.Moment : Found.OutOfRange;
        }
        var times = PlannedTimes.MomentsOf(wall);
        if (times != 1)
            return times == 0 ? Found.Never : Found.Twice;
        moment = PlannedTimes.MomentOf(wall);
        return offsetNeeded ? Found.NoOffset : Found.Moment;
    }

    private static bool ReadDate(ReadOnlySpan<char> text, ref int at, out LocalDate date)
    {
        date = default;
        if (text.Length < 10)
            return false;
        int year, month, day;
        var first = text[2];
        var iso = text[4] == '-';
        if (iso ? text[7] != '-' : first != '/' || text[5] != '/')
            return false;
        var whole = iso
            ? Digits(text, 0, 4, out year) & Digits(text, 5, 2, out month) & Digits(text, 8, 2, out day)
            : Digits(text, 6, 4, out year) & Digits(text, 3, 2, out month) & Digits(text, 0, 2, out day);
        if (!whole || year < 1 || month is < 1 or > 12 || day < 1
            || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return false;
        }
        date = new LocalDate(year, month, day);
        at = 10;
        return true;
    }

    private static bool ReadTime(ReadOnlySpan<char> text, ref int at, out LocalTime time)
    {
        time = default;
        var second = 0;
        if (!Digits(text, at, 2, out var hour) || hour > 23 || at + 2 >= text.Length || text[at + 2] != ':'
            || !Digits(text, at + 3, 2, out var minute) || minute > 59)
        {
            return false;
        }
        at += 5;
        if (at < text.Length && text[at] == ':')
        {
            if (!Digits(text, at + 1, 2, out second) || second > 59)
                return false;
            at += 3;
            if (at < text.Length && text[at] is '.' or ',')
            {
                at++;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                    at++;
            }
        }
        time = new LocalTime(hour, minute, second);
        return true;
    }

    private static bool ReadOffset(ReadOnlySpan<char> text, out Offset? offset)
    {
        offset = null;
        text = text.TrimStart(' ');
        if (text.IsEmpty)
            return true;
        if (text is "Z" or "z")
        {
            offset = Offset.Zero;
            return true;
        }
        var colon = text.Length == 6 && text[3] == ':';
        if (text[0] is not ('+' or '-') || !(colon || text.Length == 5)
            || !Digits(text, 1, 2, out var hours) || !Digits(text, colon ? 4 : 3, 2, out var minutes)
            || hours > 17 || minutes > 59)
        {
            return false;
        }
        offset = Offset.FromSeconds((text[0] == '-' ? -60 : 60) * ((hours * 60) + minutes));
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, int from, int count, out int number)
    {
        number = 0;
        if (from + count > text.Length)
            return false;
        foreach (var sign in text.Slice(from, count))
        {
            if (!char.IsAsciiDigit(sign))
                return false;
            number = (number * 10) + (sign - '0');
        }
        return true;
    }
}
