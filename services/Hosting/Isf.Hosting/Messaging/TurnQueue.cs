using Isf.Hosting.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Consumes the messages that a service has deferred until their holder's turn. It reads them from the database; they
/// do not pass through the broker again. Each holder and queue has a task of its own, which consumes as many messages
/// at a time as the holder has places on the queue.
/// </summary>
internal sealed class TurnQueue(
    Service service, Databases databases, InboxDispatcher dispatcher, HolderTurns turns, DeferredMessages deferred,
    ILogger log)
{
    private readonly Dictionary<(string Queue, string HolderId), Task<bool>> underWay = [];

    /// <summary>The running tasks.</summary>
    public IEnumerable<Task> UnderWay => underWay.Values;

    /// <summary>Starts a task for every holder and queue with due messages and no running task.</summary>
    public async Task BeginAsync(CancellationToken stop)
    {
        foreach (var due in await DueAsync(stop))
        {
            if (!underWay.ContainsKey(due)
                && service.Subscriptions.FirstOrDefault(subscription => subscription.Queue == due.Queue) is { } any)
            {
                underWay.Add(due, DrainAsync(any, due.HolderId, stop));
            }
        }
    }

    /// <summary>
    /// Removes the tasks that have ended; returns whether one of them consumed a message, because more messages may
    /// then be due. If a task consumed nothing, another process had claimed the messages, so the next query is not
    /// urgent.
    /// </summary>
    public bool Ended()
    {
        var ended = underWay.Where(entry => entry.Value.IsCompleted).ToList();
        ended.ForEach(entry => underWay.Remove(entry.Key));
        return ended.Exists(entry => entry.Value.Result);
    }

    // Consumes a holder's due messages of one queue; returns whether there were any.
    private async Task<bool> DrainAsync(Subscription any, string holderId, CancellationToken stop)
    {
        turns.SetDraining(any, holderId, true);
        try
        {
            var consumed = await Task.WhenAll(
                Enumerable.Range(0, any.ConcurrencyLimitOfHolder).Select(_ => ConsumeDueAsync(any, holderId, stop)));
            return consumed.Any(some => some);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The process is stopping; deferred messages are safe and will soon be due again.
        }
        catch (Exception fault)
        {
            log.LogWarning("Messages deferred for their turn on {Queue} will be tried again: {Fault}", any.Queue,
                fault.Message);
        }
        finally
        {
            // The flag is cleared before the next query for due messages. A dispatcher stores its message before it
            // reads the flag. If it finds the flag set, it gives no signal, but the next query finds its message.
            turns.SetDraining(any, holderId, false);
        }
        return false;
    }

    private async Task<bool> ConsumeDueAsync(Subscription any, string holderId, CancellationToken stop)
    {
        for (var some = false; ; some = true)
        {
            using var turn = await turns.EnterAsync(any, holderId, Timeout.InfiniteTimeSpan, stop);
            if (await NextAsync(any.Queue, holderId, stop) is not { } row)
                return some;
            try
            {
                await dispatcher.DispatchDeferredAsync(service, row.SubscriptionIn(service), row,
                    stop);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // From now on the message is retried like any failed message, and the holder's other messages go on.
                await deferred.FaultedAgainAsync(service, row, fault, stop);
            }
        }
    }

    private async Task<List<(string Queue, string HolderId)>> DueAsync(CancellationToken stop)
    {
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var due = new NpgsqlCommand("""
            select distinct queue, holder_id from parked
            where in_turn and retry_at <= clock_timestamp() and failed_at is null and discarded_at is null
            """, connection, transaction);
        var found = new List<(string, string)>();
        await using (var reader = await due.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
                found.Add((reader.GetString(0), reader.GetString(1)));
        }
        await transaction.CommitAsync(stop);
        return found;
    }

    /// <summary>
    /// Claims a holder's oldest due message of the queue; null if none is due. The claim ends after 5 seconds, so that
    /// the message is due again if this process dies.
    /// </summary>
    private async Task<DeferredRow?> NextAsync(string queue, string holderId, CancellationToken stop)
    {
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var claim = new NpgsqlCommand("""
            update parked set tries = tries + 1, retry_at = clock_timestamp() + interval '5 s'
            where (queue, message_id) in (
                select queue, message_id from parked
                where queue = $1 and holder_id = $2 and in_turn and retry_at <= clock_timestamp()
                    and failed_at is null and discarded_at is null
                order by parked_at limit 1 for update skip locked)
            returning queue, message_id, holder_id, urn, fact, traceparent, body
            """, connection, transaction)
        {
            Parameters = { new() { Value = queue }, new() { Value = holderId } },
        };
        DeferredRow? next = null;
        await using (var reader = await claim.ExecuteReaderAsync(stop))
        {
            if (await reader.ReadAsync(stop))
                next = DeferredRow.At(reader);
        }
        await transaction.CommitAsync(stop);
        return next;
    }
}
