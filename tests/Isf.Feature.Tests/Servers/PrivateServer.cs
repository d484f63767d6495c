namespace Isf.Tests;

/// <summary>An instance of the distribution's package in a folder of its own (ops/lib/private-server).</summary>
public sealed class PrivateServer : OwnServer
{
    private static int made;

    private readonly string folder = Path.Combine(
        Path.GetTempPath(), $"isf-server-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");

    internal override string Kind => "private";

    private string Name => Program == ServerProgram.PostgreSql ? "postgres" : "rabbitmq";

    /// <summary>A server in a folder that is made for it.</summary>
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
    public override async ValueTask DisposeAsync() => await TestServers.ScriptAsync(Name, "remove", folder);
}
