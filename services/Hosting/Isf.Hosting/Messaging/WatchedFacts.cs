using Isf.Contracts.Support;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>A message that a consumer could not take yet, or could not take at all.</summary>
/// <param name="Service">Whose consumer.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Urn">What kind of message it is.</param>
/// <param name="Fact">The fact that it follows from.</param>
/// <param name="FundIds">The funds that it is about.</param>
/// <param name="WaitsFor">What it waits for; null where it failed.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Since">When it came, or failed for good.</param>
/// <param name="LastError">Why it failed, in words that quote nothing; null where it only waits.</param>
/// <param name="Failed">Whether it failed for good.</param>
public sealed record DeferredFact(
    string Service, string Queue, Guid MessageId, string Urn, Guid Fact, IReadOnlyList<string> FundIds,
    string? WaitsFor, int Tries, Instant Since, string? LastError, bool Failed);

/// <summary>
/// What the role that sees every service's messages sees of one holder's: facts that do not get on, and copies that
/// differ (design §2).
/// </summary>
public sealed class WatchedFacts(Databases databases)
{
    /// <summary>Facts that failed, and those that have waited for another for longer than that.</summary>
    public async Task<IReadOnlyList<DeferredFact>> DeferredAsync(
        string holderId, Duration forLongerThan, CancellationToken stop = default)
    {
        await using var command = Command("""
            select service, queue, message_id, urn, fact, funds, waits_for, tries, coalesce(failed_at, since),
              last_error, state = 'failed', error_type
            from watch.messages
            where holder_id = $1
              and (state = 'failed' or (waits_for is not null and since < clock_timestamp() - $2))
            order by service, queue, message_id
            """, holderId, forLongerThan.ToTimeSpan());
        await using var reader = await command.ExecuteReaderAsync(stop);
        var facts = new List<DeferredFact>();
        while (await reader.ReadAsync(stop))
        {
            facts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3),
                reader.GetGuid(4), reader.GetFieldValue<string[]>(5), reader.GetStringOrNull(6), reader.GetInt32(7),
                reader.GetFieldValue<Instant>(8),
                Faults.QuoteNothing(reader.GetStringOrNull(11), reader.GetStringOrNull(9)), reader.GetBoolean(10)));
        }
        return facts;
    }

    /// <summary>Who discarded a holder's message in one queue, when and why; nothing where nobody did.</summary>
    public async Task<MessageDecision?> DiscardAsync(
        string holderId, string service, string queue, Guid id, CancellationToken stop = default)
    {
        await using var command = Command("""
            select decided, why, decided_by, decided_at from watch.decisions
            where holder_id = $1 and service = $2 and queue = $3 and message_id = $4
            order by decided_at desc limit 1
            """, holderId, service, queue, id);
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) && reader.GetString(0) == MessageDecisions.Discard
            ? new(id, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<Instant>(3))
            : null;
    }

    /// <summary>The discards of all holders since a moment of the database's clock, the first one first.</summary>
    public async Task<IReadOnlyList<(string HolderId, Guid MessageId, Instant At)>> DiscardsAsync(
        Instant since, CancellationToken stop = default)
    {
        await using var command = Command("""
            select holder_id, message_id, decided_at from watch.decisions
            where decided = 'discard' and decided_at > $1 order by decided_at
            """, since);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var discards = new List<(string, Guid, Instant)>();
        while (await reader.ReadAsync(stop))
            discards.Add((reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<Instant>(2)));
        return discards;
    }

    /// <summary>The database's own time, by which decisions are dated.</summary>
    public async Task<Instant> NowAsync(CancellationToken stop = default)
    {
        await using var command = Command("select clock_timestamp()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetFieldValue<Instant>(0);
    }

    /// <summary>How a service's copies differ for certain from what was stated.</summary>
    public async Task<IReadOnlyList<CopyDifference>> CopyDifferencesAsync(
        string service, string holderId, CancellationToken stop = default)
    {
        await using var command = Command("""
            select fund_id, kind, id, field, stated_version, copy_version from watch.copy_differences
            where service = $1 and holder_id = $2 and certain order by fund_id, kind, id, field
            """, service, holderId);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var differences = new List<CopyDifference>();
        while (await reader.ReadAsync(stop))
        {
            differences.Add(new(reader.GetString(0) is { Length: > 0 } fundId ? fundId : null, reader.GetString(1),
                reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5)));
        }
        return differences;
    }

    private NpgsqlCommand Command(string sql, params object[] args)
    {
        var command = databases.Watch.CreateCommand(sql);
        foreach (var value in args)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
