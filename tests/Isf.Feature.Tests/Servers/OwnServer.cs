namespace Isf.Tests;

/// <summary>What tests need a server of.</summary>
public enum ServerProgram
{
    PostgreSql,
    RabbitMq,
}

/// <summary>
/// A server that nobody else uses: a test may stop, crash and pause it. It keeps its address and its data. It is a
/// container where an engine answers, else a private instance of the installed package, as it also is where
/// ISF_TEST_POSTGRES_CONTROL or ISF_TEST_RABBITMQ_CONTROL names the script that makes one.
/// </summary>
public abstract class OwnServer : IAsyncDisposable
{
    /// <summary>The program.</summary>
    public required ServerProgram Program { get; init; }

    /// <summary>The superuser's connection string, or the broker's address: the same after each start.</summary>
    public string Address { get; protected set; } = "";

    /// <summary>Starts it, again after a stop or a crash: it answers when this ends.</summary>
    public abstract Task StartAsync();

    /// <summary>Stops it in an orderly way.</summary>
    public abstract Task StopAsync();

    /// <summary>Ends it as a crash would.</summary>
    public abstract Task CrashAsync();

    /// <summary>Holds it still: connections stay open, and nothing is answered.</summary>
    public abstract Task PauseAsync();

    /// <summary>Lets it go on after a pause.</summary>
    public abstract Task ResumeAsync();

    /// <summary>
    /// A folder of the database's user where the server runs, on a file system of 96 MB of its own; nothing where the
    /// system lets none be made.
    /// </summary>
    public abstract Task<string?> SmallSpaceAsync();

    /// <summary>Runs a program where the server runs, as root; the broker's own, as its user.</summary>
    public abstract Task<bool> RunAsync(params string[] command);

    /// <summary>Takes it and its data away.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>A server for one test or one collection of tests.</summary>
    public static async Task<OwnServer> NewAsync(ServerProgram program)
    {
        var control = $"ISF_TEST_{(program == ServerProgram.PostgreSql ? "POSTGRES" : "RABBITMQ")}_CONTROL";
        var server = ContainerServer.Must || string.IsNullOrEmpty(Environment.GetEnvironmentVariable(control))
            ? await StartAsync(program, staysInPlace: true)
            : await PrivateServer.StartAsync(program);
        ServersTaken.Note($"{Named(program)} of a test's own {server.Kind}");
        return server;
    }

    /// <summary>Where it runs, for who reads which servers the tests had.</summary>
    internal abstract string Kind { get; }

    /// <summary>The program as its makers write it.</summary>
    internal static string Named(ServerProgram program) =>
        program == ServerProgram.PostgreSql ? "PostgreSQL" : "RabbitMQ";

    /// <summary>Starts a server of the kind that can be had; its port is fixed where it shall be stopped.</summary>
    internal static async Task<OwnServer> StartAsync(ServerProgram program, bool staysInPlace)
    {
        var container = await ContainerServer.TryStartAsync(program, staysInPlace);
        return container is null ? await PrivateServer.StartAsync(program) : container;
    }
}
