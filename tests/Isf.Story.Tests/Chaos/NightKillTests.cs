using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Isf.Hosting.Data;
using Isf.Tests;
using Isf.Tests.Servers;
using Npgsql;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>A host is killed while it requests a night's run for one holder after another (design §7).</summary>
public sealed class NightKillTests : IAsyncLifetime
{
    // The second holder's run waits in its commit while the test holds the lock.
    private const string TwoHolders = """
        insert into ledger.holders (holder_id) values ('alpha'), ('beta');
        create function ledger.wait() returns trigger language plpgsql as
          $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
        create trigger wait before insert on ledger.schedule_runs for each row
          when (new.holder_id = 'beta') execute function ledger.wait()
        """;

    // The schedule's time is half a day away, so that it does not come during the test.
    private const string ComesInHalfADay = """
        insert into ledger.schedules (schedule, cron, zone, enabled, version) values ('state-books',
          format('0 0 %s * * ?', (extract(hour from now() at time zone 'Europe/London')::int + 12) % 24),
          'Europe/London', true, 1)
        """;

    private const string Waits = """
        select count(*) from pg_locks where locktype = 'advisory' and objid = 42 and not granted
        and database = (select oid from pg_database where datname = current_database())
        """;

    private readonly string home = Directory.CreateTempSubdirectory("isf-night-").FullName;
    private string database = "";
    private NpgsqlDataSource owner = null!;

    public async Task InitializeAsync()
    {
        database = await TestServers.NewDatabaseAsync();
        owner = Databases.Open(database);
        await using var connection = await owner.OpenConnectionAsync();
        await RunAsync(connection, ComesInHalfADay);
    }

    public async Task DisposeAsync()
    {
        await owner.DisposeAsync();
        await TestServers.DropAsync(database);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Each_holders_run_is_requested_once_and_done()
    {
        var at = new Installation(home, database, "memory", null, "", Installation.FreePort());
        await using (var host = await HostProcess.StartAsync(at))
        {
            await UntilAsync("select count(*) from ledger_jobs.server", 1);
            await using var holding = await owner.OpenConnectionAsync();
            await RunAsync(holding, "select pg_advisory_lock(42)");
            await RunAsync(holding, TwoHolders);
            Trigger();
            await UntilAsync("select count(*) from ledger.schedule_runs where holder_id = 'alpha'", 1);
            await UntilAsync(Waits, 1);
            await host.KillAsync();
            await RunAsync(holding, "select pg_advisory_unlock_all()");
        }
        await UntilAsync("select count(*) from ledger_jobs.jobqueue where fetchedat is not null", 1);
        await MakeStartOlderAsync();
        await using var after = await HostProcess.StartAsync(at);
        await UntilAsync("select count(*) from ledger.schedule_runs where ended_at is not null", 2);
        await UntilAsync("select count(*) from ledger_jobs.jobqueue", 0);
        await UntilAsync("select count(distinct holder_id) from ledger.schedule_runs", 2);
        await UntilAsync("select count(*) from ledger.schedule_runs", 2);
    }

    // For a minute, other hosts leave a job to the host that started it. The test makes the start two minutes old.
    private async Task MakeStartOlderAsync()
    {
        await using var command = owner.CreateCommand(
            "update ledger_jobs.jobqueue set fetchedat = now() - interval '2 minutes'");
        await command.ExecuteNonQueryAsync();
    }

    // Creates the job as Hangfire does at the schedule's time.
    private void Trigger()
    {
        var options = new PostgreSqlStorageOptions { SchemaName = "ledger_jobs", PrepareSchemaIfNecessary = false };
        new RecurringJobManager(new PostgreSqlStorage(new NpgsqlConnectionFactory(database, options), options))
            .TriggerJob("state-books");
    }

    private Task<long> UntilAsync(string count, long expected) => Until.AnswersAsync(async () =>
    {
        await using var command = owner.CreateCommand(count);
        return (long)(await command.ExecuteScalarAsync())!;
    }, found => found == expected, what: $"{expected}: {count}");

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
