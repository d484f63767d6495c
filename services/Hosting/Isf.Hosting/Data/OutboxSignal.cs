using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>Wakes the relay of a service in this process at once when a commit has said something.</summary>
public sealed class OutboxSignal
{
    /// <summary>Behind a service's name: the signal for its parked messages.</summary>
    internal const string Parked = "/parked";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> bells = new();

    /// <summary>Something was said.</summary>
    public void Notify(string service)
    {
        var signal = Of(service);
        if (signal.CurrentCount == 0)
        {
            signal.Release();
        }
    }

    /// <summary>Waits until something is said, or the pause is over.</summary>
    public Task WaitAsync(string service, TimeSpan atMost, CancellationToken stop) =>
        Of(service).WaitAsync(atMost, stop);

    private SemaphoreSlim Of(string service) => bells.GetOrAdd(service, _ => new SemaphoreSlim(0));
}
