using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>A flag as saved, with its state and answer.</summary>
internal sealed record SavedFlag
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string FundId { get; init; }
    public required string? WorkerId { get; init; }
    public required LocalDate CareOn { get; init; }
    public required string[] Visits { get; init; }
    public required string Evidence { get; init; }
    public required string State { get; init; }
    public required Instant FoundAt { get; init; }
    public required Resolution? Resolution { get; init; }
    public required long Count { get; init; }
}

/// <summary>Reads the data of the checks, and saves the flags that they raise.</summary>
internal static class FlagTable
{
    private static readonly TableColumns<SavedFlag> Columns = TableColumns<SavedFlag>.ByName
        .WithPart(flag => flag.Resolution)
        .Named(flag => flag.Id, "flag_id")
        .Named(flag => flag.Resolution!.Code, "resolution_code").Named(flag => flag.Resolution!.Note, "resolution_note")
        .Named(flag => flag.Resolution!.By, "resolved_by").Named(flag => flag.Resolution!.At, "resolved_at");

    private static readonly string Flags = $"select {Columns.Names} from care_flag";

    // The checks do not count all visits of a crowded day, so they are counted when the day's flag is shown.
    private static readonly string CountedFlags = $"""
        select {Columns.Names} from (
          select {Columns.Without(flag => flag.Count).Names},
            case when kind <> 'crowded-day' or state = 'gone' then count
              when worker_id is null
              then (select count(*) from visit where {CrowdTable.OfFund("care_flag.fund_id", "care_flag.care_on")})
              else (select count(*) from visit where {CrowdTable.OfWorker("care_flag.worker_id", "care_flag.care_on")})
            end as count
          from care_flag) flags
        """;

    /// <summary>
    /// The days among these on which a worker gave too many hours. The hours of stays of more than 25 hours are not
    /// counted, and crowded days are left out.
    /// </summary>
    public static async Task<List<WorkerDay>> LongDaysAsync(
        Session session, IReadOnlyCollection<(string WorkerId, LocalDate On)> days, CheckTerms terms) =>
        days.Count == 0 ? [] : await session.RowsAsync(
        $"""
        select day.worker_id, day.care_on, v.minutes, v.visits, v.fund, v.count
        from (select distinct worker_id, care_on from unnest($1::text[], $2::date[]) named (worker_id, care_on)) day,
          lateral (
          select sum(extract(epoch from end_at - start_at)) filter (where short)::bigint / 60 as minutes,
            (array_agg(visit_id order by start_at desc, visit_id) filter (where short))[1:10] as visits,
            (array_agg(fund_id order by start_at desc, visit_id) filter (where short))[1] as fund,
            count(*) filter (where short) as count, count(*) as of_day
          from (select visit_id, fund_id, start_at, end_at, end_at - start_at <= interval '25 hours' as short
            from visit where {CrowdTable.OfWorker("day.worker_id", "day.care_on")}
            limit {CrowdedDays.VisitsMax + 1}) visits) v
        where v.minutes > 60 * $3 and v.of_day <= {CrowdedDays.VisitsMax}
        """,
        ((string WorkerId, LocalDate On, long Minutes, string[] Visits, string FundId, long Count) day) =>
            new WorkerDay(day.WorkerId, day.On, day.Minutes, day.Visits, day.FundId) { Count = day.Count },
        days.Select(day => day.WorkerId).ToArray(), days.Select(day => day.On).ToArray(),
        terms.WorkerHoursADay);

    /// <summary>
    /// Flags for workers who gave at least <paramref name="fewest"/> planned visits in a week, every one of them at
    /// exactly the planned times. If <paramref name="workers"/> is null, all workers are checked.
    /// </summary>
    public static Task<List<CareFlag>> EqualTimesAsync(
        Session session, LocalDate monday, int fewest, string[]? workers = null) =>
        session.RowsAsync(
            """
            select worker_id, (array_agg(visit_id order by start_at desc, visit_id))[1:10],
              (array_agg(fund_id order by start_at desc, visit_id))[1], count(*)
            from visit
            where worker_id is not null and outcome = 'delivered'
              and start_at between ($1::date - interval '2 hours')::timestamptz
                and ($1::date + interval '170 hours')::timestamptz
              and care_on between $1 and $1 + 6 and occurrence is not null
              and ($3::text[] is null or worker_id = any($3))
            group by worker_id having count(*) >= $2 and bool_and(
              (start_at at time zone 'Europe/London') = occurrence
              and end_at - start_at = make_interval(mins => occurrence_minutes))
            order by worker_id
            """,
            ((string WorkerId, string[] Visits, string FundId, long Count) week) => new CareFlag(
                FlagKind.EqualTimes, week.FundId, week.WorkerId, monday, week.Visits,
                $"All {week.Count} visits of worker {week.WorkerId} that answer the plan in the week from "
                    + $"{monday.ToString("d MMMM uuuu", null)} begin and end exactly as planned.")
            {
                Count = week.Count,
            },
            monday, fewest, workers);

