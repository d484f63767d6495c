using System.Collections.Concurrent;

namespace Isf.Hosting.Data;

/// <summary>
/// The part of a pool that one holder may have at a time. Its further work waits for its own places, so that what is
/// left is always there for the others.
/// </summary>
/// <param name="most">How many places a holder has.</param>
/// <param name="patience">How long a request waits for one of its holder's places.</param>
internal sealed class HolderShare(int most, TimeSpan patience)
{
    /// <summary>How long a request waits for one of its holder's places.</summary>
    public TimeSpan Patience => patience;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> places = new(StringComparer.Ordinal);

    /// <summary>Takes one of the holder's places; disposing it gives the place back.</summary>
    /// <exception cref="ProblemException">429 too-many: none came free in time.</exception>
    public async ValueTask<IDisposable> EnterAsync(string holderId, TimeSpan atMost, CancellationToken stop)
    {
        var place = places.GetOrAdd(holderId, _ => new SemaphoreSlim(most));
        return await place.WaitAsync(atMost, stop)
            ? new Place(place)
            : throw new ProblemException(429, "too-many", "Too many requests at a time.",
                $"At most {most} requests of a holder are worked on here at a time, and those before take long. "
                + "Wait for their answers, and send this one again.")
            {
                RetryAfterSeconds = 2,
            };
    }

    private sealed class Place(SemaphoreSlim of) : IDisposable
    {
        private SemaphoreSlim? taken = of;

        public void Dispose() => Interlocked.Exchange(ref taken, null)?.Release();
    }
}
