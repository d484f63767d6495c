using System.Diagnostics;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Npgsql;

namespace Isf.Host;

/// <summary>
/// Renews the heartbeats of the services that run in this process, in one transaction for all services with the same
/// database address. Each heartbeat writes a row and has the server fill a temporary file for a moment. This shows
/// that the database can be written to and has room on its disk (decision 0026).
/// </summary>
public sealed class Heartbeat(ServiceMap map, HostSettings settings, Databases databases, ILogger<Heartbeat> log)
    : BackgroundService
{
    private const string Renew = """
        insert into isf.heartbeats (service, heartbeat_at) select unnest($1), clock_timestamp()
        on conflict (service) do update set heartbeat_at = excluded.heartbeat_at
        """;

    // The rows exceed the work_mem of these connections, so the server keeps them in a file while it counts them.
    private const string NeedRoom = "select count(*) from generate_series(1, 40000)";

    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(100);
    private volatile string? trouble;

    /// <summary>The error of this process's last heartbeat; null if that heartbeat was written.</summary>
    public string? Trouble => trouble;

    /// <summary>Renews the heartbeats of all services here, once.</summary>
    public async Task RenewAsync(CancellationToken stop)
    {
        // Services with the same address share a transaction; the order is fixed, so that no two processes wait for
        // each other.
        foreach (var services in map.Here.Select(service => service.Name).Order().GroupBy(databases.OfHealth))
        {
            await using var connection = await services.Key.OpenConnectionAsync(stop);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new(Renew) { Parameters = { new() { Value = services.ToArray() } } });
            batch.BatchCommands.Add(new(NeedRoom));
            await batch.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>Writes the first heartbeat before the process answers any request.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var elapsed = TimeSpan.Zero; !stoppingToken.IsCancellationRequested;)
        {
            var rest = settings.Health.HeartbeatEvery - elapsed;
            await Task.Delay(rest > LeastRest ? rest : LeastRest, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var began = Stopwatch.GetTimestamp();
            await TryRenewAsync(stoppingToken);
            elapsed = Stopwatch.GetElapsedTime(began);
        }
    }

    private async Task TryRenewAsync(CancellationToken stop)
    {
        try
        {
            await RenewAsync(stop);
            trouble = null;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The process stops, so its services need no heartbeat.
        }
        catch (Exception fault)
        {
            if (trouble is null)
                log.LogWarning("The heartbeat cannot be renewed: {Fault}", fault.Message);
            trouble = fault.Message;
        }
    }
}
