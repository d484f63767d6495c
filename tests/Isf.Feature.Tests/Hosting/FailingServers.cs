using Isf.Host;
using Isf.Hosting.Data;
using Isf.Tests.Servers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>A database server and a broker of the test's own, to be stopped, paused and filled.</summary>
public sealed class FailingServers : IAsyncLifetime
{
    private readonly Lazy<Task<OwnServer>> broker = new(() => OwnServer.NewAsync(ServerProgram.RabbitMq));
    private string? space;
    private Func<Task> makeRoom = () => Task.CompletedTask;

    /// <summary>The database's server.</summary>
    public OwnServer Postgres { get; private set; } = null!;

    /// <summary>The owner's connection string.</summary>
    public string Database { get; private set; } = "";

    /// <summary>The broker, started at its first use.</summary>
    public Task<OwnServer> RabbitMqAsync() => broker.Value;

    public async Task InitializeAsync()
    {
        Postgres = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        await MakeDatabaseAsync("");
    }

    /// <summary>
    /// Returns servers whose database has little disk space, and loses its data when the server stops; null if the
    /// system allows no such space.
    /// </summary>
    public static async Task<FailingServers?> WithLittleRoomAsync()
    {
        var servers = new FailingServers { Postgres = await OwnServer.NewAsync(ServerProgram.PostgreSql) };
        if ((servers.space = await servers.Postgres.SmallSpaceAsync()) is null)
        {
            await servers.DisposeAsync();
            return null;
        }
        await SqlAsync(servers.Postgres.Address, $"create tablespace small location '{servers.space}'");
        await servers.MakeDatabaseAsync(" tablespace small");
        return servers;
    }

    private async Task MakeDatabaseAsync(string terms)
    {
        await SqlAsync(Postgres.Address, "create database failing" + terms);
        Database = new NpgsqlConnectionStringBuilder(Postgres.Address) { Database = "failing" }.ConnectionString;
        await IsfHost.MigrateAsync(Database, new() { Database = Database }, NullLogger.Instance);
    }

    public async Task DisposeAsync()
    {
        if (broker.IsValueCreated)
            await (await broker.Value).DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>
    /// Starts a host of all services on the database, with or without a broker, and with short timeouts.
    /// </summary>
    public Task<TestHost> HostAsync(OwnServer? broker = null) => TestHost.StartAsync(new()
    {
        Database = Database, Transport = broker is null ? "memory" : "rabbitmq", RabbitMq = broker?.Address,
        BusPrefix = "failing.", ConnectionWait = TimeSpan.FromSeconds(4), LookupRetryTime = TimeSpan.FromSeconds(1),
        Settings = settings => settings with
        {
            Health = new()
            {
                HeartbeatEvery = TimeSpan.FromMilliseconds(500), AnswersWithin = TimeSpan.FromSeconds(1),
            },
        },
    });

    /// <summary>
    /// Fills the database's disk space, and any that becomes free, until <see cref="MakeRoomAsync"/> is called.
    /// </summary>
    public Task FillAsync()
    {
        var (stop, filler) = (new CancellationTokenSource(), space + "/filler");
        var filling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Postgres.RunAsync("dd", "if=/dev/zero", "of=" + filler, "bs=4k", "oflag=append", "conv=notrunc");
                await Task.Delay(50);
            }
        });
        makeRoom = async () =>
        {
            await stop.CancelAsync();
            await filling;
            await Postgres.RunAsync("rm", filler);
        };
        return Task.CompletedTask;
    }

    public Task MakeRoomAsync() => makeRoom();

    /// <summary>Makes the database read-only or writable again, in all connections.</summary>
    public Task SetReadOnlyAsync(bool readOnly) => SqlAsync($"""
        alter database failing set default_transaction_read_only = {(readOnly ? "on" : "off")};
        select pg_terminate_backend(pid) from pg_stat_activity where datname = 'failing' and pid <> pg_backend_pid()
        """);

    /// <summary>Makes each commit of a person take ten seconds, until StopDelayAsync is called.</summary>
    public Task DawdleAtCommitsOfPeopleAsync() => SqlAsync("""
        create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(10); return null; end $$;
        create constraint trigger dawdle after insert on funds.mt_doc_person deferrable initially deferred
          for each row execute function dawdle();
        """);

    public Task StopDelayAsync() => SqlAsync("drop function dawdle() cascade");

    /// <summary>Waits until a slow commit of a person is under way, for at most 8 seconds.</summary>
    public async Task DawdlesAsync()
    {
        await using var source = Databases.Open(Database);
        await using var command = source.CreateCommand(
            "select count(*) from pg_stat_activity where wait_event = 'PgSleep'");
        await Until.HoldsAsync(async () => await command.ExecuteScalarAsync() is not 0L, TimeSpan.FromSeconds(8),
            "a commit takes its time");
    }

    /// <summary>
    /// Waits until the host's bus has reconnected to all of its queues. A bus that is stopped before then may wait for
    /// its queues without end.
    /// </summary>
    public static async Task HasAllQueuesAsync(TestHost host)
    {
        var bus = host.Services.GetRequiredService<IBusControl>();
        await Until.AnswersAsync(() => Task.FromResult(bus.CheckHealth()),
            health => health.Status == BusHealthStatus.Healthy, TimeSpan.FromSeconds(120));
    }

    /// <summary>Runs SQL as the owner.</summary>
    public Task SqlAsync(string sql) => SqlAsync(Database, sql);

    private static async Task SqlAsync(string server, string sql)
    {
        // With this option the SQL can write also while the database is read-only.
        await using var source = Databases.Open(server + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
