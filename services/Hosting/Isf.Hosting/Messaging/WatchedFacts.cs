using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>A fact whose message is deferred in a consumer or has failed there.</summary>
public sealed record DeferredFact
{
    /// <summary>The service of the consumer.</summary>
    public required string Service { get; init; }

    /// <summary>The consumer's queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The id of the message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The message's type, by its name on the wire.</summary>
    public required string Urn { get; init; }

    /// <summary>The first fact from which the message follows.</summary>
    public required Guid Fact { get; init; }

    /// <summary>The funds that the message concerns.</summary>
    public required IReadOnlyList<string> FundIds { get; init; }

    /// <summary>The key that the message waits for; null if the message failed.</summary>
    public required string? WaitsFor { get; init; }

    /// <summary>The number of tries.</summary>
    public required int Tries { get; init; }

    /// <summary>When the message was deferred or, if it failed for good, when it failed.</summary>
    public required Instant Since { get; init; }

    /// <summary>The last error, redacted so that it quotes nothing; null if the message only waits.</summary>
    public required string? LastError { get; init; }

    /// <summary>Whether the message failed for good.</summary>
    public required bool Failed { get; init; }
}

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
            facts.Add(new()
            {
                Service = reader.GetString(0),
                Queue = reader.GetString(1),
                MessageId = reader.GetGuid(2),
                Urn = reader.GetString(3),
                Fact = reader.GetGuid(4),
                FundIds = reader.GetFieldValue<string[]>(5),
                WaitsFor = reader.GetStringOrNull(6),
                Tries = reader.GetInt32(7),
                Since = reader.GetFieldValue<Instant>(8),
                LastError = ErrorClassifier.Redact(reader.GetStringOrNull(11), reader.GetStringOrNull(9)),
                Failed = reader.GetBoolean(10),
            });
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
