using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Hosting;

/// <summary>The roles of api.md, as tokens say them.</summary>
public static class Role
{
    public const string HolderAdmin = "holder-admin";
    public const string HolderFinance = "holder-finance";
    public const string HolderCare = "holder-care";
    public const string Person = "person";
    public const string Supporter = "supporter";
    public const string Council = "council";
    public const string Auditor = "auditor";

    /// <summary>Whoever runs the installation: it has no holder, and sees no person's record.</summary>
    public const string Operator = "operator";

    /// <summary>The holder's own people.</summary>
    public static readonly string[] AnyHolder = [HolderAdmin, HolderFinance, HolderCare];

    /// <summary>Everybody who may read something of a fund; which fund is decided fund by fund.</summary>
    public static readonly string[] AnyReader =
        [HolderAdmin, HolderFinance, HolderCare, Person, Supporter, Council, Auditor];

    /// <summary>Every role that a token may have.</summary>
    public static readonly string[] All = [.. AnyReader, Operator];
}

/// <summary>The roles that a route admits: part of the route, so that a test finds one that names none.</summary>
public sealed record Admitted(IReadOnlyList<string> Roles) : IAuthorizationRequirement;

/// <summary>Which service answers a route.</summary>
public sealed record ServiceMetadata(string Service);

/// <summary>Which service answers a route whose path has a parameter that tells: by the parameter's values.</summary>
public sealed record OwnerServiceMetadata(string Parameter, IReadOnlyDictionary<string, string> Services);

/// <summary>
/// Who is calling, and as whose tenant. <see cref="Gate"/> works it out once for each request and lets it in; what a
/// handler and its session are given is the same caller, so that gate and tenant never follow two different claims.
/// On is the London day of the request, on which a consent is live or over.
/// </summary>
public sealed record Caller(
    string User, string Role, string HolderId, string? CouncilId, string? PersonId, LocalDate On)
{
    /// <summary>
    /// Whether this caller may see a fund: a council its own people's, a person their own; a supporter only by a
    /// consent, which the service that knows of it checks. A role that is not named here sees nothing.
    /// </summary>
    public bool MaySee(string councilId, string personId) => Role switch
    {
        Hosting.Role.HolderAdmin or Hosting.Role.HolderFinance or Hosting.Role.HolderCare => true,
        Hosting.Role.Auditor => true,
        Hosting.Role.Council => CouncilId == councilId,
        Hosting.Role.Person => PersonId == personId,
        _ => false,
    };

    /// <summary>The caller that was let in.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return ValueTask.FromResult(http.Features.Get<Caller>() ?? throw new InvalidOperationException(
            "Nobody was let in here, because the route names no role: end it in .RequireRoles(…)."));
    }

    /// <summary>The caller that the token describes, if it has one role and the route admits it.</summary>
    internal static Caller From(HttpContext http, IReadOnlyList<string> admitted)
    {
        var user = http.User;
        var role = RoleOf(user);
        var (holder, council, person) = (Single(user, "holder"), Single(user, "council"), Single(user, "person"));
        if (!admitted.Contains(role) || !Hosting.Role.All.Contains(role))
        {
            throw new ProblemException(403, "not-your-role", "Your role may not do this.",
                "Ask someone whose role may.");
        }
        var on = London.Today(http.RequestServices.GetRequiredService<IClock>());
        return new Caller(
            user.FindFirstValue("sub") ?? "", role, TenantOf(http, role, holder), council, person, on);
    }

    // Two roles would be two answers to "may I", so a token with any other number than one is nobody's.
    private static string RoleOf(ClaimsPrincipal user)
    {
        var roles = user.FindAll("role").Select(claim => claim.Value).ToList();
        return roles is [var role] && Ids.IsId(role) ? role : throw new ProblemException(403, "one-role",
            "Your token does not name one role.", $"It names {roles.Count}. Ask for a token with exactly one role.");
    }

    private static string? Single(ClaimsPrincipal user, string name)
    {
        var values = user.FindAll(name).Select(claim => claim.Value).ToList();
        return values.Count == 0 ? null : values is [var value] && Ids.IsId(value) ? value : throw new ProblemException(
            403, "one-value", $"Your token does not name one {name}.",
            $"Ask for a token in which “{name}” is one id, not a list.");
    }

    // A council has people with several holders, so it names one in the address, and only to read. For everybody else
    // the token alone says whose data they see.
    private static string TenantOf(HttpContext http, string role, string? holder)
    {
        var (request, named) = (http.Request, http.Option(QueryOptions.Holder) ?? "");
        if (role == Hosting.Role.Council)
        {
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            {
                throw new ProblemException(403, "not-your-role", "Your role may not do this.", "A council only reads.");
            }
            if (!Ids.IsId(named))
            {
                throw new ProblemException(400, "no-holder", "Name the holder.",
                    "Add ?holder= with the holder's id to the address.",
                    new FieldError("?holder", "needed for this role"));
            }
            holder ??= named;
        }
        if (role == Hosting.Role.Operator)
        {
            // The empty id is no holder's: a session for it sees nobody's rows.
            return holder is not null
                ? throw new ProblemException(403, "not-your-role", "An operator has no holder.",
                    "Your token names one. Ask for a token of the role operator without a holder.")
                : named.Length == 0 ? "" : throw UnknownHolder();
        }
        if (holder is null)
        {
            throw new ProblemException(403, "no-holder-claim", "Your token names no holder.",
                "Ask for a token with a holder.");
        }
        return named.Length == 0 || named == holder ? holder : throw UnknownHolder();
    }

    private static ProblemException UnknownHolder() => new(404, "unknown-holder", "There is no such holder.",
        "No holder of that id is known here, or it is not yours to see.");
}

