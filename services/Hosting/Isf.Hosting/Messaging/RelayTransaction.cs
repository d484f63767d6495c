using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Transactions that see every holder's messages: those of the relay, of the dispatchers and of operators' decisions.
/// Their holder is '*', which cannot be a holder's id, so no token can claim it.
/// </summary>
internal static class RelayTransaction
{
    /// <summary>
    /// Begins a transaction whose commit need not wait for the disk: if it is lost, its messages are published again
    /// (decision 0013).
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
