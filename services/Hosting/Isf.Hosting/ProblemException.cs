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

    /// <summary>The Retry-After header, in seconds; 0 if the response has none.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>The code, if it differs from the member's name; null if it does not.</summary>
    public string? Code { get; set; }
}

/// <summary>
/// A problem as a member of an enum declares it. The code is the member's name in kebab-case, and the rest is in the
/// member's [Problem].
/// </summary>
public sealed record DeclaredProblem(int Status, string Code, string Title, int? RetryAfterSeconds)
{
    /// <summary>The problem that a refusal declares.</summary>
    public static DeclaredProblem From<TRefusal>(TRefusal why) where TRefusal : struct, Enum
    {
        var attribute = typeof(TRefusal).GetField(why.ToString())?.GetCustomAttribute<ProblemAttribute>()
            ?? throw new UnreachableException($"{typeof(TRefusal).FullName}.{why} has no [Problem].");
        return new DeclaredProblem(attribute.Status, attribute.Code ?? CodeOf(why), attribute.Title,
            attribute.RetryAfterSeconds > 0 ? attribute.RetryAfterSeconds : null);
    }

    /// <summary>A refusal's stable code, which is its name in kebab-case.</summary>
    public static string CodeOf<TRefusal>(TRefusal why) where TRefusal : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString());
}

/// <summary>
/// The refusals that the platform itself gives, before a feature decides or around it. A route does not list them: its
/// parameters, its roles and its options tell which of them it may give (RouteProblems).
/// </summary>
public enum PlatformRefusal
{
    [Problem(400, "The request cannot be read.")] Malformed = 1,
    [Problem(400, "The body is not JSON.")] NotJson = 2,
    [Problem(400, "The body is nested too deeply.")] TooDeep = 3,
    [Problem(400, "The body names a field twice.")] RepeatedField = 4,
    [Problem(400, "The body has a field that is not known here.")] UnknownField = 5,
    [Problem(400, "The body lacks a field that is needed.")] MissingField = 6,
    [Problem(400, "A field holds the wrong kind of value.")] WrongType = 7,
    [Problem(400, "A text holds half of a character.")] HalfCharacter = 8,
    [Problem(400, "A character cannot be used.")] ControlCharacter = 9,
    [Problem(422, "A name holds a character that cannot be seen.")] InvisibleCharacter = 10,
    [Problem(400, "A date cannot be used.")] DateOutOfRange = 11,
    [Problem(400, "An id in the address cannot be used.")] BadId = 12,
    [Problem(400, "The address has an option that is not known here.")] UnknownOption = 13,
    [Problem(400, "An option stands there twice.")] RepeatedOption = 14,
    [Problem(400, "The limit cannot be used.")] BadLimit = 15,
    [Problem(400, "The address cannot be read.")] BadAfter = 16,
    [Problem(400, "The address cannot be read.")] BadFormat = 17,
    [Problem(400, "That is not a fact's id.")] NotAFact = 18,
    [Problem(400, "The If-Match header cannot be read.")] BadIfMatch = 19,
    [Problem(400, "Name the holder.")] NoHolder = 20,
    [Problem(401, "Who are you?")] NoToken = 21,
    [Problem(403, "Your role may not do this.")] NotYourRole = 22,
    [Problem(403, "Your token does not name one role.")] OneRole = 23,
    [Problem(403, "Your token does not name one value.")] OneValue = 24,
    [Problem(403, "Your token names no holder.")] NoHolderClaim = 25,
    [Problem(404, "There is nothing at this address.")] NoSuchAddress = 26,
    [Problem(404, "There is no such holder.")] UnknownHolder = 27,
    [Problem(404, "There is no such fact.")] UnknownFact = 28,
    [Problem(405, "That cannot be done here.")] WrongMethod = 29,
    [Problem(408, "The body came too slowly.")] TooSlow = 30,
    [Problem(409, "This id was used for something else.")] IdUsedForSomethingElse = 31,
    [Problem(412, "It has changed since you read it.")] HasMovedOn = 32,
    [Problem(413, "The body is too large.")] TooLarge = 33,
    [Problem(415, "The body must be JSON.")] WrongContentType = 34,
    [Problem(429, "Too many requests at a time.", RetryAfterSeconds = 2)] TooMany = 35,
    [Problem(500, "Something went wrong on our side.")] Internal = 36,
    [Problem(503, "The platform cannot do that at the moment.", RetryAfterSeconds = 2)] NotAvailable = 37,
    [Problem(503, "Facts are still on their way to the books.", RetryAfterSeconds = 2)] FactsOnTheirWay = 38,
}

