using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using Isf.Support.Persistence;
using NodaTime;

namespace Isf.Support.Features;

/// <summary>
/// Keeps Support's own copy of each fund: its person, its first day and its end. No care is planned or recorded after
/// the end, the last week is a part of a week, and care already recorded after the end is flagged. Consumes FundOpened
/// and FundClosed; a closure that comes first is deferred until the opening.
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

/// <summary>Consumes the opening and the closure of a fund.</summary>
internal sealed class KeepFundsConsumer(IClock clock) : IConsume<FundOpened>, IConsume<FundClosed>
{
    public Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.RegisterHolder();
        session.Store(KeepFunds.Decide(message));
        session.ReleaseDeferred(KeepFunds.Key(message.FundId));
        return Task.FromResult(ConsumeResult.Done);
    }

    public async Task<ConsumeResult> ConsumeAsync(FundClosed message, Session session, CancellationToken stop)
    {
        await session.LockAsync(FundRows.Lock(message.FundId));
        if (await session.LoadAsync<Fund>(message.FundId) is not { } open)
            return ConsumeResult.DeferUntil(KeepFunds.Key(message.FundId));
        session.Store(KeepFunds.Decide(open, message));
        var plans = await session.Query<Plan>().Where(one => one.FundId == message.FundId).OrderBy(one => one.Id)
            .ToListAsync();
        var allocations = await session.Query<Allocation>().Where(one => one.FundId == message.FundId)
            .OrderBy(one => one.Id).ToListAsync();
        // A week's minutes are booked on its first day: the last week keeps the minutes of the days that it has.
        await CareSaid.SayDaysAsync(session, $"closed/{message.FundId}", message.FundId,
            new FundPlans(plans, Allocation.ById(allocations), message.On),
            new CarePeriod(CarePeriod.MondayOf(message.On), message.On), onlySaid: true);
        FundRows.DropSaidBehind(session, message.FundId, message.On);
        await CareSaid.SayTouchedAsync(session, $"closed/{message.FundId}", [(message.FundId, message.On)]);
        await CheckVisits.CheckAsync(KeepFunds.Decide(open, message), session, clock);
        return ConsumeResult.Done;
    }
}
