using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps who else may see a fund's statements, and until when. Consumes ConsentGiven and ConsentWithdrawn.
/// </summary>
public static class KeepConsents
{
    /// <summary>
    /// A consent is given once; a withdrawn one stays withdrawn, in whichever order the messages come.
    /// </summary>
    internal const int Given = 1, Withdrawn = 2;

    /// <summary>The kept fields of a consent.</summary>
    public static KeptConsent Of(ConsentGiven said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new KeptConsent(said.Supporter, said.Sees, said.To);
    }
}

/// <summary>Consumes ConsentGiven and ConsentWithdrawn.</summary>
public sealed class KeepConsentsConsumer : IConsume<ConsentGiven>, IConsume<ConsentWithdrawn>
{
    public Task<ConsumeResult> ConsumeAsync(ConsentGiven message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        var consent = KeepConsents.Of(message);
        Kept.Keep(session, Kept.Consent, message.FundId, message.ConsentId, KeepConsents.Given, consent);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(ConsentWithdrawn message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        var nobody = new KeptConsent(null, [], null);
        Kept.Keep(session, Kept.Consent, message.FundId, message.ConsentId, KeepConsents.Withdrawn, nobody);
        return Task.FromResult(ConsumeResult.Done);
    }
}