/// <summary>
/// Lets a caller in whose one role the route admits, and keeps who it is for all that the request does.
/// </summary>
internal sealed class Gate : AuthorizationHandler<Admitted>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Admitted requirement)
    {
        // Without a token nothing is decided here: the answer is 401, not 403.
        if (context.Resource is HttpContext http && http.User.Identity?.IsAuthenticated == true)
        {
            http.Features.Set(Caller.From(http, requirement.Roles));
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}

/// <summary>Who may call: tokens are read, and every route is held to the roles that it names.</summary>
public static class Callers
{
    /// <summary>Adds authentication and authorization.</summary>
    public static void AddCallers(this IServiceCollection services, HostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddTokens(settings);
        services.AddSingleton<IAuthorizationHandler, Gate>();
        // A route that names no role lets nobody in; where there is no route, a token gets to hear so.
        services.AddAuthorization(rules => rules.FallbackPolicy = new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(asked => (asked.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint).Build());
    }

    /// <summary>Names the roles that a route admits.</summary>
    public static TRoute RequireRoles<TRoute>(this TRoute route, params string[] roles)
        where TRoute : IEndpointConventionBuilder
    {
        var admitted = new Admitted(roles);
        return route.RequireAuthorization(rule => rule.RequireAuthenticatedUser().AddRequirements(admitted))
            .WithMetadata(admitted);
    }

    /// <summary>
    /// Answers under /v1 are about people: nothing on the way keeps them, and no browser takes them for what they are
    /// not.
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

    /// <summary>Open to everybody, without a token.</summary>
    public static RouteHandlerBuilder AllowAnyone(this RouteHandlerBuilder route) =>
        route.AllowAnonymous().WithMetadata(new Admitted(["anyone"]));

    /// <summary>A token for local mode, for a day: what ops/token prints.</summary>
    public static string LocalToken(
        string home, IClock clock, string role, string user, string? holder = null, string? person = null,
        string? council = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = user, ["role"] = role };
        foreach (var (name, value) in new[] { ("holder", holder), ("person", person), ("council", council) })
        {
            if (value is not null)
            {
                claims[name] = value;
            }
        }
        return LocalToken(home, clock, claims);
    }

    /// <summary>A token for local mode, for a day, with claims of any kind.</summary>
    public static string LocalToken(string home, IClock clock, IDictionary<string, object> claims)
    {
        ArgumentNullException.ThrowIfNull(clock);
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
