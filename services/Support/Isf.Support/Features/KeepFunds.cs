using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Keeps Support's own copy of each fund: whose it is, since when it is held, and its end: no care is planned or
/// recorded beyond it, and its last week is a part of one; someone is asked about care recorded before. Hears
/// FundOpened and FundClosed; a closure that comes first waits.
/// </summary>
public static class KeepFunds
{
    /// <summary>The copy that a fund's opening makes.</summary>
    public static Fund Decide(FundOpened opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return new(opened.FundId, opened.PersonId, opened.CouncilId, opened.OpensOn);
    }

    /// <summary>The copy that a fund's closure makes.</summary>
    public static Fund Decide(Fund open, FundClosed closed)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(closed);
        return open with { End = new FundEnd(closed.On, closed.At) };
    }

    internal static string Key(string fundId) => "fund-opened/" + fundId;
}

/// <summary>Hears that a fund is held, and that it was closed.</summary>
internal sealed class KeepFundsConsumer(IClock clock) : IHear<FundOpened>, IHear<FundClosed>
{
    public Task<Heard> HearAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.RegisterHolder();
        session.Store(KeepFunds.Decide(message));
        session.ReleaseDeferred(KeepFunds.Key(message.FundId));
        return Task.FromResult(Heard.Done);
    }

    public async Task<Heard> HearAsync(FundClosed message, Session session, CancellationToken stop)
    {
        await session.LockAsync(FundRows.Lock(message.FundId));
        if (await session.LoadAsync<Fund>(message.FundId) is not { } open)
            return Heard.Needs(KeepFunds.Key(message.FundId));
        session.Store(KeepFunds.Decide(open, message));
        var plans = await session.Query<Plan>().Where(one => one.FundId == message.FundId).OrderBy(one => one.Id)
            .ToListAsync();
        var allocations = await session.Query<Allocation>().Where(one => one.FundId == message.FundId)
            .OrderBy(one => one.Id).ToListAsync();
        // A week's minutes lie on its first day: of the last week those stay that its days have.
        await CareSaid.SayDaysAsync(session, $"closed/{message.FundId}", message.FundId,
            new FundPlans(plans, Allocation.ById(allocations), message.On),
            new CarePeriod(CarePeriod.MondayOf(message.On), message.On), onlySaid: true);
        FundRows.DropSaidBehind(session, message.FundId, message.On);
        await CareSaid.SayTouchedAsync(session, $"closed/{message.FundId}", [(message.FundId, message.On)]);
        await CheckVisits.CheckAsync(KeepFunds.Decide(open, message), session, clock);
        return Heard.Done;
    }
}
