using System.Security.Claims;
using Isf.Measures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>
/// The caller and their tenant. <see cref="Gate"/> determines them once for each request and authorizes the call;
/// handler and session receive the same caller, so that authorization and tenant never rest on two different claims.
/// On is the London day of the request; a consent must be valid on that day.
/// </summary>
public sealed record Caller(
    string User, string Role, string HolderId, string? CouncilId, string? PersonId, LocalDate On)
{
    /// <summary>
    /// Whether this caller's role allows them to see a fund. The holder's own people and an auditor may see every fund
    /// of the holder, a council those of its own people, and a person their own. A supporter may see a fund only by a
    /// consent, which the service that answers the request checks separately. Any other role sees nothing.
    /// </summary>
    public bool MaySee(string councilId, string personId) => Role switch
    {
        Http.Role.HolderAdmin or Http.Role.HolderFinance or Http.Role.HolderCare => true,
        Http.Role.Auditor => true,
        Http.Role.Council => CouncilId == councilId,
        Http.Role.Person => PersonId == personId,
        _ => false,
    };

    /// <summary>The authorized caller.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(In(http));

    internal static Caller In(HttpContext http) => http.Features.Get<Caller>() ?? throw new InvalidOperationException(
        "Nobody was let in here, because the route names no role: end it in .RequireRoles(…).");

    /// <summary>
    /// The caller that the token describes. Refuses with 403 if the token does not have exactly one role, or if the
    /// route does not allow that role.
    /// </summary>
    internal static Caller From(HttpContext http, IReadOnlyList<string> admitted)
    {
        var user = http.User;
        var role = RoleOf(user);
        var (holder, council, person) = (Single(user, "holder"), Single(user, "council"), Single(user, "person"));
        if (!admitted.Contains(role) || !Http.Role.All.Contains(role))
        {
            throw ProblemException.For(PlatformRefusal.NotYourRole,
                "Ask someone whose role may.");
        }
        var on = London.Today(http.RequestServices.GetRequiredService<IClock>());
        return new Caller(
            user.FindFirstValue("sub") ?? "", role, TenantOf(http, role, holder), council, person, on);
    }

    // Two roles would give two answers to the same authorization check, so a token must have exactly one.
    private static string RoleOf(ClaimsPrincipal user)
    {
        var roles = user.FindAll("role").Select(claim => claim.Value).ToList();
        return roles is [var role] && Ids.IsId(role) ? role
            : throw ProblemException.For(PlatformRefusal.OneRole,
                $"It names {roles.Count}. Ask for a token with exactly one role.");
    }

    private static string? Single(ClaimsPrincipal user, string name)
    {
        var values = user.FindAll(name).Select(claim => claim.Value).ToList();
        return values.Count == 0 ? null : values is [var value] && Ids.IsId(value) ? value
            : throw ProblemException.Titled(PlatformRefusal.OneValue, $"Your token does not name one {name}.",
                $"Ask for a token in which “{name}” is one id, not a list.");
    }

    // A council has people with several holders, so it names the holder in the URL, and it may only read. For all
    // other roles the token alone determines the tenant.
    private static string TenantOf(HttpContext http, string role, string? holder)
    {
        var (request, named) = (http.Request, http.Option(QueryOptions.Holder) ?? "");
        if (role == Http.Role.Council)
        {
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
                throw ProblemException.For(PlatformRefusal.NotYourRole, "A council only reads.");
            if (!Ids.IsId(named))
            {
                throw ProblemException.For(PlatformRefusal.NoHolder,
                    "Add ?holder= with the holder's id to the address.",
                    new FieldError("?holder", "needed for this role"));
            }
            holder ??= named;
        }
        if (role == Http.Role.Operator)
        {
            // No holder has the empty id, so a session of an operator sees no rows.
            return holder is not null
                ? throw ProblemException.Titled(PlatformRefusal.NotYourRole, "An operator has no holder.",
                    "Your token names one. Ask for a token of the role operator without a holder.")
                : named.Length == 0 ? "" : throw UnknownHolder();
        }
        if (holder is null)
        {
            throw ProblemException.For(PlatformRefusal.NoHolderClaim,
                "Ask for a token with a holder.");
        }
        return named.Length == 0 || named == holder ? holder : throw UnknownHolder();
    }

    private static ProblemException UnknownHolder() => ProblemException.For(PlatformRefusal.UnknownHolder,
        "No holder of that id is known here, or it is not yours to see.");
}

/// <summary>
/// Authorizes a caller whose one role the route allows, and stores that caller for the whole request.
/// </summary>
internal sealed class Gate : AuthorizationHandler<Admitted>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Admitted requirement)
    {
        // Without a token this handler decides nothing, so the answer is 401 and not 403.
        if (context.Resource is HttpContext http && http.User.Identity?.IsAuthenticated == true)
        {
            http.Features.Set(Caller.From(http, requirement.Roles));
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
