using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>A fact whose message is deferred in a consumer or has failed there.</summary>
/// <param name="Service">The service of the consumer.</param>
/// <param name="Queue">The consumer's queue.</param>
/// <param name="MessageId">The id of the message.</param>
/// <param name="Urn">The message's type, by its name on the wire.</param>
/// <param name="Fact">The first fact from which the message follows.</param>
/// <param name="FundIds">The funds that the message concerns.</param>
/// <param name="WaitsFor">The key that the message waits for; null if the message failed.</param>
/// <param name="Tries">The number of tries.</param>
/// <param name="Since">When the message was deferred or, if it failed for good, when it failed.</param>
/// <param name="LastError">The last error, redacted so that it quotes nothing; null if the message only waits.</param>
/// <param name="Failed">Whether the message failed for good.</param>
public sealed record DeferredFact(
    string Service, string Queue, Guid MessageId, string Urn, Guid Fact, IReadOnlyList<string> FundIds,
    string? WaitsFor, int Tries, Instant Since, string? LastError, bool Failed);

/// <summary>
/// Reads deferred and failed messages, operators' discards and differing copies across all services, with the watch
/// role (design §2).
/// </summary>
public sealed class WatchedFacts(Databases databases)
{
    /// <summary>
    /// A holder's facts that failed for good, and those that have waited for a key for longer than the given time.
    /// </summary>
    public async Task<IReadOnlyList<DeferredFact>> DeferredAsync(
        string holderId, Duration forLongerThan, CancellationToken stop = default)
    {
        await using var command = Command("""
            select service, queue, message_id, urn, fact, funds, waits_for, tries, coalesce(failed_at, since),
              last_error, state = 'failed', error_type
            from watch.messages
            where holder_id = $1
              and (state = 'failed' or (waits_for is not null and since < clock_timestamp() - $2))
            order by service, queue, message_id
            """, holderId, forLongerThan.ToTimeSpan());
        await using var reader = await command.ExecuteReaderAsync(stop);
        var facts = new List<DeferredFact>();
        while (await reader.ReadAsync(stop))
        {
            facts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3),
                reader.GetGuid(4), reader.GetFieldValue<string[]>(5), reader.GetStringOrNull(6), reader.GetInt32(7),
                reader.GetFieldValue<Instant>(8),
                ErrorClassifier.Redact(reader.GetStringOrNull(11), reader.GetStringOrNull(9)), reader.GetBoolean(10)));
        }
        return facts;
    }

    /// <summary>
    /// The decision to discard a holder's message in one queue. Null if nobody has discarded the message, or if a
    /// later retry reversed the decision.
    /// </summary>
    public async Task<MessageDecision?> DiscardAsync(
        string holderId, string service, string queue, Guid id, CancellationToken stop = default)
    {
        await using var command = Command("""
            select decided, why, decided_by, decided_at from watch.decisions
            where holder_id = $1 and service = $2 and queue = $3 and message_id = $4
            order by decided_at desc limit 1
            """, holderId, service, queue, id);
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) && reader.GetString(0) == MessageDecisions.Discard
            ? new(id, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<Instant>(3))
            : null;
    }

    /// <summary>The operators' discards of any holder's messages after the given moment, oldest first.</summary>
    public async Task<IReadOnlyList<(string HolderId, Guid MessageId, Instant At)>> DiscardsAsync(
        Instant since, CancellationToken stop = default)
    {
        await using var command = Command("""
            select holder_id, message_id, decided_at from watch.decisions
            where decided = 'discard' and decided_at > $1 order by decided_at
            """, since);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var discards = new List<(string, Guid, Instant)>();
        while (await reader.ReadAsync(stop))
            discards.Add((reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<Instant>(2)));
        return discards;
    }

    /// <summary>The database's current time, by which decisions are dated.</summary>
    public async Task<Instant> NowAsync(CancellationToken stop = default)
    {
        await using var command = Command("select clock_timestamp()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetFieldValue<Instant>(0);
    }

    /// <summary>The certain differences between a service's copies and the statements of their owners.</summary>
    public async Task<IReadOnlyList<CopyDifference>> CopyDifferencesAsync(
        string service, string holderId, CancellationToken stop = default)
    {
        await using var command = Command("""
            select fund_id, kind, id, field, stated_version, copy_version from watch.copy_differences
            where service = $1 and holder_id = $2 and certain order by fund_id, kind, id, field
            """, service, holderId);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var differences = new List<CopyDifference>();
        while (await reader.ReadAsync(stop))
        {
            differences.Add(new(reader.GetString(0) is { Length: > 0 } fundId ? fundId : null, reader.GetString(1),
                reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5)));
        }
        return differences;
    }

    private NpgsqlCommand Command(string sql, params object[] args)
    {
        var command = databases.Watch.CreateCommand(sql);
        foreach (var value in args)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
