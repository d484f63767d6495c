using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>
/// A day of care to check, with its fund, its worker and the moment at which the care that began on the day ends.
/// </summary>
internal sealed record CareDay(string FundId, string? WorkerId, LocalDate On, Instant Ends);

/// <summary>
/// The candidates for flags: visits, together with the visits that they overlap; days of workers with too many hours;
/// and the crowded days, whose visits are not compared with each other.
/// </summary>
internal sealed record CheckCandidates(
    string[] Visits, IReadOnlyList<(string WorkerId, LocalDate On)> Days, CrowdedDays Crowded);

/// <summary>Finds the candidates for flags around some days of care.</summary>
internal static class CheckCandidateTable
{
    private static readonly string Sql = $"""
        with of_worker as materialized (
          select n, v.* from unnest($1::int[], $2::text[], $3::date[], $4::date[]) runs (n, worker, first, last),
            lateral (
            select worker_id, visit_id, care_on, start_at, end_at from visit
            where worker_id = runs.worker and outcome = 'delivered'
              and start_at >= {CrowdTable.Midnight("runs.first")} and start_at < {CrowdTable.Midnight("runs.last + 1")}
            offset 0) v
          union all
          select n, v.* from unnest($5::text[], $6::date[]) with ordinality asked (worker, first, n), lateral (
            select worker_id, visit_id, care_on, start_at, end_at from visit
            where worker_id = asked.worker and outcome = 'delivered'
              and extract(epoch from end_at - start_at) > 90000
              and start_at < {CrowdTable.Midnight("asked.first")} and end_at > {CrowdTable.Midnight("asked.first")}
            offset 0) v
          where (v.worker_id, v.care_on) not in (select * from unnest($15::text[], $16::date[]))),
        of_fund as (
          select n, v.*, away from (
            select *, exists (select from absence_documents where fund_id = asked.fund) as away
            from unnest($7::int[], $8::text[], $9::date[], $10::date[]) asked (n, fund, first, last) offset 0) runs,
            lateral (
            select line_id, visit_id, start_at, end_at,
              answers_on is null or carers > occurrence_carers and occurrence_carers > 0
                or end_at - start_at < interval '1 minute' or not_covered as odd
            from visit where fund_id = runs.fund and outcome = 'delivered'
              and end_at is not null and care_on between runs.first and runs.last offset 0) v
          union all
          select n, v.line_id, v.visit_id, v.start_at, v.end_at, false, false
          from unnest($11::text[], $12::date[]) with ordinality asked (fund, first, n), lateral (
            select fund_id, line_id, visit_id, care_on, start_at, end_at from visit
            where fund_id = asked.fund and outcome = 'delivered'
              and extract(epoch from end_at - start_at) > 90000
              and care_on < asked.first and end_at > {CrowdTable.Midnight("asked.first")} offset 0) v
          where (v.fund_id, v.care_on) not in (select * from unnest($17::text[], $18::date[])))
        select visit_id, null, null::date from (
          select visit_id, away or odd or start_at < max(end_at) over earlier
            or end_at > lead(start_at) over time as doubtful
          from of_fund
          window time as (partition by n, line_id order by start_at),
            earlier as (time rows between unbounded preceding and 1 preceding)) seen where doubtful
        union all
        select visit_id, null, null from (
          select visit_id, start_at < max(end_at) over earlier + $13
            or end_at > lead(start_at) over time - $13 as doubtful
          from of_worker
          window time as (partition by n order by start_at),
            earlier as (time rows between unbounded preceding and 1 preceding)) seen where doubtful
        union all
        select null, worker_id, care_on from of_worker where end_at - start_at <= interval '25 hours'
        group by n, worker_id, care_on having sum(end_at - start_at) > $14
        """;

    /// <summary>
    /// Finds the visits around these days that a flag may concern, together with the visits of the same worker or line
    /// that they meet in time. Also finds the days on which a worker has too many hours, not counting stays of many
    /// days. The result may hold too many visits but never too few. Each worker's and each fund's days are read once
    /// and in order of time, because a visit that meets another also meets its neighbour in that order. "offset 0"
    /// makes the planner use index look-ups, even if its statistics are from when the table was empty.
    /// </summary>
    public static async Task<CheckCandidates> FindAsync(
        Session session, IReadOnlyCollection<CareDay> days, CheckTerms terms)
    {
        var workers = Stretches(days.Where(day => day.WorkerId is not null), day => day.WorkerId!, 2);
        var funds = Stretches(days, day => day.FundId, 1);
        var crowded = await CrowdTable.AmongAsync(session, workers, funds);
        var (ofWorkers, ofFunds) = (Runs(workers, crowded.HasWorker), Runs(funds, crowded.HasFund));
        var rows = await session.RowsAsync<(string? VisitId, string? WorkerId, LocalDate? On)>(Sql,
            ofWorkers.N, ofWorkers.Ids, ofWorkers.First, ofWorkers.Last,
            workers.Select(worker => worker.Id).ToArray(), workers.Select(worker => worker.First).ToArray(),
            ofFunds.N, ofFunds.Ids, ofFunds.First, ofFunds.Last,
            funds.Select(fund => fund.Id).ToArray(), funds.Select(fund => fund.First).ToArray(),
            TimeSpan.FromMinutes(terms.GapMinutes), TimeSpan.FromHours(terms.WorkerHoursADay),
            crowded.OfWorkers.Select(day => day.WorkerId).ToArray(), crowded.OfWorkers.Select(day => day.On).ToArray(),
            crowded.OfFunds.Select(day => day.FundId).ToArray(), crowded.OfFunds.Select(day => day.On).ToArray());
        return new([.. rows.Select(row => row.VisitId).OfType<string>().Distinct(StringComparer.Ordinal)],
            [.. rows.Where(row => row.On is not null).Select(row => (row.WorkerId!, row.On!.Value))], crowded);
    }

    // Joins the days into stretches, with the given number of days added on either side of each day. The time between
    // distant days is therefore not read.
    private static List<Stretch> Stretches(IEnumerable<CareDay> days, Func<CareDay, string> by, int more) =>
        Stretch.Joined(days.Select(day => new Stretch(by(day), day.On.PlusDays(-more),
            LocalDate.Max(day.On, London.DayOf(day.Ends)).PlusDays(more))));

    // The parts of the stretches between crowded days, each with the number of its stretch, counted from 1.
    private static (int[] N, string[] Ids, LocalDate[] First, LocalDate[] Last) Runs(
        List<Stretch> stretches, Func<string, LocalDate, bool> isCrowded)
    {
        var runs = new List<(int N, Stretch Run)>();
        for (var n = 0; n < stretches.Count; n++)
        {
            var first = stretches[n].First;
            for (var day = first; day <= stretches[n].Last.PlusDays(1); day = day.PlusDays(1))
            {
                if (day <= stretches[n].Last && !isCrowded(stretches[n].Id, day))
                    continue;
                if (first < day)
                    runs.Add((n + 1, new(stretches[n].Id, first, day.PlusDays(-1))));
                first = day.PlusDays(1);
            }
        }
        return ([.. runs.Select(run => run.N)], [.. runs.Select(run => run.Run.Id)],
            [.. runs.Select(run => run.Run.First)], [.. runs.Select(run => run.Run.Last)]);
    }
}
