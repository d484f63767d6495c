using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Isf.Statements.Domain;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the closures of funds, because no contribution is due after a fund's last day and a statement then lists what
/// is still to be settled. Consumes FundClosed.
/// </summary>
public static class CopyClosures
{
    /// <summary>The fields of a closure that Statements keeps.</summary>
    public static Closure ClosureFrom(FundClosed message)
    {
        return new Closure(message.On, message.Reason, [.. message.Notice.Select(notice =>
            new ClosureNotice(notice.NoticeId, notice.ProviderId, new Money(notice.Pence)))]);
    }
}

/// <summary>Consumes FundClosed.</summary>
internal sealed class CopyClosuresConsumer : IConsume<FundClosed>
{
    public Task<ConsumeResult> ConsumeAsync(FundClosed message, Session session, CancellationToken stop)
    {
        FactTable.Save(
            session, FactTable.Closure, message.FundId, message.FundId, message.Version,
                CopyClosures.ClosureFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
