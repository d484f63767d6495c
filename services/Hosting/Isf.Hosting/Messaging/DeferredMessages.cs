using Isf.Hosting.Data;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Stores a service's deferred messages in the table parked. They are messages that wait for another fact or for their
/// holder's turn, that failed and will be retried, or that failed for good (decision 0015).
/// </summary>
internal sealed class DeferredMessages(
    Sessions sessions, HostSettings settings, OutboxSignal signal, ILogger<DeferredMessages> log)
{
    /// <summary>
    /// The queue name for messages that could not be published; no consumer has a queue of this name.
    /// </summary>
    public const string Outbox = "outbox";

    /// <summary>SQL: the message $2 in queue $1 is deferred, and neither failed nor discarded.</summary>
    public const string IsPending =
        "queue = $1 and message_id = $2 and failed_at is null and discarded_at is null";

    /// <summary>
    /// SQL for an update, which marks that a message no longer waits for its holder's turn. If the message did wait
    /// for its turn, it is tried again in 0.1 s.
    /// </summary>
    public const string NoTurn = """
        in_turn = false, retry_at = case when in_turn then clock_timestamp() + interval '100 ms' else retry_at end
        """;

    // If the service itself published the message, the outbox row in this schema names all its funds. The message's
    // header names them only if there are not too many.
    private const string Insert = """
        insert into parked (queue, message_id, holder_id, urn, fact, funds, traceparent, body, faults, last_error,
            error_type, retry_at, failed_at)
        values ($1, $2, $3, $4, $5, coalesce((select o.funds from outbox o where o.message_id = $2), $6), $7, $8,
            case when $11 then 0 else 1 end, $9, $10, clock_timestamp() + $12, case when $13 then clock_timestamp() end)
        """;

    /// <summary>
    /// Defers a message until the key it needs is released or, if it needs none, until its holder's turn on the queue.
    /// The message counts as consumed, because the row keeps it safe.
    /// </summary>
    public async Task DeferAsync(Service service, DeferredRow row, string[] funds, string? needs,
        CancellationToken stop)
    {
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.Begin(Inbox.Note(row.Queue, row.MessageId));
        session.Queue("""
            insert into parked (queue, message_id, holder_id, urn, fact, funds, needs, traceparent, body,
                in_turn, retry_at)
            values ($1, $2, $3, $4, $5, coalesce((select o.funds from outbox o where o.message_id = $2), $6), $7, $8,
                $9, $7::text is null,
                clock_timestamp() + case when $7::text is null then interval '0' else interval '100 ms' end)
            """, row.Queue, row.MessageId, row.HolderId, row.Urn, row.Fact, funds, needs, row.Trace, row.Body);
        await session.SaveChangesAsync();
    }

    /// <summary>
    /// Defers a message that its consumer could not process, and records the error. Later messages of the queue go on.
    /// The message counts as consumed, because the row keeps it safe.
    /// </summary>
    public async Task RecordFaultAsync(
        Service service, DeferredRow row, string[] funds, Exception fault, CancellationToken stop)
    {
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.Begin(Inbox.Note(row.Queue, row.MessageId));
        await session.ExecuteAsync(Insert, Arguments(row, funds, fault));
        await session.SaveChangesAsync();
        Log(service, row, fault, failed: !ErrorClassifier.IsTransient(fault) && settings.RetryPauses.Count == 0);
    }

    /// <summary>
    /// Defers a message that cannot be published, and deletes its outbox row, so that the rows behind it are
    /// published.
    /// </summary>
    public async Task UnpublishedAsync(
        Service service, OutboxRow row, Exception fault, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var unpublished = new DeferredRow(Outbox, row.MessageId, row.HolderId, row.Urn, row.Fact, row.Trace, row.Body);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                Session.Command(Insert + " on conflict do nothing", Arguments(unpublished, row.Funds, fault)),
                Session.Command("delete from outbox where seq = $1", row.Seq),
            },
        };
        await batch.ExecuteNonQueryAsync();
        Log(service, unpublished, fault, failed: settings.RetryPauses.Count == 0);
    }

    /// <summary>
    /// Records another failure of a deferred message, which is then retried after a pause or has failed for good. A
    /// transient error is only recorded, because such a message is retried without limit.
    /// </summary>
    public async Task FaultedAgainAsync(Service service, DeferredRow row, Exception fault, CancellationToken stop)
    {
        var (message, type) = ErrorClassifier.Describe(fault);
        var passing = ErrorClassifier.IsTransient(fault);
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        var failed = await session.RowsAsync(passing
            ? $"""
            update parked set last_error = $3, error_type = $4, {NoTurn}
            where queue = $1 and message_id = $2 returning false
            """
            : """
            update parked set faults = faults + 1, needs = null, in_turn = false, last_error = $3, error_type = $4,
                retry_at = clock_timestamp() + coalesce(($5::interval[])[faults + 1], interval '0'),
                failed_at = case when faults >= cardinality($5::interval[]) then clock_timestamp() end
            where queue = $1 and message_id = $2 and failed_at is null and discarded_at is null
            returning failed_at is not null
            """, reader => reader.GetBoolean(0), passing
            ? [row.Queue, row.MessageId, message, type]
            : [row.Queue, row.MessageId, message, type, settings.RetryPauses.ToArray()]);
        await session.SaveChangesAsync();
        if (failed is [var forGood])
            Log(service, row, fault, forGood);
    }

    private object?[] Arguments(DeferredRow row, string[] funds, Exception fault)
    {
        var (message, type) = ErrorClassifier.Describe(fault);
        var passing = ErrorClassifier.IsTransient(fault);
        var pause = passing ? TimeSpan.FromMilliseconds(100)
            : settings.RetryPauses.Count > 0 ? settings.RetryPauses[0] : TimeSpan.Zero;
        return [row.Queue, row.MessageId, row.HolderId, row.Urn, row.Fact, funds, row.Trace, row.Body, message, type,
            passing, pause, !passing && settings.RetryPauses.Count == 0];
    }

    private void Log(Service service, DeferredRow row, Exception fault, bool failed)
    {
        if (failed)
        {
            log.LogError(fault,
                "{Urn} {Message} of holder {Holder} failed for good in {Queue} of {Service}: see the runbook "
                + "error-queue.md", row.Urn, row.MessageId, row.HolderId, row.Queue, service.Name);
        }
        else
        {
            log.LogWarning(fault, "{Urn} {Message} of holder {Holder} failed in {Queue} of {Service} and will be tried "
                + "again", row.Urn, row.MessageId, row.HolderId, row.Queue, service.Name);
        }
        signal.Notify(service.Name + OutboxSignal.Deferred);
    }
}

/// <summary>
/// The last filter of a queue's pipeline. It defers a message that its consumer could not process, or whose body does
/// not match its type. Only messages that are not the platform's go to the error queue.
/// </summary>
internal sealed class FaultFilter(Service service, string queue, DeferredMessages deferred)
    : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (SentMessage.Read(context.Body.GetBytes()) is not { } sent)
        {
            await next.Send(context);
            return;
        }
        await Inbox.UnlessConsumedAsync(() => deferred.RecordFaultAsync(service,
            new(queue, sent.Id, sent.HolderId, sent.Urn, sent.Fact, sent.Trace, sent.Body), sent.Funds,
            context.Exception, context.CancellationToken));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("keepFaulted");
}
