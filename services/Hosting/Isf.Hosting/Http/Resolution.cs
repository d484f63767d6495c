using Isf.Measures;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>
/// The resolution of a finding, with a short code, a note of what was found out, the author and the time.
/// </summary>
/// <param name="Code">A word such as explained or corrected.</param>
/// <param name="Note">What was found out, and what was done.</param>
/// <param name="By">The user who resolved it.</param>
/// <param name="At">When it was resolved.</param>
public sealed record Resolution(string Code, string Note, string By, Instant At)
{
    /// <summary>
    /// Returns the resolution of a finding. The first resolution stays. A repeat with the same code and note changes
    /// nothing; another code or note is refused.
    /// </summary>
    public static Decision<Resolution, TRefusal> Decide<TRefusal>(
        Resolution? before, Resolution requested, Func<Resolution, (TRefusal Why, string Detail)> conflict)
        where TRefusal : struct, Enum
    {
        return before is null ? requested
            : (before.Code, before.Note) == (requested.Code, requested.Note) ? before : conflict(before);
    }
}
