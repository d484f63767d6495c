using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Support.Delivery;
using Isf.Support.Domain;
using NodaTime;

namespace Isf.Support.Reports;

/// <summary>
/// The hours of one line in one week, the number of its visits given, and the provider that is paid for them.
/// </summary>
internal sealed record LineHours(
    string FundId, string LineId, string? AllocationId, string? ProviderId, LocalDate WeekFrom, CareHours Hours,
    long Visits)
{
    /// <summary>The id after which the next page continues.</summary>
    public string Id => $"{FundId}/{LineId}/{WeekFrom:uuuu-MM-dd}";
}

/// <summary>A line's week as it is read; Closed is null while the week is open.</summary>
internal sealed record LineRow
{
    public required string FundId { get; init; }
    public required string LineId { get; init; }
    public required string? AllocationId { get; init; }
    public required string? ProviderId { get; init; }
    public required LocalDate WeekFrom { get; init; }
    public required long Planned { get; init; }
    public required long Answered { get; init; }
    public required long Extra { get; init; }
    public required long Charged { get; init; }
    public required long Person { get; init; }
    public required long Visits { get; init; }
    public required ClosedLineSums? Closed { get; init; }

    /// <summary>The hours of the line's week.</summary>
    public LineHours ToHours() => new(FundId, LineId, AllocationId, ProviderId, WeekFrom,
        CareHours.Sum(Planned, Answered, Extra, Charged, Person, Closed), Visits);
}

/// <summary>Reads the hours of lines in each week, and their planned and given care over stretches of weeks.</summary>
internal static class HoursTable
{
    // A holder has many funds, so the hours are computed for this many funds at a time.
    private const int FundsAtATime = 500;

    // The allocation of a line's week is that of the line's plan, in the latest version that begins by the end of the
    // week. If several plans have had the line one after another, the plan that covers the week counts.
    private const string Weeks = """
        select w.fund_id, w.line_id, p.allocation_id, a.data ->> 'providerId' as provider_id, w.week_from, w.planned,
          w.answered, w.extra, w.charged, w.person, w.visits, c.line as closed
        from line_weeks(current_setting('isf.holder'), $1, $2, $4, $5) w
        left join lateral (
          select last.allocation_id
          from plan_documents d, lateral (
            select l.value ->> 'allocationId' as allocation_id, (v.value ->> 'from')::date as first_day,
              coalesce((v.value ->> 'to')::date, 'infinity') as last_day
            from jsonb_array_elements(d.data -> 'versions') v, jsonb_array_elements(v.value -> 'lines') l
            where l.value ->> 'lineId' = w.line_id
            order by (v.value ->> 'from')::date <= w.week_from + 6 desc, (v.value ->> 'version')::int desc
            limit 1) last
          where d.fund_id = w.fund_id
          order by last.first_day <= w.week_from + 6 desc, last.last_day >= w.week_from desc, last.first_day desc
          limit 1) p on true
        left join allocation_documents a on a.id = p.allocation_id
        left join lateral (
          select l.value as line from closed_week k, jsonb_array_elements(k.lines) l
          where k.fund_id = w.fund_id and k.week_from = w.week_from
            and l.value ->> 'lineId' = w.line_id) c on true
        where ($3::text is null or a.data ->> 'providerId' = $3)
        """;

    /// <summary>
    /// The weeks of lines that follow the id <paramref name="after"/>, at most <paramref name="max"/>, in order of
    /// fund, line and week. A null <paramref name="providerId"/> stands for all providers.
    /// </summary>
    public static async Task<List<LineHours>> PageAsync(
        Session session, CarePeriod range, string? providerId, string? after, int max)
    {
        var (fund, line, week) = After(after);
        var found = new List<LineHours>();
        await foreach (var funds in FundsAsync(session, fund))
        {
            found.AddRange(await session.RowsAsync(
                Weeks + """
                 and (w.fund_id, w.line_id, w.week_from) > ($6, $7, $8)
                order by w.fund_id, w.line_id, w.week_from limit $9
                """,
                (LineRow row) => row.ToHours(), range.From, range.To!.Value, providerId, funds[0], funds[^1], fund,
                line, week, max - found.Count));
            if (found.Count == max)
                break;
        }
        return found;
    }

    /// <summary>The sum of the hours of all lines and weeks in the range, of one provider or (null) of all.</summary>
    public static async Task<CareHours> TotalsAsync(Session session, CarePeriod range, string? providerId)
    {
        var sum = new CareHours();
        await foreach (var funds in FundsAsync(session, ""))
        {
            var weeks = await session.RowsAsync(Weeks, (LineRow row) => row.ToHours(), range.From, range.To!.Value,
                providerId, funds[0], funds[^1]);
            sum = weeks.Aggregate(sum, (all, week) => all + week.Hours);
        }
        return sum;
    }

    private static (string Fund, string Line, LocalDate Week) After(string? id)
    {
        if (id is null)
            return ("", "", new(1, 1, 1));
        return IsWeek(id) && id.Split('/') is [var fund, var line, var week] ? (fund, line, London.Day(week)!.Value)
            : throw Page.BadAfter();
    }

    /// <summary>Whether an id has the form of a line's delivery, with fund, line and unit.</summary>
    public static bool IsDelivery(string id) => id.Split('/') is [_, _, _] parts && parts.All(Ids.IsId);

    /// <summary>Whether an id has the form of a line's week, with fund, line and Monday.</summary>
    public static bool IsWeek(string id) =>
        IsDelivery(id) && London.Day(id.Split('/')[2]) is { DayOfWeek: IsoDayOfWeek.Monday };

