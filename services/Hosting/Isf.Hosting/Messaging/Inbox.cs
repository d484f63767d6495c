using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>The inbox: the notes that messages were consumed, each in the transaction of its effect.</summary>
internal static class Inbox
{
    /// <summary>The note that messages were heard: it fails where one of them was heard before.</summary>
    internal static NpgsqlBatchCommand Note(string queue, params Guid[] ids) =>
        Session.Command("insert into inbox (queue, message_id) select $1, unnest($2)", queue, ids);

    /// <summary>Does what a message asks for, unless it was heard or kept another time.</summary>
    internal static async Task UnlessConsumedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PostgresException again) when (IsConsumedBefore(again))
        {
            // It came twice, and was heard or kept the other time: there is nothing to do.
        }
    }

    /// <summary>Whether the note that a message was heard met an earlier one.</summary>
    private static bool IsConsumedBefore(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" };
}
