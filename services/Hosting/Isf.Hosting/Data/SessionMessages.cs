using System.Diagnostics;
using System.Text.Json;
using Isf.Hosting.Serialization;

namespace Isf.Hosting.Data;

/// <summary>The messages that a session publishes, and the fact that the first one begins.</summary>
public sealed partial class Session
{
    /// <summary>
    /// Publishes a message in the commit that makes it true, with the session's holder as its HolderId. The message's
    /// type, its holder and the cause determine its id, so the cause must differ between messages of one type and
    /// holder.
    /// </summary>
    public void Publish<T>(T message, string cause, params string[] fundIds) where T : class
    {
        var urn = MessageNames.UrnOf(message.GetType());
        var id = MessageIdOf(message, cause);
        Fact ??= id;
        message.GetType().GetProperty("HolderId")!.SetValue(message, HolderId);
        Queue("""
            insert into outbox (message_id, urn, fact, funds, traceparent, body)
            values ($1, $2, $3, $4, $5, $6) on conflict (message_id) do nothing
            """, id, urn, Fact, fundIds, Activity.Current?.Id,
            JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), IsfJson.Options));
        hasPublished = true;
    }

    /// <summary>The id of the message published for this cause.</summary>
    internal Guid MessageIdOf(object message, string cause) =>
        DeterministicGuid.From(MessageNames.UrnOf(message.GetType()), HolderId, cause);

    /// <summary>
    /// The fact that a later query can wait for. Null if the session has no fact, or if the fact is no longer recorded
    /// because it arrived long ago.
    /// </summary>
    internal async Task<Guid?> RememberedFactAsync() => Fact is { } fact && (saved || (await RowsAsync(
        "select 1 from facts where holder_id = $1 and fact = $2", row => row.GetInt32(0), HolderId, fact)).Count > 0)
        ? fact : null;
}
