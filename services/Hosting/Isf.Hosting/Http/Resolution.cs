using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>How something that was found is answered: a short code, a note of the findings, by whom and when.</summary>
public sealed record Resolution(string Code, string Note, string By, Instant At)
{
    /// <summary>
    /// The resolution that stands: the first one decides. The same words again change nothing; other words are refused.
    /// </summary>
    public static Decision<Resolution, TRefusal> Decide<TRefusal>(
        Resolution? before, Resolution asked, Func<Resolution, (TRefusal Why, string Words)> otherWords)
        where TRefusal : struct, Enum
    {
        return before is null ? asked
            : (before.Code, before.Note) == (asked.Code, asked.Note) ? before : otherWords(before);
    }
}
