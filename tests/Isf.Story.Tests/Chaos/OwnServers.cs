using Isf.Host;
using Isf.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>A database server and a broker of these tests alone, so that they can be stopped and crashed.</summary>
public sealed class OwnServers : IAsyncLifetime
{
    /// <summary>The collection of the tests that share these servers, one after the other.</summary>
    public const string Name = "servers that are stopped and crashed";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"isf-chaos-{Environment.ProcessId}");
    private OwnServer database = null!;
    private OwnServer broker = null!;
    private int made;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        database = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        broker = await OwnServer.NewAsync(ServerProgram.RabbitMq);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await broker.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    internal async Task StopAndStartBrokerAsync()
    {
        await broker.StopAsync();
        await broker.StartAsync();
    }

    internal Task CrashBrokerAsync() => CrashAsync(broker);

    internal Task CrashDatabaseAsync() => CrashAsync(database);

    /// <summary>An empty installation: a migrated database, a folder for its key and log, a free port.</summary>
    internal async Task<Installation> NewInstallationAsync(string transport)
    {
        var name = $"chaos_{++made}";
        var home = Path.Combine(folder, name);
        Directory.CreateDirectory(home);
        // The connection is not pooled, because another test may have restarted the server.
        await using var connection = new NpgsqlConnection(database.Address + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        var own = new NpgsqlConnectionStringBuilder(database.Address) { Database = name }.ConnectionString;
        await IsfHost.MigrateAsync(own, new() { Database = own }, NullLogger.Instance);
        var bus = transport == "rabbitmq" ? broker.Address : null;
        return new(home, own, transport, bus, name + ".", Installation.FreePort());
    }

    private static async Task CrashAsync(OwnServer server)
    {
        await server.CrashAsync();
        await server.StartAsync();
    }
}

[CollectionDefinition(OwnServers.Name, DisableParallelization = true)]
public sealed class OwnServersCollection : ICollectionFixture<OwnServers>;
