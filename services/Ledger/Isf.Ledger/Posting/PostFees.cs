using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the holder's management fee, within the budget or on top of it. The service that charges the fee decides
/// whether a dated clause allows it (design §4). Publishes JournalsPosted.
/// </summary>
public static class PostFees
{
    /// <summary>The entry that posts a fee; throws for a mode other than within or on-top.</summary>
    public static Entry EntryOf(FeeCharged fee)
    {
        var onTop = fee.Mode switch
        {
            "within" => false,
            "on-top" => true,
            _ => throw new ArgumentException($"“{fee.Mode}” is no way to charge a fee.", nameof(fee)),
        };
        return PostingRules.FeeCharged(fee.FundId, fee.FeeId, Money.OfPence(fee.Pence), onTop, fee.To);
    }
}

/// <summary>Consumes charged fees.</summary>
internal sealed class PostFeesConsumer(IClock clock) : IConsume<FeeCharged>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(FeeCharged message, Session session, CancellationToken stop) =>
        Postings.EntriesAsync(session, clock, [PostFees.EntryOf(message)]);
}
