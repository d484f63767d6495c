using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// A deferred or failed message without its body. State is deferred, queued (for its holder's turn) or failed.
/// WaitsFor is the key that the message waits for; null if it waits for its turn, a retry or a decision.
/// </summary>
public sealed record PendingMessage
{
    public required string Service { get; init; }
    public required string Queue { get; init; }
    public required Guid MessageId { get; init; }
    public required string HolderId { get; init; }
    public required string Urn { get; init; }
    public required string State { get; init; }
    public required string? WaitsFor { get; init; }
    public required DateTime Since { get; init; }
    public required int Tries { get; init; }
    public required string? LastError { get; init; }
}

/// <summary>
/// An operator's decisions to retry or discard deferred and failed messages (decision 0015). Each decision takes
/// effect and is recorded, with its author, time and reason, in one commit.
/// </summary>
public sealed class MessageDecisions(Databases databases, ServiceMap map, OutboxSignal signal)
{
    /// <summary>The decision to discard a message.</summary>
    internal const string Discard = "discard";

    /// <summary>
    /// All messages that failed for good, and the messages that have been deferred or queued since before the given
    /// moment, oldest first.
    /// </summary>
    public async Task<IReadOnlyList<PendingMessage>> ListAsync(DateTime waitingSince, CancellationToken stop = default)
    {
        await using var command = databases.Watch.CreateCommand("""
            select service, queue, message_id, holder_id, urn, state, waits_for, since, tries, last_error
            from watch.messages where state = 'failed' or since < $1 order by since
            """);
        command.Parameters.Add(new() { Value = waitingSince });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var messages = new List<PendingMessage>();
        while (await reader.ReadAsync(stop))
        {
            messages.Add(new()
            {
                Service = reader.GetString(0),
                Queue = reader.GetString(1),
                MessageId = reader.GetGuid(2),
                HolderId = reader.GetString(3),
                Urn = reader.GetString(4),
                State = reader.GetString(5),
                WaitsFor = reader.GetStringOrNull(6),
                Since = reader.GetDateTime(7),
                Tries = reader.GetInt32(8),
                LastError = reader.GetStringOrNull(9),
            });
        }
        return messages;
    }

    /// <summary>
    /// Retries one deferred, failed or discarded message or, without an id, all failed messages. The retry is for one
    /// service or, if none is given, for all. Returns the number of rows, one for each message and queue.
    /// </summary>
    public Task<int> RetryAsync(
        Guid? messageId, string by, string why, string? service = null, CancellationToken stop = default) =>
        DecideAsync("retry", """
            set failed_at = null, discarded_at = null, faults = 0, tries = 0, retry_at = clock_timestamp()
            where case when $1::uuid is null then failed_at is not null and discarded_at is null
                       else message_id = $1 end
            """, messageId, by, why, service, stop);

    /// <summary>
    /// Discards a failed or deferred message in one service or, if none is given, in all, so that nothing waits for it
    /// any more. Its row is kept, so that a retry can reverse the decision. Returns the number of queues in which the
    /// message was discarded.
    /// </summary>
    public Task<int> DiscardAsync(
        Guid messageId, string by, string why, string? service = null, CancellationToken stop = default) =>
        DecideAsync(Discard, "set discarded_at = clock_timestamp() where message_id = $1 and discarded_at is null",
            messageId, by, why, service, stop);

    private async Task<int> DecideAsync(
        string decided, string update, Guid? messageId, string by, string why, string? only, CancellationToken stop)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        var all = 0;
        foreach (var service in map.All.Where(service => only is null || service.Name == only))
        {
            await using var connection = await databases.OfRequests(service.Name).OpenConnectionAsync(stop);
            await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
            await using var batch = new NpgsqlBatch(connection, transaction);
            // A message's row is locked while the message is consumed, which may take minutes. The decision does not
            // wait so long.
            batch.BatchCommands.Add(Session.Command("set local lock_timeout = '3s'"));
            // The commit of an operator's decision waits for the disk, unlike a commit of the relay.
            batch.BatchCommands.Add(Session.Command("set local synchronous_commit = on"));
            batch.BatchCommands.Add(Session.Command($"""
                with decided as (update parked {update} returning queue, message_id, holder_id, urn, fact)
                insert into message_decisions (queue, message_id, holder_id, urn, fact, decided, why, decided_by)
                select queue, message_id, holder_id, urn, fact, $2, $3, $4 from decided
                """, messageId, decided, why, by));
            await batch.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
            if (batch.BatchCommands[^1].RecordsAffected is > 0 and var rows)
            {
                all += (int)rows;
                signal.Notify(service.Name + OutboxSignal.Deferred);
            }
        }
        return all;
    }
}