    /// <summary>The holder's limits for the checks, or the defaults if the holder has set none.</summary>
    public static async Task<CheckTerms> TermsAsync(Session session) =>
        await session.LoadAsync<CheckTerms>(CheckTerms.TheId) ?? CheckTerms.Default;

    /// <summary>The flags that name one of these visits.</summary>
    public static Task<List<SavedFlag>> NamingAsync(Session session, string[] visitIds) =>
        session.RowsAsync(Columns, $"""
            select distinct on (flag_id) {Columns.Names}
            from unnest($1::text[]) named (id), lateral (
              select flag_id as named_by from care_flag_visit where visit_id = named.id offset 0) v,
              lateral (select * from care_flag where flag_id = v.named_by offset 0) flag
            where named.id = any(visits)
            """, visitIds);

    /// <summary>The open flags of a kind about these days of workers.</summary>
    public static Task<List<SavedFlag>> OfWorkersAsync(
        Session session, FlagKind kind, IReadOnlyCollection<(string WorkerId, LocalDate On)> days) =>
        session.RowsAsync(Columns,
            Flags + """
                 where state = 'open' and kind = $1
                  and (worker_id, care_on) in (select * from unnest($2::text[], $3::date[]))
                """,
            CareChecks.NameOf(kind), days.Select(day => day.WorkerId).ToArray(), days.Select(day => day.On).ToArray());

    /// <summary>
    /// The open flags of these kinds about care of a worker or a fund up to a year before or after one of these days,
    /// because a stay lasts a year at most. The column is the one that names the worker or the fund.
    /// </summary>
    public static Task<List<SavedFlag>> OpenAroundAsync(
        Session session, string column, string[] kinds, IReadOnlyCollection<(string Id, LocalDate On)> days) =>
        session.RowsAsync(Columns, $"""
            {Flags} where state = 'open' and kind = any($1) and flag_id in (
              select flag.flag_id from unnest($2::text[], $3::date[]) days (id, on_day), lateral (
                select flag_id from care_flag where {column} = days.id
                  and care_on between days.on_day - 367 and days.on_day + 367 offset 0) flag)
            """, kinds, days.Select(day => day.Id).ToArray(),
            days.Select(day => day.On).ToArray());

    /// <summary>The open flags of a kind about these funds.</summary>
    public static Task<List<SavedFlag>> OfFundsAsync(Session session, FlagKind kind, string[] fundIds) =>
        session.RowsAsync(Columns, Flags + " where state = 'open' and kind = $1 and fund_id = any($2)",
            CareChecks.NameOf(kind), fundIds);

    /// <summary>
    /// Waits until no other check of the holder runs. A flag counts all visits that its visit meets, and two checks
    /// at once could each miss the other's visits.
    /// </summary>
    public static Task WaitAsync(Session session) => session.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", "support/care-checks/" + session.HolderId);

    /// <summary>The flag with this id, or null if there is none.</summary>
    public static async Task<SavedFlag?> FindAsync(Session session, Guid id) =>
        (await FindAsync(session, [id])).SingleOrDefault();

    /// <summary>The flags that exist among these ids.</summary>
    public static Task<List<SavedFlag>> FindAsync(Session session, Guid[] ids) =>
        session.RowsAsync(Columns, Flags + " where flag_id = any($1)", ids);

    /// <summary>The flag as shown, with the present count of a crowded day; null if there is none.</summary>
    public static async Task<SavedFlag?> ShowAsync(Session session, Guid id) => (await session.RowsAsync(
        Columns, CountedFlags + " where flag_id = $1", id)).SingleOrDefault();

    /// <summary>The flags that follow an id, at most this many, in order of id, narrowed by the filter.</summary>
    public static Task<List<SavedFlag>> ListAsync(Session session, FlagQuery query, Guid after, int max) =>
        session.RowsAsync(Columns, CountedFlags + """
             where ($1::text is null or state = $1) and ($2::text is null or fund_id = $2)
              and ($3::text is null or worker_id = $3) and ($4::text is null or kind = $4)
              and ($5::date is null or care_on >= $5) and ($6::date is null or care_on <= $6)
              and ($7::text is null or resolution_code = $7) and flag_id > $8
            order by flag_id limit $9
            """, query.State, query.FundId, query.WorkerId, query.Kind, query.From, query.To,
            query.Code, after, max);

