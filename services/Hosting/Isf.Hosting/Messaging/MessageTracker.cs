using System.Diagnostics;
using System.Text.Json.Serialization;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The numbers of messages that are on their way. Outbox counts the messages that the broker has not confirmed. Queued
/// counts the confirmed messages that some consumer has not consumed, including messages that wait for their holder's
/// turn. Parked counts the deferred messages. Messages that failed for good are counted separately (Failed), because
/// they wait for an operator's decision.
/// </summary>
/// <param name="Outbox">The number of messages that are published and not yet confirmed by the broker.</param>
/// <param name="Queued">The number of messages that are yet to be consumed.</param>
/// <param name="Parked">The number of deferred messages.</param>
/// <param name="Failed">The number of messages that failed for good.</param>
public sealed record Backlog(long Outbox, long Queued, long Parked, long Failed)
{
    /// <summary>Whether no message is on its way anywhere.</summary>
    [JsonPropertyName("quiet")]
    public bool IsIdle => Outbox == 0 && Queued == 0 && Parked == 0;
}

/// <summary>The last heartbeat of a service, and its age by the database's own clock.</summary>
public sealed record ServiceHeartbeat(string Service, Instant HeartbeatAt, Duration Age);

/// <summary>
/// Tracks the messages on their way between services. It reads every service's outbox, inbox and deferred messages
/// through the watch role, which can read only the views of the schema watch.
/// </summary>
public sealed class MessageTracker(
    Databases databases, Liveness liveness, ServiceMap map, HostSettings settings, IServiceProvider host)
{
    // The bus reconnects within this time to a broker that was unreachable for a moment.
    private static readonly TimeSpan PatienceWithoutBroker = TimeSpan.FromSeconds(3);
    private readonly HolderShare share = new(
        Math.Max(1, settings.WatchConnectionsMax / 2), settings.ConnectionWait / 2);

    /// <summary>
    /// SQL: whether a listed consumer has not consumed the message of outbox row o yet. The condition needs the
    /// parameters of <see cref="AddConsumerArrays"/> at $2–$4. Because of "offset 0" the condition costs one index
    /// lookup for each consumer, however large the inboxes are.
    /// </summary>
    internal const string NotConsumed = """
        exists (select 1 from unnest($2::text[], $3::text[], $4::text[]) h(urn, service, queue)
                where h.urn = o.urn and not exists (select 1 from watch.inbox i
                    where i.service = h.service and i.queue = h.queue and i.message_id = o.message_id offset 0))
        """;

    private const string OnItsWay = $"""
        select o.fact, o.confirmed from watch.outbox o where (not o.confirmed or {NotConsumed})
        """;

    /// <summary>The entry among a message's funds that means any fund of its holder.</summary>
    public const string AnyFund = "*";

    /// <summary>The backlog of one holder or, if none is given, of the whole installation.</summary>
    public async Task<Backlog> BacklogAsync(string? holderId = null, CancellationToken stop = default)
    {
        var command = Command($"""
            with way as ({OnItsWay} and ($1::text is null or o.holder_id = $1))
            select (select count(*) from way where not confirmed),
                   (select count(*) from way where confirmed) + count(*) filter (where state = 'queued'),
                   count(*) filter (where state = 'deferred'), count(*) filter (where state = 'failed')
            from watch.messages m where $1::text is null or m.holder_id = $1
            """, holderId);
        return (await RowsAsync(command, row => new Backlog(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), stop))[0];
    }

    /// <summary>Whether this fact of the holder is on record; facts are kept for 100 days.</summary>
    public async Task<bool> HasFactAsync(string holderId, Guid fact, CancellationToken stop = default) =>
        (await RowsAsync("select exists (select 1 from watch.facts where holder_id = $1 and fact = $2)",
            row => row.GetBoolean(0), stop, holderId, fact))[0];

    /// <summary>
    /// Whether every message that follows from the fact has been consumed everywhere. Messages that failed or were
    /// discarded do not count.
    /// </summary>
    public async Task<bool> IsFactDoneAsync(Guid fact, CancellationToken stop = default)
    {
        var command = Command($"""
            select not exists ({OnItsWay} and o.fact = $1)
               and not exists (select 1 from watch.parked p where p.fact = $1)
            """, fact);
        return (await RowsAsync(command, row => row.GetBoolean(0), stop))[0];
    }

    /// <summary>
    /// Waits until every message that follows from the fact has been consumed everywhere. Refuses with 503 after the
    /// given time, and at once if one of these messages has failed for good.
    /// </summary>
    public async Task WaitForFactAsync(string holderId, Guid fact, TimeSpan atMost, CancellationToken stop = default)
    {
        Task RefuseFailedAsync() => RefuseIfFailedAsync("m.holder_id = $1 and m.fact = $2", stop, holderId, fact);
        await RefuseFailedAsync();
        await WaitAsync(holderId, () => IsFactDoneAsync(fact, stop), atMost, stop);
        await RefuseFailedAsync();
    }

    /// <summary>
    /// Waits until every fact of the fund that was published before this call has been consumed everywhere, with all
    /// that follows from it. Refuses with 503 after the given time, and at once if one of the fund's messages has
    /// failed for good, because the answer would be incomplete.
    /// </summary>
    public async Task WaitForFundAsync(string holderId, string fundId, TimeSpan atMost,
        CancellationToken stop = default)
    {
        Task RefuseFailedAsync() => RefuseIfFailedAsync(
            $"m.holder_id = $1 and m.funds && array[$2, '{AnyFund}']", stop, holderId, fundId);
        await RefuseFailedAsync();
        await WaitForAllAsync(holderId, () => FactsOfAsync(holderId, fundId, stop), atMost, stop);
        await RefuseFailedAsync();
    }

    /// <summary>
    /// Waits until <paramref name="service"/> and the services before it have consumed every fact of the holder's
    /// funds that was published before this call. Later services may not have consumed these facts yet. Refuses with
    /// 503 if the wait takes too long.
    /// </summary>
    public Task WaitForAllFundsAsync(string holderId, string service, CancellationToken stop = default) =>
        WaitForAllAsync(
            holderId, () => FactsBeforeAsync(holderId, service, stop), settings.WaitForFactsFor, stop);

    private async Task WaitForAllAsync(
        string holderId, Func<Task<HashSet<Guid>>> onTheirWay, TimeSpan atMost, CancellationToken stop)
    {
        var before = await onTheirWay();
        await WaitAsync(holderId, async () =>
        {
            before.IntersectWith(await onTheirWay());
            return before.Count == 0;
        }, atMost, stop);
    }

    private async Task RefuseIfFailedAsync(string about, CancellationToken stop, params object[] values)
    {
        var failed = await RowsAsync($"""
            select service, urn, message_id, failed_at from watch.messages m
            where m.state = 'failed' and {about} order by failed_at limit 1
            """, row => (Service: row.GetString(0), Urn: row.GetString(1), Id: row.GetGuid(2),
            At: row.GetFieldValue<Instant>(3)), stop, values);
        if (failed is not [var first])
            return;
        // Neither the error's message nor the body is quoted, because both may name a person.
        var declared = DeclaredProblem.From(PlatformRefusal.FactsOnTheirWay);
        throw ProblemException.For(declared with { Title = "A fact could not be taken in.", RetryAfterSeconds = 60 },
            $"The service {first.Service} could not take in {first.Urn}, number {first.Id}. "
            + $"It was given up on {first.At:uuuu-MM-dd 'at' HH:mm} UTC. Until whoever runs "
            + "the platform has put that right, an answer here would leave it out. Tell them this number.");
    }

    /// <summary>The last heartbeat of each service of this database; a service that never ran is missing.</summary>
    public async Task<IReadOnlyList<ServiceHeartbeat>> HeartbeatsAsync(CancellationToken stop = default) =>
        await RowsAsync(
            "select service, heartbeat_at, clock_timestamp() - heartbeat_at from watch.heartbeats order by service",
            row => new ServiceHeartbeat(row.GetString(0), row.GetFieldValue<Instant>(1),
                row.GetFieldValue<Duration>(2)), stop);

    /// <summary>Whether a fact of the fund is on its way.</summary>
    public async Task<bool> IsOnItsWayAsync(string holderId, string fundId, CancellationToken stop = default) =>
        (await FactsOfAsync(holderId, fundId, stop)).Count > 0;

    internal static void AddConsumerArrays(NpgsqlCommand command, ServiceMap map, string[]? ofServices = null)
    {
        var consumers = map.Consumers.Where(h => ofServices?.Contains(h.Service) != false).ToArray();
        command.Parameters.Add(new() { Value = consumers.Select(h => h.Urn).ToArray() });
        command.Parameters.Add(new() { Value = consumers.Select(h => h.Service).ToArray() });
        command.Parameters.Add(new() { Value = consumers.Select(h => h.Queue).ToArray() });
    }

    /// <summary>How long a query waits for the facts that it needs.</summary>
    internal TimeSpan Patience => settings.WaitForFactsFor;

    private async Task<HashSet<Guid>> FactsOfAsync(string holderId, string fundId, CancellationToken stop)
    {
        var command = Command($"""
            select fact from ({OnItsWay} and o.holder_id = $5 and (o.funds[1] = '{AnyFund}' or $6 = any(o.funds))
                and $1::text is null) way
            union select fact from watch.parked p
            where p.holder_id = $5 and (p.funds[1] = '{AnyFund}' or $6 = any(p.funds))
            """, null, holderId, fundId);
        return await FactsAsync(command, stop);
    }

    private async Task<HashSet<Guid>> FactsBeforeAsync(string holderId, string service, CancellationToken stop)
    {
        string[] services = [.. map.All.Select(item => item.Name).TakeWhile(name => name != service), service];
        var command = databases.Watch.CreateCommand($"""
            select fact from watch.outbox o where o.holder_id = $1 and cardinality(o.funds) > 0 and o.urn = any($2)
                and (not o.confirmed or {NotConsumed})
            union select fact from watch.parked p
            where p.holder_id = $1 and cardinality(p.funds) > 0 and p.service = any($5)
            """);
        command.Parameters.Add(new() { Value = holderId });
        AddConsumerArrays(command, map, services);
        command.Parameters.Add(new() { Value = services });
        return await FactsAsync(command, stop);
    }

    private async Task<HashSet<Guid>> FactsAsync(NpgsqlCommand command, CancellationToken stop) =>
        [.. await RowsAsync(command, row => row.GetGuid(0), stop)];

    /// <summary>
    /// Reads rows with the watch role; throws a <see cref="TimeoutException"/> if the database does not respond.
    /// </summary>
    internal Task<List<T>> RowsAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params object?[] args)
    {
        var command = databases.Watch.CreateCommand(sql);
        foreach (var value in args)
            command.Parameters.Add(Columns.Parameter(value));
        return RowsAsync(command, read, stop);
    }

    /// <summary>Reads the rows of a command, and disposes the command.</summary>
    internal Task<List<T>> RowsAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        return liveness.WaitAsync("watch", ListAsync());

        async Task<List<T>> ListAsync()
        {
            await using var executed = command;
            await using var reader = await executed.ExecuteReaderAsync(stop);
            var rows = new List<T>();
            while (await reader.ReadAsync(stop))
                rows.Add(read(reader));
            return rows;
        }
    }

    private async Task WaitAsync(string holderId, Func<Task<bool>> done, TimeSpan atMost, CancellationToken stop)
    {
        async Task<bool> IsDoneAsync()
        {
            using var place = await share.EnterAsync(holderId, share.Patience, stop);
            return await done();
        }
        var watch = Stopwatch.StartNew();
        for (var pause = 5; !await IsDoneAsync(); pause = Math.Min(2 * pause, 100))
        {
            if (watch.Elapsed > PatienceWithoutBroker
                && host.GetRequiredService<IBusControl>().CheckHealth().Status == BusHealthStatus.Unhealthy)
            {
                throw ProblemException.NotAvailable("The message broker does not answer, so facts do not arrive.");
            }
            if (watch.Elapsed > atMost)
            {
                throw ProblemException.For(PlatformRefusal.FactsOnTheirWay,
                    "Ask again in a few seconds. If it stays so, see the runbook on the error queue.");
            }
            await Task.Delay(pause, stop);
        }
    }

    private NpgsqlCommand Command(string sql, object? first, params object[] more)
    {
        var command = databases.Watch.CreateCommand(sql);
        command.Parameters.Add(first is null
            ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : new() { Value = first });
        AddConsumerArrays(command, map);
        foreach (var value in more)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
