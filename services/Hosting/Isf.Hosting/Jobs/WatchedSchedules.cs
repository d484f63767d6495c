using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Jobs;

/// <summary>
/// Reads schedules and runs of all services with the watch role (design §2), so that any process answers for the whole
/// installation.
/// </summary>
internal sealed class WatchedSchedules(MessageTracker tracker, ServiceMap map)
{
    private const string RunColumns = """
        r.asked_by, r.night, r.up_to, r.asked_at, r.requested_by, r.is_followed, r.started_at, r.ended_at, r.checked,
        r.differences, r.given_up_at, r.waits_for
        """;

    /// <summary>
    /// A schedule with its setting for one holder. Last is the run that was requested last for the holder; null if
    /// there is none.
    /// </summary>
    public sealed record HolderSchedule(Service Service, ScheduleTerms Terms, HeldSetting Held, ScheduledRun? Last);

    /// <summary>A change of a setting, with the JSON before and after.</summary>
    public sealed record Change(int Version, string By, Instant At, string From, string To);

    /// <summary>
    /// All schedules or, if a name is given, that schedule alone, each with its setting for the holder.
    /// </summary>
    public async Task<IReadOnlyList<HolderSchedule>> ListAsync(string holderId, string? name, CancellationToken stop)
    {
        var all = map.All.SelectMany(service => service.ScheduleTerms, (service, terms) => (service, terms))
            .Where(entry => name is null || entry.terms.Name == name).ToDictionary(entry => entry.terms.Name);
        const string sql = $"""
            select {HeldSetting.Columns}, {RunColumns}, n.name
            from unnest($2::text[], $3::text[]) with ordinality n(service, name, at)
            left join watch.holder_schedules o on o.service = n.service and o.schedule = n.name and o.holder_id = $1
            left join watch.schedules s on s.service = n.service and s.schedule = n.name
            left join lateral (select max(version) as changes from watch.schedule_changes
              where service = n.service and holder_id = $1 and schedule = n.name) c on true
            left join lateral (select * from watch.schedule_runs
              where service = n.service and holder_id = $1 and schedule = n.name
              order by asked_at desc, asked_by desc limit 1) r on true
            order by n.at
            """;
        return await tracker.RowsAsync(sql, row =>
        {
            var (service, terms) = all[row.GetString(20)];
            return new HolderSchedule(
                service, terms, HeldSetting.At(row, terms), row.IsDBNull(8) ? null : RunAt(row, 8));
        }, stop, holderId, all.Values.Select(value => value.service.Name).ToArray(), all.Keys.ToArray());
    }

    /// <summary>The runs requested for a holder, latest first.</summary>
    /// <param name="service">The service that owns the schedule.</param>
    /// <param name="name">The schedule.</param>
    /// <param name="holderId">The holder.</param>
    /// <param name="nights">The range of nights; null leaves an end open.</param>
    /// <param name="after">The run after which the page begins; null for the first page.</param>
    /// <param name="max">The maximum number of runs.</param>
    /// <param name="stop">Cancels the query.</param>
    public async Task<IReadOnlyList<ScheduledRun>> RunsAsync(string service, string name, string holderId,
        (LocalDate? From, LocalDate? To) nights, ScheduledRun? after, int max, CancellationToken stop)
    {
        const string sql = $"""
            select {RunColumns} from watch.schedule_runs r
            where r.service = $1 and r.schedule = $2 and r.holder_id = $3
              and ($4::date is null or r.night >= $4) and ($5::date is null or r.night <= $5)
              and ($6::timestamptz is null or (r.asked_at, r.asked_by) < ($6, $7))
            order by r.asked_at desc, r.asked_by desc limit $8
            """;
        return await tracker.RowsAsync(sql, row => RunAt(row, 0), stop, service, name, holderId, nights.From, nights.To,
            after?.RequestedAt, after?.Id ?? "", max);
    }

    /// <summary>One run of a holder; null if there is none with this id.</summary>
    public async Task<ScheduledRun?> RunAsync(
        string service, string name, string holderId, string id, CancellationToken stop)
    {
        const string sql = $"""
            select {RunColumns} from watch.schedule_runs r
            where r.service = $1 and r.schedule = $2 and r.holder_id = $3 and r.asked_by = $4
            """;
        return await tracker.RowsAsync(sql, row => RunAt(row, 0), stop, service, name, holderId, id) is [var run, ..]
            ? run : null;
    }

    /// <summary>
    /// A holder's changes of a schedule's setting with a version above <paramref name="after"/>, oldest first.
    /// </summary>
    public async Task<IReadOnlyList<Change>> ChangesAsync(
        string service, string name, string holderId, int after, int max, CancellationToken stop)
    {
        const string sql = """
            select version, changed_by, changed_at, was::text, became::text from watch.schedule_changes
            where service = $1 and schedule = $2 and holder_id = $3 and version > $4 order by version limit $5
            """;
        return await tracker.RowsAsync(sql, row => new Change(row.GetInt32(0), row.GetString(1),
            row.GetFieldValue<Instant>(2), row.GetString(3), row.GetString(4)),
            stop, service, name, holderId, after, max);
    }

    private static ScheduledRun RunAt(NpgsqlDataReader row, int at) => new()
    {
        Id = row.GetString(at),
        Night = row.GetFieldValue<LocalDate>(at + 1),
        UpTo = row.GetFieldValue<LocalDate>(at + 2),
        RequestedAt = row.GetFieldValue<Instant>(at + 3),
        RequestedBy = row.GetStringOrNull(at + 4),
        IsFollowed = row.GetBoolean(at + 5),
        StartedAt = row.GetFieldValue<Instant?>(at + 6),
        EndedAt = row.GetFieldValue<Instant?>(at + 7),
        Checked = row.GetFieldValue<long?>(at + 8),
        Differences = row.GetFieldValue<long?>(at + 9),
        GivenUpAt = row.GetFieldValue<Instant?>(at + 10),
        WaitsFor = row.GetStringOrNull(at + 11),
    };
}
