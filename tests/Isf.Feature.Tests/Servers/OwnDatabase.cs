using Isf.Host;
using Isf.Hosting.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Servers;

/// <summary>A migrated database on a server of its own, which a test can stop.</summary>
public sealed class OwnDatabase : IAsyncDisposable
{
    private OwnDatabase(OwnServer server, string owner) => (Server, Owner) = (server, owner);

    /// <summary>The server of the database.</summary>
    public OwnServer Server { get; }

    /// <summary>The owner's connection string.</summary>
    public string Owner { get; }

    /// <summary>How long a test stops the server: 3 seconds, or a minute with ISF_TEST_LONG.</summary>
    public static TimeSpan Stopped { get; } = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 60 : 3);

    /// <summary>Starts the server and creates the database.</summary>
    public static async Task<OwnDatabase> NewAsync()
    {
        var server = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        await using (var source = Databases.Open(server.Address + ";Pooling=false"))
        await using (var create = source.CreateCommand("create database own"))
            await create.ExecuteNonQueryAsync();
        var owner = new NpgsqlConnectionStringBuilder(server.Address) { Database = "own" }.ConnectionString;
        await IsfHost.MigrateAsync(owner, new() { Database = owner }, NullLogger.Instance);
        return new(server, owner);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
