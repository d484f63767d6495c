using System.Diagnostics;
using System.Text.Json.Serialization;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Measures;
using JasperFx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Http;

/// <summary>A problem as answered (RFC 9457).</summary>
/// <param name="Type">The code as a URN.</param>
/// <param name="Title">The refusal in one sentence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do about it, in words for people.</param>
/// <param name="Code">The stable code by which a program tells the refusals apart.</param>
/// <param name="Errors">The fields, options or headers that are wrong; left out if the problem is about none.</param>
public sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors = null);

/// <summary>
/// Turns refusals and bugs into problems. No stack trace, no SQL and no other holder's id leaves the host.
/// </summary>
public static class Problems
{
    /// <summary>The key of the HttpContext item that holds a refusal's code for the request log.</summary>
    public const string Code = "isf.code";

    /// <summary>
    /// Answers every refusal with a problem. A bug is logged in full, and its problem contains only the trace id.
    /// </summary>
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
                413 => ProblemException.Titled(
                    PlatformRefusal.TooLarge, "The request is too large.", "Send less at a time."),
                408 => ProblemException.For(PlatformRefusal.TooSlow,
                    "Nothing of it was kept. Send it again, over a better line if this comes often."),
                _ => Malformed,
            });
        }
        catch (ConcurrencyException) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, ProblemException.For(PlatformRefusal.HasMovedOn,
                "Another request changed it at the same moment. "
                    + "Read it again, and send your change with its new ETag in If-Match."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected, so no response is needed.
        }
        catch (Exception fault) when (!http.Response.HasStarted && ErrorClassifier.IsOutage(fault))
        {
            LogOf(http).LogWarning("{Method} {Route} is not available: {Fault}", http.Request.Method,
                http.GetEndpoint()?.DisplayName, ErrorClassifier.Describe(fault).Message);
            await WriteAsync(http, ProblemException.NotAvailable("The database does not answer, or has no room."));
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            LogOf(http).LogError(bug, "A request failed: {Method} {Route}", http.Request.Method,
                http.GetEndpoint()?.DisplayName);
            await WriteAsync(http, ProblemException.For(PlatformRefusal.Internal,
                "Nothing was changed. Please report it with this number: "
                    + $"{Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier}"));
        }
        if (!http.Response.HasStarted && http.Response.StatusCode is 400 or 401 or 403 or 404 or 405 or 415)
            await WriteStatusAsync(http);
    });

    private static ProblemException Malformed =>
        ProblemException.For(PlatformRefusal.Malformed, "Check the address, the headers and the body.");

    private static ILogger LogOf(HttpContext http) =>
        (ILogger<ProblemException>)http.RequestServices.GetService(typeof(ILogger<ProblemException>))!;

    private static Task WriteStatusAsync(HttpContext http) => WriteAsync(http, http.Response.StatusCode switch
    {
        400 => Malformed,
        401 => ProblemException.For(PlatformRefusal.NoToken, "Send a valid token: Authorization: Bearer …"),
        403 => ProblemException.For(PlatformRefusal.NotYourRole, "Ask someone whose role may."),
        405 => ProblemException.For(PlatformRefusal.WrongMethod,
            "Check the method against the interface."),
        415 => ProblemException.Titled(PlatformRefusal.WrongContentType, "The body has the wrong type.",
            "Send application/json, or the type named."),
        _ => ProblemException.For(PlatformRefusal.NoSuchAddress,
            "Check the path against /openapi/v1.json."),
    });

    private static Task WriteAsync(HttpContext http, ProblemException refused)
    {
        if (refused.RetryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.StatusCode = refused.Status;
        http.Items[Code] = refused.Code;
        var body = new ProblemBody($"urn:isf:problem:{refused.Code}", refused.Title, refused.Status, refused.Message,
            refused.Code, refused.Errors.Count > 0 ? refused.Errors : null);
        return http.Response.WriteAsJsonAsync(body, IsfJson.Options, "application/problem+json", http.RequestAborted);
    }
}
