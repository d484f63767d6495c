using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>Stores the closures of funds, each with the message that published it.</summary>
internal static class ClosureTable
{
    /// <summary>The message that published the closure; null while the fund is not closed.</summary>
    public static async Task<FundClosed?> PublishedAsync(Session session, string fundId)
    {
        var closures = await session.RowsAsync(
            "select said from closures where fund_id = $1", (ValueTuple<FundClosed> row) => row.Item1, fundId);
        return closures.Count == 0 ? null : closures[0];
    }

    /// <summary>
    /// Stores a closure now, in this transaction, with the day on which it counts and the position of its journal.
    /// </summary>
    public static Task AddAsync(Session session, FundClosed closed, LocalDate effectiveOn, long position) =>
        session.ExecuteAsync(
            """
            insert into closures (fund_id, closed_on, effective_on, position, said)
            values ($1, $2, $3, $4, $5)
            """,
            closed.FundId, closed.On, effectiveOn, position, Json.From(closed));
}
