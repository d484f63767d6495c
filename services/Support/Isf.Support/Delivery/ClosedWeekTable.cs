using Isf.Hosting.Data;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Delivery;

/// <summary>
/// Reads and writes closed weeks: the Sunday up to which a fund's weeks are closed, and the result of each week.
/// </summary>
internal static class ClosedWeekTable
{
    /// <summary>
    /// The funds with a plan whose weeks are not yet closed up to a Sunday, at most this many, longest open first.
    /// </summary>
    public static Task<List<string>> DueAsync(Session session, LocalDate sunday, int max) => session.RowsAsync<string>(
        """
        select fund_id from plan_horizon where closed_to < $1
        order by closed_to, fund_id limit $2
        """,
        sunday, max);

    /// <summary>The last closed Sunday of each of these funds that has a plan.</summary>
    public static async Task<Dictionary<string, LocalDate>> ClosedToAsync(
        Session session, IReadOnlyCollection<string> fundIds) => (await session.RowsAsync<(string, LocalDate)>(
        "select fund_id, closed_to from plan_horizon where fund_id = any($1)",
        fundIds.ToArray())).ToDictionary();

    /// <summary>Records the Sunday up to which the weeks of these funds are closed; a later Sunday stays.</summary>
    public static void SaveClosedTo(Session session, IReadOnlyCollection<string> fundIds, LocalDate sunday) =>
        session.Queue(
            "update plan_horizon set closed_to = $2 where fund_id = any($1) and closed_to < $2",
            fundIds.ToArray(), sunday);

    /// <summary>
    /// The closed weeks of each fund from a given Monday on, and the last closed week before that Monday.
    /// </summary>
    public static async Task<ILookup<string, ClosedFundWeek>> FromAsync(
        Session session, IReadOnlyCollection<(string FundId, LocalDate From)> funds) => (await session.RowsAsync<(
            string FundId, LocalDate Monday, int Version, List<ClosedLineSums> Lines, List<LineBank> Bank)>(
        """
        select week.* from unnest($1::text[], $2::date[]) asked (fund, first), lateral (
          select fund_id, week_from, version, lines, bank from closed_week
          where fund_id = asked.fund and week_from >= asked.first
          union all
          (select fund_id, week_from, version, lines, bank from closed_week
           where fund_id = asked.fund and week_from < asked.first
           order by week_from desc limit 1)) week
        order by 1, 2
        """,
        funds.Select(fund => fund.FundId).ToArray(), funds.Select(fund => fund.From).ToArray()))
        .ToLookup(row => row.FundId, row => new ClosedFundWeek(row.Monday, row.Version, row.Lines, row.Bank));

    /// <summary>Saves the new results of weeks with the next commit.</summary>
    public static void Save(Session session, IReadOnlyList<(string FundId, ClosedFundWeek Week)> weeks)
    {
        if (weeks.Count == 0)
            return;
        var rows = new RowColumns<(string FundId, ClosedFundWeek Week)>(weeks)
            .Add("fund_id", week => week.FundId)
            .Add("week_from", week => week.Week.Monday)
            .Add("version", week => week.Week.Version)
            .Add("lines", week => week.Week.Lines)
            .Add("bank", week => week.Week.Bank);
        session.Queue(rows.InsertInto("closed_week", """
            on conflict (holder_id, fund_id, week_from) do update
            set version = excluded.version, lines = excluded.lines, bank = excluded.bank
            """), rows.Values);
    }
}
