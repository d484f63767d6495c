using Isf.Hosting.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Consumes a service's deferred messages. It tries a message at once when the message's key is released, and
/// otherwise with growing pauses, so that none is forgotten. Holders are served in parallel, and the messages of one
/// holder one after another, so that a slow message delays no other holder. <see cref="TurnQueue"/> consumes the
/// messages that only wait for their holder's turn.
/// </summary>
internal sealed class DeferredDispatcher(
    Service service, Databases databases, InboxDispatcher dispatcher, HolderTurns turns, DeferredMessages deferred,
    OutboxSignal signal, OutboxGate gate, ILogger log) : BackgroundService
{
    private const int HoldersAtOnce = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim places = new(HoldersAtOnce);
    private readonly Dictionary<string, Task> underWay = [];
    private readonly TurnQueue putAside = new(service, databases, dispatcher, turns, deferred, log);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Longest;
            try
            {
                await putAside.BeginAsync(stoppingToken);
                if (underWay.Count < HoldersAtOnce)
                    pause = await BeginAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning("Deferred messages of {Service} will be tried again: {Fault}", service.Name,
                    fault.Message);
            }
            if (!(putAside.Ended() | await EndedAsync()))
                await WaitAsync(pause, stoppingToken);
        }
        await Task.WhenAll([.. underWay.Values, .. putAside.UnderWay]);
    }

    public override void Dispose()
    {
        places.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Starts a task for each holder with due messages; returns the time until the next message is due.
    /// </summary>
    private async Task<TimeSpan> BeginAsync(CancellationToken stop)
    {
        var (rows, next) = await ClaimAsync(stop);
        foreach (var ofHolder in rows.GroupBy(row => row.HolderId))
            underWay.Add(ofHolder.Key, TryAllAsync([.. ofHolder], stop));
        return next;
    }

    /// <summary>
    /// Removes the tasks that have ended. Returns whether any task has ended, because its holder may have more
    /// messages that are due.
    /// </summary>
    private async Task<bool> EndedAsync()
    {
        var ended = underWay.Where(entry => entry.Value.IsCompleted).ToList();
        foreach (var (holder, done) in ended)
        {
            underWay.Remove(holder);
            await done;
        }
        return ended.Count > 0;
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var signalOrPause = signal.WaitAsync(service.Name + OutboxSignal.Deferred, pause, over.Token);
        await Task.WhenAny([signalOrPause, .. underWay.Values, .. putAside.UnderWay]);
        await over.CancelAsync();
        await signalOrPause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryAllAsync(IReadOnlyList<DeferredRow> rows, CancellationToken stop)
    {
        await places.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var row in rows.TakeWhile(_ => !stop.IsCancellationRequested))
                await TryAsync(row, stop);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task TryAsync(DeferredRow row, CancellationToken stop)
    {
        try
        {
            if (row.Queue == DeferredMessages.Outbox)
                await gate.PutBackAsync(service, row, stop);
            else
                await dispatcher.DispatchDeferredAsync(service, row.SubscriptionIn(service), row, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The process is stopping, so the interruption is not the message's fault.
        }
        catch (Exception fault)
        {
            await NoteAsync(row, fault, stop);
        }
    }

    private async Task NoteAsync(DeferredRow row, Exception fault, CancellationToken stop)
    {
        try
        {
            await deferred.FaultedAgainAsync(service, row, fault, stop);
        }
        catch (Exception noteFault)
        {
            log.LogWarning("That {Urn} of {Queue} failed could not be written down, so it is tried again: {Fault}",
                row.Urn, row.Queue, noteFault.Message);
        }
    }

    /// <summary>
    /// Claims due messages by setting their next try to 0.2 s, 0.4 s … up to half a minute from now. If this process
    /// is killed, the messages are due again at that time. Returns the messages, oldest first, and the time until the
    /// next message is due.
    /// </summary>
    private async Task<(IReadOnlyList<DeferredRow> Rows, TimeSpan Next)> ClaimAsync(CancellationToken stop)
    {
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var claim = new NpgsqlCommand("""
            update parked set tries = tries + 1,
                retry_at = clock_timestamp()
                        + least(interval '30 s', interval '100 ms' * power(2, least(tries + 1, 10)))
            where (queue, message_id) in (
                select queue, message_id from parked
                where retry_at <= clock_timestamp() and failed_at is null and discarded_at is null
                    and not in_turn and holder_id <> all($1)
                order by parked_at limit 50 for update skip locked)
            returning queue, message_id, holder_id, urn, fact, traceparent, body, parked_at
            """, connection, transaction) { Parameters = { new() { Value = underWay.Keys.ToArray() } } };
        var rows = new List<(DeferredRow Row, Instant At)>();
        await using (var reader = await claim.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
                rows.Add((DeferredRow.At(reader), reader.GetFieldValue<Instant>(7)));
        }
        await using var due = new NpgsqlCommand("""
            select min(retry_at) - clock_timestamp() from parked
            where failed_at is null and discarded_at is null and not in_turn and holder_id <> all($1)
            """, connection, transaction) { Parameters = { new() { Value = underWay.Keys.ToArray() } } };
        var next = Longest;
        await using (var reader = await due.ExecuteReaderAsync(stop))
        {
            if (await reader.ReadAsync(stop) && reader.GetFieldValue<Duration?>(0)?.ToTimeSpan() is { } wait
                && wait < Longest)
            {
                next = wait;
            }
        }
        await transaction.CommitAsync(stop);
        return ([.. rows.OrderBy(row => row.At).Select(row => row.Row)], next > Shortest ? next : Shortest);
    }
}
