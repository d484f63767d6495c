using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>
/// Wakes the outbox relay of a service as soon as a commit of this process has published a message. Wakes the
/// dispatcher of the service's deferred messages as soon as one of them may be due.
/// </summary>
public sealed class OutboxSignal
{
    /// <summary>The suffix of a service's name for the signal of its deferred messages.</summary>
    internal const string Deferred = "/parked";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> bells = new();

    /// <summary>
    /// Signals that a service has published a message or, if the suffix Deferred is added to the service's name, that
    /// a deferred message may be due.
    /// </summary>
    public void Notify(string service)
    {
        var signal = Of(service);
        if (signal.CurrentCount == 0)
            signal.Release();
    }

    /// <summary>Waits for the signal, or until the time is over.</summary>
    public Task WaitAsync(string service, TimeSpan atMost, CancellationToken stop) =>
        Of(service).WaitAsync(atMost, stop);

    private SemaphoreSlim Of(string service) => bells.GetOrAdd(service, _ => new SemaphoreSlim(0));
}
