using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>A range of days of a worker or a fund, from the first to the last.</summary>
internal sealed record Stretch(string Id, LocalDate First, LocalDate Last)
{
    /// <summary>Joins the stretches of each id that overlap or touch.</summary>
    public static List<Stretch> Joined(IEnumerable<Stretch> stretches)
    {
        var found = new List<Stretch>();
        foreach (var next in stretches.OrderBy(stretch => stretch.Id, StringComparer.Ordinal)
            .ThenBy(stretch => stretch.First))
        {
            if (found.Count > 0 && found[^1] is var last && last.Id == next.Id && next.First <= last.Last.PlusDays(1))
                found[^1] = last with { Last = LocalDate.Max(last.Last, next.Last) };
            else
                found.Add(next);
        }
        return found;
    }
}

/// <summary>
/// The result of looking for crowded days: what has changed, and the flags and visits to check again because of it.
/// </summary>
/// <param name="Flags">
/// The flags that are marked as gone unless they are found again. They are about days that are or were crowded, or
/// about visits that may meet visits of such days.
/// </param>
/// <param name="Visits">The visits to check again.</param>
/// <param name="Found">The flags of the crowded days.</param>
/// <param name="Funds">
/// The days of funds that have become crowded or have ceased to be crowded, and the days whose flag was resolved.
/// </param>
internal sealed record Crowding(
    IReadOnlyList<SavedFlag> Flags, string[] Visits, IReadOnlyList<CareFlag> Found,
    IReadOnlyList<(string FundId, LocalDate On)> Funds);

/// <summary>
/// Finds the crowded days (<see cref="CrowdedDays"/>), and reads at most one visit more than the limit for each day.
/// </summary>
internal static class CrowdTable
{
    private static readonly string[] OfWorkers =
        [.. new[] { FlagKind.WorkerOverlap, FlagKind.NoTravelGap, FlagKind.WorkerOverADay }.Select(CareChecks.NameOf)];

    private static readonly string[] OfFunds =
        [.. new[] { FlagKind.MoreCarersThanPlanned, FlagKind.ExactRepeat }.Select(CareChecks.NameOf)];

    private const int ReadAtOnce = 1000;

    private static readonly string Limit = $"limit {CrowdedDays.VisitsMax + 1}";

    // The number of visits to read of a stretch: one more than the limit for each of its days, but at most
    // ReadAtOnce, which is some months of a worker's visits.
    private static string MaxOf(string of) =>
        $"least({ReadAtOnce}, {CrowdedDays.VisitsMax + 1} * ({of}last - {of}first + 1))";

    /// <summary>SQL: the start of a day in London.</summary>
    public static string Midnight(string day) => $"({day})::timestamp at time zone 'Europe/London'";

    /// <summary>
    /// SQL: whether a visit was given by this worker on a day, or on the days up to the last. The conditions are in
    /// the order of an index's columns.
    /// </summary>
    public static string OfWorker(string worker, string day, string? last = null) => $"""
        worker_id = {worker} and outcome = 'delivered'
        and start_at >= {Midnight(day)} and start_at < {Midnight((last ?? day) + " + 1")}
        """;

    /// <summary>
    /// SQL: whether a visit was given for this fund on a day, or on the days up to the last. The conditions are in
    /// the order of an index's columns.
    /// </summary>
    public static string OfFund(string fund, string day, string? last = null) => $"""
        fund_id = {fund} and outcome = 'delivered' and end_at is not null
        and care_on {(last is null ? $"= {day}" : $"between {day} and {last}")}
        """;

    /// <summary>
    /// SQL: whether a day is crowded, that is, whether more visits than the limit meet the condition
    /// <paramref name="of"/>, which OfWorker or OfFund built.
    /// </summary>
    public static string IsCrowded(string of) => $"""
        (select count(*) from (select from visit where {of} {Limit}) few) > {CrowdedDays.VisitsMax}
        """;