    /// <summary>
    /// Saves flags. A flag that was gone becomes open again, an open flag takes over the visits and the evidence now
    /// found, and a resolved flag stays as it is.
    /// </summary>
    private static async Task SaveAsync(Session session, IReadOnlyCollection<CareFlag> found, Instant now)
    {
        var flags = found.Select(flag => (Id: IdOf(session, flag), Flag: flag)).OrderBy(entry => entry.Id).ToList();
        // Lists of visits differ in length, which PostgreSQL's arrays of arrays do not allow, so they are passed as
        // text.
        await session.ExecuteAsync(
            """
            insert into care_flag
              (flag_id, kind, fund_id, worker_id, care_on, visits, evidence, count, found_at)
            select f.id, f.kind, f.fund, f.worker, f.care_on, string_to_array(f.visits, ' '), f.evidence, f.count,
              $9
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[],
              $8::bigint[]) f(id, kind, fund, worker, care_on, visits, evidence, count)
            on conflict (holder_id, flag_id) do update set state = 'open', fund_id = excluded.fund_id,
              worker_id = excluded.worker_id, care_on = excluded.care_on, visits = excluded.visits,
              evidence = excluded.evidence, count = excluded.count, found_at = excluded.found_at
            where care_flag.state = 'gone' or care_flag.state = 'open' and (care_flag.visits <> excluded.visits
              or care_flag.evidence <> excluded.evidence or care_flag.count <> excluded.count
              or care_flag.care_on <> excluded.care_on
              or care_flag.worker_id is distinct from excluded.worker_id)
            """,
            flags.Select(flag => flag.Id).ToArray(),
            flags.Select(flag => CareChecks.NameOf(flag.Flag.Kind)).ToArray(),
            flags.Select(flag => flag.Flag.FundId).ToArray(), flags.Select(flag => flag.Flag.WorkerId).ToArray(),
            flags.Select(flag => flag.Flag.CareOn).ToArray(),
            flags.Select(flag => string.Join(' ', flag.Flag.Visits)).ToArray(),
            flags.Select(flag => flag.Flag.Evidence).ToArray(), flags.Select(flag => flag.Flag.Count).ToArray(), now);
        var named = flags.SelectMany(flag => flag.Flag.Visits.Select(visit => (flag.Id, Visit: visit))).ToList();
        var rows = new RowColumns<(Guid Id, string Visit)>(named)
            .Add("visit_id", entry => entry.Visit)
            .Add("flag_id", entry => entry.Id);
        await session.ExecuteAsync(rows.InsertInto("care_flag_visit", "on conflict do nothing"), rows.Values);
    }

    /// <summary>
    /// Saves the flags that a check found; earlier open flags that it did not find again are marked as gone.
    /// </summary>
    public static async Task SaveFlagsAsync(
        Session session, IReadOnlyCollection<SavedFlag> before, IReadOnlyCollection<CareFlag> found, Instant now)
    {
        var held = found.Select(flag => IdOf(session, flag)).ToHashSet();
        Guid[] gone = [.. before.Select(flag => flag.Id).Where(id => !held.Contains(id)).Order()];
        if (gone.Length > 0)
            await LetGoAsync(session, gone);
        if (found.Count > 0)
            await SaveAsync(session, found, now);
    }

    // Marks open flags that no longer hold as gone.
    private static Task<int> LetGoAsync(Session session, Guid[] ids) => session.ExecuteAsync(
        "update care_flag set state = 'gone' where flag_id = any($1) and state = 'open'",
        ids);

    /// <summary>Saves the answer to a flag with the next commit.</summary>
    public static void Resolve(Session session, Guid id, Resolution resolution) => session.Queue(
        """
        update care_flag set state = 'resolved', resolution_code = $2, resolution_note = $3, resolved_by = $4,
          resolved_at = $5
        where flag_id = $1
        """,
        id, resolution.Code, resolution.Note, resolution.By, resolution.At);

    /// <summary>The id under which a flag is kept.</summary>
    public static Guid IdOf(Session session, CareFlag flag) => IdOf(session, flag.Key);

    /// <summary>The id under which the flag with this key is kept.</summary>
    public static Guid IdOf(Session session, string key) => DeterministicGuid.From("care-flag", session.HolderId, key);
}

/// <summary>The flags requested; an omitted field does not narrow the list.</summary>
internal sealed record FlagQuery(
    string? State, string? FundId, string? WorkerId, string? Kind, LocalDate? From, LocalDate? To,
    string? Code = null);
