using System.Diagnostics;
using System.Globalization;
using Isf.Tests;
using Isf.Tests.Servers;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// A host started by ops/run is restarted when it ends, and leaves nothing behind (ops/lib/keep-running).
/// </summary>
public sealed class KeptRunningTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string home = Directory.CreateTempSubdirectory("isf-kept-").FullName;
    private Process? keeper;

    private string Remembered => Path.Combine(home, "host.process");

    private string Log => Path.Combine(home, "host.log");

    public void Dispose()
    {
        if (keeper is { HasExited: false })
            keeper.Kill();
        keeper?.Dispose();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_killed_host_answers_again_and_one_whose_keeper_is_killed_ends()
    {
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            var at = new Installation(home, database, "memory", null, "", Installation.FreePort());
            StartKeeper(HostProcess.StartInfo(at, KeepRunning, Remembered, Log, "TERM", "dotnet"));
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{at.Port}") };
            await Until.HoldsAsync(() => IsReadyAsync(client));
            var first = Child();
            using (var host = Process.GetProcessById(first))
                host.Kill();
            await Until.HoldsAsync(
                async () => Child() is var now && now != 0 && now != first && await IsReadyAsync(client));

            var second = Child();
            keeper!.Kill();
            await Until.HoldsAsync(() => Task.FromResult(!Runs(second)));
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    [Fact]
    public async Task The_pauses_grow_and_whoever_is_told_to_stop_does_not_wait_for_one()
    {
        var began = Path.Combine(home, "began");
        StartKeeper(new(KeepRunning, [Remembered, Log, "TERM", "sh", "-c", $"date +%s.%N >>{began}; exit 3"]));
        await Until.HoldsAsync(() => Task.FromResult(File.Exists(began) && File.ReadLines(began).Count() >= 4));
        var moments = File.ReadLines(began)
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var pauses = moments.Skip(1).Zip(moments, (later, earlier) => later - earlier).Take(3).ToArray();
        Assert.True(pauses[0] >= 1 && pauses[1] >= 2 && pauses[2] >= 4, string.Join(", ", pauses));

        // The keeper is in its pause of eight seconds before a restart, or about to begin it.
        await SendAsync("TERM", keeper!.Id);
        using var limit = new CancellationTokenSource(Patience);
        await keeper.WaitForExitAsync(limit.Token);
        Assert.Equal(4, File.ReadLines(began).Count());
        Assert.Contains("ended by itself with code 3", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_stop_it_has_its_command_end_in_order_first()
    {
        var ended = Path.Combine(home, "ended");
        var command = $"trap 'sleep 1; echo >{ended}; exit' USR1; echo >{ended}.can; while :; do sleep 0.1; done";
        StartKeeper(new(KeepRunning, [Remembered, Log, "USR1", "bash", "-c", command]));
        await Until.HoldsAsync(() => Task.FromResult(File.Exists(ended + ".can")));
        await SendAsync("TERM", keeper!.Id);
        using var limit = new CancellationTokenSource(Patience);
        await keeper.WaitForExitAsync(limit.Token);
        Assert.True(File.Exists(ended));
        Assert.False(File.Exists(Remembered));
    }

    private static string KeepRunning => Path.Combine(TestServers.Root, "ops", "lib", "keep-running");

    private void StartKeeper(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        keeper = Process.Start(start);
    }

    private int Child() => File.Exists(Remembered) && File.ReadAllText(Remembered).Split(' ') is [var id, ..]
        && int.TryParse(id, CultureInfo.InvariantCulture, out var child) ? child : 0;

    // A process that has ended but was not yet reaped has no command line.
    private static bool Runs(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet.
        }
    }

    private static async Task SendAsync(string signal, int to)
    {
        using var kill = Process.Start("kill", ["-" + signal, to.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
