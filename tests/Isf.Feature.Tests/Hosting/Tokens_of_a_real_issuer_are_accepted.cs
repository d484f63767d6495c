using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// Tests tokens of oidc-provider, a certified OpenID Connect issuer in Node.js, on the loopback address. Runs only with
/// ISF_TEST_LONG=1, because npm has to fetch the package first. A restart gives the issuer another key.
/// </summary>
public sealed class Tokens_of_a_real_issuer_are_accepted
{
    private const string Package = "oidc-provider@8.8.1";

    private const string Program = """
        import { generateKeyPairSync } from 'node:crypto';
        import Provider from 'oidc-provider';

        const [port, kid] = process.argv.slice(2);
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const provider = new Provider(`http://127.0.0.1:${port}`, {
          jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
          clients: [{ client_id: 'office', client_secret: 'office-secret', grant_types: ['client_credentials'],
            redirect_uris: [], response_types: [] }],
          features: {
            clientCredentials: { enabled: true },
            devInteractions: { enabled: false },
            resourceIndicators: {
              enabled: true,
              getResourceServerInfo: (_, audience) =>
                ({ scope: '', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
            },
          },
          extraTokenClaims: () => ({ role: 'holder-admin', holder: 'sunrise' }),
        });
        provider.listen(Number(port), '127.0.0.1');
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("isf-oidc-").FullName;
    private readonly int port = FreePort();

    private string Address => $"http://127.0.0.1:{port}";

    [Fact]
    public async Task With_its_audience_and_its_latest_key()
    {
        if (Environment.GetEnvironmentVariable("ISF_TEST_LONG") != "1")
            return;
        await File.WriteAllTextAsync(Path.Combine(folder, "issuer.mjs"), Program);
        using (var npm = Start("npm", "install", "--no-audit", "--no-fund", "--silent", Package))
        {
            await npm.WaitForExitAsync();
            Assert.Equal(0, npm.ExitCode);
        }
        var first = await IssuerAsync("k-1");
        await using var host = await TestHost.StartAsync(Terms());
        var old = await TokenAsync("https://isf.example");
        Assert.Equal(HttpStatusCode.OK, (await host.Sending(old).GetAsync("/v1/funds")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.Sending(await TokenAsync("https://payroll.example")).GetAsync("/v1/funds")).StatusCode);
        await EndAsync(first);
        var second = await IssuerAsync("k-2");
        var fresh = await TokenAsync("https://isf.example");
        Assert.Equal(HttpStatusCode.OK, (await host.Sending(fresh).GetAsync("/v1/funds")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Sending(old).GetAsync("/v1/funds")).StatusCode);
        await EndAsync(second);
        Directory.Delete(folder, recursive: true);
    }

#pragma warning disable RS0030 // The issuer uses the machine's clock.
    private TestHostTerms Terms() => new()
    {
        Now = SystemClock.Instance.GetCurrentInstant(),
        Settings = settings => settings with
        {
            AuthAuthority = Address,
            AuthAudience = "https://isf.example",
            AuthAnswersWithin = TimeSpan.FromMinutes(2),
        },
    };
#pragma warning restore RS0030

    private async Task<string> TokenAsync(string resource)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("office:office-secret")));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        { ["grant_type"] = "client_credentials", ["resource"] = resource });
        var response = await (await client.PostAsync(new Uri(Address + "/token"), form)).NeedsAsync(200);
        return (string)(await response.JsonAsync())["access_token"]!;
    }

    private async Task<Process> IssuerAsync(string kid)
    {
        var issuer = Start("node", "issuer.mjs", $"{port}", kid);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var tries = 0; !issuer.HasExited && tries < 600; tries++)
        {
            try
            {
                await client.GetStringAsync(new Uri(Address + "/.well-known/openid-configuration"));
                return issuer;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200);
            }
        }
        throw new InvalidOperationException("The issuer did not start.");
    }

    private static async Task EndAsync(Process issuer)
    {
        issuer.Kill();
        await issuer.WaitForExitAsync();
        issuer.Dispose();
    }

    private Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
