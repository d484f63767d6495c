using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the amount by which a set-off, a minimum or a rounding changes the prices of an allocation's visits in a
/// period. Only the difference from earlier postings for the same kind of reason is posted (design §4). Publishes
/// JournalsPosted.
/// </summary>
public static class PostPriceAdjustments
{
    /// <summary>An adjustment as the books need it.</summary>
    public static AdjustedPrice PriceOf(PriceAdjusted price)
    {
        return new AdjustedPrice
        {
            FundId = price.FundId,
            AllocationId = price.AllocationId,
            ProviderId = price.ProviderId,
            Kind = price.Kind,
            From = price.From,
            To = price.To,
            Version = price.Version,
            Amount = Money.OfPence(price.Pence),
            FundedBy = Postings.SourcesOf(price.FundedBy),
        };
    }
}

/// <summary>Consumes price adjustments.</summary>
internal sealed class PostPriceAdjustmentsConsumer(IClock clock) : IConsume<PriceAdjusted>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(PriceAdjusted message, Session session, CancellationToken stop) =>
        Postings.TargetsAsync(
            session, clock, [PostingRules.PriceAdjusted(PostPriceAdjustments.PriceOf(message))]);
}