/// <summary>The refusals that several features share. A route names those that it may give.</summary>
public enum FeatureRefusal
{
    /// <summary>A field of the body holds a value that the feature does not accept; errors names each.</summary>
    [Problem(400, "A field holds a value that cannot be used.")]
    BadField = 1,

    /// <summary>The first day of a range is not a date.</summary>
    [Problem(400, "The address cannot be read.")]
    BadFrom = 2,

    /// <summary>The last day of a range is not a date.</summary>
    [Problem(400, "The address cannot be read.")]
    BadTo = 3,

    /// <summary>The fund is not known here, or the caller may not see it.</summary>
    [Problem(404, "There is no such fund.")]
    UnknownFund = 4,

    /// <summary>A day lies before the first permitted one.</summary>
    [Problem(422, "The day is too early.")]
    DayTooEarly = 5,

    /// <summary>A day lies after the last permitted one.</summary>
    [Problem(422, "The day is too late.")]
    DayTooLate = 6,
}

/// <summary>
/// A refusal, answered as application/problem+json (RFC 9457). Nothing was changed, unless the database was lost
/// during a commit (<see cref="MayBeDone"/>).
/// </summary>
public sealed class ProblemException : Exception
{
    private readonly DeclaredProblem declared;

    private ProblemException(DeclaredProblem declared, string detail, FieldError[] errors) : base(detail) =>
        (this.declared, Errors) = (declared, errors);

    /// <summary>The HTTP status.</summary>
    public int Status => declared.Status;

    /// <summary>The stable code, in kebab-case.</summary>
    public string Code => declared.Code;

    /// <summary>The refusal in one sentence.</summary>
    public string Title => declared.Title;

    /// <summary>The invalid fields.</summary>
    public IReadOnlyList<FieldError> Errors { get; }

    /// <summary>The Retry-After header, in seconds; null if the response has none.</summary>
    public int? RetryAfterSeconds => declared.RetryAfterSeconds;

    /// <summary>The problem that a refusal declares.</summary>
    public static ProblemException For<TRefusal>(TRefusal why, string detail, params FieldError[] errors)
        where TRefusal : struct, Enum => For(DeclaredProblem.From(why), detail, errors);

    /// <summary>A problem that is declared otherwise than by an enum of a service.</summary>
    public static ProblemException For(DeclaredProblem declared, string detail, params FieldError[] errors) =>
        new(declared, detail, errors);

    /// <summary>The problem that a refusal declares, under a title that says more of this case.</summary>
    public static ProblemException Titled<TRefusal>(
        TRefusal why, string title, string detail, params FieldError[] errors) where TRefusal : struct, Enum =>
        new(DeclaredProblem.From(why) with { Title = title }, detail, errors);

    /// <summary>The problem for fields whose values cannot be used.</summary>
    public static ProblemException BadFields(IReadOnlyList<FieldError> errors) =>
        For(FeatureRefusal.BadField,
            string.Join(" ", errors.Select(error => $"{error.Pointer}: {error.Detail}")), [.. errors]);

    /// <summary>A refusal's stable code, which is its name in kebab-case.</summary>
    public static string CodeOf<TRefusal>(TRefusal why) where TRefusal : struct, Enum => DeclaredProblem.CodeOf(why);

    /// <summary>
    /// The problem if a resource of the platform (database, broker, disk) does not respond or is full. Nothing was
    /// changed, so a retry is safe.
    /// </summary>
    public static ProblemException NotAvailable(string detail) => For(PlatformRefusal.NotAvailable,
        $"{detail} Nothing was changed: send it again in a few seconds.");

    /// <summary>
    /// The problem if the database connection was lost during a commit, or the database stopped responding. The
    /// outcome is unknown, but a retry is safe.
    /// </summary>
    public static ProblemException MayBeDone() => Titled(
        PlatformRefusal.NotAvailable, "The platform cannot say whether that was done.",
        "The database went away while it was being saved. Send the same again in a few seconds: if it was done, it "
            + "is not done twice, and you get the answer.");

    /// <summary>The problem for a fund that does not exist, or of which this caller may not know.</summary>
    public static ProblemException UnknownFund(string fundId) =>
        For(FeatureRefusal.UnknownFund, $"No fund {fundId} is known here, or it is not yours to see.");
}

/// <summary>Turns the decisions of rules into responses.</summary>
public static class DecisionExtensions
{
    /// <summary>Returns the result; if the rule refused, throws the refusal as a problem for the caller.</summary>
    public static T OrRefuse<T, TRefusal>(this Decision<T, TRefusal> decision) where TRefusal : struct, Enum =>
        decision.Refusal is { } why
            ? throw ProblemException.For(why, decision.Detail, [.. decision.Errors]) : decision.Value!;
}
