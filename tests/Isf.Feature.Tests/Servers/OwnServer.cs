namespace Isf.Tests.Servers;

/// <summary>The server programs that tests need.</summary>
public enum ServerProgram
{
    PostgreSql,
    RabbitMq,
}

/// <summary>
/// A server for a single test, which may stop, crash and pause it. The server keeps its address and its data. It is a
/// container if a container engine responds, and otherwise a private instance of the installed package. Setting
/// ISF_TEST_POSTGRES_CONTROL or ISF_TEST_RABBITMQ_CONTROL makes it a private instance in any case, unless
/// ISF_TEST_SERVERS=containers demands containers.
/// </summary>
public abstract class OwnServer : IAsyncDisposable
{
    /// <summary>The program that the server runs.</summary>
    public required ServerProgram Program { get; init; }

    /// <summary>The superuser's connection string, or the broker's URL; unchanged by a restart.</summary>
    public string Address { get; protected set; } = "";

    /// <summary>Starts the server, also after a stop or a crash; returns when it responds.</summary>
    public abstract Task StartAsync();

    /// <summary>Stops the server in an orderly way.</summary>
    public abstract Task StopAsync();

    /// <summary>Kills the server, as a crash would.</summary>
    public abstract Task CrashAsync();

    /// <summary>Pauses the server. Connections stay open, and nothing responds.</summary>
    public abstract Task PauseAsync();

    /// <summary>Resumes the server after a pause.</summary>
    public abstract Task ResumeAsync();

    /// <summary>
    /// Creates a folder of the database's user on the server's machine, in a file system of 96 MB. Returns its path;
    /// null if the system does not allow it.
    /// </summary>
    public abstract Task<string?> SmallSpaceAsync();

    /// <summary>
    /// Runs a program on the server's machine. It runs as root, or as the broker's user if it is one of the broker's
    /// own tools. Returns false if the program failed.
    /// </summary>
    public abstract Task<bool> RunAsync(params string[] command);

    /// <summary>Removes the server and its data.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>A server for one test or one collection of tests.</summary>
    public static async Task<OwnServer> NewAsync(ServerProgram program)
    {
        var control = $"ISF_TEST_{(program == ServerProgram.PostgreSql ? "POSTGRES" : "RABBITMQ")}_CONTROL";
        var server = ContainerServer.Must || string.IsNullOrEmpty(Environment.GetEnvironmentVariable(control))
            ? await StartAsync(program, staysInPlace: true)
            : await PrivateServer.StartAsync(program);
        ServersUsed.Note($"{Named(program)} of a test's own {server.Kind}");
        return server;
    }

    /// <summary>The kind of machine that the server runs on, for the report of the tests' servers.</summary>
    internal abstract string Kind { get; }

    /// <summary>The program's name as its makers write it.</summary>
    internal static string Named(ServerProgram program) =>
        program == ServerProgram.PostgreSql ? "PostgreSQL" : "RabbitMQ";

    /// <summary>
    /// Starts a server in a container if possible, else as a private instance. The server keeps its port over a
    /// restart if <paramref name="staysInPlace"/> is true.
    /// </summary>
    internal static async Task<OwnServer> StartAsync(ServerProgram program, bool staysInPlace)
    {
        var container = await ContainerServer.TryStartAsync(program, staysInPlace);
        return (OwnServer?)container ?? await PrivateServer.StartAsync(program);
    }
}
