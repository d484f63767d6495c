using System.Collections.Concurrent;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Hands out the places in which this process consumes a queue's messages. One holder can never take the last place.
/// Other holders' messages therefore go on, however many messages of one holder wait and however long they take
/// (decision 0017).
/// </summary>
internal sealed class HolderTurns
{
    /// <summary>
    /// How long a message on the bus waits for its holder's turn before it is held in memory. If a holder's messages
    /// are consumed quickly, none of them is held.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Queue, string HolderId), Turn> turns = new();

    /// <summary>
    /// Takes a place on a queue for a holder's message; disposing the result returns the place. Null if the holder has
    /// no free place within <paramref name="atMost"/>, or if that time is limited and the holder's deferred messages
    /// are being consumed. The caller then holds or defers the message.
    /// </summary>
    public async ValueTask<IDisposable?> EnterAsync(
        Subscription subscription, string holderId, TimeSpan atMost, CancellationToken stop)
    {
        var turn = Of(subscription, holderId);
        // The holder's deferred messages come first, and this message would wait behind them for longer than atMost.
        if ((turn.IsDraining && atMost != Timeout.InfiniteTimeSpan) || !await turn.Places.WaitAsync(atMost, stop))
            return null;
        var queue = queues.GetOrAdd(subscription.Queue, _ => new SemaphoreSlim(subscription.ConcurrencyLimit));
        try
        {
            await queue.WaitAsync(stop);
        }
        catch
        {
            turn.Places.Release();
            throw;
        }
        return new Place(turn.Places, queue);
    }

    /// <summary>Whether a holder's deferred messages on the queue are being consumed from the database.</summary>
    public bool IsDraining(Subscription subscription, string holderId) => Of(subscription, holderId).IsDraining;

    /// <summary>Sets whether a holder's deferred messages on the queue are being consumed from the database.</summary>
    public void SetDraining(Subscription subscription, string holderId, bool isDraining) =>
        Of(subscription, holderId).IsDraining = isDraining;

    private Turn Of(Subscription subscription, string holderId) => turns.GetOrAdd((subscription.Queue, holderId),
        _ => new Turn(new SemaphoreSlim(subscription.ConcurrencyLimitOfHolder)));

    private sealed class Turn(SemaphoreSlim places)
    {
        private volatile bool isDraining;

        public SemaphoreSlim Places => places;

        public bool IsDraining
        {
            get => isDraining;
            set => isDraining = value;
        }
    }

    private sealed class Place(SemaphoreSlim ofHolder, SemaphoreSlim ofQueue) : IDisposable
    {
        private SemaphoreSlim? held = ofQueue;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref held, null) is not { } queue)
                return;
            queue.Release();
            ofHolder.Release();
        }
    }
}
