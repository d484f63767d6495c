using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>The inbox: one row for each consumed message, inserted in the transaction of its effect.</summary>
internal static class Inbox
{
    /// <summary>The insertion of inbox rows: it fails if one of the messages has been consumed before.</summary>
    internal static NpgsqlBatchCommand Note(string queue, params Guid[] ids) =>
        Session.Command("insert into inbox (queue, message_id) select $1, unnest($2)", queue, ids);

    /// <summary>Does the work of a message, unless the message was consumed or deferred before.</summary>
    internal static async Task UnlessConsumedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PostgresException again) when (IsConsumedBefore(again))
        {
            // A duplicate: it was consumed or deferred the first time, so nothing is left to do.
        }
    }

    /// <summary>Whether the insertion of an inbox row met an earlier one.</summary>
    private static bool IsConsumedBefore(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" };
}
