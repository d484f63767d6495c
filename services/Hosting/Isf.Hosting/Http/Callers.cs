using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>
/// Authenticates and authorizes callers. Every token is validated, and every route allows only the roles that it
/// names.
/// </summary>
public static class Callers
{
    /// <summary>Adds authentication and authorization, and the sessions and uploads of requests.</summary>
    /// <param name="services">The container.</param>
    /// <param name="settings">The host's settings.</param>
    /// <param name="browserToken">Finds a browser's token outside the Authorization header; null if there is
    /// none.</param>
    public static void AddCallers(
        this IServiceCollection services, HostSettings settings, Func<HttpRequest, Task<string?>> browserToken)
    {
        services.AddTokens(settings, browserToken);
        services.AddRequestSession();
        services.AddSingleton<Uploads>();
        services.AddSingleton<IAuthorizationHandler, Gate>();
        // A route that names no role allows nobody. A request that matches no route gets 404 with a valid token, and
        // 401 without one.
        services.AddAuthorization(rules => rules.FallbackPolicy = new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(auth => (auth.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint).Build());
    }

    /// <summary>Names the roles that a route allows.</summary>
    public static TRoute RequireRoles<TRoute>(this TRoute route, params string[] roles)
        where TRoute : IEndpointConventionBuilder
    {
        var admitted = new Admitted(roles);
        return route.RequireAuthorization(rule => rule.RequireAuthenticatedUser().AddRequirements(admitted))
            .WithMetadata(admitted);
    }

    /// <summary>
    /// Marks responses under /v1 as personal: no cache may store them, and no browser may guess their type.
    /// </summary>
    public static IApplicationBuilder UsePersonalAnswers(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }
        return next(http);
    });

    /// <summary>Allows everybody, without a token.</summary>
    public static RouteHandlerBuilder AllowAnyone(this RouteHandlerBuilder route) =>
        route.AllowAnonymous().WithMetadata(new Admitted(["anyone"]));

    /// <summary>A token for local mode, valid for a day, as printed by ops/token.</summary>
    public static string LocalToken(
        string home, IClock clock, string role, string user, string? holder = null, string? person = null,
        string? council = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = user, ["role"] = role };
        foreach (var (name, value) in new[] { ("holder", holder), ("person", person), ("council", council) })
        {
            if (value is not null)
                claims[name] = value;
        }
        return LocalToken(home, clock, claims);
    }

    /// <summary>A token for local mode, valid for a day, with claims of any kind.</summary>
    public static string LocalToken(string home, IClock clock, IDictionary<string, object> claims)
    {
        var now = clock.GetCurrentInstant();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Tokens.LocalIssuer,
            TokenType = Tokens.AccessType,
            Claims = claims,
            IssuedAt = now.ToDateTimeUtc(),
            NotBefore = now.ToDateTimeUtc(),
            Expires = now.Plus(Tokens.LocalLife).ToDateTimeUtc(),
            SigningCredentials = new SigningCredentials(LocalKey.LoadOrCreate(home), SecurityAlgorithms.HmacSha256),
        });
    }
}
