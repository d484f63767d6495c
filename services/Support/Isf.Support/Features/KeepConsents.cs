using Isf.Contracts.Funds;
using Isf.Hosting;

namespace Isf.Support.Features;

/// <summary>
/// Keeps who else may see a fund's plans, visits and absences, and until when. Consumes ConsentGiven and
/// ConsentWithdrawn.
/// </summary>
public sealed class KeepConsentsConsumer : IHear<ConsentGiven>, IHear<ConsentWithdrawn>
{
    public Task<Heard> HearAsync(ConsentGiven message, Session session, CancellationToken stop)
    {
        Consents.Keep(session, message);
        return Task.FromResult(Heard.Done);
    }

    public Task<Heard> HearAsync(ConsentWithdrawn message, Session session, CancellationToken stop)
    {
        Consents.Keep(session, message);
        return Task.FromResult(Heard.Done);
    }
}
