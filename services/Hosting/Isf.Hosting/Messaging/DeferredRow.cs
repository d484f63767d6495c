using System.Text.Json;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>A deferred message, as its row holds it.</summary>
internal sealed record DeferredRow(
    string Queue, Guid MessageId, string HolderId, string Urn, Guid Fact, string? Trace, byte[] Body)
{
    /// <summary>Reads a row whose columns are in the order of the record.</summary>
    public static DeferredRow At(NpgsqlDataReader row) => new(row.GetString(0), row.GetGuid(1), row.GetString(2),
        row.GetString(3), row.GetGuid(4), row.GetStringOrNull(5), row.GetFieldValue<byte[]>(6));

    /// <summary>The subscription for which the message is deferred.</summary>
    /// <exception cref="JsonException">The service has no such subscription.</exception>
    public Subscription SubscriptionIn(Service service) => service.Subscriptions
        .FirstOrDefault(subscription => subscription.Queue == Queue && MessageNames.UrnOf(subscription.Message) == Urn)
        ?? throw new JsonException($"No consumer of {Queue} takes {Urn}.");
}