    // Returns the ids of the holder's funds from a given id on, in batches, in the database's own order of text.
    private static async IAsyncEnumerable<List<string>> FundsAsync(Session session, string from)
    {
        for (var next = from; next is not null;)
        {
            var funds = await session.RowsAsync<string>(
                "select id from fund_documents where id >= $1 order by id limit $2",
                next, FundsAtATime + 1);
            next = funds.Count > FundsAtATime ? funds[^1] : null;
            if (funds.Count > 0)
                yield return next is null ? funds : funds[..^1];
        }
    }

    /// <summary>
    /// The lines that meet the condition <paramref name="isOne"/> and follow the id <paramref name="after"/>, at most
    /// <paramref name="max"/>. Each line has its planned and given minutes, or visits if its price has no minutes, for
    /// each stretch of <paramref name="weeks"/> weeks. The stretches follow each other without a gap. The latest
    /// stretch ends on <paramref name="lastSunday"/> and comes first.
    /// </summary>
    public static async Task<List<LineDelivery>> DeliveriesAsync(Session session, LocalDate lastSunday, int weeks,
        int stretches, Func<LineDelivery, bool> isOne, string? after, int max)
    {
        var ranges = Enumerable.Range(0, stretches).Select(back => new CarePeriod(
            lastSunday.PlusDays(1).PlusWeeks(-weeks * (back + 1)), lastSunday.PlusWeeks(-weeks * back))).ToArray();
        var fund = after?.Split('/')[0] ?? "";
        var found = new List<LineDelivery>();
        await foreach (var funds in FundsAsync(session, fund))
        {
            var lines = await TimedAsync(session, ranges, weeks, funds);
            lines.AddRange(await UntimedAsync(session, ranges, funds));
            found.AddRange(lines.Where(isOne)
                .Where(line => line.FundId != fund || string.CompareOrdinal(line.Id, after) > 0)
                .OrderBy(line => funds.IndexOf(line.FundId)).ThenBy(line => line.Id, StringComparer.Ordinal));
            if (found.Count >= max)
                break;
        }
        return [.. found.Take(max)];
    }

    private static async Task<List<LineDelivery>> TimedAsync(
        Session session, CarePeriod[] stretches, int weeks, List<string> funds)
    {
        var rows = await session.RowsAsync<(
            string FundId, string LineId, int Stretch, long Planned, long Delivered, long Visits)>(
            """
            select fund_id, line_id, ($2 - week_from) / (7 * $5), sum(planned)::bigint, sum(answered + extra)::bigint,
              sum(visits)::bigint
            from line_weeks(current_setting('isf.holder'), $1, $2, $3, $4) group by 1, 2, 3
            """,
            stretches[^1].From, stretches[0].To!.Value, funds[0], funds[^1], weeks);
        return
        [
            .. rows.GroupBy(row => (row.FundId, row.LineId)).Select(line =>
            {
                var (planned, delivered) = (new long[stretches.Length], new long[stretches.Length]);
                foreach (var row in line)
                    (planned[row.Stretch], delivered[row.Stretch]) = (row.Planned, row.Delivered);
                return new LineDelivery(line.Key.FundId, line.Key.LineId, "minutes", planned, delivered,
                    line.Sum(row => row.Visits));
            }),
        ];
    }

    // The table of planned days holds minutes only, so visits planned without minutes are counted from the plans of
    // their funds.
    private static async Task<List<LineDelivery>> UntimedAsync(
        Session session, CarePeriod[] stretches, List<string> funds)
    {
        var some = await session.RowsAsync<string>(
            """
            select distinct fund_id from allocation_documents
            where fund_id between $1 and $2 and data -> 'untimed' <> 'null'
            """,
            funds[0], funds[^1]);
        if (some.Count == 0)
            return [];
        var careOfFunds = await FundTable.CareAsync(session, [.. some]);
        var all = new CarePeriod(stretches[^1].From, stretches[0].To);
        var visits = (await new VisitTable(session).OfWeeksAsync([.. some.Select(fund => (fund, all))]))
            .ToLookup(visit => visit.Record.FundId);
        return
        [
            .. from fund in careOfFunds.Values
            from lineId in fund.Plans.LineIds
            let counts = stretches.Select(stretch => DeliveryChecks.Untimed(
                fund.Plans, lineId, stretch, [.. visits[fund.FundId]])).ToList()
            where counts.Exists(count => count.Planned + count.Given > 0)
            select new LineDelivery(fund.FundId, lineId, "visits", [.. counts.Select(count => count.Planned)],
                [.. counts.Select(count => count.Given)], counts.Sum(count => count.Given)),
        ];
    }
}

/// <summary>The planned and given care of a line in each stretch of weeks, the latest stretch first.</summary>
/// <param name="FundId">The fund.</param>
/// <param name="LineId">The line.</param>
/// <param name="Unit">The unit that is counted: minutes, or visits if their price has no minutes.</param>
/// <param name="Planned">The units planned in each stretch.</param>
/// <param name="Delivered">The units given in each stretch.</param>
/// <param name="Visits">The number of visits given in all stretches together.</param>
internal sealed record LineDelivery(string FundId, string LineId, string Unit, IReadOnlyList<long> Planned,
    IReadOnlyList<long> Delivered, long Visits)
{
    /// <summary>The id after which the next page continues.</summary>
    public string Id => $"{FundId}/{LineId}/{Unit}";
}