    /// <summary>
    /// The crowded days in these stretches, and the crowded days on which a long stay began that reaches into a
    /// stretch. A stretch with few visits is read at once; in a stretch with more, each day is read by itself.
    /// </summary>
    public static async Task<CrowdedDays> AmongAsync(
        Session session, IReadOnlyCollection<Stretch> workers, IReadOnlyCollection<Stretch> funds)
    {
        async Task<List<(string, LocalDate)>> OfAsync(IReadOnlyCollection<Stretch> stretches, string column,
            string before, string day, Func<string, string, string?, string> of) =>
            stretches.Count == 0 ? [] : await session.RowsAsync<(string, LocalDate)>($"""
                with stretches as materialized (
                  select id, first, last from unnest($1::text[], $2::date[], $3::date[]) asked (id, first, last)
                  union select id, v.care_on, v.care_on
                  from unnest($1::text[], $2::date[]) asked (id, first), lateral (
                    select care_on from visit
                    where {column} = asked.id and outcome = 'delivered'
                      and extract(epoch from end_at - start_at) > 90000
                      and {before} and end_at > {Midnight("asked.first")} offset 0) v),
                seen as materialized (
                  select stretches.*, v.on_day from stretches, lateral (
                    select {day} as on_day from visit where {of("stretches.id", "stretches.first", "stretches.last")}
                    limit {MaxOf("stretches.")}) v)
                select id, on_day from seen group by id, first, last, on_day
                having count(*) > {CrowdedDays.VisitsMax}
                union
                select many.id, day::date from (
                  select id, first, last from seen group by id, first, last
                  having count(*) >= {MaxOf("")}) many,
                  generate_series(first::timestamp, last::timestamp, '1 day') day
                where {IsCrowded(of("many.id", "day::date", null))}
                """,
                stretches.Select(stretch => stretch.Id).ToArray(), stretches.Select(stretch => stretch.First).ToArray(),
                stretches.Select(stretch => stretch.Last).ToArray());
        return new(
            await OfAsync(workers, "worker_id", $"start_at < {Midnight("asked.first")}",
                "(start_at at time zone 'Europe/London')::date", OfWorker),
            await OfAsync(funds, "fund_id", "care_on < asked.first", "care_on", OfFund));
    }

    /// <summary>
    /// Reads the table of days that corrected visits have left, deletes the rows read, and returns the days that were
    /// crowded. A call reads at most a thousand rows. One message of corrections adds fewer, and such messages are not
    /// joined, so no row is left over.
    /// </summary>
    public static async Task<IReadOnlyList<CareDay>> LeftAsync(Session session)
    {
        var left = await session.RowsAsync<(string FundId, string? WorkerId, LocalDate On)>("""
            with taken as (
              delete from visit_left where id in (select id from visit_left order by id limit 1000)
              returning fund_id, worker_id, care_on)
            select distinct fund_id, worker_id, care_on from taken
            """);
        return left.Count == 0 ? [] : DaysOf(await StoredAsync(session,
            [.. left.Where(day => day.WorkerId is not null).Select(day => (day.WorkerId!, day.On))],
            [.. left.Select(day => (day.FundId, day.On))]));
    }

    /// <summary>The crowded days that these flags report; flags of other kinds are ignored.</summary>
    public static IReadOnlyList<CareDay> DaysOf(IEnumerable<SavedFlag> flags) =>
    [
        .. from flag in flags
            where flag.Kind == CareChecks.NameOf(FlagKind.CrowdedDay)
            let begins = London.Zone.AtStartOfDay(flag.CareOn).ToInstant()
            select new CareDay(flag.FundId, flag.WorkerId, flag.CareOn, begins),
    ];

    private static async Task<List<SavedFlag>> StoredAsync(Session session,
        IEnumerable<(string WorkerId, LocalDate On)> workers, IEnumerable<(string FundId, LocalDate On)> funds) =>
        [
            .. (await FlagTable.FindAsync(session,
            [
                .. workers.Select(day => CrowdedDays.KeyOfWorker(day.WorkerId, day.On))
                    .Concat(funds.Select(day => CrowdedDays.KeyOfFund(day.FundId, day.On)))
                    .Distinct(StringComparer.Ordinal).Select(key => FlagTable.IdOf(session, key)),
            ])).Where(flag => flag.State != "gone"),
        ];

