using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Messaging;

/// <summary>Consumes held messages when their turn comes.</summary>
internal interface IMessageDispatcher
{
    /// <summary>Consumes one message; if the message fails, it is deferred and retried.</summary>
    Task DispatchInTurnAsync(IncomingMessage message, CancellationToken stop);

    /// <summary>
    /// Consumes several messages of a holder as one, in one transaction. False, with no effect, if one of them has to
    /// be deferred.
    /// </summary>
    Task<bool> TryDispatchJoinedAsync(IReadOnlyList<IncomingMessage> messages, CancellationToken stop);

    /// <summary>Defers a message until its holder's turn, by storing it in the database.</summary>
    Task DeferAsync(IncomingMessage message, CancellationToken stop);
}

/// <summary>
/// Holds messages in this process's memory until their holder's turn on a queue. Held messages are acknowledged, so
/// the broker goes on to the messages of other holders. They have no inbox rows yet, so their publisher's outbox keeps
/// them and republishes them if this process is killed (decision 0017).
/// </summary>
internal sealed class HeldMessages(HolderTurns turns, HostSettings settings, ILogger<HeldMessages> log)
    : IHostedService, IDisposable
{
    private const int Soon = 8;
    // Few messages are joined at once, because the joined message has to be consumed within the time limit of a
    // command.
    private const int JoinedMax = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    // The bus stops after this service and needs part of the host's shutdown time.
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(4);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ends = new();
    private readonly Dictionary<(string Queue, string HolderId), Line> lines = [];
    private long held;

    /// <summary>
    /// Whether messages of this holder are held for this subscription; new ones queue up behind them.
    /// </summary>
    public bool HasAny(Subscription subscription, string holderId)
    {
        lock (gate)
            return lines.ContainsKey((subscription.Queue, holderId));
    }

    /// <summary>
    /// Holds a message until its holder's turn, then dispatches it. False if there is no room for the message or the
    /// process is stopping, so that the caller has to defer the message.
    /// </summary>
    public bool TryHold(IncomingMessage incoming, IMessageDispatcher dispatcher)
    {
        var key = (incoming.Subscription.Queue, incoming.HolderId);
        bool isSoon;
        lock (gate)
        {
            var line = lines.GetValueOrDefault(key);
            // A message that was republished while it is held is held only once.
            if (line?.Ids.Contains(incoming.Id) == true)
                return true;
            if (held >= settings.HeldMessagesMax)
                return false;
            // A message that will be consumed soon is not packed, because a packed message has to be deserialized
            // again.
            isSoon = (line?.Waiting.Count ?? 0) < Soon && held + incoming.Size <= settings.HeldMessagesMax / 2;
        }
        return TryHold(key, isSoon ? incoming.WithOwnBody() : incoming.Packed(), dispatcher);
    }

    private bool TryHold((string Queue, string HolderId) key, IncomingMessage message, IMessageDispatcher dispatcher)
    {
        lock (gate)
        {
            var line = lines.GetValueOrDefault(key) ?? new(key);
            if (line.Ids.Contains(message.Id))
                return true;
            if (ends.IsCancellationRequested || held + message.Size > settings.HeldMessagesMax)
                return false;
            lines[key] = line;
            held += message.Size;
            line.Ids.Add(message.Id);
            line.Waiting.Enqueue(message);
            if (line.Active < message.Subscription.ConcurrencyLimitOfHolder)
            {
                line.Active++;
                line.Runs.RemoveAll(run => run.IsCompleted);
                // The task consumes several messages, so it must not inherit the trace of the message that has just
                // arrived.
                using (ExecutionContext.SuppressFlow())
                    line.Runs.Add(Task.Run(() => RunAsync(line, dispatcher)));
            }
            return true;
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Defers the messages that are still held, so that they need not be republished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ends.CancelAsync();
        Task[] runs;
        lock (gate)
            runs = [.. lines.Values.SelectMany(line => line.Runs)];
        await Task.WhenAll(runs).WaitAsync(StopsWithin, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose() => ends.Dispose();

    private async Task RunAsync(Line line, IMessageDispatcher dispatcher)
    {
        while (Next(line) is { Count: > 0 } messages)
        {
            if (messages.Count > 1 && !ends.IsCancellationRequested
                && await TryConsumeJoinedAsync(line, messages, dispatcher))
            {
                messages.ForEach(message => Release(line, message));
                continue;
            }
            foreach (var message in messages)
            {
                if (!await TryConsumeAsync(line, message, dispatcher))
                    return;
            }
        }
    }

    // False if the process is stopping and the message could not be deferred; it will then be republished.
    private async Task<bool> TryConsumeAsync(Line line, IncomingMessage message, IMessageDispatcher dispatcher)
    {
        var isOver = ends.IsCancellationRequested;
        try
        {
            await (isOver ? dispatcher.DeferAsync(message, CancellationToken.None) : ConsumeAsync(message, dispatcher));
            Release(line, message);
        }
        catch (Exception fault) when (!isOver)
        {
            await ReturnAsync(line, message, fault);
        }
        catch (Exception fault)
        {
            log.LogWarning("Messages held for {Queue} will be published again: {Fault}", message.Subscription.Queue,
                fault.Message);
            return false;
        }
        return true;
    }

    private async Task ConsumeAsync(IncomingMessage message, IMessageDispatcher dispatcher)
    {
        using var turn = await EnterAsync(message);
        await dispatcher.DispatchInTurnAsync(message, ends.Token);
    }

    // False if the messages could not be consumed as one. They and the messages behind them are then consumed one by
    // one, because one of them may fail, be a duplicate or have to be deferred, or the batch may take too long.
    private async Task<bool> TryConsumeJoinedAsync(Line line, List<IncomingMessage> messages,
        IMessageDispatcher dispatcher)
    {
        try
        {
            using var turn = await EnterAsync(messages[0]);
            if (await dispatcher.TryDispatchJoinedAsync(messages, ends.Token))
                return true;
        }
        catch (Exception fault)
        {
            if (!ends.IsCancellationRequested)
            {
                log.LogInformation("{Queue} consumes {Count} messages one by one: {Fault}",
                    messages[0].Subscription.Queue,
                    messages.Count, fault.Message);
            }
        }
        lock (gate)
            line.IsJoined = false;
        return false;
    }

    private ValueTask<IDisposable?> EnterAsync(IncomingMessage message) =>
        turns.EnterAsync(message.Subscription, message.HolderId, Timeout.InfiniteTimeSpan, ends.Token);

    // The message could be neither consumed nor deferred, so it goes to the back of the line.
    private async Task ReturnAsync(Line line, IncomingMessage message, Exception fault)
    {
        lock (gate)
            line.Waiting.Enqueue(message);
        if (!ends.IsCancellationRequested)
        {
            log.LogWarning("{Message} will be tried again in {Queue}: {Fault}", message.Id, message.Subscription.Queue,
                fault.Message);
        }
        await Task.Delay(Pause, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Takes the first message in line, with those behind it that may be joined to it; empty if none waits.
    private List<IncomingMessage> Next(Line line)
    {
        var next = new List<IncomingMessage>();
        lock (gate)
        {
            if (line.Waiting.TryDequeue(out var first))
                next.Add(first);
            while (line.IsJoined && next.Count is > 0 and < JoinedMax
                && line.Waiting.TryPeek(out var message) && message.IsJoinedTo(next[0]))
            {
                next.Add(line.Waiting.Dequeue());
            }
            if (next.Count == 0 && --line.Active == 0)
                lines.Remove(line.Key);
        }
        return next;
    }

    private void Release(Line line, IncomingMessage message)
    {
        lock (gate)
        {
            held -= message.Size;
            line.Ids.Remove(message.Id);
        }
    }

    private sealed class Line((string Queue, string HolderId) key)
    {
        public (string Queue, string HolderId) Key => key;

        public Queue<IncomingMessage> Waiting { get; } = [];

        /// <summary>The ids of held messages and of those being consumed.</summary>
        public HashSet<Guid> Ids { get; } = [];

        /// <summary>
        /// Whether messages of the line may be joined; false once several messages could not be consumed as one.
        /// </summary>
        public bool IsJoined { get; set; } = true;

        /// <summary>The tasks that consume held messages; some may have ended.</summary>
        public List<Task> Runs { get; } = [];

        /// <summary>The number of tasks that will take another message.</summary>
        public int Active { get; set; }
    }
}
