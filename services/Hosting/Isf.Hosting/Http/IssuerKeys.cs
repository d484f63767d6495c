using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Isf.Hosting.Http;

/// <summary>The name and the signing keys that the issuer publishes, and the time when they were fetched.</summary>
internal sealed record IssuerSet(string Issuer, IReadOnlyList<SecurityKey> Keys, Instant FetchedAt)
{
    /// <summary>
    /// The keys that may have signed a token. They are the keys with the id that the token names or, if the token
    /// names no id, all keys.
    /// </summary>
    public IEnumerable<SecurityKey> Named(string? kid) =>
        string.IsNullOrEmpty(kid) ? Keys : Keys.Where(key => key.KeyId == kid);
}

/// <summary>
/// Caches the keys of the OpenID Connect issuer. The keys are fetched again once they are 5 minutes old, so that a
/// revoked key is refused by then. They are also fetched if a token names an unknown key, but for that reason at most
/// once in 10 seconds, so that callers cannot cause endless requests. (The framework's own ConfigurationManager uses
/// the system clock, and fetches for an unknown key only after its next interval.)
/// </summary>
internal sealed class IssuerKeys : IHostedLifecycleService, IDisposable
{
    private static readonly Duration FreshFor = Duration.FromMinutes(5);
    private static readonly Duration BetweenUnknownKeys = Duration.FromSeconds(10);
    private static readonly Duration AfterFailure = Duration.FromSeconds(2);

    private readonly Uri authority;
    private readonly IClock clock;
    private readonly ILogger<IssuerKeys> log;
    private readonly TimeSpan within;
    private readonly HttpClient http;
    private readonly SemaphoreSlim one = new(1, 1);
    private Instant? fetchedForUnknownAt;
    private Instant? failedAt;

    public IssuerKeys(HostSettings settings, IClock clock, ILogger<IssuerKeys> log)
    {
        (authority, within) = (new Uri(settings.AuthAuthority!), settings.AuthAnswersWithin);
        (this.clock, this.log) = (clock, log);
        http = new() { MaxResponseContentBufferSize = 1 << 20, Timeout = within };
    }

    /// <summary>The metadata fetched last; null before the first fetch.</summary>
    public IssuerSet? Latest { get; private set; }

    /// <summary>
    /// Fetches the metadata again if <see cref="Latest"/> is outdated, or lacks the key that a token names.
    /// </summary>
    /// <exception cref="ProblemException">503: the issuer cannot be reached, so no caller can be accepted or
    /// rejected.</exception>
    public async Task MakeReadyAsync(string? kid, CancellationToken stop)
    {
        if (IsReady(kid))
            return;
        await one.WaitAsync(stop);
        try
        {
            if (!IsReady(kid))
                await FetchOrRefuseAsync();
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>
    /// Fetches the metadata before the host starts. A wrong authority keeps the host from starting; an issuer that
    /// does not respond now is only logged.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            Latest = await FetchAsync();
        }
        catch (Exception fault) when (IsUnreachable(fault))
        {
            LogUnreachable(fault);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        http.Dispose();
        one.Dispose();
    }

    private bool IsReady(string? kid)
    {
        var now = clock.GetCurrentInstant();
        if (Latest is not { } latest || now - latest.FetchedAt >= FreshFor)
            return false;
        return latest.Named(kid).Any() || now - fetchedForUnknownAt < BetweenUnknownKeys;
    }

    private async Task FetchOrRefuseAsync()
    {
        var now = clock.GetCurrentInstant();
        if (now - failedAt < AfterFailure)
            throw NotAvailable();
        // Only a fetch for an unknown key starts the pause of 10 seconds, so an unknown key is looked up at once
        // after any other fetch.
        if (Latest is { } latest && now - latest.FetchedAt < FreshFor)
            fetchedForUnknownAt = now;
        try
        {
            Latest = await FetchAsync();
            failedAt = null;
        }
        catch (Exception fault) when (IsUnreachable(fault) || fault is InvalidOperationException)
        {
            // failedAt is the time of the failure and not of the request, so that callers that waited for this fetch
            // share its failure and do not fetch again.
            (failedAt, fetchedForUnknownAt) = (clock.GetCurrentInstant(), null);
            LogUnreachable(fault);
            throw NotAvailable();
        }
    }

    private async Task<IssuerSet> FetchAsync()
    {
        var now = clock.GetCurrentInstant();
        using var limit = new CancellationTokenSource(within);
        var address = new Uri(authority.ToString().TrimEnd('/') + "/.well-known/openid-configuration");
        var described = Read(address, await GetAsync(address, limit.Token), OpenIdConnectConfiguration.Create);
        if (described.Issuer?.TrimEnd('/') != authority.ToString().TrimEnd('/'))
            throw Wrong(address, $"names its issuer “{described.Issuer}”, which is another address");
        if (!Uri.TryCreate(described.JwksUri, UriKind.Absolute, out var keys)
            || !(keys.Scheme == Uri.UriSchemeHttps || keys.IsLoopback))
        {
            throw Wrong(address, "names no jwks_uri that begins with https");
        }
        var set = Read(keys, await GetAsync(keys, limit.Token), JsonWebKeySet.Create);
        // A symmetric key would let everybody who can verify tokens also sign them.
        return new(described.Issuer, [.. set.GetSigningKeys().Where(key => key is not SymmetricSecurityKey)], now);
    }

    private async Task<string> GetAsync(Uri address, CancellationToken stop)
    {
        using var response = await http.GetAsync(address, stop);
        if ((int)response.StatusCode is >= 500 or 429)
            throw new HttpRequestException($"{address} answered {(int)response.StatusCode}.");
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(stop)
            : throw Wrong(address, $"answered {(int)response.StatusCode}");
    }

    private static T Read<T>(Uri address, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (Exception fault) when (fault is ArgumentException or System.Text.Json.JsonException)
        {
            throw Wrong(address, "did not answer with the JSON of an OpenID Connect issuer");
        }
    }

    private static bool IsUnreachable(Exception fault) => fault is HttpRequestException or OperationCanceledException;

    private static InvalidOperationException Wrong(Uri address, string why) => new(
        $"ISF_AUTH_AUTHORITY is not the address of an OpenID Connect issuer: {address} {why}.");

    private static ProblemException NotAvailable() => ProblemException.Titled(
        PlatformRefusal.NotAvailable, "Tokens cannot be checked now.",
        "The issuer of tokens does not answer. Try again in a few seconds.");

    private void LogUnreachable(Exception fault) =>
        log.LogWarning("The issuer of tokens cannot be asked for its keys: {Fault}", fault.Message);
}
