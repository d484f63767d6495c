using Isf.Host;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class Migrations_run_once
{
    [Fact]
    public async Task From_several_processes_at_once_and_again_without_effect()
    {
        var database = await TestServers.NewDatabaseAsync(migrated: false);
        try
        {
            Task Migrate() => IsfHost.MigrateAsync(new() { Database = database }, NullLogger.Instance);
            await Task.WhenAll(Migrate(), Migrate(), Migrate());
            var before = await RunAsync(database,
                "select string_agg(service || number || applied_at, ',' order by 1) from isf.migrations");
            await Migrate();
            Assert.Equal(before, await RunAsync(database,
                "select string_agg(service || number || applied_at, ',' order by 1) from isf.migrations"));
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    [Fact]
    public async Task And_an_applied_file_that_was_edited_is_refused()
    {
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            await RunAsync(database,
                "update isf.migrations set sha256 = 'other' where service = 'ledger' and number = 1");
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(
                () => IsfHost.MigrateAsync(new() { Database = database }, NullLogger.Instance));
            Assert.Contains("ledger", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
