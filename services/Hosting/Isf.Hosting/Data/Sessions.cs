using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>Opens the sessions of all services.</summary>
public sealed class Sessions(
    Databases databases, DocumentStores stores, HostSettings settings, OutboxSignal signal, Liveness liveness)
{
    private readonly ConcurrentDictionary<string, HolderShare> shares = new();

    /// <summary>
    /// A session of a service for one holder; its messages follow from the given fact, or begin a new one.
    /// </summary>
    public Session Open(string service, string holderId, Guid? fact = null, CancellationToken stop = default) =>
        new(databases.Of(service), stores.Of(service), service, holderId, fact, settings.LookupRetryTime, signal, stop);

    /// <summary>
    /// A session for a request: its connection comes from the pool of requests, of which a holder has only a share.
    /// </summary>
    internal Session OpenForRequest(string service, string holderId, CancellationToken stop) =>
        new(databases.OfRequests(service),
            stores.Of(service), service, holderId, null, settings.LookupRetryTime, signal,
            stop, Share(service + "/requests", settings.RequestConnectionsMax), liveness);

    /// <summary>
    /// Takes one of the places for a holder's messages in a service; a holder has at most half of the connections.
    /// </summary>
    internal ValueTask<IDisposable> EnterMessageAsync(string service, string holderId, CancellationToken stop) =>
        Share(service, settings.BackgroundConnectionsMax).EnterAsync(holderId, Timeout.InfiniteTimeSpan, stop);

    private HolderShare Share(string pool, int max) =>
        shares.GetOrAdd(pool, _ => new HolderShare(Math.Max(1, max / 2), settings.ConnectionWait / 2));
}
