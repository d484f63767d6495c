using JasperFx;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Isf.Hosting;

/// <summary>What a feature decided: what is now true, or why not, in words for the person who asked.</summary>
public readonly record struct Decision<T, TRefusal> where TRefusal : struct, Enum
{
    private Decision(T? value, TRefusal? why, string words) => (Value, Refusal, Detail) = (value, why, words);

    /// <summary>What is now true; unset when refused.</summary>
    public T? Value { get; }

    /// <summary>Why it was refused; unset when it was not.</summary>
    public TRefusal? Refusal { get; }

    /// <summary>What is wrong, where, and what to do.</summary>
    public string Detail { get; }

    /// <summary>Decided.</summary>
    public static implicit operator Decision<T, TRefusal>(T value) => new(value, null, "");

    /// <summary>Refused.</summary>
    public static implicit operator Decision<T, TRefusal>((TRefusal Why, string Words) refusal) =>
        new(default, refusal.Why, refusal.Words);

    /// <summary>The value, or the refusal as a problem for the caller.</summary>
    public T OrRefuse() => Refusal is { } why ? throw ProblemException.For(why, Detail) : Value!;
}

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

/// <summary>
/// Turns refusals, and bugs, into problems. No stack trace, no SQL and no other holder's id leaves the host.
/// </summary>
public static class Problems
{
    /// <summary>Under this item a request keeps the code that it was refused with, for its line in the log.</summary>
    public const string Code = "isf.code";

    /// <summary>Writes every refusal as a problem; a bug is logged whole and answered with a trace id only.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (ProblemException refused) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, refused);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, bad.StatusCode switch
            {
                413 => new ProblemException(413, "too-large", "The request is too large.", "Send less at a time."),
                408 => new ProblemException(408, "too-slow", "The body came too slowly.",
                    "Nothing of it was kept. Send it again, over a better line if this comes often."),
                _ => Malformed,
            });
        }
        catch (ConcurrencyException moved) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, new ProblemException(412, "has-moved-on", "It has changed since you read it.",
                $"{moved.Message} Read it again, and send your change with its new ETag in If-Match."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away: there is nobody to answer.
        }
        catch (Exception away) when (!http.Response.HasStarted && Faults.IsAway(away))
        {
            LogOf(http).LogWarning("{Method} {Route} is not available: {Fault}", http.Request.Method,
                http.GetEndpoint()?.DisplayName, Faults.Describe(away).Words);
            await WriteAsync(http, ProblemException.NotAvailable("The database does not answer, or has no room."));
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            LogOf(http).LogError(bug, "A request failed: {Method} {Route}", http.Request.Method,
                http.GetEndpoint()?.DisplayName);
            await WriteAsync(http, new ProblemException(500, "internal", "Something went wrong on our side.",
                "Nothing was changed. Please report it with this number: "
                    + $"{Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier}"));
        }
        if (!http.Response.HasStarted && http.Response.StatusCode is 400 or 401 or 403 or 404 or 405 or 415)
        {
            await WriteStatusAsync(http);
        }
    });

    private static ProblemException Malformed =>
        new(400, "malformed", "The request cannot be read.", "Check the address, the headers and the body.");

    private static ILogger LogOf(HttpContext http) =>
        (ILogger<ProblemException>)http.RequestServices.GetService(typeof(ILogger<ProblemException>))!;

    private static Task WriteStatusAsync(HttpContext http) => WriteAsync(http, http.Response.StatusCode switch
    {
        400 => Malformed,
        401 => new ProblemException(401, "no-token", "Who are you?", "Send a valid token: Authorization: Bearer …"),
        403 => new ProblemException(403, "not-your-role", "Your role may not do this.", "Ask someone whose role may."),
        405 => new ProblemException(405, "wrong-method", "That cannot be done here.",
            "Check the method against the interface."),
        415 => new ProblemException(415, "wrong-content-type", "The body has the wrong type.",
            "Send application/json, or the type named."),
        _ => new ProblemException(404, "no-such-address", "There is nothing at this address.",
            "Check the path against /openapi/v1.json."),
    });

    private static Task WriteAsync(HttpContext http, ProblemException refused)
    {
        if (refused.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        http.Response.StatusCode = refused.Status;
        http.Items[Code] = refused.Code;
        var body = new Dictionary<string, object?>
        {
            ["type"] = $"urn:isf:problem:{refused.Code}",
            ["title"] = refused.Title,
            ["status"] = refused.Status,
            ["detail"] = refused.Message,
            ["code"] = refused.Code,
        };
        if (refused.Errors.Count > 0)
        {
            body["errors"] = refused.Errors;
        }
        return http.Response.WriteAsJsonAsync(body, IsfJson.Options, "application/problem+json", http.RequestAborted);
    }
}

/// <summary>
/// How early and how late a day may lie (api.md, Dates): one place that refuses it, always naming the bound. A day
/// centuries away is a slip of the keyboard, and was once two thousand journals.
/// </summary>
public static class DayBounds
{
    /// <summary>How many days ahead a run may be asked for.</summary>
    public const int RunDaysAhead = 366;

    /// <summary>Refuses a day before the bound.</summary>
    /// <param name="day">The day.</param>
    /// <param name="bound">The first that is taken; no bound where there is none.</param>
    /// <param name="pointer">Where the day stands in the body.</param>
    /// <param name="because">What the bound is, such as "the fund opens".</param>
    public static void NotBefore(LocalDate day, LocalDate? bound, string pointer, string because)
    {
        if (day < bound)
            throw Refuse("day-too-early", "The day is too early.", pointer, "before", bound.Value, because);
    }

    /// <summary>Refuses a day after the bound.</summary>
    public static void NotAfter(LocalDate day, LocalDate? bound, string pointer, string because)
    {
        if (day > bound)
            throw Refuse("day-too-late", "The day is too late.", pointer, "after", bound.Value, because);
    }

    /// <summary>Refuses a run that is asked for too far ahead.</summary>
    public static void Run(LocalDate upTo, LocalDate today) =>
        NotAfter(upTo, today.PlusDays(RunDaysAhead), "/upTo", $"a run goes at most {RunDaysAhead} days ahead");

    private static ProblemException Refuse(
        string code, string title, string pointer, string side, LocalDate bound, string because)
    {
        var words = $"it lies {side} {bound.ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}: {because}.";
        return new ProblemException(422, code, title, $"Look at {pointer}: {words}", new FieldError(pointer, words,
            code));
    }
}
