using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isf.Tests.Servers;

namespace Isf.Tests.Hosting;

/// <summary>
/// nginx before six hosts, in a folder whose name contains characters that are special to nginx and sed.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private const string Nginx = "/usr/sbin/nginx";
    private readonly string folder = Directory.CreateTempSubdirectory("isf nginx; & | ").FullName;

    private Proxy(int port) => Address = new($"http://127.0.0.1:{port}");

    /// <summary>Whether nginx is installed.</summary>
    public static bool CanRun => File.Exists(Nginx);

    /// <summary>The services in the order of their hosts.</summary>
    public static IReadOnlyList<string> Services { get; } =
        ["funds", "support", "invoicing", "ledger", "reconciliation", "statements"];

    /// <summary>The URL of nginx.</summary>
    public Uri Address { get; }

    /// <summary>Starts nginx before the hosts at these addresses. nginx answers whether or not they do.</summary>
    public static async Task<Proxy> StartAsync(IEnumerable<string> hosts)
    {
        var proxy = new Proxy(FreePort());
        await File.WriteAllTextAsync(proxy.Configuration, await proxy.ConfigurationAsync(hosts));
        File.Copy(Path.Combine(TestServers.Root, "services", "Host", "Isf.Host", "openapi.v1.json"),
            Path.Combine(proxy.folder, "openapi.v1.json"));
        proxy.Run().Dispose();
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var knock = new TcpClient();
                await knock.ConnectAsync(IPAddress.Loopback, proxy.Address.Port);
                return proxy;
            }
            catch (SocketException) when (since.Elapsed < TimeSpan.FromSeconds(30))
            {
                // nginx has not started yet.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var stop = Run("-s", "stop"))
            await stop.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Configuration => Path.Combine(folder, "nginx.conf");

    private Process Run(params string[] more) =>
        Process.Start(Nginx, ["-p", folder, "-c", Configuration, "-e", "stderr", .. more]);

    private async Task<string> ConfigurationAsync(IEnumerable<string> hosts)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(TestServers.Root, "ops", "nginx.conf.template"));
        foreach (var (host, service) in hosts.Zip(Services))
            text = text.Replace($"@{service.ToUpperInvariant()}@", host);
        return (Environment.UserName == "root" ? "user root;\n" : "")
            + text.Replace("@PORT@", Address.Authority);
    }
}
