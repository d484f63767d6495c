using System.Text.RegularExpressions;
using Isf.Measures;
using NodaTime;
using NodaTime.Text;

namespace Isf.Story.Tests.Telling;

/// <summary>
/// A sentence that stories may use, and its action. In its pattern {name} stands for a word, "{name}" for quoted words,
/// and [ ] for optional words.
/// </summary>
internal sealed partial class Sentence(string pattern, Func<StepMatch, Task> perform)
{
    private readonly Regex shape = new($"^{Shape(pattern)}$", RegexOptions.CultureInvariant);

    /// <summary>Whether a step matches this sentence. If it does, <paramref name="act"/> performs the step.</summary>
    public bool Fits(Step step, out Func<Task> act)
    {
        var match = shape.Match(step.Text);
        act = () => perform(new StepMatch(match, step));
        return match.Success;
    }

    private static string Shape(string pattern)
    {
        var escaped = Regex.Escape(pattern)
            .Replace("]", ")?", StringComparison.Ordinal).Replace(@"\[", "(?:", StringComparison.Ordinal);
        return Placeholder().Replace(escaped, placeholder => placeholder.Groups["quote"].Success
            ? $"\"(?<{placeholder.Groups["name"]}>[^\"]*)\"" : $"(?<{placeholder.Groups["name"]}>[^\\s,]+?)");
    }

    [GeneratedRegex("""(?<quote>")?\\\{(?<name>\w+)}"?""")]
    private static partial Regex Placeholder();
}

/// <summary>The parsed words of a step.</summary>
internal sealed class StepMatch(Match match, Step step)
{
    public string this[string name] => match.Groups[name].Value;

    public Table Table => step.Table;

    /// <summary>The day on which the step happens.</summary>
    public string Today => LocalDatePattern.Iso.Format(London.DayOf(step.At));

    public bool Names(string name) => match.Groups[name].Success;

    public long Pence => Figure.Pence(step.Text.Split(' ').First(word => word.StartsWith('£')));

    public long Whole(string name) => Figure.Whole(this[name]);
}

/// <summary>Days and times in the interface's format.</summary>
internal static class Clock
{
    /// <summary>A London day and time with its offset; null if the time is blank.</summary>
    public static string? At(string day, string? time)
    {
        if (string.IsNullOrEmpty(time))
            return null;
        var local = LocalDatePattern.Iso.Parse(day).GetValueOrThrow()
            + LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(time).GetValueOrThrow();
        return OffsetDateTimePattern.Rfc3339.Format(local.InZoneStrictly(London.Zone).ToOffsetDateTime());
    }

    public static Instant Moment(string day, string time) =>
        OffsetDateTimePattern.Rfc3339.Parse(At(day, time)!).GetValueOrThrow().ToInstant();
}
