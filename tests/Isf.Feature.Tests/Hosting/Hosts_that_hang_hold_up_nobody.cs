using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isf.Client;

namespace Isf.Tests.Hosting;

/// <summary>
/// Behind nginx readiness responds within two seconds and every other route within five, whether hosts hang or their
/// machines are gone (decision 0026). Skipped if nginx is not installed.
/// </summary>
public sealed class Hosts_that_hang_hold_up_nobody : IDisposable
{
    // The time that a host takes to respond. It is well below nginx's timeout for a host, even if the machine is busy.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan Ready = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Answered = TimeSpan.FromSeconds(5);

    private readonly List<IDisposable> open = [];
    private readonly HttpClient client = new();

    public void Dispose() => open.Append(client).ToList().ForEach(item => item.Dispose());

    [Fact]
    public async Task The_next_host_tells_whether_all_is_ready()
    {
        if (!Proxy.CanRun)
            return;
        await using var proxy = await Proxy.StartAsync([Hangs(), .. Enumerable.Range(0, 5).Select(_ => Answers())]);
        await (await InTimeAsync(Ready, new(proxy.Address, "/health/ready"))).NeedsAsync(200);
    }

    [Fact]
    public async Task Where_all_hang_that_is_answered()
    {
        if (!Proxy.CanRun)
            return;
        await using var proxy = await Proxy.StartAsync([.. Enumerable.Range(0, 6).Select(_ => Hangs())]);
        var response = await (await InTimeAsync(Ready, new(proxy.Address, "/health/ready"))).NeedsAsync(503);
        Assert.Equal("services", (await response.ReadAsync<PlatformReady>()).Missing[0].Part);
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_not_waited_for()
    {
        if (!Proxy.CanRun)
            return;
        await using var proxy = await Proxy.StartAsync(
            [IsGone(), IsGone(), .. Enumerable.Range(0, 4).Select(_ => Answers())]);
        await (await InTimeAsync(Ready, new(proxy.Address, "/health/ready"))).NeedsAsync(200);
        var refused = await (await InTimeAsync(Answered, new(proxy.Address, "/v1/funds"))).NeedsAsync(503);
        Assert.Equal("not-available", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    // The time limits grow if the machine is so busy that a short sleep takes long.
    private async Task<HttpResponseMessage> InTimeAsync(TimeSpan max, Uri path)
    {
        var (watch, sending, lost) = (Stopwatch.StartNew(), client.GetAsync(path), TimeSpan.Zero);
        while (!sending.IsCompleted)
        {
            var least = Stopwatch.StartNew();
            await Task.Delay(20);
            lost += least.Elapsed > Least ? least.Elapsed : TimeSpan.Zero;
        }
        Assert.True(watch.Elapsed < max + (2 * lost), $"{path} took {watch.Elapsed}, and the machine {lost}");
        return await sending;
    }

    // The address of a socket at which the operating system accepts connections and nobody answers.
    private string Hangs() => Listens(100).LocalEndpoint.ToString()!;

    // A socket with a full backlog accepts no connection, like a machine that is gone.
    private string IsGone()
    {
        var at = (IPEndPoint)Listens(0).LocalEndpoint;
        for (var n = 0; n < 4; n++)
        {
            var waiting = new TcpClient();
            open.Add(waiting);
            _ = waiting.ConnectAsync(at);
        }
        return at.ToString();
    }

    private string Answers()
    {
        var listener = Listens(100);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync();
                using var request = new StreamReader(caller.GetStream());
                while (await request.ReadLineAsync() is { Length: > 0 })
                {
                    // Reads up to the empty line that ends the request's head.
                }
                await Task.Delay(Delay);
                await caller.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        });
        return listener.LocalEndpoint.ToString()!;
    }

    private TcpListener Listens(int waiting)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(waiting);
        open.Add(listener);
        return listener;
    }
}
