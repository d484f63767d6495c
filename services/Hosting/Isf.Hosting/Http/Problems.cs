using System.Diagnostics;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using JasperFx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Http;

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
            await WriteAsync(http, new ProblemException(500, "internal", "Something went wrong on our side.",
                "Nothing was changed. Please report it with this number: "
                    + $"{Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier}"));
        }
        if (!http.Response.HasStarted && http.Response.StatusCode is 400 or 401 or 403 or 404 or 405 or 415)
            await WriteStatusAsync(http);
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
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
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
            body["errors"] = refused.Errors;
        return http.Response.WriteAsJsonAsync(body, IsfJson.Options, "application/problem+json", http.RequestAborted);
    }
}
