using System.Globalization;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Raises an exception when care has cost a fund more than was put in, or has used more of an allocation than is
/// promised. Resolves it when the Ledger publishes that the money held, or the promise left, is zero or more again.
/// Publishes ExceptionRaised and ExceptionResolved. Source: api.md, Ledger, commitments; decision 0016.
/// </summary>
public static class RaiseOverdrawn
{
    /// <summary>The finding about a fund's money.</summary>
    public static Finding FindingFrom(FundOverdrawn message)
    {
        var held = new Money(message.HeldPence);
        var text = message.HeldPence < 0
            ? $"With journal {message.Position} care and charges have cost {Money.Zero - held} more than was put into "
                + "the fund."
            : $"With journal {message.Position} the fund holds {held}: no longer less than nothing.";
        return new Finding(
            new Difference(DifferenceCode.FundOverdrawn, message.FundId, "fund", text,
                [Figure("heldPence", message.HeldPence), Figure("position", message.Position)]),
            message.Position, message.HeldPence < 0, $"fund-overdrawn/{message.FundId}/{message.Position}");
    }

    /// <summary>The finding about an allocation's promise.</summary>
    public static Finding FindingFrom(PromiseOverdrawn message)
    {
        var left = new Money(message.LeftPence);
        var figures = $"{new Money(message.PromisedPence)} is promised and {new Money(message.UsedPence)} used";
        var text = message.LeftPence < 0
            ? $"With journal {message.Position} {figures} of allocation {message.AllocationId}: "
                + $"{Money.Zero - left} beyond the promise."
            : $"With journal {message.Position} {figures} of allocation {message.AllocationId}: {left} is left.";
        return new Finding(
            new Difference(DifferenceCode.PromiseOverdrawn, message.FundId, message.AllocationId, text,
            [
                Figure("promisedPence", message.PromisedPence), Figure("usedPence", message.UsedPence),
                Figure("leftPence", message.LeftPence), Figure("position", message.Position),
            ]),
            message.Position, message.LeftPence < 0,
            $"promise-overdrawn/{message.FundId}/{message.AllocationId}/{message.Position}");
    }

    private static Figure Figure(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>
/// Consumes the messages about a fund or an allocation whose balance fell below zero or is zero or more again.
/// </summary>
internal sealed class RaiseOverdrawnConsumer(IClock clock) : IConsume<FundOverdrawn>, IConsume<PromiseOverdrawn>
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