    /// <summary>
    /// Finds which of these days have become crowded or have ceased to be crowded, and the visits and flags that are to
    /// be checked again because of that.
    /// </summary>
    public static async Task<Crowding> LookAsync(Session session, IReadOnlyCollection<CareDay> days)
    {
        var workers = days.Where(day => day.WorkerId is not null).Select(day => (Id: day.WorkerId!, day.On))
            .ToHashSet();
        var funds = days.Select(day => (Id: day.FundId, day.On)).ToHashSet();
        var now = await AmongAsync(session,
            Stretch.Joined(workers.Select(day => new Stretch(day.Id, day.On, day.On))),
            Stretch.Joined(funds.Select(day => new Stretch(day.Id, day.On, day.On))));
        var stored = await StoredAsync(session, workers, funds);
        if (stored.Count + now.OfWorkers.Count + now.OfFunds.Count == 0)
            return new([], [], [], []);
        var were = new CrowdedDays(stored.Where(flag => flag.WorkerId is not null)
            .Select(flag => (flag.WorkerId!, flag.CareOn)),
            stored.Where(flag => flag.WorkerId is null).Select(flag => (flag.FundId, flag.CareOn)));
        // A resolved flag stays resolved even while its day is not crowded, so it does not tell whether the day has
        // changed, and the day is checked again each time.
        var resolved = stored.Where(flag => flag.State != "open").ToList();
        (string Id, LocalDate On)[] turnedOfWorkers = [.. now.OfWorkers.Except(were.OfWorkers)
            .Concat(resolved.Where(flag => flag.WorkerId is not null).Select(flag => (flag.WorkerId!, flag.CareOn))),
            .. were.OfWorkers.Except(now.OfWorkers)];
        (string Id, LocalDate On)[] turnedOfFunds = [.. now.OfFunds.Except(were.OfFunds)
            .Concat(resolved.Where(flag => flag.WorkerId is null).Select(flag => (flag.FundId, flag.CareOn))),
            .. were.OfFunds.Except(now.OfFunds)];
        var met = await MetAsync(session, "worker_id", OfWorkers, turnedOfWorkers);
        met.AddRange(await MetAsync(session, "fund_id", OfFunds, turnedOfFunds));
        var again = await OfDaysAsync(session, OfWorker("days.id", "on_day"),
            [.. were.OfWorkers.Except(now.OfWorkers)]);
        again.AddRange(await OfDaysAsync(session, OfFund("days.id", "on_day"), [.. were.OfFunds.Except(now.OfFunds)]));
        return new([.. stored, .. met], [.. met.Select(flag => flag.Visits[0]), .. again],
            await FlagsAsync(session, now), turnedOfFunds);
    }

    // The open flags of visits that may meet visits of these days. A flag's day and one of these days may be a year
    // apart, because a stay lasts a year at most.
    private static async Task<List<SavedFlag>> MetAsync(
        Session session, string column, string[] kinds, (string Id, LocalDate On)[] days) =>
        days.Length == 0 ? [] : await FlagTable.OpenAroundAsync(session, column, kinds, days);

    private static async Task<List<string>> OfDaysAsync(
        Session session, string of, (string Id, LocalDate On)[] days) => days.Length == 0 ? []
        : await session.RowsAsync<string>($"""
            select v.visit_id from unnest($1::text[], $2::date[]) days (id, on_day), lateral (
              select visit_id from visit where {of} {Limit}) v
            """, days.Select(day => day.Id).ToArray(),
            days.Select(day => day.On).ToArray());

    private static async Task<IReadOnlyList<CareFlag>> FlagsAsync(Session session, CrowdedDays now)
    {
        async Task<List<CareFlag>> OfAsync(string of, IReadOnlyCollection<(string Id, LocalDate On)> days, bool workers)
            => days.Count == 0 ? [] : await session.RowsAsync($"""
            select days.id, days.on_day, v.visits, v.fund from unnest($1::text[], $2::date[]) days (id, on_day),
              lateral (
                select array_agg(visit_id order by start_at, visit_id) as visits,
                  (array_agg(fund_id order by start_at, visit_id))[1] as fund
                from (select visit_id, fund_id, start_at from visit where {of}
                  order by start_at, visit_id limit {CareFlag.VisitsMax}) firsts) v
            """,
                ((string Id, LocalDate On, string[] Visits, string FundId) day) =>
                    CrowdedDays.Flag(day.FundId, workers ? day.Id : null, day.On, day.Visits),
                days.Select(day => day.Id).ToArray(), days.Select(day => day.On).ToArray());
        return
        [
            .. await OfAsync(OfWorker("days.id", "days.on_day"), now.OfWorkers, workers: true),
            .. await OfAsync(OfFund("days.id", "days.on_day"), now.OfFunds, workers: false),
        ];
    }
}
