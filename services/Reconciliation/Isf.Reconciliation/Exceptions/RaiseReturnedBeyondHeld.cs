using System.Globalization;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Raises an exception when a return or a voided receipt has brought the money of its source or of the fund below zero.
/// Resolves it when the Ledger publishes that neither is below zero. Publishes ExceptionRaised and ExceptionResolved.
/// Source: api.md, Funds, returns; decisions 0015 and 0016.
/// </summary>
public static class RaiseReturnedBeyondHeld
{
    /// <summary>The finding about a source and its fund.</summary>
    public static Finding FindingFrom(ReturnedBeyondHeld message)
    {
        var isBelow = message.SourceHeldPence < 0 || message.FundHeldPence < 0;
        var what = message.CauseMessage == "receipt-voided"
            ? $"Receipt {message.CauseId} from {message.Source} never was, and more has gone back than it has paid in"
            : $"Return {message.CauseId} to {message.Source} went beyond what was there";
        var figures = $"of {message.Source} {new Money(message.SourceHeldPence)} is held, of the fund "
            + $"{new Money(message.FundHeldPence)}";
        var text = isBelow ? $"{what}: with journal {message.Position} {figures}."
            : $"With journal {message.Position} {figures}: no longer less than nothing.";
        return new Finding(
            new Difference(DifferenceCode.ReturnedBeyondHeld, message.FundId, message.Source, text,
            [
                Figure("sourceHeldPence", message.SourceHeldPence), Figure("fundHeldPence", message.FundHeldPence),
                Figure("position", message.Position),
            ]),
            message.Position, isBelow, $"returned-beyond-held/{message.FundId}/{message.Source}/{message.Position}");
    }

    private static Figure Figure(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>
/// Consumes the messages that a source got back more than was held, and those that neither the source nor the fund is
/// below zero any longer.
/// </summary>
internal sealed class RaiseReturnedBeyondHeldConsumer(IClock clock) : IConsume<ReturnedBeyondHeld>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(ReturnedBeyondHeld message, Session session, CancellationToken stop)
    {
        await ExceptionTable.FollowAsync(session, RaiseReturnedBeyondHeld.FindingFrom(message),
            clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }
}
