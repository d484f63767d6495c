using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Support.Checks;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Terms;

/// <summary>
/// Keeps Support's own copy of each fund: its person, its council, its first day and its end. After the end no care is
/// planned or recorded, and care already recorded for later days is flagged. Consumes FundOpened and FundClosed; a
/// closure that arrives before the fund's opening is deferred until the opening arrives.
/// </summary>
public static class EndCare
{
    /// <summary>The copy that is made when a fund opens.</summary>
    public static Fund CopyFrom(FundOpened opened) =>
        new(opened.FundId, opened.PersonId, opened.CouncilId, opened.OpensOn);

    /// <summary>The copy that is made when a fund closes.</summary>
    public static Fund CopyFrom(Fund open, FundClosed closed) =>
        open with { End = new FundEnd(closed.On, closed.At) };

    internal static string Key(string fundId) => "fund-opened/" + fundId;
}

/// <summary>Consumes the opening and the closure of a fund.</summary>
internal sealed class EndCareConsumer(IClock clock) : IConsume<FundOpened>, IConsume<FundClosed>
{
    public Task<ConsumeResult> ConsumeAsync(FundOpened message, Session session, CancellationToken stop)
    {
        session.RegisterHolder();
        session.Store(EndCare.CopyFrom(message));
        session.ReleaseDeferred(EndCare.Key(message.FundId));
        return Task.FromResult(ConsumeResult.Done);
    }

    public async Task<ConsumeResult> ConsumeAsync(FundClosed message, Session session, CancellationToken stop)
    {
        await session.LockAsync(FundTable.Lock(message.FundId));
        if (await session.LoadAsync<Fund>(message.FundId) is not { } open)
            return ConsumeResult.DeferUntil(EndCare.Key(message.FundId));
        session.Store(EndCare.CopyFrom(open, message));
        var plans = await session.Query<Plan>().Where(plan => plan.FundId == message.FundId).OrderBy(plan => plan.Id)
            .ToListAsync();
        var allocations = await session.Query<Allocation>().Where(allocation => allocation.FundId == message.FundId)
            .OrderBy(allocation => allocation.Id).ToListAsync();
        // Weekly minutes are planned on the first day of their week, so the last week is published again with the
        // minutes of the days that it still has.
        await CareAnnouncements.AnnounceDaysAsync(session, $"closed/{message.FundId}", message.FundId,
            new FundPlans(plans, Allocation.ById(allocations), message.On),
            new CarePeriod(CarePeriod.MondayOf(message.On), message.On), onlyAnnounced: true);
        FundTable.DropAnnouncedBehind(session, message.FundId, message.On);
        await CareAnnouncements.AnnounceTouchedAsync(session, $"closed/{message.FundId}", [(message.FundId,
            message.On)]);
        await CheckVisits.CheckAsync(EndCare.CopyFrom(open, message), session, clock);
        return ConsumeResult.Done;
    }
}
