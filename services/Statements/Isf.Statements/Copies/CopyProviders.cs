using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Statements.Domain;

namespace Isf.Statements.Copies;

/// <summary>Keeps the names and kinds of providers. Consumes ProviderRegistered.</summary>
public static class CopyProviders
{
    /// <summary>The fields of a provider that Statements keeps.</summary>
    public static ProviderCard CardFrom(ProviderRegistered message) =>
        new ProviderCard(message.Name, message.Kind);
}

/// <summary>Consumes ProviderRegistered.</summary>
internal sealed class CopyProvidersConsumer : IConsume<ProviderRegistered>
{
    public Task<ConsumeResult> ConsumeAsync(ProviderRegistered message, Session session, CancellationToken stop)
    {
        FactTable.Save(session, FactTable.Provider, "", message.ProviderId, message.Version,
            CopyProviders.CardFrom(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
