using Isf.Funds;
using Isf.Host;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Tests.Servers;
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
            Task Migrate() => IsfHost.MigrateAsync(database, new() { Database = database }, NullLogger.Instance);
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
    public async Task And_wait_for_who_migrates_first_as_long_as_it_takes()
    {
        var database = await TestServers.NewDatabaseAsync();
        await using (var first = new NpgsqlConnection(database))
        {
            await first.OpenAsync();
            await using var hold = new NpgsqlCommand(
                "select pg_advisory_lock(hashtextextended('isf migrations', 0))", first);
            await hold.ExecuteNonQueryAsync();
            var second = IsfHost.MigrateAsync(
                database + ";Command Timeout=1", new() { Database = database }, NullLogger.Instance);
            await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromSeconds(4)));
            Assert.False(second.IsCompleted);
            await first.CloseAsync();
            await second;
        }
        await TestServers.DropAsync(database);
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
                () => IsfHost.MigrateAsync(database, new() { Database = database }, NullLogger.Instance));
            Assert.Contains("ledger", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    [Fact]
    public async Task And_a_host_that_needs_more_says_what_and_how_to_get_it()
    {
        await using var older = await OlderDatabase.AsOfAsync(FundsService.Describe(), 2);
        var settings = new HostSettings { Database = older.Owner, Services = new HashSet<string> { "funds" } };
        async Task<string> RefusalAsync() =>
            (await Assert.ThrowsAsync<InvalidOperationException>(() => IsfHost.CheckDatabaseAsync(settings))).Message;
        Assert.Contains("Run ops/migrate", await RefusalAsync(), StringComparison.Ordinal);

        await older.UpgradeAsync();
        await IsfHost.CheckDatabaseAsync(settings);
        await older.RunAsync("delete from isf.migrations where service = 'ledger'");
        await IsfHost.CheckDatabaseAsync(settings);
        var name = await older.RunAsync(
            "delete from isf.migrations where service = 'funds' and number = 2 returning name");
        Assert.Contains($"Not applied: {name} of funds.", await RefusalAsync(), StringComparison.Ordinal);

        await older.RunAsync("update isf.migrations set sha256 = 'other' where service = 'funds' and number = 1");
        Assert.Contains("was edited after it was applied", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_a_host_whose_services_would_not_share_them_does_not_start()
    {
        var (shared, other) = (await TestServers.NewDatabaseAsync(), await TestServers.NewDatabaseAsync(false));
        async Task CheckAsync(string elsewhere)
        {
            Environment.SetEnvironmentVariable("ISF_DATABASE_ELSEWHERE", elsewhere);
            await using var databases = new Databases(
                new() { Database = shared, Services = new HashSet<string> { "funds", "elsewhere" } });
            await databases.CheckAreOneAsync();
        }
        await CheckAsync(shared + ";Application Name=by another login");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => CheckAsync(other));
        Assert.Contains("let ISF_DATABASE_ELSEWHERE name it", refused.Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("ISF_DATABASE_ELSEWHERE", null);
        await TestServers.DropAsync(shared);
        await TestServers.DropAsync(other);
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
