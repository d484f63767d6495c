using System.Text.Json;
using Isf.Hosting.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// In local mode, the host signs with a key of its own, which only the key's owner can read, and tokens are valid for a
/// day.
/// </summary>
public sealed class Local_tokens_are_ours : IAsyncLifetime
{
    private readonly string home = Directory.CreateTempSubdirectory("isf-local-").FullName;
    private TestHost host = null!;

    private string KeyFile => Path.Combine(home, ".isf", "signing.key");

    public async Task InitializeAsync() =>
        host = await TestHost.StartAsync(new() { Settings = settings => settings with { Home = home } });

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task The_key_has_an_id_and_is_its_owners_from_the_first_byte()
    {
        var together = Enumerable.Range(0, 8).Select(_ => Task.Run(() => LocalKey.LoadOrCreate(home)));
        var ids = (await Task.WhenAll(together)).Select(key => key.KeyId).Distinct().ToList();
        Assert.Equal([new JsonWebToken(Token()).Kid], ids);
        Assert.Equal([KeyFile], Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
        Assert.True(IsItsOwners(KeyFile));
    }

    [Fact]
    public async Task A_new_key_refuses_every_token_made_before_at_once()
    {
        var before = Token();
        Assert.Equal(200, await StatusAsync(before));
        var id = new JsonWebToken(before).Kid;
        Assert.NotEqual(id, LocalKey.Rotate(home).KeyId);
        Assert.Equal((401, 200), (await StatusAsync(before), await StatusAsync(Token())));
        Assert.True(IsItsOwners(KeyFile));
    }

    [Fact]
    public async Task A_token_is_good_for_a_day()
    {
        var token = Token();
        var claims = JsonSerializer.Deserialize<JsonElement>(
            Base64UrlEncoder.Decode(new JsonWebToken(token).EncodedPayload));
        Assert.Equal(24 * 3600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        host.Clock.Advance(Duration.FromDays(1));
        Assert.Equal(200, await StatusAsync(token));
        host.Clock.Advance(Duration.FromSeconds(60));
        Assert.Equal(401, await StatusAsync(token));
    }

    [Theory]
    [InlineData(0, 86_400, true, 200)]
    [InlineData(-30, 86_430, true, 200)]
    [InlineData(0, 86_461, true, 401)]
    [InlineData(0, 315_360_000, true, 401)]
    [InlineData(315_360_000, 315_446_400, true, 401)]
    [InlineData(null, 3600, true, 401)]
    [InlineData(0, 3600, false, 401)]
    public async Task A_token_by_our_key_says_which_key_and_when_it_was_made_for_at_most_a_day(
        int? made, int ends, bool namesKey, int status)
    {
        var ours = LocalKey.LoadOrCreate(home);
        var key = new SymmetricSecurityKey(ours.Key) { KeyId = namesKey ? ours.KeyId : null };
        var now = host.Clock.GetCurrentInstant().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "u-1", ["role"] = Role.HolderAdmin, ["holder"] = "sunrise", ["iss"] = "isf-local",
            ["exp"] = now + ends,
        };
        if (made is { } seconds)
            claims["iat"] = now + seconds;
        var maker = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var token = maker.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt", Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        Assert.Equal(status, await StatusAsync(token));
    }

    [Fact]
    public async Task Somebody_elses_key_opens_nothing()
    {
        var other = Directory.CreateTempSubdirectory("isf-other-").FullName;
        var forged = Callers.LocalToken(other, host.Clock, Role.HolderAdmin, "mallory", "sunrise");
        Directory.Delete(other, recursive: true);
        Assert.Equal(401, await StatusAsync(forged));
    }

    private static bool IsItsOwners(string file) => OperatingSystem.IsWindows()
        || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private string Token() => Callers.LocalToken(home, host.Clock, Role.HolderAdmin, "u-1", "sunrise");

    private async Task<int> StatusAsync(string token) =>
        (int)(await host.Sending(token).GetAsync("/v1/funds")).StatusCode;
}
