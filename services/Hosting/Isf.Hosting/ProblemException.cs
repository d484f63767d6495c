using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Isf.Measures;

namespace Isf.Hosting;

/// <summary>The HTTP status and the one-sentence title of the problem that a refusal becomes.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ProblemAttribute(int status, string title) : Attribute
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The refusal in one sentence.</summary>
    public string Title => title;
}

/// <summary>
/// A refusal, answered as application/problem+json (RFC 9457). Nothing was changed, unless the database was lost
/// during a commit (<see cref="MayBeDone"/>).
/// </summary>
public sealed class ProblemException(int status, string code, string title, string detail, params FieldError[] errors)
    : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The stable code, in kebab-case.</summary>
    public string Code => code;

    /// <summary>The refusal in one sentence.</summary>
    public string Title => title;

    /// <summary>The invalid fields.</summary>
    public IReadOnlyList<FieldError> Errors => errors;

    /// <summary>The Retry-After header, in seconds; null if the response has none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The problem for a feature's refusal.</summary>
    public static ProblemException For<TRefusal>(TRefusal why, string detail, params FieldError[] errors)
        where TRefusal : struct, Enum
    {
        var attribute = typeof(TRefusal).GetField(why.ToString())?.GetCustomAttribute<ProblemAttribute>()
            ?? throw new UnreachableException($"{typeof(TRefusal).FullName}.{why} has no [Problem].");
        return new ProblemException(attribute.Status, CodeOf(why), attribute.Title, detail, errors);
    }

    /// <summary>The problem for fields whose values cannot be used.</summary>
    public static ProblemException BadFields(IReadOnlyList<FieldError> errors) =>
        new(400, "bad-field", "A field holds a value that cannot be used.",
            string.Join(" ", errors.Select(error => $"{error.Pointer}: {error.Detail}")), [.. errors]);

    /// <summary>A refusal's stable code, which is its name in kebab-case.</summary>
    public static string CodeOf<TRefusal>(TRefusal why) where TRefusal : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString());

    /// <summary>
    /// The problem if a resource of the platform (database, broker, disk) does not respond or is full. Nothing was
    /// changed, so a retry is safe.
    /// </summary>
    public static ProblemException NotAvailable(string detail) =>
        new(503, "not-available", "The platform cannot do that at the moment.",
            $"{detail} Nothing was changed: send it again in a few seconds.")
        {
            RetryAfterSeconds = 2,
        };

    /// <summary>
    /// The problem if the database connection was lost during a commit, or the database stopped responding. The
    /// outcome is unknown, but a retry is safe.
    /// </summary>
    public static ProblemException MayBeDone() =>
        new(503, "not-available", "The platform cannot say whether that was done.",
            "The database went away while it was being saved. Send the same again in a few seconds: if it was done, it "
            + "is not done twice, and you get the answer.")
        {
            RetryAfterSeconds = 2,
        };

    /// <summary>The problem for a fund that does not exist, or of which this caller may not know.</summary>
    public static ProblemException UnknownFund(string fundId) =>
        new(404, "unknown-fund", "There is no such fund.",
            $"No fund {fundId} is known here, or it is not yours to see.");
}

/// <summary>Turns the decisions of rules into responses.</summary>
public static class DecisionExtensions
{
    /// <summary>Returns the result; if the rule refused, throws the refusal as a problem for the caller.</summary>
    public static T OrRefuse<T, TRefusal>(this Decision<T, TRefusal> decision) where TRefusal : struct, Enum =>
        decision.Refusal is { } why
            ? throw ProblemException.For(why, decision.Detail, [.. decision.Errors]) : decision.Value!;
}
