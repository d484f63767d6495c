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

    /// <summary>Throws a problem that names each field at fault of a request to resolve a finding.</summary>
    /// <param name="code">The code as it was sent.</param>
    /// <param name="note">The note as it was sent.</param>
    /// <param name="examples">Codes that suit the finding, such as "put-right or explained".</param>
    public static void CheckFields(string code, string note, string examples)
    {
        var errors = new List<FieldError>();
        if (!Ids.IsId(code))
            errors.Add(new("/code", $"A word such as {examples}: 1 to 64 of A–Z a–z 0–9 . _ -"));
        if (!Texts.Fits(note, 2000))
            errors.Add(new("/note", "Write 1 to 2000 characters: what was found out, and what was done."));
        if (errors.Count > 0)
            throw ProblemException.BadFields(errors);
    }
}
