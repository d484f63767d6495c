using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The inbox has a row for each message that a queue has consumed or deferred. The row is inserted in the transaction
/// that consumes or defers the message.
/// </summary>
internal static class Inbox
{
    /// <summary>
    /// The statement that inserts inbox rows; it fails if one of the messages was consumed or deferred before.
    /// </summary>
    internal static NpgsqlBatchCommand Note(string queue, params Guid[] ids) =>
        Session.Command("insert into inbox (queue, message_id) select $1, unnest($2)", queue, ids);

    /// <summary>
    /// Does the work of a message; has no effect, and does not throw, if the message was consumed or deferred before.
    /// </summary>
    internal static async Task UnlessConsumedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PostgresException duplicate) when (IsConsumedBefore(duplicate))
        {
            // The message is a duplicate: it was consumed or deferred the first time, so nothing is left to do.
        }
    }

    /// <summary>Whether the error means that the inbox row exists already.</summary>
    private static bool IsConsumedBefore(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" };
}
