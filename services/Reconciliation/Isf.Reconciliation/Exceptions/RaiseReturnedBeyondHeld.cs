using System.Globalization;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;

namespace Isf.Reconciliation.Exceptions;

/// <summary>
/// Raises an exception when more money went back to a source than it had left, and resolves it when the Ledger
/// publishes that neither the source nor the fund is below zero. Publishes ExceptionRaised and ExceptionResolved.
/// Source: api.md, Funds, returns; decisions 0015 and 0016.
/// </summary>
public static class RaiseReturnedBeyondHeld
{
    /// <summary>The finding about a source and its fund.</summary>
    public static Finding FindingFrom(ReturnedBeyondHeld said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var isBelow = said.SourceHeldPence < 0 || said.FundHeldPence < 0;
        var what = said.CauseMessage == "receipt-voided"
            ? $"Receipt {said.CauseId} from {said.Source} never was, and more has gone back than it has paid in"
            : $"Return {said.CauseId} to {said.Source} went beyond what was there";
        var stands = $"of {said.Source} {new Money(said.SourceHeldPence)} is held, of the fund "
            + $"{new Money(said.FundHeldPence)}";
        var words = isBelow ? $"{what}: with journal {said.Position} {stands}."
            : $"With journal {said.Position} {stands}: no longer less than nothing.";
        return new Finding(
            new Difference(DifferenceCode.ReturnedBeyondHeld, said.FundId, said.Source, words,
            [
                Figure("sourceHeldPence", said.SourceHeldPence), Figure("fundHeldPence", said.FundHeldPence),
                Figure("position", said.Position),
            ]),
            said.Position, isBelow, $"returned-beyond-held/{said.FundId}/{said.Source}/{said.Position}");
    }

    private static Figure Figure(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Consumes that more money went back than was left, or that it is covered again.</summary>
public sealed class RaiseReturnedBeyondHeldConsumer(IClock clock) : IConsume<ReturnedBeyondHeld>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(ReturnedBeyondHeld message, Session session, CancellationToken stop)
    {
        await ExceptionTable.FollowAsync(session, RaiseReturnedBeyondHeld.FindingFrom(message),
            clock.GetCurrentInstant());
        return ConsumeResult.Done;
    }
}
