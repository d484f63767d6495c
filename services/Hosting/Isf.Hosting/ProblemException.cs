using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Isf.Hosting;

/// <summary>How a refusal is answered: its HTTP status and its one-sentence title.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ProblemAttribute(int status, string title) : Attribute
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The refusal in one sentence.</summary>
    public string Title => title;
}

/// <summary>One field that is wrong: where (JSON pointer), and what in plain words.</summary>
public sealed record FieldError(string Pointer, string Detail, string? Code = null);

/// <summary>An answer that refuses: application/problem+json (RFC 9457). Nothing was changed.</summary>
public sealed class ProblemException(int status, string code, string title, string detail, params FieldError[] errors)
    : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>Stable, kebab-case.</summary>
    public string Code => code;

    /// <summary>The refusal in one sentence.</summary>
    public string Title => title;

    /// <summary>Fields that are wrong.</summary>
    public IReadOnlyList<FieldError> Errors => errors;

    /// <summary>When to ask again, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A feature's refusal.</summary>
    public static ProblemException For<TRefusal>(TRefusal why, string words, params FieldError[] errors)
        where TRefusal : struct, Enum
    {
        var answer = typeof(TRefusal).GetField(why.ToString())?.GetCustomAttribute<ProblemAttribute>()
            ?? throw new UnreachableException($"{typeof(TRefusal).FullName}.{why} has no [Problem].");
        return new ProblemException(answer.Status, CodeOf(why), answer.Title, words, errors);
    }

    /// <summary>A refusal's stable code: its name in kebab-case.</summary>
    public static string CodeOf<TRefusal>(TRefusal why) where TRefusal : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString());

    /// <summary>
    /// What the platform stands on is away or full: nothing was changed, and it is safe to ask again.
    /// </summary>
    public static ProblemException NotAvailable(string words) =>
        new(503, "not-available", "The platform cannot do that at the moment.",
            $"{words} Nothing was changed: send it again in a few seconds.")
        {
            RetryAfterSeconds = 2,
        };

    /// <summary>
    /// The database went away while it committed: it is not known whether that was done, and safe to ask again.
    /// </summary>
    public static ProblemException MayBeDone() =>
        new(503, "not-available", "The platform cannot say whether that was done.",
            "The database went away while it was being saved. Send the same again in a few seconds: if it was done, it "
            + "is not done twice, and you get the answer.")
        {
            RetryAfterSeconds = 2,
        };

    /// <summary>There is no such fund, as far as this caller may know.</summary>
    public static ProblemException UnknownFund(string fundId) =>
        new(404, "unknown-fund", "There is no such fund.",
            $"No fund {fundId} is known here, or it is not yours to see.");
}
