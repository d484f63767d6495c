using System.Diagnostics;
using Isf.Hosting.Data;
using Isf.Hosting.Telemetry;
using MassTransit;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Consumes each message exactly once, because its inbox row is in the same transaction as its effect. A message that
/// arrives too early is deferred until the key that it needs is released. A message that arrives while too many
/// messages of its holder are being consumed is held until its turn, or deferred if memory has no room.
/// </summary>
internal sealed class InboxDispatcher(Sessions sessions, DeferredMessages deferred, HolderTurns turns,
    HeldMessages held, OutboxSignal signal, IServiceProvider services) : IMessageDispatcher
{
    private const int InstantTries = 5;

    /// <summary>Consumes a message from the bus, or has it wait for its holder's turn.</summary>
    internal async Task DispatchAsync(Service service, Subscription subscription, ConsumeContext context, object read)
    {
        var message = new IncomingMessage(service, subscription, context, read);
        using var turn = held.HasAny(subscription, message.HolderId) ? null
            : await turns.EnterAsync(subscription, message.HolderId, HolderTurns.Patience, context.CancellationToken);
        if (turn is not null)
            await DispatchAsync(message, context.CancellationToken);
        else if (!held.TryHold(message, this))
            await DeferAsync(message, context.CancellationToken);
    }

    /// <inheritdoc />
    public async Task DispatchInTurnAsync(IncomingMessage message, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await DispatchAsync(message, stop);
                return;
            }
            catch (Exception fault) when (tries < InstantTries && ErrorClassifier.IsWorthRetryingNow(fault)
                && !stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 << tries), stop);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                await Inbox.UnlessConsumedAsync(() =>
                    deferred.RecordFaultAsync(message.Service, message.Row(), message.Funds, fault, stop));
                return;
            }
        }
    }

    /// <inheritdoc />
    public async Task<bool> TryDispatchJoinedAsync(IReadOnlyList<IncomingMessage> messages, CancellationToken stop)
    {
        var (first, subscription) = (messages[0], messages[0].Subscription);
        using var activity = HostTelemetry.Source.StartActivity(ActivityKind.Consumer, TraceOf(first),
            links: messages.Skip(1).Select(message => new ActivityLink(TraceOf(message))),
            name: "consume " + subscription.Queue);
        activity?.SetTag("messaging.batch.message_count", messages.Count);
        using var place = await sessions.EnterMessageAsync(first.Service.Name, first.HolderId, stop);
        await using var session = sessions.Open(first.Service.Name, first.HolderId, first.Fact, stop);
        session.MessageId = first.Id;
        session.Begin(Inbox.Note(subscription.Queue, [.. messages.Select(message => message.Id).Order()]));
        var joined = subscription.Join!(messages.Select(message => message.Read()));
        if ((await subscription.Consume(services, joined, session, stop)).AwaitedKey is not null)
            return false;
        if (session.HasPublished)
        {
            throw new InvalidOperationException(
                $"{subscription.Consumer.Name} publishes something, so nothing may be joined.");
        }
        await session.SaveChangesAsync();
        return true;
    }

    /// <inheritdoc />
    public Task DeferAsync(IncomingMessage message, CancellationToken stop) => Inbox.UnlessConsumedAsync(async () =>
    {
        await deferred.DeferAsync(message.Service, message.Row(), message.Funds, null, stop);
        // If the holder's deferred messages are being consumed, the task that does so finds this message too.
        if (!turns.IsDraining(message.Subscription, message.HolderId))
            signal.Notify(message.Service.Name + OutboxSignal.Deferred);
    });

    private async Task DispatchAsync(IncomingMessage message, CancellationToken stop)
    {
        var (service, subscription) = (message.Service, message.Subscription);
        using var activity =
            HostTelemetry.Source.StartActivity("consume " + subscription.Queue, ActivityKind.Consumer, message.Trace);
        try
        {
            await Inbox.UnlessConsumedAsync(async () =>
            {
                using var place = await sessions.EnterMessageAsync(service.Name, message.HolderId, stop);
                await using var session = sessions.Open(service.Name, message.HolderId, message.Fact, stop);
                session.MessageId = message.Id;
                session.Begin(Inbox.Note(subscription.Queue, message.Id));
                var result = await subscription.Consume(services, message.Read(), session, stop);
                if (result.AwaitedKey is null)
                {
                    await session.SaveChangesAsync();
                    return;
                }
                await session.DisposeAsync();
                await deferred.DeferAsync(service, message.Row(), message.Funds, result.AwaitedKey, stop);
                signal.Notify(service.Name + OutboxSignal.Deferred);
            });
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            // The bus takes any cancellation for its own shutdown and would redeliver the message at once, endlessly.
            throw new TimeoutException("A consumer broke off before its end: " + late.Message, late);
        }
    }

    /// <summary>
    /// Consumes one deferred message, unless it was consumed or discarded since it was claimed; the message may be
    /// deferred again.
    /// </summary>
    internal async Task DispatchDeferredAsync(Service service, Subscription subscription, DeferredRow row,
        CancellationToken stop)
    {
        using var activity =
            HostTelemetry.Source.StartActivity("consume deferred " + row.Queue, ActivityKind.Consumer, row.Trace);
        using var place = await sessions.EnterMessageAsync(service.Name, row.HolderId, stop);
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.MessageId = row.MessageId;
        // The message may have been consumed or discarded elsewhere since it was claimed.
        if (await session.ExecuteAsync($"delete from parked where {DeferredMessages.IsPending}", row.Queue,
            row.MessageId) == 0)
        {
            return;
        }
        var result = await subscription.Consume(services, subscription.Read(row.Body), session, stop);
        if (result.AwaitedKey is null)
        {
            await session.SaveChangesAsync();
            return;
        }
        await session.DisposeAsync();
        await using var waiting = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        waiting.Queue($"""
            update parked set needs = $3, {DeferredMessages.NoTurn} where queue = $1 and message_id = $2
            """, row.Queue, row.MessageId, result.AwaitedKey);
        await waiting.SaveChangesAsync();
    }

    private static ActivityContext TraceOf(IncomingMessage message) =>
        ActivityContext.TryParse(message.Trace, null, isRemote: true, out var trace) ? trace : default;
}
