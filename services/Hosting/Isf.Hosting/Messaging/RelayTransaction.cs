using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Begins the transactions of the relay, the dispatchers and the operators' decisions, which see every holder's
/// messages. Their holder is '*', which cannot be a holder's id, so no token can claim it.
/// </summary>
internal static class RelayTransaction
{
    /// <summary>
    /// Begins a transaction whose commit does not wait for the disk. If the commit is lost, its messages are published
    /// again (decision 0013).
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
