using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Support.Domain;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Isf.Support.Delivery;

/// <summary>
/// Reads and writes closed weeks: the Sunday up to which a fund's weeks are closed, and the result of each week.
/// </summary>
internal static class ClosedWeekTable
{
    /// <summary>
    /// The funds with a plan whose weeks are not yet closed up to a Sunday, at most this many, longest open first.
    /// </summary>
    public static Task<List<string>> DueAsync(Session session, LocalDate sunday, int max) => session.RowsAsync(
        """
        select fund_id from plan_horizon where closed_to < $1
        order by closed_to, fund_id limit $2
        """,
        row => row.GetString(0), sunday, max);

    /// <summary>The last closed Sunday of each of these funds that has a plan.</summary>
    public static async Task<Dictionary<string, LocalDate>> ClosedToAsync(
        Session session, IReadOnlyCollection<string> fundIds) => (await session.RowsAsync(
        "select fund_id, closed_to from plan_horizon where fund_id = any($1)",
        row => (row.GetString(0), row.GetFieldValue<LocalDate>(1)),
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
        Session session, IReadOnlyCollection<(string FundId, LocalDate From)> funds) => (await session.RowsAsync(
        """
        select week.* from unnest($1::text[], $2::date[]) asked (fund, first), lateral (
          select fund_id, week_from, version, lines::text, bank::text from closed_week
          where fund_id = asked.fund and week_from >= asked.first
          union all
          (select fund_id, week_from, version, lines::text, bank::text from closed_week
           where fund_id = asked.fund and week_from < asked.first
           order by week_from desc limit 1)) week
        order by 1, 2
        """,
        row => (FundId: row.GetString(0), Week: new ClosedFundWeek(row.GetFieldValue<LocalDate>(1), row.GetInt32(2),
            IsfJson.Read<List<ClosedLineSums>>(row.GetString(3)), IsfJson.Read<List<LineBank>>(row.GetString(4)))),
        funds.Select(fund => fund.FundId).ToArray(), funds.Select(fund => fund.From).ToArray()))
        .ToLookup(row => row.FundId, row => row.Week);

    /// <summary>Saves the new results of weeks with the next commit.</summary>
    public static void Save(Session session, IReadOnlyList<(string FundId, ClosedFundWeek Week)> weeks)
    {
        if (weeks.Count == 0)
            return;
        NpgsqlParameter Json(Func<ClosedFundWeek, object> read) => new()
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            Value = weeks.Select(week => IsfJson.Write(read(week.Week))).ToArray(),
        };
        session.Queue($"""
            insert into closed_week (fund_id, week_from, version, lines, bank)
            select {ColumnArrays.Unnest(1, "text date int jsonb jsonb")}
            on conflict (holder_id, fund_id, week_from) do update
            set version = excluded.version, lines = excluded.lines, bank = excluded.bank
            """,
            weeks.Select(week => week.FundId).ToArray(), weeks.Select(week => week.Week.Monday)
                .ToArray(),
            weeks.Select(week => week.Week.Version).ToArray(), Json(week => week.Lines), Json(week => week.Bank));
    }
}
