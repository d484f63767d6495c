using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>
/// Validates access tokens (RFC 9068, RFC 7519) of an OpenID Connect issuer or, in local mode, tokens signed with
/// <see cref="LocalKey"/>. <see cref="Caller"/> decides what a token's claims allow. Source: api.md, "Who is calling".
/// </summary>
internal static class Tokens
{
    /// <summary>The issuer of local mode.</summary>
    internal const string LocalIssuer = "isf-local";

    /// <summary>The type of an access token (RFC 9068 §2.1).</summary>
    internal const string AccessType = "at+jwt";

    /// <summary>The lifetime of a token in local mode.</summary>
    internal static readonly Duration LocalLife = Duration.FromDays(1);

    private static readonly Duration Skew = Duration.FromSeconds(60);
    private static readonly string[] IssuerAlgorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Adds the validation of the tokens of requests.</summary>
    internal static void AddTokens(
        this IServiceCollection services, HostSettings settings, Func<HttpRequest, Task<string?>> browserToken)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        if (settings.AuthAuthority is not null)
            services.AddSingleton<IssuerKeys>().AddHostedService(host => host.GetRequiredService<IssuerKeys>());
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IServiceProvider, IClock>((jwt, host, clock) =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = ByTheClock(clock);
                if (settings.AuthAuthority is null)
                    AcceptLocal(jwt, settings, clock, browserToken);
                else
                    AcceptIssuers(jwt, settings, host.GetRequiredService<IssuerKeys>(), browserToken);
            });
    }

    private static TokenValidationParameters ByTheClock(IClock clock) => new()
    {
        NameClaimType = "sub",
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = clock.GetCurrentInstant();
            return expires is { } end && now - Skew < Instant.FromDateTimeUtc(end)
                && (notBefore is not { } start || now + Skew >= Instant.FromDateTimeUtc(start));
        },
    };

    private static void AcceptLocal(
        JwtBearerOptions jwt, HostSettings settings, IClock clock, Func<HttpRequest, Task<string?>> browserToken)
    {
        var terms = jwt.TokenValidationParameters;
        terms.ValidIssuer = LocalIssuer;
        terms.ValidateAudience = false;
        terms.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        terms.IssuerSigningKeyResolver = (_, _, kid, _) =>
        {
            var key = LocalKey.LoadOrCreate(settings.Home);
            return kid == key.KeyId ? [key] : [];
        };
        jwt.Events = new JwtBearerEvents
        {
            OnMessageReceived = async context => context.Token = await browserToken(context.Request),
            OnTokenValidated = context => CheckAsync(context, [AccessType, "JWT"], clock.GetCurrentInstant()),
        };
    }

    private static void AcceptIssuers(
        JwtBearerOptions jwt, HostSettings settings, IssuerKeys keys, Func<HttpRequest, Task<string?>> browserToken)
    {
        var terms = jwt.TokenValidationParameters;
        terms.IssuerValidator = (issuer, _, _) => issuer == keys.Latest?.Issuer
            ? issuer : throw new SecurityTokenInvalidIssuerException("The token is another issuer's.");
        terms.ValidAudience = settings.AuthAudience;
        terms.IgnoreTrailingSlashWhenValidatingAudience = false;
        terms.ValidAlgorithms = IssuerAlgorithms;
        terms.IssuerSigningKeyResolver = (_, _, kid, _) => keys.Latest?.Named(kid) ?? [];
        jwt.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => MakeReadyAsync(context, keys, browserToken),
            OnTokenValidated = async context =>
            {
                await CheckAsync(context, [AccessType, .. settings.AuthTypes]);
                TranslateRoles(context.Principal!, settings);
            },
            // If the issuer cannot be reached, the token may be valid, so the caller gets that problem and not a 401.
            OnChallenge = context => context.HttpContext.Features.Get<ProblemException>() is { } problem
                ? throw problem : Task.CompletedTask,
        };
    }

    private static async Task MakeReadyAsync(
        MessageReceivedContext context, IssuerKeys keys, Func<HttpRequest, Task<string?>> browserToken)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        context.Token = await browserToken(context.Request);
        var token = context.Token ?? (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header[scheme.Length..].Trim() : "");
        if (!IsToken(token, out var kid))
            return;
        try
        {
            await keys.MakeReadyAsync(kid, context.HttpContext.RequestAborted);
        }
        catch (ProblemException problem)
        {
            context.HttpContext.Features.Set(problem);
            context.NoResult();
        }
    }

    private static bool IsToken(string text, out string? kid)
    {
        try
        {
            kid = new JsonWebToken(text).Kid;
            return true;
        }
        catch (ArgumentException)
        {
            kid = null;
            return false;
        }
    }

    private static Task CheckAsync(TokenValidatedContext context, IReadOnlyList<string> types, Instant? local = null)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if ((FaultOf(token, types) ?? (local is { } now ? FaultOfLocal(token, now) : null)) is { } fault)
            context.Fail(fault);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The reason why a correctly signed, unexpired token is not an access token; null if it is an access token.
    /// </summary>
    internal static string? FaultOf(JsonWebToken token, IReadOnlyList<string> types)
    {
        try
        {
            using var header = Parse(token.EncodedHeader);
            using var claims = Parse(token.EncodedPayload);
            return !types.Contains(TypeOf(header.RootElement), StringComparer.OrdinalIgnoreCase)
                    ? "It is not an access token: its typ is another."
                : header.RootElement.TryGetProperty("crit", out _) ? "It needs an extension that is not known here."
                : claims.RootElement.TryGetProperty("nonce", out _) ? "It is an ID token."
                : claims.RootElement.TryGetProperty("events", out _) ? "It is a logout token."
                : !claims.RootElement.TryGetProperty("sub", out var sub) || sub.ValueKind != JsonValueKind.String
                    || string.IsNullOrWhiteSpace(sub.GetString()) ? "It names no user (sub)."
                : null;
        }
        catch (JsonException)
        {
            return "It says something twice.";
        }
    }

    /// <summary>
    /// The reason why a token of local mode is not valid; null if it is valid. A valid token names the moment when it
    /// was made (iat), and lasts at most a day.
    /// </summary>
    private static string? FaultOfLocal(JsonWebToken token, Instant now)
    {
        using var claims = Parse(token.EncodedPayload);
        if (!claims.RootElement.TryGetProperty("iat", out var iat) || iat.ValueKind != JsonValueKind.Number
            || !iat.TryGetInt64(out var made) || made > (now + Skew).ToUnixTimeSeconds())
        {
            return "It does not say when it was made (iat), or a time to come.";
        }
        var ends = Instant.FromDateTimeUtc(token.ValidTo).ToUnixTimeSeconds();
        return ends > made + (long)(LocalLife + Skew).TotalSeconds ? "It is good for more than a day." : null;
    }

    // A repeated name is refused, because programs differ in how they read it (RFC 7519 §4).
    private static JsonDocument Parse(string encoded) => JsonDocument.Parse(
        Base64UrlEncoder.DecodeBytes(encoded), new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static string TypeOf(JsonElement header)
    {
        const string media = "application/";
        var type = header.TryGetProperty("typ", out var typ) && typ.ValueKind == JsonValueKind.String
            ? typ.GetString()! : "";
        return type.StartsWith(media, StringComparison.OrdinalIgnoreCase) ? type[media.Length..] : type;
    }

    // Translates the issuer's names of roles to ours, if the settings list any names. A name that is not in that list
    // becomes a role that allows nothing.
    private static void TranslateRoles(ClaimsPrincipal user, HostSettings settings)
    {
        var identity = (ClaimsIdentity)user.Identity!;
        var claimed = identity.FindAll(settings.AuthRoleClaim).Select(claim => claim.Value).ToList();
        foreach (var claim in identity.FindAll("role").ToList())
            identity.RemoveClaim(claim);
        identity.AddClaims(claimed.Select(name => new Claim("role", settings.AuthRoles.Count == 0 ? name
            : settings.AuthRoles.TryGetValue(name, out var role) ? role : "none-of-ours")));
    }
}
