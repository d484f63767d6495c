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
    /// Every line's planned and given minutes, and its visits where its price carries no minutes, by stretches of so
    /// many weeks that end on a Sunday, the latest first; in order of fund and line.
    /// </summary>
    public static async Task<List<LineDelivery>> DeliveriesAsync(
        Session session, LocalDate lastSunday, int weeks, int stretches)
    {
        var rows = await session.RowsAsync(
            """
            select fund_id, line_id, ($3 - week_from) / (7 * $4), sum(planned)::bigint, sum(answered + extra)::bigint,
              sum(visits)::bigint
            from line_weeks($1, $2, $3) group by 1, 2, 3
            """,
            row => (Line: (Fund: row.GetString(0), Id: row.GetString(1)), Stretch: row.GetInt32(2),
                Planned: row.GetInt64(3), Delivered: row.GetInt64(4), Visits: row.GetInt64(5)),
            session.HolderId, lastSunday.PlusDays(1).PlusWeeks(-weeks * stretches), lastSunday, weeks);
        var timed = rows.GroupBy(row => row.Line).Select(line =>
        {
            var (planned, delivered) = (new long[stretches], new long[stretches]);
            foreach (var row in line)
                (planned[row.Stretch], delivered[row.Stretch]) = (row.Planned, row.Delivered);
            return new LineDelivery(line.Key.Fund, line.Key.Id, "minutes", planned, delivered,
                line.Sum(row => row.Visits));
        });
        var untimed = await UntimedAsync(session, [.. Enumerable.Range(0, stretches).Select(back => new CarePeriod(
            lastSunday.PlusDays(1).PlusWeeks(-weeks * (back + 1)), lastSunday.PlusWeeks(-weeks * back)))]);
        return [.. timed.Concat(untimed).OrderBy(line => line.Id, StringComparer.Ordinal)];
    }

    // Planned days hold minutes: what is planned without any is worked out from the plans of the funds that have such.
    private static async Task<List<LineDelivery>> UntimedAsync(Session session, CarePeriod[] stretches)
    {
        var funds = await session.RowsAsync(
            """
            select distinct fund_id from mt_doc_allocation where tenant_id = $1 and data -> 'untimed' <> 'null'
            order by 1
            """,
            row => row.GetString(0), session.HolderId);
        var found = new List<LineDelivery>();
        var all = new CarePeriod(stretches[^1].From, stretches[0].To);
        foreach (var some in funds.Chunk(500))
        {
            var known = await FundRows.KnownAsync(session, some);
            var visits = (await new VisitRows(session).OfWeeksAsync([.. some.Select(fund => (fund, all))]))
                .ToLookup(visit => visit.Words.FundId);
            found.AddRange(
                from fund in known.Values
                from lineId in fund.Plans.LineIds
                let counts = stretches.Select(stretch => DeliveryChecks.Untimed(
                    fund.Plans, lineId, stretch, [.. visits[fund.FundId]])).ToList()
                where counts.Exists(each => each.Planned + each.Given > 0)
                select new LineDelivery(fund.FundId, lineId, "visits", [.. counts.Select(each => each.Planned)],
                    [.. counts.Select(each => each.Given)], counts.Sum(each => each.Given)));
        }
        return found;
    }
}

/// <summary>What was planned and given of a line by stretch of weeks, the latest first.</summary>
/// <param name="FundId">The fund.</param>
/// <param name="LineId">The line.</param>
/// <param name="Unit">What is counted: minutes, or visits that carry none.</param>
/// <param name="Planned">Planned.</param>
/// <param name="Delivered">Given.</param>
/// <param name="Visits">Visits given, in all.</param>
internal sealed record LineDelivery(string FundId, string LineId, string Unit, IReadOnlyList<long> Planned,
    IReadOnlyList<long> Delivered, long Visits)
{
    /// <summary>By which a page goes on.</summary>
    public string Id => $"{FundId}/{LineId}/{Unit}";
}
