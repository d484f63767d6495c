using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>Opens sessions for one service after another; knows the databases.</summary>
public sealed class Sessions(
    Databases databases, DocumentStores stores, HostSettings settings, OutboxSignal signal, Liveness liveness)
{
    private readonly ConcurrentDictionary<string, HolderShare> shares = new();

    /// <summary>
    /// A session of a service for one holder; what it says follows from the fact, or starts one of its own.
    /// </summary>
    public Session Open(string service, string holderId, Guid? fact = null, CancellationToken stop = default) =>
        new(databases.Of(service), stores.Of(service), service, holderId, fact, settings.LookAgainFor, signal, stop);

    /// <summary>
    /// A session that a caller waits for: its connection comes from the pool of requests, of which no holder has all.
    /// </summary>
    internal Session OpenForRequest(string service, string holderId, CancellationToken stop) =>
        new(databases.OfRequests(service), stores.Of(service), service, holderId, null, settings.LookAgainFor, signal,
            stop, Share(service + "/requests", settings.RequestConnectionsMost), liveness);

    /// <summary>
    /// One of the messages of a holder that a service consumes at a time: they have at most half of its connections.
    /// </summary>
    internal ValueTask<IDisposable> EnterMessageAsync(string service, string holderId, CancellationToken stop) =>
        Share(service, settings.BackgroundConnectionsMost).EnterAsync(holderId, Timeout.InfiniteTimeSpan, stop);

    private HolderShare Share(string pool, int most) =>
        shares.GetOrAdd(pool, _ => new HolderShare(Math.Max(1, most / 2), settings.WaitForPlaceFor / 2));
}
