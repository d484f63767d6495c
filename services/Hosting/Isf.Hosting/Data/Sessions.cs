using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>Opens the sessions of all services.</summary>
public sealed class Sessions(
    Databases databases, DocumentStores stores, HostSettings settings, OutboxSignal signal, Liveness liveness)
{
    private readonly ConcurrentDictionary<string, HolderShare> shares = new();

    /// <summary>
    /// Opens a session of a service for one holder. The session's messages follow from the given fact or, if none is
    /// given, begin a new fact.
    /// </summary>
    public Session Open(string service, string holderId, Guid? fact = null, CancellationToken stop = default) =>
        new(databases.Of(service), stores.Of(service), service, holderId, fact, settings.LookupRetryTime, signal, stop);

    /// <summary>
    /// Opens a session for a request. Its connection comes from the pool of requests, of which each holder has only a
    /// share.
    /// </summary>
    internal Session OpenForRequest(string service, string holderId, CancellationToken stop) =>
        new(databases.OfRequests(service),
            stores.Of(service), service, holderId, null, settings.LookupRetryTime, signal,
            stop, Share(service + "/requests", settings.RequestConnectionsMax), liveness);

    /// <summary>
    /// Takes one of the holder's places for consuming messages of a service; waits if all of them are taken. A holder
    /// has half as many places as the service has background connections, but at least one.
    /// </summary>
    internal ValueTask<IDisposable> EnterMessageAsync(string service, string holderId, CancellationToken stop) =>
        Share(service, settings.BackgroundConnectionsMax).EnterAsync(holderId, Timeout.InfiniteTimeSpan, stop);

    private HolderShare Share(string pool, int max) =>
        shares.GetOrAdd(pool, _ => new HolderShare(Math.Max(1, max / 2), settings.ConnectionWait / 2));
}
