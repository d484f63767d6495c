using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Isf.Hosting;
using Isf.Hosting.Http;
using Microsoft.IdentityModel.Tokens;

namespace Isf.Tests.Hosting;

/// <summary>
/// The platform accepts an issuer's token only if its header, claims and signature are right. The test sets the clock.
/// </summary>
public sealed class Tokens_of_an_issuer_are_checked : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private TestHost host = null!;

    private delegate void Change(JsonObject header, JsonObject claims);

    public async Task InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync("k-1");
        host = await TestHost.StartAsync(Terms());
        await Sample.OpenAsync(host.Sending(issuer.Token(host.Clock.GetCurrentInstant(), "k-1")));
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Only_an_access_token_for_this_platform_opens_it()
    {
        foreach (var (what, status, change) in Changes())
        {
            var (header, claims) = (TestIssuer.Header("k-1"), issuer.Claims(host.Clock.GetCurrentInstant()));
            change(header, claims);
            Assert.Equal((what, status),
                (what, await StatusAsync(issuer.Signed(header.ToJsonString(), claims.ToJsonString(), "k-1"))));
        }
    }

    [Fact]
    public async Task What_a_token_says_twice_is_refused()
    {
        var header = TestIssuer.Header("k-1").ToJsonString();
        var claims = issuer.Claims(host.Clock.GetCurrentInstant()).ToJsonString();
        string Twice(string text, string more) => text[..^1] + "," + more + "}";
        foreach (var more in new[] { "\"role\":\"council\"", "\"holder\":\"gamma\"", "\"sub\":\"u-2\"" })
            Assert.Equal(401, await StatusAsync(issuer.Signed(header, Twice(claims, more), "k-1")));
        Assert.Equal(401, await StatusAsync(issuer.Signed(Twice(header, "\"typ\":\"JWT\""), claims, "k-1")));
    }

    [Fact]
    public async Task A_key_of_somebody_else_opens_nothing()
    {
        var (header, claims) = (TestIssuer.Header("k-1"), issuer.Claims(host.Clock.GetCurrentInstant()).ToJsonString());
        using var stranger = RSA.Create(2048);
        Assert.Equal(401, await StatusAsync(TestIssuer.Signed(header.ToJsonString(), claims, stranger)));
        header["alg"] = "none";
        var unsigned = Base64UrlEncoder.Encode(header.ToJsonString()) + "." + Base64UrlEncoder.Encode(claims) + ".";
        Assert.Equal(401, await StatusAsync(unsigned));
        // This token is signed with the public key as an HMAC secret, which anybody could do.
        header["alg"] = "HS256";
        using var published = issuer.Remove("k-1");
        var text = Base64UrlEncoder.Encode(header.ToJsonString()) + "." + Base64UrlEncoder.Encode(claims);
        var secret = published.ExportSubjectPublicKeyInfo();
        var mac = Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)));
        Assert.Equal(401, await StatusAsync($"{text}.{mac}"));
        Assert.Equal(401, await StatusAsync("not-a-token"));
    }

    [Fact]
    public async Task A_local_token_opens_nothing_where_there_is_an_issuer() =>
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.As(Role.HolderAdmin).GetAsync("/v1/funds/F-1")).StatusCode);

    [Fact]
    public async Task Its_own_names_for_types_and_roles_are_translated()
    {
        await using var other = await TestHost.StartAsync(Terms(settings => settings with
        {
            AuthTypes = ["JWT"],
            AuthRoleClaim = "https://care.example/job",
            AuthRoles = new Dictionary<string, string> { ["Finance team"] = Role.HolderFinance },
        }));
        foreach (var (job, code) in new (JsonNode, string)[] { ("Finance team", "unknown-fund"),
            ("holder-admin", "not-your-role"), (new JsonArray("Finance team", "Finance team"), "one-role") })
        {
            var (header, claims) = (TestIssuer.Header("k-1"), issuer.Claims(host.Clock.GetCurrentInstant()));
            (header["typ"], claims["https://care.example/job"]) = ("JWT", job);
            var response = await other.Sending(issuer.Signed(header.ToJsonString(), claims.ToJsonString(), "k-1"))
                .GetAsync("/v1/funds/F-1");
            Assert.Equal(code, await response.CodeAsync());
        }
        Assert.Equal("one-role", await (await other.Sending(issuer.Token(host.Clock.GetCurrentInstant(), "k-1"))
            .GetAsync("/v1/funds/F-1")).CodeAsync());
    }

    private IEnumerable<(string, int, Change)> Changes()
    {
        var now = host.Clock.GetCurrentInstant().ToUnixTimeSeconds();
        Change Claim(string name, JsonNode? value) => (_, claims) => claims[name] = value;
        Change Head(string name, JsonNode? value) => (header, _) => header[name] = value;
        Change Without(string name) => (header, claims) => _ = header.Remove(name) || claims.Remove(name);
        return
        [
            ("as it is", 200, (_, _) => { }), ("another program's", 401, Claim("aud", "payroll")),
            ("ours among others", 200, Claim("aud", new JsonArray("payroll", TestIssuer.Audience))),
            ("a longer name", 401, Claim("aud", TestIssuer.Audience + "/")), ("for nobody", 401, Without("aud")),
            ("no user", 401, Without("sub")), ("an empty user", 401, Claim("sub", " ")),
            ("a number for a user", 401, Claim("sub", 7)), ("no end", 401, Without("exp")),
            ("over for 59 s", 200, Claim("exp", now - 59)), ("over for 61 s", 401, Claim("exp", now - 61)),
            ("for ever", 200, Claim("exp", 253402300799)), ("from in 59 s", 200, Claim("nbf", now + 59)),
            ("from in 61 s", 401, Claim("nbf", now + 61)),
            ("another issuer's", 401, Claim("iss", "https://issuer.example")), ("nobody's", 401, Without("iss")),
            ("written out", 200, Head("typ", "application/at+JWT")), ("an ID token", 401, Head("typ", "JWT")),
            ("a logout token", 401, Head("typ", "logout+jwt")), ("of no type", 401, Without("typ")),
            ("with nonce", 401, Claim("nonce", "n")), ("with events", 401, Claim("events", new JsonObject())),
            ("an unknown extension", 401, Head("crit", new JsonArray("exp"))),
            ("without kid", 200, Without("kid")), ("an unknown kid", 401, Head("kid", "k-9")),
        ];
    }

    private async Task<int> StatusAsync(string token) =>
        (int)(await host.Sending(token).GetAsync("/v1/funds/F-1")).StatusCode;

    private TestHostTerms Terms(Func<HostSettings, HostSettings>? more = null) => new()
    {
        Settings = settings => (more ?? (same => same))(settings with
        {
            AuthAuthority = issuer.Address,
            AuthAudience = TestIssuer.Audience,
            AuthAnswersWithin = TimeSpan.FromMinutes(2),
        }),
    };
}
