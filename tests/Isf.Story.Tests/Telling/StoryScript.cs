using System.Globalization;
using Isf.Measures;
using Isf.Tests.Servers;
using NodaTime;
using NodaTime.Text;

namespace Isf.Story.Tests.Telling;

/// <summary>An action or an expectation at a moment, in words, with an optional table.</summary>
internal sealed record Step(int Line, Instant At, string Text, Table Table);

/// <summary>The rows under a step, as cells of text.</summary>
internal sealed class Table
{
    private readonly List<string[]> rows = [];

    /// <summary>The rows, each as a name and a value.</summary>
    public IEnumerable<(string Name, string Value)> Pairs => rows.Select(row => (row[0], row[1]));

    /// <summary>The rows under a heading, each by the names of its columns.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Records =>
        rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(cell => cell.First, cell => cell.Second));

    internal void Add(string line) => rows.Add([.. line.Trim('|').Split('|').Select(cell => cell.Trim())]);
}

/// <summary>
/// A story consists of blocks that begin "on DAY at TIME" (Europe/London). Their steps are indented under that line.
/// The lines of a step's table start with a bar, under the step. A # starts a comment.
/// </summary>
internal sealed class StoryScript
{
    private static readonly LocalDateTimePattern When =
        LocalDateTimePattern.CreateWithInvariantCulture("'on 'yyyy-MM-dd' at 'HH:mm");

    private StoryScript(string name, IReadOnlyList<Step> steps) => (Name, Steps) = (name, steps);

    public string Name { get; }

    public IReadOnlyList<Step> Steps { get; }

    public static string Folder { get; } = Path.Combine(TestServers.Root, "tests", "Isf.Story.Tests", "stories");

    public static StoryScript Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".story"));
        var steps = new List<Step>();
        Instant? at = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var text = WithoutComment(lines[i]);
            var line = text.Trim();
            if (line.Length == 0)
                continue;
            if (!char.IsWhiteSpace(text[0]))
                at = When.Parse(line).GetValueOrThrow().InZoneStrictly(London.Zone).ToInstant();
            else if (line[0] == '|')
                steps[^1].Table.Add(line);
            else
                steps.Add(new(i + 1, at ?? throw ComesBeforeAnyDay(i + 1), line, new Table()));
        }
        return new(name, steps);
    }

    private static FormatException ComesBeforeAnyDay(int line) => new($"Line {line} comes before any day.");

    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || line[at - 1] == ' ')
                return line[..at];
        }
        return line;
    }
}

/// <summary>Figures as written in a story: £1,620.00 and 58 h 32 min.</summary>
internal static class Figure
{
    public static long Pence(string written)
    {
        var sign = written.StartsWith('-') ? -1 : 1;
        var digits = written.TrimStart('-');
        if (!digits.StartsWith('£') || digits.Length < 5 || digits[^3] != '.')
            throw new FormatException($"“{written}” is not money: write £12.00.");
        return sign * long.Parse(digits[1..].Replace(",", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    public static long Whole(string written) =>
        long.Parse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>A cell's figures: “£180.00 in 3” (pence, count), “£8.00 for 1 h 5 min” (pence, minutes).</summary>
    public static IReadOnlyList<long> All(string cell)
    {
        if (cell.Split(" in ") is [var money, var count])
            return [Pence(money), Whole(count)];
        if (cell.Split(" for ") is [var cost, var time])
            return [Pence(cost), Minutes(time)];
        return [cell.Contains('£', StringComparison.Ordinal) ? Pence(cell)
            : cell.EndsWith("min", StringComparison.Ordinal) ? Minutes(cell) : Whole(cell)];
    }

    private static long Minutes(string written) =>
        written.Split(' ') is [var hours, "h", var minutes, "min"] ? (60 * Whole(hours)) + Whole(minutes)
            : throw new FormatException($"“{written}” is not a time: write 2 h 5 min.");
}
