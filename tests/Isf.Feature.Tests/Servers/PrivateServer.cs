using System.Diagnostics;

namespace Isf.Tests.Servers;

/// <summary>An instance of the distribution's package in a folder of its own (ops/lib/private-server).</summary>
public sealed class PrivateServer : OwnServer
{
    private static int made;

    private readonly string folder = Path.Combine(
        Path.GetTempPath(), $"isf-server-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");

    internal override string Kind => "private";

    private bool hasSpace;

    private string Space => folder + "-space";

    private string Name => Program == ServerProgram.PostgreSql ? "postgres" : "rabbitmq";

    /// <summary>Starts a server in a new folder.</summary>
    internal static async Task<PrivateServer> StartAsync(ServerProgram program)
    {
        var server = new PrivateServer { Program = program };
        await server.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public override async Task StartAsync() => Address = await TestServers.ScriptAsync(Name, "start", folder);

    /// <inheritdoc />
    public override Task StopAsync() => TestServers.ScriptAsync(Name, "stop", folder);

    /// <inheritdoc />
    public override Task CrashAsync() => TestServers.ScriptAsync(Name, "kill", folder);

    /// <inheritdoc />
    public override Task PauseAsync() => TestServers.ScriptAsync(Name, "pause", folder);

    /// <inheritdoc />
    public override Task ResumeAsync() => TestServers.ScriptAsync(Name, "resume", folder);

    /// <inheritdoc />
    public override async Task<string?> SmallSpaceAsync()
    {
        Directory.CreateDirectory(Space);
        hasSpace = await RunAsync("mount", "-t", "tmpfs", "-o", "size=96m,mode=700,uid=postgres", "tmpfs", Space);
        return hasSpace ? Space : null;
    }

    /// <inheritdoc />
    public override async Task<bool> RunAsync(params string[] command)
    {
        if (command[0] == "rabbitmqctl")
        {
            await TestServers.ScriptAsync(["rabbitmq", "ctl", folder, .. command[1..]]);
            return true;
        }
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await TestServers.ScriptAsync(Name, "remove", folder);
        if (hasSpace)
            await RunAsync("umount", "-l", Space);
        if (Directory.Exists(Space))
            Directory.Delete(Space);
    }
}
