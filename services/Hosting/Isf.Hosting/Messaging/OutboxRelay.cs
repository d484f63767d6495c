using System.Diagnostics;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Hosting.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Publishes a service's outbox to the bus; no other code publishes. Each row is claimed by one relay (skip locked),
/// published with a deadline, and marked when the broker has confirmed it. A row that is not confirmed in time counts
/// as not published. The outbox cleaner republishes a row until the inbox of every listed consumer holds its message,
/// and then deletes the row (decision 0003).
/// </summary>
internal sealed class OutboxRelay(
    Service service, Databases databases, ServiceMap map, OutboxSignal signal, IPublisher publisher,
    DeferredMessages deferred, OutboxGate gate, ILogger log) : BackgroundService
{
    private const int RowsAtOnce = 64;
    // Republished rows have low numbers, so they are published before new rows. Their number is limited, because the
    // new rows may belong to another holder.
    private const int RepublishedAtOnce = 500;
    // The signal announces every commit of this process, so only rows that a killed process left behind wait this
    // long.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly NpgsqlDataSource database = databases.Of(service.Name);
    private long began;

    /// <summary>Whether the outbox may hold rows; an outbox that holds none is not cleaned.</summary>
    internal volatile bool HoldsRows = true;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        began = Stopwatch.GetTimestamp();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = 0;
        var first = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (first)
                {
                    // Rows that were confirmed after this relay started were published by another running relay. Only
                    // rows confirmed before the start are republished.
                    await RepublishAsync(Stopwatch.GetElapsedTime(began), afresh: true, stoppingToken);
                    first = false;
                }
                var (claimed, confirmed) = await PublishDueAsync(stoppingToken);
                trouble = confirmed < claimed ? trouble + 1 : 0;
                if (claimed == RowsAtOnce && trouble == 0)
                    continue;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                trouble++;
                log.LogWarning("The relay of {Service} will try again: {Fault}", service.Name, fault.Message);
            }
            var wait = trouble == 0 ? Pause : TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(trouble, 6)));
            await (trouble == 0 ? signal.WaitAsync(service.Name, wait, stoppingToken) : Task.Delay(wait, stoppingToken))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Republishes rows that the broker confirmed longer ago than <paramref name="confirmedBefore"/> and that some
    /// listed consumer has not consumed. Each republication of a row quadruples this delay for its next one, up to a
    /// thousand times the delay. If <paramref name="afresh"/> is set, the delay starts anew, and all such rows are
    /// republished at once.
    /// </summary>
    internal async Task RepublishAsync(TimeSpan confirmedBefore, bool afresh, CancellationToken stop)
    {
        var unconsumed = await UnconsumedAsync(stop);
        if (unconsumed.Length == 0)
            return;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var command = new NpgsqlCommand("""
            update outbox set confirmed_at = null,
                said_again = case when $3 then 0 else said_again + 1 end
            where seq in (
                select seq from outbox where seq = any($1) and confirmed_at < clock_timestamp()
                    - $2 * case when $3 then 1 else least(power(4, said_again), 1000) end
                order by seq limit case when not $3 then $4 end)
            """, connection, transaction)
        {
            Parameters =
            {
                new() { Value = unconsumed }, new() { Value = confirmedBefore }, new() { Value = afresh },
                new() { Value = RepublishedAtOnce },
            },
        };
        var rows = await command.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        if (rows > 0)
        {
            log.LogInformation("{Service} republishes {Rows} messages that were not consumed everywhere", service.Name,
                rows);
            signal.Notify(service.Name);
        }
    }

    /// <summary>
    /// Deletes outbox rows that every listed consumer has consumed, and notes whether the outbox may still hold rows.
    /// </summary>
    internal async Task CleanAsync(CancellationToken stop)
    {
        while (true)
        {
            var consumed = await SelectAsync($"""
                select o.seq from watch.outbox o where o.service = $1 and o.confirmed
                and not ({MessageTracker.NotConsumed}) limit 2000
                """, stop);
            if (consumed.Length > 0)
            {
                await using var connection = await database.OpenConnectionAsync(stop);
                await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
                await using var delete =
                    new NpgsqlCommand("delete from outbox where seq = any($1)", connection, transaction)
                    {
                        Parameters = { new() { Value = consumed } },
                    };
                await delete.ExecuteNonQueryAsync(stop);
                await transaction.CommitAsync(stop);
            }
            if (consumed.Length < 2000)
            {
                await LookForRowsAsync(stop);
                return;
            }
        }
    }

    // HoldsRows is cleared before the query, because the relay sets it again if it claims a row during the query.
    private async Task LookForRowsAsync(CancellationToken stop)
    {
        HoldsRows = false;
        var mayHold = true;
        try
        {
            mayHold = (await SelectAsync(
                "select o.seq from watch.outbox o where o.service = $1 and ($2, $3, $4) is not null limit 1",
                stop)).Length > 0;
        }
        finally
        {
            if (mayHold)
                HoldsRows = true;
        }
    }

    private Task<long[]> UnconsumedAsync(CancellationToken stop) =>
        SelectAsync($"""
            select o.seq from watch.outbox o where o.service = $1 and o.confirmed and {MessageTracker.NotConsumed}
            """, stop);

    private async Task<long[]> SelectAsync(string sql, CancellationToken stop)
    {
        await using var command = databases.Watch.CreateCommand(sql);
        command.Parameters.Add(new() { Value = service.Name });
        MessageTracker.AddConsumerArrays(command, map);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<long>();
        while (await reader.ReadAsync(stop))
            rows.Add(reader.GetInt64(0));
        return [.. rows];
    }

    private async Task<(int Claimed, int Confirmed)> PublishDueAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        var rows = await ClaimAsync(connection, transaction, stop);
        if (rows.Count == 0)
            return (0, 0);
        HoldsRows = true;
        var unpublishable = 0;
        foreach (var row in rows.ToList())
        {
            if (gate.FaultOf(row.Urn, row.Republished > 0 ? row.Body : null) is { } fault)
            {
                await deferred.UnpublishedAsync(service, row, fault, connection, transaction);
                rows.Remove(row);
                unpublishable++;
            }
        }
        var published = await Task.WhenAll(rows.Select(row => TryPublishAsync(row, stop)));
        var confirmed = rows.Where((_, i) => published[i]).Select(row => row.Seq).ToArray();
        await using var mark = new NpgsqlCommand(
            "update outbox set confirmed_at = clock_timestamp() where seq = any($1)", connection, transaction)
        {
            Parameters = { new() { Value = confirmed } },
        };
        await mark.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return (rows.Count + unpublishable, confirmed.Length + unpublishable);
    }

    private async Task<bool> TryPublishAsync(OutboxRow row, CancellationToken stop)
    {
        using var activity = HostTelemetry.Source.StartActivity("publish " + row.Urn, ActivityKind.Internal, row.Trace);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await publisher.PublishAsync(map.TypeOf(row.Urn), row, deadline.Token).WaitAsync(deadline.Token);
            return true;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            log.LogWarning("{Urn} of {Service} was not published: {Fault}", row.Urn, service.Name, fault.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<List<OutboxRow>> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        CancellationToken stop)
    {
        await using var claim = new NpgsqlCommand($"""
            select seq, message_id, holder_id, urn, fact, funds, traceparent, body, said_again from outbox
            where confirmed_at is null order by seq limit {RowsAtOnce} for update skip locked
            """, connection, transaction);
        await using var reader = await claim.ExecuteReaderAsync(stop);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(
                new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetGuid(4),
                reader.GetFieldValue<string[]>(5), reader.GetStringOrNull(6), reader.GetFieldValue<byte[]>(7))
                {
                    Republished = reader.GetInt32(8),
                });
        }
        return rows;
    }
}
