using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Checks;

/// <summary>Finds the weeks in which a line had more care than its allocation has minutes a week.</summary>
internal static class WeeklyMinutesTable
{
    /// <summary>
    /// Flags for the lines that had too many minutes in one of these weeks; a flag names the line's first visits of
    /// the week. Care on days outside the allocation does not count. A week with a crowded day gets no such flag,
    /// because that day has a flag of its own.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="weeks">Funds, each with a Monday.</param>
    /// <param name="changed">An allocation that is saved in this commit, and so counts in its new version.</param>
    public static Task<List<CareFlag>> BeyondAsync(Session session,
        IReadOnlyCollection<(string FundId, LocalDate Monday)> weeks, Allocation? changed = null) => session.RowsAsync(
        $"""
        select week.fund_id, week.monday, v.line_id, v.allocation_id, v.minutes, a.weekly, v.visits, v.count
        from (select distinct fund_id, monday from unnest($1::text[], $2::date[]) named (fund_id, monday)
          where not exists (select from generate_series(0, 6) day
            where {CrowdTable.IsCrowded(CrowdTable.OfFund("named.fund_id", "named.monday + day"))}) offset 0) week,
          lateral (
            select line_id, allocation_id, sum(answers_minutes + extra_minutes)::bigint as minutes, count(*) as count,
              (array_agg(visit_id order by start_at, visit_id))[1:10] as visits
            from visit
            where fund_id = week.fund_id and care_on between week.monday and week.monday + 6
              and outcome = 'delivered' and not not_covered
            group by line_id, allocation_id offset 0) v, lateral (
            select case when v.allocation_id = $3 then $4::bigint else weekly_minutes end as weekly
            from allocation_documents where id = v.allocation_id offset 0) a
        where v.minutes > a.weekly
        """,
        (WeekBeyond week) => week.ToFlag(),
        weeks.Select(week => week.FundId).ToArray(), weeks.Select(week => week.Monday).ToArray(),
        changed?.Id, changed?.WeeklyMinutes);

    /// <summary>
    /// The Mondays of the weeks in which an allocation paid for care given, each with the allocation's fund.
    /// </summary>
    public static Task<List<(string FundId, LocalDate Monday)>> OfAllocationAsync(
        Session session, Allocation allocation) => session.RowsAsync(
        """
        select distinct date_trunc('week', care_on)::date from visit
        where fund_id = $1 and allocation_id = $2 and outcome = 'delivered'
          and care_on between '1900-01-01' and '2199-12-31'
        """,
        (LocalDate monday) => (allocation.FundId, monday), allocation.FundId, allocation.Id);

    private sealed record WeekBeyond
    {
        public required string FundId { get; init; }
        public required LocalDate Monday { get; init; }
        public required string LineId { get; init; }
        public required string AllocationId { get; init; }
        public required Minutes Minutes { get; init; }
        public required Minutes Weekly { get; init; }
        public required string[] Visits { get; init; }
        public required long Count { get; init; }

        public CareFlag ToFlag() => new(FlagKind.BeyondWeeklyMinutes, FundId, null, Monday, Visits,
            $"Line {LineId} had {Minutes} in the week from {Monday.ToString("d MMMM uuuu", null)}; "
                + $"its allocation {AllocationId} has {Weekly} a week.")
        {
            LineId = LineId, Count = Count,
        };
    }
}
