using NodaTime;

namespace Isf.Support.Domain.Files;

/// <summary>
/// The pattern by which a program writes a date: d, m and y in their order, with the signs between them; mmm is the
/// first three letters of an English month. A day or month may lack its leading zero if a separator follows it, or if
/// it ends the date after a separator.
/// </summary>
public sealed class DayPattern
{
    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private readonly List<(char Sign, int Count)> parts;

    private DayPattern(string text, List<(char, int)> parts) => (Text, this.parts) = (text, parts);

    /// <summary>The pattern's text, such as dd/mm/yyyy.</summary>
    public string Text { get; }

    /// <summary>
    /// Parses a pattern; null unless it has a day, a month and a year, each once, in an order that programs write.
    /// </summary>
    public static DayPattern? Read(string text)
    {
        var parts = PatternParts.Split(text);
        bool Has(char sign, params int[] counts) => parts.Count(part => part.Sign == sign) == 1
            && counts.Contains(parts.Single(part => part.Sign == sign).Count);
        // No program writes year, day, month, so a pattern in that order is a mistake for year, month, day.
        int Place(char sign) => parts.FindIndex(part => part.Sign == sign);
        if (Place('y') < Place('d') && Place('d') < Place('m'))
            return null;
        return Has('d', 1, 2) && Has('m', 1, 2, 3) && Has('y', 2, 4)
            && parts.TrueForAll(part => part.Sign is 'd' or 'm' or 'y' or '/' or '-' or '.') ? new(text, parts) : null;
    }

    /// <summary>Reads a date written in this pattern; false if the text is no such date.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out LocalDate day)
    {
        day = default;
        var (year, month, date, at) = (0, 0, 0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var (sign, count) = parts[i];
            if (!char.IsAsciiLetter(sign))
            {
                if (at >= text.Length || text[at++] != sign)
                    return false;
                continue;
            }
            if (sign == 'm' && count == 3)
            {
                if (at + 3 > text.Length || (month = MonthOf(text.Slice(at, 3))) == 0)
                    return false;
                at += 3;
                continue;
            }
            var loose = i + 1 == parts.Count ? !char.IsAsciiLetter(parts[i - 1].Sign)
                : !char.IsAsciiLetter(parts[i + 1].Sign);
            if (!PatternParts.Number(text, ref at, count, loose && sign != 'y' ? 1 : count, out var number))
                return false;
            _ = sign == 'd' ? date = number : sign == 'm' ? month = number : year = count == 2 ? 2000 + number : number;
        }
        return at == text.Length && IsDay(year, month, date, out day);
    }

    /// <summary>Whether the three numbers are a date; any year from 1 is valid.</summary>
    internal static bool IsDay(int year, int month, int date, out LocalDate day)
    {
        day = default;
        if (year < 1 || month is < 1 or > 12 || date < 1
            || date > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return false;
        }
        day = new LocalDate(year, month, date);
        return true;
    }

    private static int MonthOf(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Months.Length; i++)
        {
            if (name.Equals(Months[i], StringComparison.OrdinalIgnoreCase))
                return i + 1;
        }
        return 0;
    }
}

/// <summary>
/// The pattern by which a program writes a time of day: h, m and s, with colons, full stops or nothing between them.
/// </summary>
public sealed class TimePattern
{
    private readonly List<(char Sign, int Count)> parts;

    private TimePattern(string text, List<(char, int)> parts) => (Text, this.parts) = (text, parts);

    /// <summary>The pattern's text, such as hh:mm.</summary>
    public string Text { get; }

    /// <summary>
    /// Parses a pattern; null unless it has hours and minutes once, seconds at most once, and valid signs.
    /// </summary>
    public static TimePattern? Read(string text)
    {
        var parts = PatternParts.Split(text);
        int Count(char sign) => parts.Count(part => part.Sign == sign && part.Count <= 2);
        return Count('h') == 1 && Count('m') == 1 && Count('s') <= 1
            && parts.TrueForAll(part => part.Sign is 'h' or 'm' or 's' or ':' or '.') ? new(text, parts) : null;
    }

    /// <summary>
    /// Reads the time at the start of a text, and counts the characters read in <paramref name="length"/>; an offset
    /// may follow the time. False if the text does not begin with such a time.
    /// </summary>
    public bool TryRead(ReadOnlySpan<char> text, out int hour, out int minute, out int second, out int length)
    {
        (hour, minute, second, length) = (0, 0, 0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var (sign, count) = parts[i];
            if (!char.IsAsciiLetter(sign))
            {
                if (length >= text.Length || text[length++] != sign)
                    return false;
                continue;
            }
            var loose = sign == 'h' && i + 1 < parts.Count && !char.IsAsciiLetter(parts[i + 1].Sign);
            if (!PatternParts.Number(text, ref length, count, loose ? 1 : count, out var number))
                return false;
            _ = sign == 'h' ? hour = number : sign == 'm' ? minute = number : second = number;
        }
        return hour < 24 && minute < 60 && second < 60;
    }
}

internal static class PatternParts
{
    /// <summary>Splits a pattern into runs of the same letter; every other sign is a part of its own.</summary>
    public static List<(char Sign, int Count)> Split(string text)
    {
        var parts = new List<(char Sign, int Count)>();
        foreach (var sign in text.ToLowerInvariant())
        {
            if (parts.Count > 0 && parts[^1].Sign == sign && char.IsAsciiLetter(sign))
                parts[^1] = (sign, parts[^1].Count + 1);
            else
                parts.Add((sign, 1));
        }
        return parts;
    }

    /// <summary>Reads a number with a minimum and a maximum count of digits, and moves past its digits.</summary>
    public static bool Number(ReadOnlySpan<char> text, ref int at, int max, int least, out int number)
    {
        number = 0;
        var digits = 0;
        while (digits < max && at < text.Length && char.IsAsciiDigit(text[at]))
        {
            number = (number * 10) + (text[at++] - '0');
            digits++;
        }
        return digits >= least;
    }
}
