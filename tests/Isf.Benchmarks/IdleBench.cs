using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Tests;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Measures what the six services in one idle process cost the database server: transactions a second over a minute,
/// and connections. Each is measured five times.
/// </summary>
public static class IdleBench
{
    private const int Turns = 5;
    private const int Seconds = 60;

    /// <summary>Runs the benchmark.</summary>
    public static async Task RunAsync(Figures figures)
    {
        var usual = new HostSettings { Database = "" };
        await using var host = await TestHost.StartAsync(new()
        {
            Services = "all", Transport = "rabbitmq", RunsSchedules = true, RepublishAfter = usual.RepublishAfter,
            Settings = settings => settings with { RunCheckInterval = usual.RunCheckInterval },
        });
        await SeededFund.OpenAsync(host, host.As(Role.HolderAdmin));
        await host.UntilIdleAsync(TimeSpan.FromMinutes(5));
        await CountAsync(figures, host.Database);
    }

    // The query runs in another database, so that its own transaction is not counted.
    private static async Task CountAsync(Figures figures, string counted)
    {
        var database = new NpgsqlConnectionStringBuilder(counted);
        await using var source = Databases.Open(
            new NpgsqlConnectionStringBuilder(counted) { Database = "postgres" }.ConnectionString);
        await using var look = source.CreateCommand("""
            select xact_commit + xact_rollback, (select count(*) from pg_stat_activity where datname = $1)
            from pg_stat_database where datname = $1
            """);
        look.Parameters.Add(new() { Value = database.Database });
        var (transactions, connections) = (new List<long>(), new List<long>());
        for (var turn = 0; turn < Turns; turn++)
        {
            var before = await LookAsync(look);
            await Task.Delay(TimeSpan.FromSeconds(Seconds));
            var after = await LookAsync(look);
            transactions.Add((after.Transactions - before.Transactions) / Seconds);
            connections.Add(after.Connections);
        }
        figures.Timed("transactions of six services that nobody asks for anything", "a second", transactions);
        figures.Timed("connections of six services that nobody asks for anything", "connections", connections);
    }

    private static async Task<(long Transactions, long Connections)> LookAsync(NpgsqlCommand look)
    {
        await using var reader = await look.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
