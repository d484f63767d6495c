using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// A small OpenID Connect issuer on the loopback address: its metadata, its keys, and tokens of any shape. A test
/// removes keys, adds others, or stops the issuer.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "isf-platform";

    private readonly Dictionary<string, RSA> keys = [];
    private WebApplication? app;
    private int port;

    /// <summary>The issuer's URL, which is also its name.</summary>
    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>The number of times that the issuer's keys were fetched.</summary>
    public int Requests { get; private set; }

    /// <summary>A response in place of the issuer's metadata; null if the issuer returns its metadata.</summary>
    public Func<IResult>? Instead { get; set; }

    public static async Task<TestIssuer> StartAsync(params string[] kids)
    {
        var issuer = new TestIssuer();
        Array.ForEach(kids, issuer.Add);
        await issuer.StartAsync();
        return issuer;
    }

    public void Add(string kid) => keys[kid] = RSA.Create(2048);

    /// <summary>Removes a key from the issuer's set and returns it.</summary>
    public RSA Remove(string kid) => keys.Remove(kid, out var key) ? key : throw new KeyNotFoundException(kid);

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Instead?.Invoke()
            ?? Results.Json(new { issuer = Address, jwks_uri = Address + "/jwks" }));
        app.MapGet("/jwks", () =>
        {
            Requests++;
            return Results.Text(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(Published)]) }.ToJsonString(),
                "application/json");
        });
        await app.StartAsync();
        port = new Uri(app.Urls.First()).Port;
    }

    public async Task StopAsync()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>The claims of a token that is valid at this moment.</summary>
    public JsonObject Claims(Instant now) => new()
    {
        ["iss"] = Address, ["aud"] = Audience, ["sub"] = "u-1", ["role"] = "holder-admin", ["holder"] = "sunrise",
        ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.ToUnixTimeSeconds() + 300,
    };

    /// <summary>A signed token with exactly this header and these claims.</summary>
    public string Signed(string header, string claims, string kid) => Signed(header, claims, keys[kid]);

    /// <summary>A token signed with a key that may have been removed.</summary>
    public static string Signed(string header, string claims, RSA key)
    {
        var text = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(claims);
        return text + "." + Base64UrlEncoder.Encode(
            key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>An access token that is valid at this moment.</summary>
    public string Token(Instant now, string kid) =>
        Signed(Header(kid).ToJsonString(), Claims(now).ToJsonString(), kid);

    public static JsonObject Header(string kid) => new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = kid };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var key in keys.Values)
            key.Dispose();
    }

    private static JsonNode Published(KeyValuePair<string, RSA> key)
    {
        var parts = key.Value.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["kid"] = key.Key, ["n"] = Base64UrlEncoder.Encode(parts.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parts.Exponent),
        };
    }
}
