using System.Text.Json;
using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Finds out whether a message can be published at all, whatever the broker does. A message that cannot be published
/// is deferred; once a later release can publish it, this class returns it to the outbox.
/// </summary>
internal sealed class OutboxGate(Databases databases, ServiceMap map, OutboxSignal signal)
{
    /// <summary>
    /// The reason why a message cannot be published whatever the broker does; null if there is no such reason. The
    /// body is checked unless it is null. Callers give it only for a message that is republished or returned to the
    /// outbox, because services write valid JSON.
    /// </summary>
    public Exception? FaultOf(string urn, byte[]? body)
    {
        if (!map.Publishes(urn))
            return new KeyNotFoundException($"No service here publishes {urn}.");
        try
        {
            if (body is not null)
            {
                using var json = JsonDocument.Parse(body);
                return json.RootElement.ValueKind == JsonValueKind.Object
                    ? null : new JsonException("A message is a JSON object.");
            }
        }
        catch (JsonException fault)
        {
            return fault;
        }
        return null;
    }

    /// <summary>
    /// Returns a deferred message to the outbox. If the message still cannot be published, throws the reason.
    /// </summary>
    public async Task PutBackAsync(Service service, DeferredRow row, CancellationToken stop)
    {
        if (FaultOf(row.Urn, row.Body) is { } fault)
            throw fault;
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var move = new NpgsqlCommand($"""
            with kept as (delete from parked where {DeferredMessages.IsPending}
                returning message_id, holder_id, urn, fact, funds, traceparent, body)
            insert into outbox (message_id, holder_id, urn, fact, funds, traceparent, body)
            select * from kept on conflict (message_id) do nothing
            """, connection, transaction)
        {
            Parameters = { new() { Value = row.Queue }, new() { Value = row.MessageId } },
        };
        await move.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        signal.Notify(service.Name);
    }
}
