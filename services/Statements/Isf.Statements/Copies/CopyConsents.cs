using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the consents of funds: who else may see a fund's statements, and until when. Consumes ConsentGiven and
/// ConsentWithdrawn.
/// </summary>
public static class CopyConsents
{
    /// <summary>
    /// The versions under which a consent and its withdrawal are stored. A withdrawal has the higher version, so a
    /// withdrawn consent stays withdrawn in whichever order the messages arrive.
    /// </summary>
    internal const int Given = 1, Withdrawn = 2;

    /// <summary>The fields of a consent that Statements keeps.</summary>
    public static ConsentCopy CopyFrom(ConsentGiven message) =>
        new ConsentCopy(message.Supporter, message.Sees, message.To);
}

/// <summary>Consumes ConsentGiven and ConsentWithdrawn.</summary>
internal sealed class CopyConsentsConsumer : IConsume<ConsentGiven>, IConsume<ConsentWithdrawn>
{
    public Task<ConsumeResult> ConsumeAsync(ConsentGiven message, Session session, CancellationToken stop)
    {
        var consent = CopyConsents.CopyFrom(message);
        FactTable.Save(session, FactTable.Consent, message.FundId, message.ConsentId, CopyConsents.Given, consent);
        return Task.FromResult(ConsumeResult.Done);
    }

    public Task<ConsumeResult> ConsumeAsync(ConsentWithdrawn message, Session session, CancellationToken stop)
    {
        var nobody = new ConsentCopy(null, [], null);
        FactTable.Save(session, FactTable.Consent, message.FundId, message.ConsentId, CopyConsents.Withdrawn, nobody);
        return Task.FromResult(ConsumeResult.Done);
    }
}
