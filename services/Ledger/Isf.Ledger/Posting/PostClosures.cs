using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Posts the closure of a fund. Promises for days after the fund's last day go back, care and fees of such days are
/// refused, hours to come and banked hours end, and notice is owed. Spending is then attributed to the sources, to the
/// person's money only up to the contribution due (design §4). Publishes JournalsPosted.
/// </summary>
public static class PostClosures
{
    internal static async Task<ConsumeResult> PostAsync(FundClosed closed, Session session, IClock clock)
    {
        var batch = await PostingBatch.BeginAsync(session, clock, [closed.FundId]);
        if (batch.UnknownFund is { } unknown)
            return ConsumeResult.DeferUntil($"fund/{unknown}");
        if (await ClosureTable.PublishedAsync(session, closed.FundId) is { } published)
        {
            return JsonEquality.AreEqual(published, closed) ? ConsumeResult.Done
                : throw new ConflictingContentException(
                $"Fund {closed.FundId} is closed on {published.On:d MMMM uuuu} with other words.");
        }
        var journal = batch.Post(ClosingRules.FundClosed(closed.FundId, closed.On));
        foreach (var notice in closed.Notice)
        {
            batch.Post(ClosingRules.NoticeCharged(closed.FundId, notice.NoticeId, notice.ProviderId,
                Money.OfPence(notice.Pence), closed.On));
        }
        await Promises.CloseAsync(session, batch, closed.FundId, closed.On, London.Today(clock));
        await ClosureTable.AddAsync(session, closed, journal.Entry.EffectiveOn, journal.Position);
        await HeadTable.CloseAsync(session, closed.FundId, closed.On);
        batch.Reattribute(closed.FundId, closed.On);
        await batch.CompleteAsync();
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes the closures of funds.</summary>
internal sealed class PostClosuresConsumer(IClock clock) : IConsume<FundClosed>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(FundClosed message, Session session, CancellationToken stop) =>
        PostClosures.PostAsync(message, session, clock);
}
