using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Invoicing.Persistence;

namespace Isf.Invoicing.Features;

/// <summary>
/// Keeps the nation of each fund's person: its public holidays count where a price list names no calendar. Consumes
/// FundOpened and releases the messages deferred until it. Source: api.md, price list; domain.md §4.2.
/// </summary>
public static class KeepFunds
{
    /// <summary>The key that a message waits for when it comes before its fund.</summary>
    public static string Key(string fundId) => $"fund/{fundId}";

    /// <summary>Keeps the nation, and releases the deferred messages.</summary>
    internal static async Task KeepAsync(FundOpened opened, Session session)
    {
        await PricingLock.WaitAloneAsync(session);
        session.Queue(
            "insert into fund_nations (holder_id, fund_id, nation) values ($1, $2, $3) on conflict do nothing",
            session.HolderId, opened.FundId, opened.Nation);
        session.RegisterHolder();
        session.ReleaseDeferred(Key(opened.FundId));
    }
}

/// <summary>Consumes the opening of funds.</summary>
public sealed class KeepFundsConsumer : IConsume<FundOpened>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        await KeepFunds.KeepAsync(message, session);
        return ConsumeResult.Done;
    }
}
