using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Isf.Hosting;
using Isf.Hosting.Http;

namespace Isf.Host;

/// <summary>
/// Writes one line to the log for each request, and for a health check only at the level debug. The line has the
/// route, the status, the code of a refusal, the duration, and a pseudonym of the caller that only the installation's
/// key can resolve. It holds nothing that a caller wrote, such as a path, a query or an id.
/// </summary>
public sealed class RequestLog(HostSettings settings, ILogger<RequestLog> log)
{
    private static readonly HashSet<string> Methods =
        ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];

    private readonly Lazy<byte[]> key = new(() => KeyOf(settings.Home, log));

    /// <summary>Handles the request, and writes its line at the end.</summary>
    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        var began = Stopwatch.GetTimestamp();
        var status = 0;
        try
        {
            await next(http);
            status = http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted
                ? 0 : http.Response.StatusCode;
        }
        finally
        {
            var route = RouteOf(http);
            var level = route.StartsWith("/health/", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information;
            if (log.IsEnabled(level))
            {
                log.Log(level, "{Method} {Route} {Status} {Code} in {Milliseconds} ms for {Caller}",
                    MethodOf(http), route, status == 0 ? "broken off" : status.ToString(CultureInfo.InvariantCulture),
                    http.Items.TryGetValue(Problems.Code, out var code) ? code : "-",
                    (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds, CallerOf(http.User));
            }
        }
    }

    private static string MethodOf(HttpContext http) =>
        Methods.Contains(http.Request.Method) ? http.Request.Method : "another";

    private static string RouteOf(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    // If no key can be stored, a random key serves instead, and callers' pseudonyms stay the same only until the
    // process ends.
    private static byte[] KeyOf(string home, ILogger log)
    {
        try
        {
            return LocalKey.ForLog(home);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The log's key cannot be kept under .isf: {Fault}", fault.Message);
            return RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
        }
    }

    private string CallerOf(ClaimsPrincipal user)
    {
        if (user.FindFirstValue("sub") is not { } subject)
            return "nobody";
        var text = Encoding.UTF8.GetBytes($"{user.FindFirstValue("holder")}\n{subject}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, text).AsSpan(0, 8));
    }
}
