using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using Npgsql;

namespace Isf.Hosting;

/// <summary>
/// Has each message heard once: the note that it was heard is in the same transaction as its effect. What comes too
/// early is parked, and taken up when what it needs arrives; what comes while too many of its holder's are in work is
/// put aside until its turn.
/// </summary>
internal sealed class Pump(
    Sessions sessions, DeferredMessages deferred, HolderTurns turns, RelayBell bell, IServiceProvider services)
{
    /// <summary>Headers that travel with a message.</summary>
    public const string HolderHeader = "Isf-Holder", FactHeader = "Isf-Fact", FundsHeader = "Isf-Funds",
        TraceHeader = "Isf-Trace";

    /// <summary>Hears a message from the bus.</summary>
    internal async Task HearAsync(Service service, Hearing hearing, ConsumeContext context, object message)
    {
        var id = context.MessageId ?? throw new InvalidOperationException("A message came without an id.");
        var holder = context.Headers.Get<string>(HolderHeader)
            ?? throw new InvalidOperationException("A message came without a holder.");
        var fact = Guid.Parse(context.Headers.Get<string>(FactHeader)
            ?? throw new InvalidOperationException("A message came without its fact."));
        var trace = context.Headers.Get<string>(TraceHeader);
        using var activity = Telemetry.Source.StartActivity("hear " + hearing.Queue, ActivityKind.Consumer, trace);
        ParkedRow Row() => new(hearing.Queue, id, holder, ServiceMap.UrnOf(hearing.Message), fact, trace,
            JsonSerializer.SerializeToUtf8Bytes(message, hearing.Message, IsfJson.Options));
        var funds = context.Headers.Get<string>(FundsHeader)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        try
        {
            using var turn = await turns.EnterAsync(
                hearing, holder, HolderTurns.Patience, context.CancellationToken);
            if (turn is null)
            {
                await PutAsideAsync(service, hearing, Row(), funds, context.CancellationToken);
                return;
            }
            using var place = await sessions.EnterMessageAsync(service.Name, holder, context.CancellationToken);
            await using var session = sessions.Open(service.Name, holder, fact, context.CancellationToken);
            session.MessageId = id;
            session.Begin(Note(hearing, id));
            var heard = await hearing.Hear(services, message, session, context.CancellationToken);
            if (heard.WaitsFor is null)
            {
                await session.SaveChangesAsync();
                return;
            }
            await session.DisposeAsync();
            await deferred.DeferAsync(service, Row(), funds, heard.WaitsFor, context.CancellationToken);
            bell.Ring(service.Name + RelayBell.Parked);
        }
        catch (PostgresException again) when (IsHeardBefore(again))
        {
            // Heard before: there is nothing to do.
        }
        catch (OperationCanceledException late) when (!context.CancellationToken.IsCancellationRequested)
        {
            // The bus takes a cancellation for its own end and gives the message back at once, again and again.
            throw new TimeoutException("A consumer broke off before its end: " + late.Message, late);
        }
    }

    private async Task PutAsideAsync(
        Service service, Hearing hearing, ParkedRow row, string[] funds, CancellationToken stop)
    {
        await deferred.DeferAsync(service, row, funds, null, stop);
        // Whoever takes up those that were put aside finds this one too.
        if (!turns.IsDrained(hearing, row.HolderId))
            bell.Ring(service.Name + RelayBell.Parked);
    }

    /// <summary>Whether the note that a message was heard met an earlier one.</summary>
    internal static bool IsHeardBefore(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" };

    /// <summary>Hears one parked message again, unless somebody else has it; it may have to wait on.</summary>
    internal async Task TakeUpAsync(Service service, Hearing hearing, ParkedRow row, CancellationToken stop)
    {
        using var activity = Telemetry.Source.StartActivity("take up " + row.Queue, ActivityKind.Consumer, row.Trace);
        using var place = await sessions.EnterMessageAsync(service.Name, row.HolderId, stop);
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.MessageId = row.MessageId;
        // Since it was claimed, somebody else may have taken it up, or discarded it.
        if (await session.ExecuteAsync($"delete from parked where {DeferredMessages.IsKept}", row.Queue,
            row.MessageId) == 0)
        {
            return;
        }
        // As the bus reads it: a message of a later release may say more than is known here.
        var message = JsonSerializer.Deserialize(row.Body, hearing.Message, SystemTextJsonMessageSerializer.Options)
            ?? throw new JsonException($"The {row.Urn} says nothing.");
        var heard = await hearing.Hear(services, message, session, stop);
        if (heard.WaitsFor is null)
        {
            await session.SaveChangesAsync();
            return;
        }
        await session.DisposeAsync();
        await using var waiting = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        waiting.Queue($"""
            update parked set needs = $3, {DeferredMessages.NoTurn} where queue = $1 and message_id = $2
            """, row.Queue, row.MessageId, heard.WaitsFor);
        await waiting.SaveChangesAsync();
    }

    private static NpgsqlBatchCommand Note(Hearing hearing, Guid id) =>
        Session.Command("insert into inbox (queue, message_id) values ($1, $2)", hearing.Queue, id);
}

internal sealed record ParkedRow(
    string Queue, Guid MessageId, string HolderId, string Urn, Guid Fact, string? Trace, byte[] Body);
