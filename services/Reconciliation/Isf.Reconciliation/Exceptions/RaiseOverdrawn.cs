using System.Globalization;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Raises an exception when care has cost a fund more than it received, or has used more of an allocation than is
/// promised, and resolves it when the Ledger publishes that the sum is zero or more again. Publishes ExceptionRaised
/// and ExceptionResolved. Source: api.md, Ledger, commitments; decision 0016.
/// </summary>
public static class RaiseOverdrawn
{
    /// <summary>The finding about a fund's money.</summary>
    public static Finding FindingFrom(FundOverdrawn said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var held = new Money(said.HeldPence);
        var words = said.HeldPence < 0
            ? $"With journal {said.Position} care and charges have cost {Money.Zero - held} more than was put into "
                + "the fund."
            : $"With journal {said.Position} the fund holds {held}: no longer less than nothing.";
        return new Finding(
            new Difference(DifferenceCode.FundOverdrawn, said.FundId, "fund", words,
                [Figure("heldPence", said.HeldPence), Figure("position", said.Position)]),
            said.Position, said.HeldPence < 0, $"fund-overdrawn/{said.FundId}/{said.Position}");
    }

    /// <summary>The finding about an allocation's promise.</summary>
    public static Finding FindingFrom(PromiseOverdrawn said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var left = new Money(said.LeftPence);
        var figures = $"{new Money(said.PromisedPence)} is promised and {new Money(said.UsedPence)} used";
        var words = said.LeftPence < 0
            ? $"With journal {said.Position} {figures} of allocation {said.AllocationId}: "
                + $"{Money.Zero - left} beyond the promise."
            : $"With journal {said.Position} {figures} of allocation {said.AllocationId}: {left} is left.";
        return new Finding(
            new Difference(DifferenceCode.PromiseOverdrawn, said.FundId, said.AllocationId, words,
            [
                Figure("promisedPence", said.PromisedPence), Figure("usedPence", said.UsedPence),
                Figure("leftPence", said.LeftPence), Figure("position", said.Position),
            ]),
            said.Position, said.LeftPence < 0, $"promise-overdrawn/{said.FundId}/{said.AllocationId}/{said.Position}");
    }

    private static Figure Figure(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Consumes that the balance of a fund or of an allocation fell below zero, or rose again.</summary>
public sealed class RaiseOverdrawnConsumer(IClock clock) : IConsume<FundOverdrawn>, IConsume<PromiseOverdrawn>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(FundOverdrawn message, Session session, CancellationToken stop)
    {
        await ExceptionTable.FollowAsync(session, RaiseOverdrawn.FindingFrom(message), clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }

    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(PromiseOverdrawn message, Session session, CancellationToken stop)
    {
        await ExceptionTable.FollowAsync(session, RaiseOverdrawn.FindingFrom(message), clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }
}
