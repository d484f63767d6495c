using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Npgsql;
using RabbitMQ.Client;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace Isf.Tests.Servers;

/// <summary>
/// A server in a container. ISF_TEST_POSTGRES_IMAGE and ISF_TEST_RABBITMQ_IMAGE name images other than the official
/// ones; with ISF_TEST_SERVERS=containers a missing container engine is an error.
/// </summary>
public sealed class ContainerServer : OwnServer
{
    private const string Small = "/small";
    private static readonly Lazy<Task<bool>> Engine = new(EngineAnswersAsync);
    private readonly IContainer container;

    private ContainerServer(IContainer container) => this.container = container;

    internal override string Kind => "in a container";

    /// <summary>Whether only containers are allowed, whatever other servers are configured.</summary>
    internal static bool Must => Environment.GetEnvironmentVariable("ISF_TEST_SERVERS") == "containers";

    /// <summary>Starts a server in a container. Returns null, with the reason logged, if none can be started.</summary>
    internal static async Task<ContainerServer?> TryStartAsync(ServerProgram program, bool staysInPlace)
    {
        if (!await Engine.Value)
            return Must ? throw None("no container engine answers") : null;
        var image = ImageOf(program);
        var server = new ContainerServer(Build(program, image, staysInPlace)) { Program = program };
        try
        {
            await server.StartAsync();
            return server;
        }
        // An engine can fail to start a container for many reasons, such as the image, its registry, permissions or
        // memory.
        catch (Exception reason)
        {
            await server.DisposeAsync();
            var none = None($"no container of {image}: {reason.Message}");
            return Must ? throw none : null;
        }
    }

    /// <inheritdoc />
    public override async Task StartAsync()
    {
        await container.StartAsync();
        Address = container.GetConnectionString();
        await AnswersAsync();
    }

    /// <inheritdoc />
    public override async Task StopAsync()
    {
        // An engine may kill the broker at once, before the broker has written everything to disk.
        if (Program == ServerProgram.RabbitMq)
            await RunAsync("rabbitmqctl", "-q", "stop");
        await container.StopAsync();
    }

    /// <inheritdoc />
    public override async Task CrashAsync()
    {
        using var client = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder().Build();
        await client.Containers.KillContainerAsync(container.Id, new ContainerKillParameters { Signal = "SIGKILL" });
        // The container has already ended. StopAsync informs the library of this, so that the library waits for the
        // log of the next start.
        await container.StopAsync();
    }

    /// <inheritdoc />
    public override Task PauseAsync() => container.PauseAsync();

    /// <inheritdoc />
    public override Task ResumeAsync() => container.UnpauseAsync();

    /// <inheritdoc />
    public override async Task<string?> SmallSpaceAsync()
    {
        const string space = Small + "/space";
        return await RunAsync("install", "-d", "-o", "postgres", "-m", "700", space) ? space : null;
    }

    /// <inheritdoc />
    public override async Task<bool> RunAsync(params string[] command) =>
        (await container.ExecAsync(command)).ExitCode == 0;

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => container.DisposeAsync();

    // Waits until the server responds. The library waits only for a word in the log, which may come from the previous
    // start.
    private async Task AnswersAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await KnockAsync();
                return;
            }
            catch (Exception) when (watch.Elapsed < TimeSpan.FromMinutes(3))
            {
                await Task.Delay(200);
            }
        }
    }

    private async Task KnockAsync()
    {
        if (Program == ServerProgram.RabbitMq)
        {
            await using var broker = await new ConnectionFactory { Uri = new(Address) }.CreateConnectionAsync();
            return;
        }
        await using var database = new NpgsqlConnection(Address + ";Pooling=false");
        await database.OpenAsync();
    }

    private static InvalidOperationException None(string reason)
    {
        ServersUsed.Note($"none: {reason.ReplaceLineEndings(" ")}");
        return new($"ISF_TEST_SERVERS asks for containers: {reason}");
    }

    private static async Task<bool> EngineAnswersAsync()
    {
        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint)
            return false;
        using var client = endpoint.GetDockerClientBuilder().Build();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await client.System.PingAsync(soon.Token);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static string ImageOf(ServerProgram program) => program == ServerProgram.PostgreSql
        ? Named("ISF_TEST_POSTGRES_IMAGE", "postgres:15")
        : Named("ISF_TEST_RABBITMQ_IMAGE", "rabbitmq:3.13-management");

    private static string Named(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } image ? image : otherwise;

    private static IContainer Build(ServerProgram program, string image, bool staysInPlace)
    {
        // The port is open to the network while the container runs, so the password is random.
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (program == ServerProgram.RabbitMq)
        {
            var broker = new RabbitMqBuilder(image).WithPassword(password);
            return (staysInPlace ? broker.WithPortBinding(FreePort(), RabbitMqBuilder.RabbitMqPort) : broker).Build();
        }
        // The settings are those of ops/lib/private-server, because tests create many databases and compare ids byte by
        // byte. Commits survive a crash, as on a real server.
        var database = new PostgreSqlBuilder(image).WithPassword(password)
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--locale=C.UTF-8 --lc-collate=C")
            .WithCreateParameterModifier(terms => GiveMemory(terms.HostConfig!, staysInPlace))
            .WithCommand("-c", "max_connections=300", "-c", "shared_buffers=512MB", "-c", "max_wal_size=2GB",
                "-c", "synchronous_commit=on", "-c", $"fsync={Named("ISF_TEST_FSYNC", "off")}",
                "-c", $"full_page_writes={Named("ISF_TEST_FSYNC", "off")}");
        return (staysInPlace ? database.WithPortBinding(FreePort(), PostgreSqlBuilder.PostgreSqlPort) : database)
            .Build();
    }

    // Files in memory are made and removed in a fraction of the time, and are lost when the container stops.
    private static void GiveMemory(HostConfig terms, bool staysInPlace)
    {
        terms.ShmSize = 256 << 20;
        terms.Tmpfs = new Dictionary<string, string> { [Small] = "size=96m" };
        if (!staysInPlace)
            terms.Tmpfs["/var/lib/postgresql/data"] = "";
    }

    // An engine may choose another port at the next start; an explicit port stays.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
