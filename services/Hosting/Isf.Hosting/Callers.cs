using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
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

    /// <summary>The holder's own people.</summary>
    public static readonly string[] AnyHolder = [HolderAdmin, HolderFinance, HolderCare];

    /// <summary>Everybody who may read something of a fund; which fund is decided fund by fund.</summary>
    public static readonly string[] AnyReader =
        [HolderAdmin, HolderFinance, HolderCare, Person, Supporter, Council, Auditor];
}

/// <summary>The roles that a route admits: part of the route, so that a test finds one that names none.</summary>
public sealed record Admitted(IReadOnlyList<string> Roles);

/// <summary>Which service answers a route.</summary>
public sealed record AnsweredBy(string Service);

/// <summary>Who is calling, and as whose tenant.</summary>
public sealed record Caller(string User, string Role, string HolderId, string? CouncilId, string? PersonId)
{
    /// <summary>
    /// Whether this caller may see a fund: a council its own people's, a person their own; a supporter only by a
    /// consent, which the service that knows of it checks.
    /// </summary>
    public bool MaySee(string councilId, string personId) => Role switch
    {
        Hosting.Role.Council => CouncilId == councilId,
        Hosting.Role.Person => PersonId == personId,
        Hosting.Role.Supporter => false,
        _ => true,
    };

    /// <summary>From the token; a council or auditor names the holder in the address (?holder=).</summary>
    public static ValueTask<Caller> BindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var user = http.User;
        var role = user.FindFirstValue("role")
            ?? throw new Refused(403, "not-your-role", "Your token names no role.", "Ask for a token with a role.");
        var holder = user.FindFirstValue("holder");
        var named = http.Request.Query["holder"].ToString();
        if (role is Hosting.Role.Council || (role is Hosting.Role.Auditor && holder is null))
        {
            holder = Ids.IsId(named) ? named : throw new Refused(400, "no-holder", "Name the holder.",
                "Add ?holder= with the holder's id to the address.", new FieldError("?holder", "needed for this role"));
        }
        else if (role is Hosting.Role.Auditor && named.Length == 0)
        {
            throw new Refused(400, "no-holder", "Name the holder.",
                "Add ?holder= with the holder's id to the address.", new FieldError("?holder", "needed for this role"));
        }
        else if (named.Length > 0 && named != holder)
        {
            throw Refused.UnknownFund("of that holder");
        }
        if (holder is null || !Ids.IsId(holder))
        {
            throw new Refused(403, "no-holder-claim", "Your token names no holder.", "Ask for a token with a holder.");
        }
        return ValueTask.FromResult(new Caller(user.FindFirstValue("sub") ?? "", role, holder,
            user.FindFirstValue("council"), user.FindFirstValue("person")));
    }
}

/// <summary>JWT bearer authentication: an OpenID Connect issuer, or a key of our own in local mode.</summary>
public static class Callers
{
    private const string LocalIssuer = "isf-local";

    /// <summary>Adds authentication and authorization.</summary>
    public static void AddCallers(this IServiceCollection services, HostSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            if (settings.AuthAuthority is { } authority)
            {
                jwt.Authority = authority;
                jwt.RequireHttpsMetadata = !new Uri(authority).IsLoopback;
                jwt.TokenValidationParameters.ValidateAudience = false;
            }
            else
            {
                jwt.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = LocalIssuer, ValidateAudience = false, IssuerSigningKey = LocalKey(settings.Home),
                };
            }
            jwt.TokenValidationParameters.RoleClaimType = "role";
            jwt.TokenValidationParameters.NameClaimType = "sub";
        });
        services.AddAuthorization(rules => rules.FallbackPolicy = new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser().Build());
    }

    /// <summary>Names the roles that a route admits.</summary>
    public static RouteHandlerBuilder Admits(this RouteHandlerBuilder route, params string[] roles) => route
        .RequireAuthorization(rule => rule.RequireAuthenticatedUser().RequireClaim("role", roles))
        .WithMetadata(new Admitted(roles));

    /// <summary>Open to everybody, without a token.</summary>
    public static RouteHandlerBuilder AdmitsAnyone(this RouteHandlerBuilder route) =>
        route.AllowAnonymous().WithMetadata(new Admitted(["anyone"]));

    /// <summary>A token for local mode, for a day: what ops/token prints.</summary>
    public static string LocalToken(
        string home, IClock clock, string role, string user, string? holder = null, string? person = null,
        string? council = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var claims = new Dictionary<string, object> { ["sub"] = user, ["role"] = role };
        foreach (var (name, value) in new[] { ("holder", holder), ("person", person), ("council", council) })
        {
            if (value is not null)
            {
                claims[name] = value;
            }
        }
        var now = clock.GetCurrentInstant();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = LocalIssuer,
            Claims = claims,
            IssuedAt = now.ToDateTimeUtc(),
            NotBefore = now.ToDateTimeUtc(),
            Expires = now.Plus(Duration.FromDays(1)).ToDateTimeUtc(),
            SigningCredentials = new SigningCredentials(LocalKey(home), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>
    /// The key under .isf/, made at first use; two processes that make it at once end with the same one.
    /// </summary>
    private static SymmetricSecurityKey LocalKey(string home)
    {
        var folder = Path.Combine(home, ".isf");
        var file = Path.Combine(folder, "signing.key");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(folder);
            var mine =
                Path.Combine(folder, $"signing.key.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}");
            File.WriteAllBytes(mine, RandomNumberGenerator.GetBytes(32));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(mine, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            try
            {
                File.Move(mine, file, overwrite: false);
            }
            catch (IOException)
            {
                File.Delete(mine);
            }
        }
        return new SymmetricSecurityKey(File.ReadAllBytes(file));
    }
}
