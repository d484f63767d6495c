using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Keeps every version of every allocation's terms, in order. A revision can affect visits that were priced before it
/// arrived. These visits are priced again, so that the order of arrival never changes the cost of care. Consumes
/// AllocationMade and AllocationRevised; publishes VisitRepriced and PriceAdjusted. Source: design §4 (two axes) and
/// design §5 (order).
/// </summary>
public static class ApplyTerms
{
    /// <summary>The key that a visit waits for if it comes before its allocation.</summary>
    public static string Key(string allocationId) => $"allocation/{allocationId}";

    /// <summary>The key that a revision waits for if it comes before the version that it revises.</summary>
    public static string Key(string allocationId, int version) => $"allocation/{allocationId}/{version}";

    /// <summary>
    /// The visits whose price these terms change, each with its new price at the next version. A visit is left out if
    /// the new terms change no field of its published price.
    /// </summary>
    internal static IReadOnlyList<PricedRow> Repriced(IReadOnlyList<StoredPrice> priced, TermsInForce terms) =>
    [
        .. from visit in priced
           let now = terms.For(visit.Visit)
           let before = terms.For(visit.Visit, visit.TermsVersion)
           where now is not null && before is not null && now.Version != before.Version
           let said = visit.Visit.PricedBy(now, visit.Version + 1)
           where !JsonEquality.AreEqual(said, visit.Visit.PricedBy(before, visit.Version + 1))
           select new PricedRow(visit.Visit, now.Version, said),
    ];

    /// <summary>
    /// Keeps one version of an allocation's terms, and prices again the visits whose price it changes.
    /// </summary>
    internal static async Task<ConsumeResult> ApplyAsync(AllocationTerms terms, Session session)
    {
        await TermsTable.WaitAloneAsync(session);
        if (terms.Version > 1 && !await TermsTable.IsKnownAsync(session, terms.AllocationId, terms.Version - 1))
            return ConsumeResult.DeferUntil(Key(terms.AllocationId, terms.Version - 1));
        await TermsTable.AddAsync(session, terms);
        session.ReleaseDeferred(Key(terms.AllocationId));
        session.ReleaseDeferred(Key(terms.AllocationId, terms.Version));
        if (terms.Version > 1)
            await PriceAgainAsync(terms, session);
        return ConsumeResult.Done;
    }

    private static async Task PriceAgainAsync(AllocationTerms terms, Session session)
    {
        var from = TermsInForce.FirstDay(terms.SetOn, terms.PriceList);
        var priced = await PricedTable.ByEarlierTermsAsync(session, terms.AllocationId, from, terms.Version);
        if (priced.Count == 0)
            return;
        var (inForce, _) = await TermsInForce.ReadAsync(session, [terms.AllocationId]);
        var cause = $"{session.MessageId}";
        var stored = await SavePrices.AddAsync(Repriced(priced, inForce), inForce, cause, session, priced);
        SavePrices.PublishRepriced(stored, cause, session);
    }
}

/// <summary>Consumes the messages about allocations that were made or revised.</summary>
internal sealed class ApplyTermsConsumer : IConsume<AllocationMade>, IConsume<AllocationRevised>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop) =>
        ApplyTerms.ApplyAsync(message.Terms, session);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        ApplyTerms.ApplyAsync(message.Terms, session);
}
