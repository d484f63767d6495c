using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>
/// Limits how many connections of a pool each holder may use at a time. Further work of a holder waits for the
/// holder's share, so that the rest of the pool stays free for other holders.
/// </summary>
/// <param name="max">The number of connections in a holder's share.</param>
/// <param name="patience">How long a request waits for its holder's share.</param>
internal sealed class HolderShare(int max, TimeSpan patience)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> places = new(StringComparer.Ordinal);

    /// <summary>How long a request waits for its holder's share.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Takes one place of the holder's share; disposing the result returns the place.</summary>
    /// <exception cref="ProblemException">429 too-many: no place became free within
    /// <paramref name="atMost"/>.</exception>
    public async ValueTask<IDisposable> EnterAsync(string holderId, TimeSpan atMost, CancellationToken stop)
    {
        var place = places.GetOrAdd(holderId, _ => new SemaphoreSlim(max));
        return await place.WaitAsync(atMost, stop)
            ? new Place(place)
            : throw ProblemException.For(PlatformRefusal.TooMany,
                $"At most {max} requests of a holder are worked on here at a time, and those before take long. "
                + "Wait for their answers, and send this one again.");
    }

    private sealed class Place(SemaphoreSlim of) : IDisposable
    {
        private SemaphoreSlim? held = of;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
