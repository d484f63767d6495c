using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// One message that a service keeps for later, or that failed for good; never its words. Waits for a key, or for its
/// next try.
/// </summary>
public sealed record KeptMessage(
    string Service, string Queue, Guid MessageId, string HolderId, string Urn, string State, string? WaitsFor,
    DateTime Since, int Tries, string? LastError);

/// <summary>
/// What somebody decides about messages that failed or wait (decision 0015): to try them again, or to discard them.
/// Each decision is written down in the same commit, with who took it, when and why.
/// </summary>
public sealed class MessageDecisions(Databases databases, ServiceMap map, OutboxSignal signal)
{
    /// <summary>That a message is set aside for good.</summary>
    internal const string Discard = "discard";

    /// <summary>All that failed for good, and all that has waited since before a moment, oldest first.</summary>
    public async Task<IReadOnlyList<KeptMessage>> ListAsync(DateTime waitingSince, CancellationToken stop = default)
    {
        await using var command = databases.Watch.CreateCommand("""
            select service, queue, message_id, holder_id, urn, state, waits_for, since, tries, last_error
            from watch.messages where state = 'failed' or since < $1 order by since
            """);
        command.Parameters.Add(new() { Value = waitingSince });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var kept = new List<KeptMessage>();
        while (await reader.ReadAsync(stop))
        {
            kept.Add(new(reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3),
                reader.GetString(4), reader.GetString(5), reader.GetStringOrNull(6), reader.GetDateTime(7),
                reader.GetInt32(8), reader.GetStringOrNull(9)));
        }
        return kept;
    }

    /// <summary>
    /// Has a message tried again, wherever it failed, waits or was discarded, or in one service; without an id, all
    /// that failed. Answers how many.
    /// </summary>
    public Task<int> RetryAsync(
        Guid? messageId, string by, string why, string? service = null, CancellationToken stop = default) =>
        DecideAsync("retry", """
            set failed_at = null, discarded_at = null, faults = 0, tries = 0, retry_at = clock_timestamp()
            where case when $1::uuid is null then failed_at is not null and discarded_at is null
                       else message_id = $1 end
            """, messageId, by, why, service, stop);

    /// <summary>
    /// Discards a message wherever it failed or waits, or in one service: nothing waits for it any more. It is kept, so
    /// that the decision can be taken back by trying it again. Answers in how many queues.
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
        foreach (var service in map.All.Where(one => only is null || one.Name == only))
        {
            await using var connection = await databases.OfRequests(service.Name).OpenConnectionAsync(stop);
            await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
            await using var batch = new NpgsqlBatch(connection, transaction);
            // A message that is being taken up is locked until that is done, which may take minutes.
            batch.BatchCommands.Add(Session.Command("set local lock_timeout = '3s'"));
            // Somebody's decision waits for the disk, unlike a relay's notes.
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
                signal.Notify(service.Name + OutboxSignal.Parked);
            }
        }
        return all;
    }
}
