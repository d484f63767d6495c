using System.Text.Json;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>A message that the service keeps for later, as its row holds it.</summary>
internal sealed record DeferredRow(
    string Queue, Guid MessageId, string HolderId, string Urn, Guid Fact, string? Trace, byte[] Body)
{
    /// <summary>Reads a row: the columns in the order of the record.</summary>
    public static DeferredRow At(NpgsqlDataReader row) => new(row.GetString(0), row.GetGuid(1), row.GetString(2),
        row.GetString(3), row.GetGuid(4), row.GetStringOrNull(5), row.GetFieldValue<byte[]>(6));

    /// <summary>The consumer for which the message is kept.</summary>
    /// <exception cref="JsonException">The service has no such consumer.</exception>
    public Subscription SubscriptionIn(Service service) => service.Subscriptions
        .FirstOrDefault(one => one.Queue == Queue && MessageNames.UrnOf(one.Message) == Urn)
        ?? throw new JsonException($"No consumer of {Queue} takes {Urn}.");
}
