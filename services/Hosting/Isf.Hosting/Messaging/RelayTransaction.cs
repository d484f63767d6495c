using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The transactions of the relay and of the dispatchers, which see every holder's messages: '*' is no holder's id, so
/// no token can ask for it.
/// </summary>
internal static class RelayTransaction
{
    /// <summary>
    /// Begins one. Its notes need not wait for the disk: a lost one has the message published again (decision 0013).
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
