using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The transactions of the relay and of the dispatchers, which see every holder's messages: '*' cannot be a holder's
/// id, so no token can claim it.
/// </summary>
internal static class RelayTransaction
{
    /// <summary>
    /// Begins a transaction. Its commit need not wait for the disk: if lost, the message is published again (decision
    /// 0013).
    /// </summary>
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var transaction = await connection.BeginTransactionAsync(stop);
        await using var command = new NpgsqlCommand(
            "select set_config('isf.holder', '*', true), set_config('synchronous_commit', 'off', true)", connection,
            transaction);
        await command.ExecuteNonQueryAsync(stop);
        return transaction;
    }
}
