using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isf.Hosting.Http;
using Isf.Story.Tests.Telling;
using NodaTime;

namespace Isf.Story.Tests.Chaos;

/// <summary>The servers and the transport of a host process.</summary>
internal sealed record Installation(
    string Home, string Database, string Transport, string? RabbitMq, string Prefix, int Port)
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The platform as a separate process, which a test can kill as a power cut would.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StreamWriter log;

    private HostProcess(Process process, StreamWriter log) => (this.process, this.log) = (process, log);

    /// <summary>Starts the process and returns when it reports that it is ready.</summary>
    public static async Task<HostProcess> StartAsync(Installation at)
    {
        var start = StartInfo(at, "dotnet");
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        var log = new StreamWriter(Path.Combine(at.Home, "host.log"), append: true) { AutoFlush = true };
        var host = new HostProcess(process, log);
        process.OutputDataReceived += (_, line) => host.Note(line.Data);
        process.ErrorDataReceived += (_, line) => host.Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await host.ReadyAsync(at);
        return host;
    }

    /// <summary>
    /// The command that starts the host, either directly with dotnet or through a program that wraps it.
    /// </summary>
    public static ProcessStartInfo StartInfo(Installation at, string program, params string[] arguments)
    {
        string[] host = [Path.Combine(AppContext.BaseDirectory, "Isf.Host.dll")];
        var start = new ProcessStartInfo(program, [.. arguments, .. host])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = at.Home,
            Environment =
            {
                ["ISF_DATABASE"] = at.Database, ["ISF_TRANSPORT"] = at.Transport, ["ISF_SERVICES"] = "all",
                ["ISF_HOME"] = at.Home, ["ISF_PORT"] = $"{at.Port}", ["ISF_BUS_PREFIX"] = at.Prefix,
            },
        };
        if (at.RabbitMq is { } broker)
            start.Environment["ISF_RABBITMQ"] = broker;
        return start;
    }

    /// <summary>Sends SIGKILL, so that the host flushes and closes nothing.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
        await log.DisposeAsync();
    }

    private async Task ReadyAsync(Installation at)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(4))
        {
            if (process.HasExited)
                break;
            try
            {
                using var ready = await client.GetAsync(new Uri($"http://127.0.0.1:{at.Port}/health/ready"));
                if (ready.IsSuccessStatusCode)
                    return;
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
            {
                // The host is not listening yet.
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"The host did not become ready: see {at.Home}/host.log.");
    }

    private void Note(string? line)
    {
        lock (log)
        {
            if (line is not null && log.BaseStream is not null)
                log.WriteLine(line);
        }
    }
}

/// <summary>
/// The clients of a host process, one for each role. Their tokens are signed with the host's own key.
/// </summary>
internal sealed class ProcessOffice(Installation at) : IDisposable
{
#pragma warning disable RS0030 // A host process uses the machine's clock, and so must its tokens.
    private static readonly IClock RealClock = SystemClock.Instance;
#pragma warning restore RS0030
    private readonly Dictionary<string, HttpClient> clients = [];

    public Office Office => new(ClientOf) { Patience = TimeSpan.FromMinutes(5) };

    public void Dispose()
    {
        foreach (var client in clients.Values)
            client.Dispose();
    }

    private HttpClient ClientOf(string caller)
    {
        if (!clients.TryGetValue(caller, out var client))
        {
            var token = Callers.LocalToken(at.Home, RealClock, caller, "chaos-" + caller, "sunrise");
            client = new HttpClient
            {
                BaseAddress = new Uri($"http://127.0.0.1:{at.Port}"),
                DefaultRequestHeaders = { Authorization = new("Bearer", token) },
                Timeout = TimeSpan.FromSeconds(20),
            };
            clients[caller] = client;
        }
        return client;
    }
}
