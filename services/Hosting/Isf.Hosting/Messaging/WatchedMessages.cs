using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Hosting.Messaging;

/// <summary>The backlog of one service, and its age.</summary>
/// <param name="Service">The service.</param>
/// <param name="Outbox">The number of messages that it has published and that the broker has not confirmed.</param>
/// <param name="Queued">The number of messages that it has yet to consume, including messages that wait for their
/// holder's turn. A message counts once for each of the service's queues.</param>
/// <param name="Parked">The number of messages that it has deferred until another fact arrives or until a
/// retry.</param>
/// <param name="Failed">The number of messages that failed for good and wait for an operator's decision.</param>
/// <param name="OldestAt">Since when the oldest of all these messages has waited; null if there are no such
/// messages.</param>
public sealed record ServiceBacklog(
    string Service, long Outbox, long Queued, long Parked, long Failed, Instant? OldestAt)
{
    /// <summary>Whether nothing is on its way to the service or from it.</summary>
    public bool IsIdle => Outbox == 0 && Queued == 0 && Parked == 0;
}

/// <summary>A message that a service has deferred or that failed there, with the reason and without its body.</summary>
public sealed record WatchedMessage
{
    /// <summary>The id of the message, the same in all queues of the service.</summary>
    public required Guid Id { get; init; }

    /// <summary>The holder to which the message belongs.</summary>
    public required string HolderId { get; init; }

    /// <summary>The message's type, by its name on the wire.</summary>
    public required string Urn { get; init; }

    /// <summary>The first fact from which the message follows.</summary>
    public required Guid Fact { get; init; }

    /// <summary>The queues in which the message is deferred or failed.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>Whether the message failed for good in any of these queues.</summary>
    public required bool HasFailed { get; init; }

    /// <summary>The keys that the message waits for, separated by commas; null if it waits for none.</summary>
    public required string? WaitsFor { get; init; }

    /// <summary>Since when the message has been deferred, or when it failed.</summary>
    public required Instant Since { get; init; }

    /// <summary>The number of tries.</summary>
    public required int Tries { get; init; }

    /// <summary>Its last error, redacted so that it quotes nothing; null if it has none.</summary>
    public required string? LastError { get; init; }
}

/// <summary>An operator's decision about a message.</summary>
/// <param name="Id">The id of the message.</param>
/// <param name="Decided">Either retry or discard.</param>
/// <param name="Why">The reason, in the words of who decided.</param>
/// <param name="By">The user who decided.</param>
/// <param name="At">When it was decided.</param>
public sealed record MessageDecision(Guid Id, string Decided, string Why, string By, Instant At);

/// <summary>
/// Reads the messages of every service and holder with the watch role (design §2), for the operator, who may see no
/// person's record and no fund's figure.
/// </summary>
public sealed class WatchedMessages(MessageTracker tracker, Databases databases, ServiceMap map)
{
    /// <summary>The backlog of each service of the platform.</summary>
    public async Task<IReadOnlyList<ServiceBacklog>> BacklogAsync(CancellationToken stop)
    {
        var command = databases.Watch.CreateCommand("""
            with said as materialized (select service, said_at from watch.outbox where not confirmed),
            unheard as materialized (
              select h.service, o.message_id, o.said_at
              from watch.outbox o
              join unnest($2::text[], $3::text[], $4::text[]) h(urn, service, queue) on h.urn = o.urn
              where o.confirmed and not exists (select 1 from watch.inbox i
                where i.service = h.service and i.queue = h.queue and i.message_id = o.message_id offset 0)),
            kept as materialized (select service, state, coalesce(failed_at, since) as since from watch.messages)
            select s.name, (select count(*) from said where service = s.name),
              (select count(*) from unheard where service = s.name) + k.queued, k.deferred, k.failed,
              least(k.oldest, (select min(said_at) from said where service = s.name),
                (select min(said_at) from unheard where service = s.name))
            from unnest($1::text[]) with ordinality s(name, at)
            cross join lateral (select count(*) filter (where state = 'queued') as queued,
                count(*) filter (where state = 'deferred') as deferred,
                count(*) filter (where state = 'failed') as failed, min(since) as oldest
              from kept where service = s.name) k
            order by s.at
            """);
        command.Parameters.Add(new() { Value = map.All.Select(service => service.Name).ToArray() });
        MessageTracker.AddConsumerArrays(command, map);
        return await tracker.RowsAsync(command, row => new ServiceBacklog(row.GetString(0), row.GetInt64(1),
            row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetFieldValue<Instant?>(5)), stop);
    }

    /// <summary>The deferred and failed messages of a service, in order of their ids.</summary>
    /// <param name="service">The service.</param>
    /// <param name="state">The state, deferred or failed; null for both.</param>
    /// <param name="forLongerThan">How long a message must have been in that state to be listed.</param>
    /// <param name="after">The message after which the page begins; null for the first page.</param>
    /// <param name="max">The maximum number of messages.</param>
    /// <param name="stop">Cancels the query.</param>
    public async Task<IReadOnlyList<WatchedMessage>> ListAsync(string service, string? state, Duration forLongerThan,
        Guid? after, int max, CancellationToken stop)
    {
        const string sql = """
            select message_id, min(holder_id), min(urn), min(fact::text)::uuid, array_agg(queue order by queue),
              bool_or(state = 'failed'), string_agg(distinct waits_for, ', '), min(coalesce(failed_at, since)),
              max(tries)::int, max(error_type), max(last_error)
            from watch.messages
            where service = $1 and state = any($2) and coalesce(failed_at, since) <= clock_timestamp() - $3
              and ($4::uuid is null or message_id > $4)
            group by message_id order by message_id limit $5
            """;
        return await tracker.RowsAsync(sql, row => new WatchedMessage
        {
            Id = row.GetGuid(0),
            HolderId = row.GetString(1),
            Urn = row.GetString(2),
            Fact = row.GetGuid(3),
            Queues = row.GetFieldValue<string[]>(4),
            HasFailed = row.GetBoolean(5),
            WaitsFor = row.GetStringOrNull(6),
            Since = row.GetFieldValue<Instant>(7),
            Tries = row.GetInt32(8),
            LastError = ErrorClassifier.Redact(row.GetStringOrNull(9), row.GetStringOrNull(10)),
        },
            stop, service, state is null ? ["deferred", "failed"] : new[] { state }, forLongerThan, after, max);
    }

    /// <summary>Whether the message is deferred, queued for its holder's turn or failed in the service.</summary>
    public async Task<bool> HoldsAsync(string service, Guid id, CancellationToken stop)
    {
        const string sql = "select 1 from watch.messages where service = $1 and message_id = $2 limit 1";
        return (await tracker.RowsAsync(sql, row => row.GetInt32(0), stop, service, id)).Count > 0;
    }

    /// <summary>The last decision about a message of a service; null if there is none.</summary>
    public async Task<MessageDecision?> DecisionAsync(string service, Guid id, CancellationToken stop)
    {
        const string sql = """
            select message_id, decided, why, decided_by, decided_at from watch.decisions
            where service = $1 and message_id = $2 order by decided_at desc limit 1
            """;
        var decided = await tracker.RowsAsync(sql, row => new MessageDecision(row.GetGuid(0), row.GetString(1),
            row.GetString(2), row.GetString(3), row.GetFieldValue<Instant>(4)), stop, service, id);
        return decided is [var last, ..] ? last : null;
    }
}
