using Isf.Hosting.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Takes up a service's messages that were put aside for their holder's turn: each holder's on each queue by
/// themselves, as many at a time as the holder has places there, without going over the broker again.
/// </summary>
internal sealed class TurnQueue(
    Service service, Databases databases, InboxDispatcher dispatcher, HolderTurns turns, DeferredMessages deferred,
    ILogger log)
{
    private readonly Dictionary<(string Queue, string HolderId), Task<bool>> underWay = [];

    /// <summary>What is under way.</summary>
    public IEnumerable<Task> UnderWay => underWay.Values;

    /// <summary>Begins with every holder and queue that has something due and is not under way.</summary>
    public async Task BeginAsync(CancellationToken stop)
    {
        foreach (var due in await DueAsync(stop))
        {
            if (!underWay.ContainsKey(due)
                && service.Subscriptions.FirstOrDefault(one => one.Queue == due.Queue) is { } any)
                underWay.Add(due, DrainAsync(any, due.HolderId, stop));
        }
    }

    /// <summary>
    /// Whether some was taken up and is done with: more may be due. Where nothing could be taken, another process has
    /// it, and there is no haste to look again.
    /// </summary>
    public bool Ended()
    {
        var ended = underWay.Where(entry => entry.Value.IsCompleted).ToList();
        ended.ForEach(entry => underWay.Remove(entry.Key));
        return ended.Exists(entry => entry.Value.Result);
    }

    // Whether it took anything up.
    private async Task<bool> DrainAsync(Subscription any, string holderId, CancellationToken stop)
    {
        turns.SetDrained(any, holderId, true);
        try
        {
            var taken = await Task.WhenAll(
                Enumerable.Range(0, any.ConcurrencyLimitOfHolder).Select(_ => TakeUpAsync(any, holderId, stop)));
            return taken.Any(some => some);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The process ends; what was put aside is safe, and is due again soon.
        }
        catch (Exception fault)
        {
            log.LogWarning("What waits for its turn on {Queue} will be taken up again: {Fault}", any.Queue,
                fault.Message);
        }
        finally
        {
            // Before the next look for what is due: who still saw it being taken up had put its message aside by then.
            turns.SetDrained(any, holderId, false);
        }
        return false;
    }

    private async Task<bool> TakeUpAsync(Subscription any, string holderId, CancellationToken stop)
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
                // From now on it is tried again like any that failed, and the others of its holder go on.
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
    /// Claims the next one for some seconds. What a process had claimed that ended, another takes up after that.
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
