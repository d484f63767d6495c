using System.Security.Cryptography;
using System.Text;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// Keeps every version of every allocation's terms, in order. Visits on or after the day of a revision that were priced
/// before it arrived are priced again, so that the order of arrival never changes the cost of care.
/// Consumes AllocationMade and AllocationRevised; publishes VisitRepriced and PriceAdjusted. Source: design §4 (two
/// axes) and design §5 (order).
/// </summary>
public static class ApplyTerms
{
    /// <summary>The key that a visit waits for when it comes before its allocation.</summary>
    public static string Key(string allocationId) => $"allocation/{allocationId}";

    /// <summary>The key that a revision waits for when it comes before the version that it revises.</summary>
    public static string Key(string allocationId, int version) => $"allocation/{allocationId}/{version}";

    /// <summary>
    /// The visits whose price these terms change, with the new price: at its next version, and only where a field of
    /// the published price differs.
    /// </summary>
    internal static IReadOnlyList<PricedRow> Repriced(IReadOnlyList<LastPriced> priced, TermsInForce terms) =>
    [
        .. from visit in priced
           let now = terms.For(visit.Visit)
           let before = terms.For(visit.Visit, visit.TermsVersion)
           where now is not null && before is not null && now.Version != before.Version
           let said = visit.Visit.PricedBy(now, visit.PriceVersion + 1)
           where !JsonEquality.AreEqual(said, visit.Visit.PricedBy(before, visit.PriceVersion + 1))
           select new PricedRow(visit.Visit, now.Version, said),
    ];

    /// <summary>Keeps one version, and prices again the visits that it changes.</summary>
    internal static async Task<ConsumeResult> ApplyAsync(AllocationTerms terms, Session session)
    {
        await PricingLock.WaitAloneAsync(session);
        if (terms.Version > 1 && !await IsKnownAsync(terms.AllocationId, terms.Version - 1, session))
        {
            return ConsumeResult.DeferUntil(Key(terms.AllocationId, terms.Version - 1));
        }
        await AddAsync(terms, session);
        session.ReleaseDeferred(Key(terms.AllocationId));
        session.ReleaseDeferred(Key(terms.AllocationId, terms.Version));
        if (terms.Version > 1)
        {
            await PriceAgainAsync(terms, session);
        }
        return ConsumeResult.Done;
    }

    private static async Task<bool> IsKnownAsync(string allocationId, int version, Session session)
    {
        var found = await session.RowsAsync(
            "select 1 from allocation_terms where holder_id = $1 and allocation_id = $2 and version = $3",
            reader => reader.GetInt32(0), session.HolderId, allocationId, version);
        return found.Count > 0;
    }

    private static Task<int> AddAsync(AllocationTerms terms, Session session)
    {
        var list = Json.From(terms.PriceList);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.Text)));
        return session.ExecuteAsync("""
            insert into allocation_terms (holder_id, allocation_id, version, set_on, fund_id, provider_id, funded_by,
                claim, list_hash, price_list)
            values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
            """, session.HolderId, terms.AllocationId, terms.Version, terms.SetOn, terms.FundId, terms.ProviderId,
            terms.FundedBy is null ? null : Json.From(terms.FundedBy), terms.Claim, hash, list);
    }

    private static async Task PriceAgainAsync(AllocationTerms terms, Session session)
    {
        var from = TermsInForce.FirstDay(terms.SetOn, terms.PriceList);
        var priced = await PricedTable.ByEarlierTermsAsync(session, terms.AllocationId, from, terms.Version);
        if (priced.Count == 0)
        {
            return;
        }
        var (known, _) = await TermsInForce.ReadAsync(session, [terms.AllocationId]);
        var cause = $"{session.MessageId}";
        var kept = await SavePrices.AddAsync(Repriced(priced, known), known, cause, session, priced);
        SavePrices.PublishRepriced(kept, cause, session);
    }
}

/// <summary>Consumes an allocation's first terms and its later ones.</summary>
public sealed class ApplyTermsConsumer : IConsume<AllocationMade>, IConsume<AllocationRevised>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationMade message, Session session, CancellationToken stop) =>
        ApplyTerms.ApplyAsync(message.Terms, session);

    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(AllocationRevised message, Session session, CancellationToken stop) =>
        ApplyTerms.ApplyAsync(message.Terms, session);
}
