using System.Net;
using System.Text.Encodings.Web;
using Hangfire;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Hosting.Jobs;

/// <summary>
/// Shows each service's jobs in Hangfire's dashboard at /admin/jobs, which is read-only, for operators alone, and off
/// unless configured. A browser sends no bearer token by itself, so the operator enters the token on a page that sets
/// a cookie for these addresses only.
/// </summary>
public static class JobsDashboard
{
    private const string Root = "/admin/jobs";
    private const string SignIn = Root + "/sign-in";
    private const string SignOut = Root + "/sign-out";
    private const string Cookie = "isf-jobs";
    private const string Field = "token";
    private const int TokenBytesMax = 16 * 1024;

    // Hangfire's pages use inline styles, and only scripts from their own files.
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // The query options of Hangfire's own pages.
    private static readonly string[] Options = ["from", "count", "period"];

    /// <summary>Adds the services that Hangfire's pages need.</summary>
    public static void AddJobsDashboard(this IServiceCollection services, HostSettings settings)
    {
        if (settings.ShowsJobs)
            services.AddHangfire(_ => { });
    }

    /// <summary>
    /// Sends a browser that is not signed in to the sign-in page; other callers get the usual problem.
    /// </summary>
    public static void UseJobsSignIn(this IApplicationBuilder app, HostSettings settings)
    {
        if (!settings.ShowsJobs)
            return;
        app.Use((http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase))
                return next(http);
            Close(http.Response.Headers);
            var isPage = HttpMethods.IsGet(http.Request.Method)
                && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
            if (!isPage || IsOperator(http) || http.Request.Path == SignIn)
                return next(http);
            http.Response.Redirect(SignIn);
            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// Maps the pages: the sign-in, the choice of a service, and the jobs of each service that runs here.
    /// </summary>
    public static void MapJobsDashboard(this IEndpointRouteBuilder app, ServiceMap map, HostSettings settings)
    {
        if (!settings.ShowsJobs)
            return;
        var routes = new Routes(app);
        routes.MapGet(Root, () => Page("Scheduled runs", ChoiceOf(map)))
            .RequireRoles(Role.Operator).ExcludeFromDescription();
        routes.MapGet(SignIn, () => SignInPage(null)).AllowAnyone().ExcludeFromDescription();
        routes.MapPost(SignIn, SignInAsOperator).AllowAnyone().ExcludeFromDescription();
        routes.MapPost(SignOut, (HttpContext http) =>
        {
            http.Response.Cookies.Delete(Cookie, CookieFor(http));
            return Results.Redirect(SignIn);
        }).AllowAnyone().ExcludeFromDescription();
        var databases = app.ServiceProvider.GetRequiredService<Databases>();
        foreach (var service in map.Here.Where(service => service.ScheduleTerms.Count > 0))
        {
            app.MapHangfireDashboard($"{Root}/{service.Name}", new DashboardOptions
            {
                Authorization = [], // The route allows operators only.
                IsReadOnlyFunc = _ => true,
                DisplayStorageConnectionString = false,
                DashboardTitle = $"Scheduled runs: {service.Name}",
                AppPath = Root,
            }, ScheduleClock.StorageOf(service.Name, databases, settings))
            .RequireRoles(Role.Operator)
            .WithMetadata([new ServiceMetadata(service.Name), .. Options.Select(name => new QueryOption(name))]);
        }
    }

    /// <summary>
    /// The token that a browser sends in the sign-in form or, on the other pages under /admin/jobs, in its cookie.
    /// Null if the browser sends none, if the page is not under /admin/jobs, or if the request has an Authorization
    /// header.
    /// </summary>
    public static async Task<string?> TokenInAsync(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase)
            || request.Headers.Authorization.Count > 0)
        {
            return null;
        }
        if (request.Path != SignIn)
            return request.Cookies[Cookie];
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
            return null;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = TokenBytesMax;
        try
        {
            return (await request.ReadFormAsync())[Field].ToString().Trim();
        }
        catch (InvalidDataException)
        {
            throw ProblemException.Titled(PlatformRefusal.Malformed, "The form cannot be read.",
                "Send the token alone, as the page does.");
        }
    }

    // The token has already been validated like any other.
    private static IResult SignInAsOperator(HttpContext http)
    {
        if (!IsOperator(http))
            return SignInPage("That is not a valid token of an operator. Operators' tokens name no holder.");
        http.Response.Cookies.Append(Cookie, http.Request.Form[Field].ToString().Trim(), CookieFor(http));
        return Results.Redirect(Root);
    }

    // The rule is the same as for every route of operators: exactly one role, and no holder.
    private static bool IsOperator(HttpContext http) => http.User.Identity?.IsAuthenticated == true
        && http.User.FindAll("role").Select(claim => claim.Value).ToList() is [Role.Operator]
        && !http.User.HasClaim(claim => claim.Type == "holder");

    // The cookie ends with the browser session; its token is refused once it has expired.
    private static CookieOptions CookieFor(HttpContext http) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps || !IsLoopback(http.Request.Host.Host),
        SameSite = SameSiteMode.Strict,
        Path = Root,
        IsEssential = true,
    };

    private static bool IsLoopback(string host) =>
        host == "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static void Close(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static IResult SignInPage(string? trouble) => Page("Sign in", $"""
        <p>These pages show the jobs of scheduled runs. They are for operators of this installation.</p>
        {(trouble is null ? "" : $"<p role=\"alert\"><strong>{HtmlEncoder.Default.Encode(trouble)}</strong></p>")}
        <form method="post" action="{SignIn}">
        <p><label for="token">Your token, as <code>ops/token --role operator</code> prints it</label></p>
        <p><input id="token" name="{Field}" type="password" autocomplete="off" required></p>
        <p><button>Sign in</button></p>
        </form>
        """, trouble is null ? 200 : 403);

    private static string ChoiceOf(ServiceMap map) => $"""
        <p>Choose a service. Nothing can be changed here: schedules are set at
        <code>/v1/operator/schedules</code>.</p>
        <ul>{string.Concat(map.All.Where(service => service.ScheduleTerms.Count > 0).Select(service =>
            $"<li><a href=\"{Root}/{service.Name}\">{service.Name}</a>: "
            + $"{string.Join(", ", service.ScheduleTerms.Select(terms => terms.Name))}</li>"))}</ul>
        <form method="post" action="{SignOut}"><p><button>Sign out</button></p></form>
        """;

    private static IResult Page(string title, string body, int status = 200) => Results.Content($"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
        <body><main><h1>{title}</h1>
        {body}
        </main></body>
        </html>
        """, "text/html; charset=utf-8", statusCode: status);
}
