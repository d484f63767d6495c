using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Support.Domain;

namespace Isf.Support.Features;

/// <summary>Keeps Support's own copy of each fund: whose it is, and since when it is held. Hears FundOpened.</summary>
public static class KeepFunds
{
    /// <summary>The copy that a fund's opening makes.</summary>
    public static Fund Decide(FundOpened opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return new(opened.FundId, opened.PersonId, opened.CouncilId, opened.OpensOn);
    }
}

/// <summary>Hears that a fund is held.</summary>
internal sealed class KeepFundsConsumer : IHear<FundOpened>
{
    public Task<Heard> HearAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.KnowHolder();
        session.Store(KeepFunds.Decide(message));
        return Task.FromResult(Heard.Done);
    }
}
