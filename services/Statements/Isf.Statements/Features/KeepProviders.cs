using Isf.Contracts.Funds;
using Isf.Hosting;
using Isf.Statements.Domain;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>Keeps what providers are called and what kind they are. Hears ProviderRegistered.</summary>
public static class KeepProviders
{
    /// <summary>What is kept of a provider.</summary>
    public static ProviderCard Of(ProviderRegistered said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return new ProviderCard(said.Name, said.Kind);
    }
}

/// <summary>Hears it.</summary>
public sealed class KeepProvidersConsumer : IHear<ProviderRegistered>
{
    public Task<Heard> HearAsync(ProviderRegistered message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        Kept.Keep(session, Kept.Provider, "", message.ProviderId, message.Version, KeepProviders.Of(message));
        return Task.FromResult(Heard.Done);
    }
}
