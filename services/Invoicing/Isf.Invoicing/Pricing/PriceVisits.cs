using Isf.Contracts.Invoicing;
using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Prices every visit at the terms in force on its day. The new prices of one message's visits are published in one
/// message. Care that was given is never refused; care that the list does not charge has a price of 0 pence, with its
/// reason. If a visit's allocation, its fund or the version that it corrects has not arrived yet, the whole message is
/// deferred. Consumes VisitsRecorded and VisitCorrected; publishes VisitsPriced, VisitRepriced and PriceAdjusted.
/// Source: design §4, §5; api.md.
/// </summary>
public static class PriceVisits
{
    /// <summary>The key that a correction waits for if it comes before the version that it corrects.</summary>
    public static string Key(string visitId, int version) => $"visit/{visitId}/{version}";

    /// <summary>
    /// The prices, in the order of the visits, or the key that the message waits for. New terms price a visit again
    /// too, so a price has a version of its own, one higher than that of the visit's last price. A version of a visit
    /// that is priced already is left out.
    /// </summary>
    internal static (IReadOnlyList<PricedRow> Priced, string? WaitsFor) Price(
        IReadOnlyList<RecordedVisit> visits, TermsInForce terms, Dictionary<string, PriceHead> heads)
    {
        var priced = new List<PricedRow>(visits.Count);
        foreach (var recorded in visits)
        {
            var head = heads.GetValueOrDefault(recorded.VisitId);
            if (recorded.Version > head.VisitVersion + 1)
                return ([], Key(recorded.VisitId, recorded.Version - 1));
            if (recorded.Version == head.VisitVersion + 1)
            {
                var visit = VisitFacts.From(recorded);
                var inForce = terms.For(visit)
                    ?? throw new InvalidOperationException($"Visit {visit.VisitId} has no terms to be priced by.");
                priced.Add(new(visit, inForce.Version, visit.PricedBy(inForce, head.Version + 1)));
                heads[recorded.VisitId] = new(head.Version + 1, recorded.Version);
            }
        }
        return (priced, null);
    }

    /// <summary>Prices visits, stores the prices, and releases the corrections that waited for these visits.</summary>
    internal static async Task<(IReadOnlyList<PricedVisit> Priced, string? WaitsFor)> PriceAsync(
        IReadOnlyList<RecordedVisit> visits, Session session)
    {
        await TermsTable.WaitSideBySideAsync(session);
        var heads = await PricedTable.HeadsAsync(session, [.. visits.Select(visit => visit.VisitId)]);
        var allocations = visits.Select(visit => visit.AllocationId).Distinct().ToArray();
        var (terms, termsWait) = await TermsInForce.ReadAsync(session, allocations);
        if (termsWait is not null)
            return ([], termsWait);
        var (priced, waitsFor) = Price(visits, terms, heads);
        if (priced.Count > 0)
        {
            priced = await SavePrices.AddAsync(priced, terms, $"{session.MessageId}", session);
            session.ReleaseDeferred([.. visits.Select(visit => Key(visit.VisitId, visit.Version))]);
        }
        return ([.. priced.Select(row => row.Published)], waitsFor);
    }
}

/// <summary>Consumes the messages about visits that were recorded or corrected.</summary>
internal sealed class PriceVisitsConsumer : IConsume<VisitsRecorded>, IConsume<VisitCorrected>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(VisitsRecorded message, Session session, CancellationToken stop)
    {
        var (priced, waitsFor) = await PriceVisits.PriceAsync(message.Visits, session);
        if (priced.Count > 0)
        {
            session.Publish(
                new VisitsPriced { Visits = priced },
                $"{session.MessageId}", FundsOf(priced));
        }
        return new ConsumeResult(waitsFor);
    }

    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(VisitCorrected message, Session session, CancellationToken stop)
    {
        var (priced, waitsFor) = await PriceVisits.PriceAsync(message.Visits, session);
        if (priced.Count > 0)
        {
            session.Publish(
                new VisitRepriced { Visits = priced },
                $"{session.MessageId}", FundsOf(priced));
        }
        return new ConsumeResult(waitsFor);
    }

    private static string[] FundsOf(IReadOnlyList<PricedVisit> visits) =>
        [.. visits.Select(visit => visit.FundId).Distinct()];
}
