using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Messaging;

/// <summary>Consumes the messages that were held, when their turn has come.</summary>
internal interface IMessageDispatcher
{
    /// <summary>Consumes one message; one that fails is kept and tried again.</summary>
    Task DispatchInTurnAsync(IncomingMessage message, CancellationToken stop);

    /// <summary>
    /// Consumes messages of a holder as one, in one transaction. False where nothing was done, because one of them has
    /// to wait for something.
    /// </summary>
    Task<bool> TryDispatchJoinedAsync(IReadOnlyList<IncomingMessage> messages, CancellationToken stop);

    /// <summary>Puts a message that waits for its holder's turn aside into the database.</summary>
    Task DeferAsync(IncomingMessage message, CancellationToken stop);
}

/// <summary>
/// The messages that wait in this process's memory for their holder's turn on a queue. The broker is rid of them, and
/// hands out the next holder's; no note says yet that they were heard, so the outbox that they come from keeps their
/// words, and says them again where a process is killed (decision 0017).
/// </summary>
internal sealed class HeldMessages(HolderTurns turns, HostSettings settings, ILogger<HeldMessages> log)
    : IHostedService, IDisposable
{
    private const int Soon = 8;
    // What they ask for together has to be done within the time limit of a command.
    private const int JoinedMost = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    // The bus stops after it, and needs its part of the host's time.
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(4);

    private readonly Lock door = new();
    private readonly CancellationTokenSource ends = new();
    private readonly Dictionary<(string Queue, string HolderId), Line> lines = [];
    private long held;

    /// <summary>Whether some of a holder's wait for a queue: what comes now waits behind them.</summary>
    public bool HasAny(Subscription subscription, string holderId)
    {
        lock (door)
            return lines.ContainsKey((subscription.Queue, holderId));
    }

    /// <summary>
    /// Holds a message until its holder's turn, and has it heard then. False where there is no room for it, or the
    /// process ends: it has to be put aside.
    /// </summary>
    public bool TryHold(IncomingMessage incoming, IMessageDispatcher dispatcher)
    {
        var key = (incoming.Subscription.Queue, incoming.HolderId);
        bool isSoon;
        lock (door)
        {
            var line = lines.GetValueOrDefault(key);
            // It was said again meanwhile.
            if (line?.Ids.Contains(incoming.Id) == true)
                return true;
            if (held >= settings.HeldMessagesMost)
                return false;
            // What is heard soon need not be packed and read again.
            isSoon = (line?.Waiting.Count ?? 0) < Soon && held + incoming.Size <= settings.HeldMessagesMost / 2;
        }
        return TryHold(key, isSoon ? incoming.Kept() : incoming.Packed(), dispatcher);
    }

    private bool TryHold((string Queue, string HolderId) key, IncomingMessage message, IMessageDispatcher dispatcher)
    {
        lock (door)
        {
            var line = lines.GetValueOrDefault(key) ?? new(key);
            if (line.Ids.Contains(message.Id))
                return true;
            if (ends.IsCancellationRequested || held + message.Size > settings.HeldMessagesMost)
                return false;
            lines[key] = line;
            held += message.Size;
            line.Ids.Add(message.Id);
            line.Waiting.Enqueue(message);
            if (line.Active < message.Subscription.ConcurrencyLimitOfHolder)
            {
                line.Active++;
                line.Runs.RemoveAll(run => run.IsCompleted);
                // What it hears belongs to no trace of the message that came now.
                using (ExecutionContext.SuppressFlow())
                    line.Runs.Add(Task.Run(() => RunAsync(line, dispatcher)));
            }
            return true;
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What still waits is put aside, so that it need not be said again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ends.CancelAsync();
        Task[] runs;
        lock (door)
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

    // False where the process ends, and what waits can neither be heard nor put aside.
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
            log.LogWarning("What waits in {Queue} will be said again: {Fault}", message.Subscription.Queue,
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

    // Which of them it was that failed, came twice or has to wait shows when each is heard by itself, as are those
    // behind them: what took too long for some would do so again.
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
                log.LogInformation("{Queue} hears {Count} messages by themselves: {Fault}",
                    messages[0].Subscription.Queue,
                    messages.Count, fault.Message);
            }
        }
        lock (door)
            line.IsJoined = false;
        return false;
    }

    private ValueTask<IDisposable?> EnterAsync(IncomingMessage message) =>
        turns.EnterAsync(message.Subscription, message.HolderId, Timeout.InfiniteTimeSpan, ends.Token);

    // It could neither be heard nor kept: it waits behind the others.
    private async Task ReturnAsync(Line line, IncomingMessage message, Exception fault)
    {
        lock (door)
            line.Waiting.Enqueue(message);
        if (!ends.IsCancellationRequested)
        {
            log.LogWarning("{Message} will be heard again in {Queue}: {Fault}", message.Id, message.Subscription.Queue,
                fault.Message);
        }
        await Task.Delay(Pause, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The first that waits, with those of its kind next to it where such are joined; or none.
    private List<IncomingMessage> Next(Line line)
    {
        var next = new List<IncomingMessage>();
        lock (door)
        {
            if (line.Waiting.TryDequeue(out var first))
                next.Add(first);
            while (line.IsJoined && next.Count is > 0 and < JoinedMost
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
        lock (door)
        {
            held -= message.Size;
            line.Ids.Remove(message.Id);
        }
    }

    private sealed class Line((string Queue, string HolderId) key)
    {
        public (string Queue, string HolderId) Key => key;

        public Queue<IncomingMessage> Waiting { get; } = [];

        /// <summary>Of those that wait and of those being heard.</summary>
        public HashSet<Guid> Ids { get; } = [];

        /// <summary>Whether messages may be heard as one, until that fails.</summary>
        public bool IsJoined { get; set; } = true;

        /// <summary>The tasks that hear what waits, and some that have ended.</summary>
        public List<Task> Runs { get; } = [];

        /// <summary>How many of them will look for another message.</summary>
        public int Active { get; set; }
    }
}
