using Isf.Hosting;
using Isf.Measures;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Persistence;

/// <summary>A line's week with its hours, and who is paid for it.</summary>
internal sealed record LineHours(
    string FundId, string LineId, string? AllocationId, string? ProviderId, LocalDate WeekFrom, CareHours Hours,
    long Visits)
{
    /// <summary>By which a page goes on.</summary>
    public string Id => $"{FundId}/{LineId}/{WeekFrom:uuuu-MM-dd}";
}

/// <summary>The hours of lines and weeks, of all funds of a holder or of those of one provider.</summary>
internal static class HourRows
{
    // The line's allocation: as its visits have it, else as the latest plan of the fund that has the line.
    private const string Weeks = """
        select w.fund_id, w.line_id, p.allocation_id, a.data ->> 'providerId', w.week_from, w.planned, w.answered,
          w.extra, w.charged, w.person, w.visits, c.line::text
        from line_weeks($1, $2, $3) w
        left join lateral (
          select l.value ->> 'allocationId' as allocation_id from mt_doc_plan d,
            jsonb_array_elements(d.data -> 'versions') v, jsonb_array_elements(v.value -> 'lines') l
          where d.tenant_id = $1 and d.fund_id = w.fund_id and l.value ->> 'lineId' = w.line_id
          order by (v.value ->> 'from')::date <= w.week_from + 6 desc, v.value ->> 'from' desc limit 1) p on true
        left join mt_doc_allocation a on a.tenant_id = $1 and a.id = p.allocation_id
        left join lateral (
          select l.value as line from closed_week k, jsonb_array_elements(k.lines) l
          where k.holder_id = $1 and k.fund_id = w.fund_id and k.week_from = w.week_from
            and l.value ->> 'lineId' = w.line_id) c on true
        where ($4::text is null or a.data ->> 'providerId' = $4)
        """;

    /// <summary>Weeks of lines after an id, in order of fund, line and week.</summary>
    public static Task<List<LineHours>> PageAsync(
        Session session, CarePeriod range, string? providerId, string? after, int most)
    {
        var (fund, line, week) = after?.Split('/') is [var first, var second, var third]
            ? (first, second, third) : ("", "", "0001-01-01");
        return session.RowsAsync(
            Weeks + """
             and (w.fund_id, w.line_id, w.week_from) > ($5, $6, $7::text::date)
            order by w.fund_id, w.line_id, w.week_from limit $8
            """,
            At, session.HolderId, range.From, range.To!.Value, providerId, fund, line, week, most);
    }

    /// <summary>All of it together.</summary>
    public static async Task<CareHours> TotalsAsync(Session session, CarePeriod range, string? providerId)
    {
        var weeks = await session.RowsAsync(Weeks, At, session.HolderId, range.From, range.To!.Value, providerId);
        return weeks.Aggregate(new CareHours(), (sum, week) => sum + week.Hours);
    }

    private static LineHours At(Npgsql.NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetStringOrNull(3), row.GetLocalDate(4),
        CareHours.Of(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9),
            row.IsDBNull(11) ? null : IsfJson.Read<ClosedLineSums>(row.GetString(11))),
        row.GetInt64(10));

    /// <summary>
    /// Every line's planned and given minutes, by stretches of so many weeks that end on a Sunday, the latest first.
    /// </summary>
    public static async Task<List<LineDelivery>> DeliveriesAsync(
        Session session, LocalDate lastSunday, int weeks, int stretches)
    {
        var rows = await session.RowsAsync(
            """
            select fund_id, line_id, ($3 - week_from) / (7 * $4), sum(planned)::bigint, sum(answered + extra)::bigint,
              sum(visits)::bigint
            from line_weeks($1, $2, $3) group by 1, 2, 3 order by fund_id collate "C", line_id collate "C"
            """,
            row => (Line: (row.GetString(0), row.GetString(1)), Stretch: row.GetInt32(2), Planned: row.GetInt64(3),
                Delivered: row.GetInt64(4), Visits: row.GetInt64(5)),
            session.HolderId, lastSunday.PlusDays(1).PlusWeeks(-weeks * stretches), lastSunday, weeks);
        return
        [
            .. rows.GroupBy(row => row.Line).Select(line =>
            {
                var (planned, delivered) = (new long[stretches], new long[stretches]);
                foreach (var row in line)
                    (planned[row.Stretch], delivered[row.Stretch]) = (row.Planned, row.Delivered);
                return new LineDelivery(
                    line.Key.Item1, line.Key.Item2, planned, delivered, line.Sum(row => row.Visits));
            }),
        ];
    }
}

/// <summary>A line's planned and given minutes by stretch of weeks, the latest first.</summary>
internal sealed record LineDelivery(
    string FundId, string LineId, IReadOnlyList<long> Planned, IReadOnlyList<long> Delivered, long Visits)
{
    /// <summary>By which a page goes on.</summary>
    public string Id => $"{FundId}/{LineId}";
}
