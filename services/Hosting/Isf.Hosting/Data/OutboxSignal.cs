using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>Wakes the outbox relay of a service in this process as soon as a commit has published a message.</summary>
public sealed class OutboxSignal
{
    /// <summary>The suffix of a service's name for the signal of its deferred messages.</summary>
    internal const string Deferred = "/parked";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> bells = new();

    /// <summary>Signals that a message was published.</summary>
    public void Notify(string service)
    {
        var signal = Of(service);
        if (signal.CurrentCount == 0)
        {
            signal.Release();
        }
    }

    /// <summary>Waits for the signal, or until the time is over.</summary>
    public Task WaitAsync(string service, TimeSpan atMost, CancellationToken stop) =>
        Of(service).WaitAsync(atMost, stop);

    private SemaphoreSlim Of(string service) => bells.GetOrAdd(service, _ => new SemaphoreSlim(0));
}
