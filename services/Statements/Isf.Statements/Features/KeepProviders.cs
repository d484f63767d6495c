using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>Keeps the names and kinds of providers. Consumes ProviderRegistered.</summary>
public static class KeepProviders
{
    /// <summary>The kept fields of a provider.</summary>
    public static ProviderCard Of(ProviderRegistered said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new ProviderCard(said.Name, said.Kind);
    }
}

/// <summary>Consumes ProviderRegistered.</summary>
public sealed class KeepProvidersConsumer : IConsume<ProviderRegistered>
{
    public Task<ConsumeResult> ConsumeAsync(ProviderRegistered message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Provider, "", message.ProviderId, message.Version, KeepProviders.Of(message));
        return Task.FromResult(ConsumeResult.Done);
    }
}
