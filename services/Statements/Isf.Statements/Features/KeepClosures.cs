using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Measures;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the closures of funds: nothing is due after the last day, and the statement lists what is still to be settled.
/// Consumes FundClosed.
/// </summary>
public static class KeepClosures
{
    /// <summary>The kept fields of a closure.</summary>
    public static Closure Of(FundClosed said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new Closure(said.On, said.Reason, [.. said.Notice.Select(notice =>
            new ClosureNotice(notice.NoticeId, notice.ProviderId, new Money(notice.Pence)))]);
    }
}

/// <summary>Consumes FundClosed.</summary>
public sealed class KeepClosuresConsumer : IConsume<FundClosed>
{
    public Task<ConsumeResult> ConsumeAsync(FundClosed message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(
            session, Kept.Closure, message.FundId, message.FundId, message.Version, KeepClosures.Of(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
