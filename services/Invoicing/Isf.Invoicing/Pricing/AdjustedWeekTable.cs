using Isf.Contracts.Support;
using Isf.Hosting.Data;
using NodaTime;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// One kind of adjustment (set-off, minimum or rounding) of an allocation's week, in pence. The three kinds together
/// are the price of the week's visits as a whole, less the sum of their prices.
/// </summary>
internal sealed record AdjustedWeek(string Kind, int Version, long Pence, string Because);

/// <summary>An adjustment as last published. The version and the pence are 0 if none has been published.</summary>
internal readonly record struct LastAdjusted(int Version, long Pence);

/// <summary>The planned carer-minutes of a line's week that an allocation pays for.</summary>
internal sealed record PlannedLine(string LineId, string AllocationId, long Minutes);

/// <summary>The tables of adjustments published for visits together, and of closed weeks.</summary>
internal static class AdjustedWeekTable
{
    // The condition for a price list by which visits together can cost more or less than the sum of their prices.
    private const string Settles = """
        (t.price_list ? 'minimum' and t.price_list -> 'minimum' <> 'null'
          or t.price_list ->> 'weeklySetOff' = 'true' or t.price_list -> 'round' ->> 'at' = 'invoice')
        """;

    /// <summary>
    /// Stores closed weeks with their planned minutes. If a week comes in several versions, the highest is kept.
    /// </summary>
    public static Task<int> CloseAsync(Session session, IReadOnlyCollection<ClosedWeek> weeks)
    {
        var latest = weeks.GroupBy(week => (week.FundId, week.WeekFrom))
            .Select(versions => versions.MaxBy(week => week.Version)!).ToArray();
        var rows = new RowColumns<ClosedWeek>(latest)
            .Add("fund_id", week => week.FundId)
            .Add("week_from", week => week.WeekFrom)
            .Add("version", week => week.Version)
            .Add("planned", week => week.Lines.SelectMany(line => (line.Planned ?? [])
                .Select(sum => new PlannedLine(line.LineId, sum.AllocationId, sum.Minutes))).ToList());
        return session.ExecuteAsync(rows.InsertInto("closed_weeks", """
            on conflict (holder_id, fund_id, week_from) do update
            set version = excluded.version, planned = excluded.planned where closed_weeks.version < excluded.version
            """), rows.Values);
    }

    /// <summary>
    /// The planned minutes of the lines that the allocations pay for, in the week from <paramref name="monday"/>. Only
    /// lines that the closed week lists are returned.
    /// </summary>
    public static Task<List<PlannedLine>> PlannedAsync(
        Session session, IReadOnlyCollection<string> allocations, LocalDate monday) =>
        session.RowsAsync<PlannedLine>("""
            select p ->> 'lineId' as line_id, p ->> 'allocationId' as allocation_id,
              (p ->> 'minutes')::bigint as minutes
            from (select distinct fund_id from allocation_terms where allocation_id = any($1)) f
            join closed_weeks w on w.fund_id = f.fund_id and w.week_from = $2,
            jsonb_array_elements(w.planned) p where p ->> 'allocationId' = any($1)
            """,
            allocations, monday);

    /// <summary>
    /// The ids of the funds' allocations that have, in some version, a price list by which visits together can cost
    /// more or less than the sum of their prices.
    /// </summary>
    public static Task<List<string>> AllocationsAsync(Session session, IReadOnlyCollection<string> fundIds) =>
        session.RowsAsync<string>($"""
            select distinct t.allocation_id from allocation_terms t
            where t.fund_id = any($1) and {Settles} order by 1
            """, fundIds);

    /// <summary>
    /// The pairs of allocation and week, out of those given, that can have an adjustment: the week is closed, and the
    /// allocation has, in some version, a price list that prices visits together.
    /// </summary>
    public static Task<List<(string AllocationId, LocalDate Monday)>> SettlingAsync(
        Session session, IReadOnlyCollection<(string FundId, string AllocationId, LocalDate Monday)> touched) =>
        session.RowsAsync<(string, LocalDate)>($"""
            select distinct one.allocation_id, one.monday
            from unnest($1::text[], $2::text[], $3::date[]) as one (fund_id, allocation_id, monday)
            join closed_weeks w on w.fund_id = one.fund_id and w.week_from = one.monday
            join allocation_terms t on t.allocation_id = one.allocation_id and {Settles}
            order by 2, 1
            """,
            touched.Select(entry => entry.FundId).ToArray(), touched.Select(entry => entry.AllocationId).ToArray(),
            touched.Select(entry => entry.Monday).ToArray());

    /// <summary>
    /// The adjustments of the allocations in the week from <paramref name="monday"/>, as last published.
    /// </summary>
    public static Task<List<(string AllocationId, string Kind, LastAdjusted Last)>> LastAsync(
        Session session, IReadOnlyCollection<string> allocations, LocalDate monday) =>
        session.RowsAsync("""
            select distinct on (allocation_id, kind) allocation_id, kind, version, pence from price_adjustments
            where allocation_id = any($1) and week_from = $2
            order by allocation_id, kind, version desc
            """,
            ((string AllocationId, string Kind, int Version, long Pence) row) =>
                (row.AllocationId, row.Kind, new LastAdjusted(row.Version, row.Pence)),
            allocations, monday);

    /// <summary>Adds the adjustments of an allocation's week to the commit.</summary>
    public static void Add(
        Session session, TermsCopy terms, LocalDate monday, IReadOnlyList<AdjustedWeek> adjusted)
    {
        foreach (var adjustedWeek in adjusted)
        {
            session.Queue("""
                insert into price_adjustments (
                    allocation_id, kind, week_from, version, fund_id, pence, because)
                values ($1, $2, $3, $4, $5, $6, $7)
                """, terms.AllocationId, adjustedWeek.Kind, monday, adjustedWeek.Version,
                terms.FundId, adjustedWeek.Pence, adjustedWeek.Because);
        }
    }
}
