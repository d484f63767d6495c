using System.Text.Json;
using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Tells which rows of an outbox can never be published, and puts one back that was taken out for it and now can.
/// </summary>
internal sealed class OutboxDoor(Databases databases, ServiceMap map, OutboxSignal signal)
{
    /// <summary>
    /// Why a message cannot be published whatever the broker does; null where it can. The body is only read where it is
    /// given: what a service says is JSON, so only what nobody could read at first is looked into.
    /// </summary>
    public Exception? FaultOf(string urn, byte[]? body)
    {
        if (!map.Knows(urn))
            return new KeyNotFoundException($"No service here says {urn}.");
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

    /// <summary>Puts a message back into the outbox, or throws why it still cannot be published.</summary>
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
