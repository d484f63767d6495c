using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting;

/// <summary>
/// Has each message heard once: the note that it was heard is in the same transaction as its effect. What comes too
/// early is parked, and taken up when what it needs arrives.
/// </summary>
public sealed class Pump(Sessions sessions, RelayBell bell, IServiceProvider services)
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
        try
        {
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
            var funds = context.Headers.Get<string>(FundsHeader)?.Split(',', StringSplitOptions.RemoveEmptyEntries)
                ?? [];
            await ParkAsync(service, hearing, new(hearing.Queue, id, holder, ServiceMap.UrnOf(hearing.Message), fact,
                trace, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, hearing.Message, IsfJson.Options)),
                funds, heard.WaitsFor, context.CancellationToken);
        }
        catch (PostgresException again) when (
            again is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "inbox" })
        {
            // Heard before: there is nothing to do.
        }
    }

    /// <summary>Hears one parked message again. False when somebody else has it, or it must wait on.</summary>
    internal async Task<bool> TakeUpAsync(Service service, Hearing hearing, ParkedRow row, CancellationToken stop)
    {
        using var activity = Telemetry.Source.StartActivity("take up " + row.Queue, ActivityKind.Consumer, row.Trace);
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.MessageId = row.MessageId;
        if (await session.ExecuteAsync("delete from parked where queue = $1 and message_id = $2", row.Queue,
            row.MessageId) == 0)
        {
            return false;
        }
        var message = System.Text.Json.JsonSerializer.Deserialize(row.Body, hearing.Message, IsfJson.Options)!;
        var heard = await hearing.Hear(services, message, session, stop);
        if (heard.WaitsFor is null)
        {
            await session.SaveChangesAsync();
            return true;
        }
        await session.DisposeAsync();
        await using var waiting = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        waiting.Queue("update parked set needs = $3 where queue = $1 and message_id = $2", row.Queue, row.MessageId,
            heard.WaitsFor);
        await waiting.SaveChangesAsync();
        return false;
    }

    private async Task ParkAsync(
        Service service, Hearing hearing, ParkedRow row, string[] funds, string needs, CancellationToken stop)
    {
        await using var session = sessions.Open(service.Name, row.HolderId, row.Fact, stop);
        session.Begin(Note(hearing, row.MessageId));
        session.Queue("""
            insert into parked (queue, message_id, holder_id, urn, fact, funds, needs, traceparent, body,
                retry_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + interval '100 ms')
            """, row.Queue, row.MessageId, row.HolderId, row.Urn, row.Fact, funds, needs, row.Trace, row.Body);
        await session.SaveChangesAsync();
        bell.Ring(service.Name + RelayBell.Parked);
    }

    private static NpgsqlBatchCommand Note(Hearing hearing, Guid id) =>
        Session.Command("insert into inbox (queue, message_id) values ($1, $2)", hearing.Queue, id);
}

internal sealed record ParkedRow(
    string Queue, Guid MessageId, string HolderId, string Urn, Guid Fact, string? Trace, byte[] Body);

/// <summary>
/// Takes up a service's parked messages: at once when their key was taken up, and else with growing pauses, so that
/// none is forgotten.
/// </summary>
internal sealed class Parking(Service service, Databases databases, Pump pump, RelayBell bell, ILogger log)
    : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var taken = 0;
            var pause = Longest;
            try
            {
                var (rows, next) = await ClaimAsync(stoppingToken);
                pause = next;
                foreach (var row in rows)
                {
                    taken += await TryAsync(row, stoppingToken) ? 1 : 0;
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning("Parked messages of {Service} will be tried again: {Fault}", service.Name,
                    fault.Message);
            }
            if (taken == 0)
            {
                await bell.WaitAsync(service.Name + RelayBell.Parked, pause, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryAsync(ParkedRow row, CancellationToken stop)
    {
        try
        {
            var hearing =
                service.HearsAll.First(one => one.Queue == row.Queue && ServiceMap.UrnOf(one.Message) == row.Urn);
            return await pump.TakeUpAsync(service, hearing, row, stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError(fault, "A parked {Urn} of {Queue} failed and stays parked", row.Urn, row.Queue);
            return false;
        }
    }

    /// <summary>
    /// Claims what is due by moving its next time on: 0.2 s, 0.4 s … to half a minute, so a failure is met again.
    /// </summary>
    private async Task<(IReadOnlyList<ParkedRow> Rows, TimeSpan Next)> ClaimAsync(CancellationToken stop)
    {
        await using var connection = await databases.Of(service.Name).OpenConnectionAsync(stop);
        await using var transaction = await Relay.AsRelayAsync(connection, stop);
        await using var claim = new NpgsqlCommand("""
            update parked set tries = tries + 1,
                retry_at = clock_timestamp()
                        + least(interval '30 s', interval '100 ms' * power(2, least(tries + 1, 10)))
            where (queue, message_id) in (
                select queue, message_id from parked where retry_at <= clock_timestamp() order by parked_at
                    limit 50 for update skip locked)
            returning queue, message_id, holder_id, urn, fact, traceparent, body, parked_at
            """, connection, transaction);
        var rows = new List<(ParkedRow Row, DateTime At)>();
        await using (var reader = await claim.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                rows.Add((new(reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3),
                    reader.GetGuid(4), reader.GetStringOrNull(5), reader.GetFieldValue<byte[]>(6)),
                    reader.GetDateTime(7)));
            }
        }
        await using var due =
            new NpgsqlCommand("select min(retry_at) - clock_timestamp() from parked", connection, transaction);
        var next = await due.ExecuteScalarAsync(stop) is TimeSpan wait && wait < Longest ? wait : Longest;
        await transaction.CommitAsync(stop);
        return ([.. rows.OrderBy(one => one.At).Select(one => one.Row)], next > Shortest ? next : Shortest);
    }
}
