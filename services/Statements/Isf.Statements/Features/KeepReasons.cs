using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the reason for the cost of each visit, or of a price adjusted for many, by version. Consumes VisitsPriced,
/// VisitRepriced and PriceAdjusted.
/// </summary>
public static class KeepReasons
{
    /// <summary>Keeps a batch in one statement.</summary>
    internal static Heard Keep(Session session, IReadOnlyList<PricedVisit> visits)
    {
        Books.Keep(session, visits);
        return Heard.Done;
    }
}

/// <summary>Consumes VisitsPriced, VisitRepriced and PriceAdjusted.</summary>
public sealed class KeepReasonsConsumer : IHear<VisitsPriced>, IHear<VisitRepriced>, IHear<PriceAdjusted>
{
    public Task<Heard> HearAsync(VisitsPriced message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepReasons.Keep(session, message.Visits));
    }

    public Task<Heard> HearAsync(PriceAdjusted message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Books.Keep(session, message);
        return Task.FromResult(Heard.Done);
    }

    public Task<Heard> HearAsync(VisitRepriced message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepReasons.Keep(session, message.Visits));
    }
}
