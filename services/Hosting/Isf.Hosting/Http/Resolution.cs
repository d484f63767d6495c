using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>The response to a finding: a short code, a note of what was found out, its author and its time.</summary>
public sealed record Resolution(string Code, string Note, string By, Instant At)
{
    /// <summary>
    /// The valid resolution of a finding, which is the first one. A repeat with the same content changes nothing;
    /// different content is refused.
    /// </summary>
    public static Decision<Resolution, TRefusal> Decide<TRefusal>(
        Resolution? before, Resolution asked, Func<Resolution, (TRefusal Why, string Words)> otherWords)
        where TRefusal : struct, Enum
    {
        return before is null ? asked
            : (before.Code, before.Note) == (asked.Code, asked.Note) ? before : otherWords(before);
    }
}
