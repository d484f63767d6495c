using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Invoicing.Pricing;

namespace Isf.Invoicing.Copies;

/// <summary>
/// Keeps the nation of each fund's person, because its public holidays count where a price list names no calendar.
/// Consumes FundOpened, and releases the messages that were deferred until the fund was known. Source: api.md, price
/// list; domain.md §4.2.
/// </summary>
public static class CopyFunds
{
    /// <summary>Keeps the nation, and releases the messages that wait for the fund.</summary>
    internal static async Task CopyAsync(FundOpened opened, Session session)
    {
        await TermsTable.WaitAloneAsync(session);
        TermsTable.SaveNation(session, opened.FundId, opened.Nation);
        session.RegisterHolder();
        session.ReleaseDeferred(TermsInForce.FundKey(opened.FundId));
    }
}

/// <summary>Consumes the messages about funds that were opened.</summary>
internal sealed class CopyFundsConsumer : IConsume<FundOpened>
{
    /// <inheritdoc />
    public async Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        await CopyFunds.CopyAsync(message, session);
        return ConsumeResult.Done;
    }
}
