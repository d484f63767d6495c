using Isf.Tests;
using Npgsql;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>A database server and a broker that nobody else uses, so that they can be stopped and crashed.</summary>
public sealed class OwnServers : IAsyncLifetime
{
    /// <summary>The collection of tests that share them, one after the other.</summary>
    public const string Name = "servers that are stopped and crashed";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"isf-chaos-{Environment.ProcessId}");
    private string postgres = "";
    private string rabbitMq = "";
    private int made;

    private string Of(string kind) => Path.Combine(folder, kind);

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        postgres = await TestServers.ScriptAsync("postgres", "start", Of("postgres"));
        rabbitMq = await TestServers.ScriptAsync("rabbitmq", "start", Of("rabbitmq"));
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await TestServers.ScriptAsync("rabbitmq", "remove", Of("rabbitmq"));
        await TestServers.ScriptAsync("postgres", "remove", Of("postgres"));
        Directory.Delete(folder, recursive: true);
    }

    internal async Task StopAndStartBrokerAsync()
    {
        await TestServers.ScriptAsync("rabbitmq", "stop", Of("rabbitmq"));
        await TestServers.ScriptAsync("rabbitmq", "start", Of("rabbitmq"));
    }

    internal Task CrashBrokerAsync() => TestServers.ScriptAsync("rabbitmq", "restart", Of("rabbitmq"));

    internal Task RestartDatabaseAsync() => TestServers.ScriptAsync("postgres", "restart", Of("postgres"));

    /// <summary>An empty installation: a database, a folder for its key and log, a free port.</summary>
    internal async Task<Installation> NewInstallationAsync(string transport)
    {
        var name = $"chaos_{++made}";
        var home = Path.Combine(folder, name);
        Directory.CreateDirectory(home);
        // Never a pooled connection: another test may have restarted the server since.
        await using var connection = new NpgsqlConnection(postgres + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        var database = new NpgsqlConnectionStringBuilder(postgres) { Database = name }.ConnectionString;
        var broker = transport == "rabbitmq" ? rabbitMq : null;
        return new(home, database, transport, broker, name + ".", Installation.FreePort());
    }
}

[CollectionDefinition(OwnServers.Name, DisableParallelization = true)]
public sealed class OwnServersCollection : ICollectionFixture<OwnServers>;
