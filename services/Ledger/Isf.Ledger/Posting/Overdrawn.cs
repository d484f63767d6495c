using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Posting;

/// <summary>
/// Publishes FundOverdrawn or PromiseOverdrawn when a posting takes the money held, or the amount left of an
/// allocation, below zero or back to zero or more.
/// </summary>
internal static class Overdrawn
{
    /// <summary>Publishes that the money held by the fund, or the amount left of an allocation, crossed zero.</summary>
    public static async Task PublishAsync(Session session, string fundId, long position, Crossing crossing)
    {
        if (crossing.AllocationId is { } allocation)
        {
            session.Publish(await PromiseAsync(session, fundId, allocation, position, crossing.Pence),
                $"{fundId}/{allocation}/{position}", fundId);
            return;
        }
        session.Publish(
            new FundOverdrawn
            {
                FundId = fundId, Position = position, HeldPence = crossing.Pence,
            },
            $"{fundId}/{position}", fundId);
    }

    // Crossings are rare, so the used amount is summed from the moves only here. Moves that this transaction has
    // written are included.
    private static async Task<PromiseOverdrawn> PromiseAsync(
        Session session, string fundId, string allocationId, long position, long leftPence)
    {
        var used = await MoveTable.UsedAsync(session, fundId, allocationId);
        return new PromiseOverdrawn
        {
            FundId = fundId, AllocationId = allocationId, Position = position,
            PromisedPence = checked(leftPence + used), UsedPence = used, LeftPence = leftPence,
        };
    }
}
