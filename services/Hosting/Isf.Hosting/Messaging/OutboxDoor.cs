using System.Text.Json;
using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Identifies outbox rows that can never be published, and returns a deferred message to the outbox once it can be
/// published.
/// </summary>
internal sealed class OutboxDoor(Databases databases, ServiceMap map, OutboxSignal signal)
{
    /// <summary>
    /// The reason why a message cannot be published whatever the broker does; null if it can. The body is checked only
    /// if given: services write valid JSON, so only a message that is republished or returned to the outbox needs the
    /// check.
    /// </summary>
    public Exception? FaultOf(string urn, byte[]? body)
    {
        if (!map.Knows(urn))
            return new KeyNotFoundException($"No service here publishes {urn}.");
        try
        {
            if (body is not null)
            {
                using var words = JsonDocument.Parse(body);
                return words.RootElement.ValueKind == JsonValueKind.Object
                    ? null : new JsonException("A message is a JSON object.");
            }
        }
        catch (JsonException fault)
        {
            return fault;
        }
        return null;
    }

    /// <summary>Returns a deferred message to the outbox; throws the reason if it still cannot be published.</summary>
    public async Task PutBackAsync(Service service, DeferredRow row, CancellationToken stop)
    {
        if (FaultOf(row.Urn, row.Body) is { } fault)
            throw fault;
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
        await using var move = new NpgsqlCommand($"""
            with kept as (delete from parked where {DeferredMessages.IsKept}
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
