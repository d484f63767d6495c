using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Isf.Support.Domain;
using JasperFx;
using NodaTime;
using Npgsql;

namespace Isf.Support.Delivery;

/// <summary>
/// Reads and writes visits, many at a time. A dry run of a file writes its visits to a separate table, and reads them
/// from there in place of the real visits of the same ids.
/// </summary>
internal sealed class VisitTable(Session session, string? dryRunOf = null)
{
    private const string Columns = """
        visit_id, version, fund_id, line_id, allocation_id, service, service_asked, visit_group, worker_id,
        planned_start,
        planned_minutes, start_at, end_at, carers, outcome, notice_hours, miles, quantity, disturbances, note, care_on,
        occurrence, occurrence_minutes, occurrence_carers, places, week, answers_minutes, extra_minutes,
        charged_minutes, for_absence, place, captured, untimed_charged,
        person_minutes, not_covered
        """;
    private static readonly string[] Names = Columns.Split(',', StringSplitOptions.TrimEntries);
    private static readonly string Set = string.Join(", ", Names[1..]);
    private static readonly string Excluded = string.Join(", ", Names[1..].Select(name => "excluded." + name));

    private string From => dryRunOf is null
        ? "visit"
        : $"""
          (select {Columns}, answers_on, holder_id from visit_trial where file_id = '{dryRunOf}'
           union all select {Columns}, answers_on, holder_id from visit v where not exists (select 1 from visit_trial t
             where t.holder_id = v.holder_id and t.file_id = '{dryRunOf}' and t.visit_id = v.visit_id))
          """;

    /// <summary>
    /// The visits that exist among these ids. "offset 0" makes the planner look up each id in the index, even if its
    /// statistics are from when the table was empty.
    /// </summary>
    public async Task<List<Visit>> ByIdAsync(string[] visitIds) => visitIds.Length == 0 ? [] : await session.RowsAsync(
        $"""
        select known.* from (select distinct id from unnest($2::text[]) id) asked, lateral (
          select {Columns} from {From} seen where holder_id = $1 and visit_id = asked.id offset 0) known
        """,
        Read, session.HolderId, visitIds);

    /// <summary>The visits of these groups.</summary>
    public Task<List<Visit>> OfGroupsAsync(IReadOnlyCollection<(string FundId, string Group)> groups) =>
        session.RowsAsync(
            $"""
            select visit.* from unnest($2::text[], $3::text[]) asked (fund, of_group), lateral (
              select {Columns} from visit
              where holder_id = $1 and fund_id = asked.fund and visit_group = asked.of_group offset 0) visit
            """,
            Read, session.HolderId, groups.Select(entry => entry.FundId).ToArray(),
            groups.Select(entry => entry.Group).ToArray());

    /// <summary>
    /// The visits that fulfil care planned on these days of these funds, and the stays that reach into the days. Visits
    /// that draw on weekly minutes are found by the Monday of the week. "offset 0" makes the planner do one index
    /// look-up for each day and one for each fund.
    /// </summary>
    public async Task<List<Visit>> FulfillingAsync(IReadOnlyCollection<(string FundId, LocalDate On)> days)
    {
        var found = await session.RowsAsync(
            $"""
            select day.* from unnest($2::text[], $3::date[]) asked (fund, day_of), lateral (
              select {Columns} from {From} seen
              where holder_id = $1 and fund_id = asked.fund and answers_on = asked.day_of offset 0) day
            union all
            select stay.* from (
              select fund, min(day_of) as first, max(day_of) as last
              from unnest($2::text[], $3::date[]) asked (fund, day_of) group by fund) asked, lateral (
              select {Columns} from {From} seen
              where holder_id = $1 and fund_id = asked.fund and extract(epoch from end_at - start_at) > 90000
                and care_on <= asked.last and end_at > asked.first and answers_on is not null offset 0) stay
            order by visit_id
            """,
            Read, session.HolderId, days.Select(day => day.FundId).ToArray(), days.Select(day => day.On).ToArray());
        return [.. found.DistinctBy(visit => visit.Record.VisitId)];
    }

    /// <summary>
    /// The visits of a fund that fulfil care planned from one day to another, and the stays that reach into those days.
    /// </summary>
    public Task<List<Visit>> FulfillingAsync(string fundId, LocalDate from, LocalDate to) => session.RowsAsync(
        $"""
        select {Columns} from {From} seen
        where holder_id = $1 and fund_id = $2 and answers_on between $3 and $4
        union
        select {Columns} from {From} seen where {Stays("$2", "$3", "$4")}
        order by visit_id
        """,
        Read, session.HolderId, fundId, from, to);

    // The SQL condition for stays (of more than 25 hours, as in their index) that began before a range of days and go
    // on in it. Stays that fulfil care planned in the range are left out, because another part of the query finds them.
    private static string Stays(string fund, string first, string last) => $"""
        holder_id = $1 and fund_id = {fund} and extract(epoch from end_at - start_at) > 90000
        and care_on < {first} and end_at > {first}
        and answers_on is not null and not answers_on between {first} and {last}
        """;

    /// <summary>The visits of a fund by day of care, without those that closing a week made for an absence.</summary>
    public Task<List<Visit>> OfFundAsync(string fundId, LocalDate from, LocalDate to) => session.RowsAsync(
        $"""
        select {Columns} from {From} seen
        where holder_id = $1 and fund_id = $2 and care_on between $3 and $4 and not for_absence
        order by care_on, start_at, visit_id
        """,
        Read, session.HolderId, fundId, from, to);

    /// <summary>
    /// The visits of a fund that another allocation may pay for once plans or allocations have changed, in order of
    /// time. They are the visits that their allocation does not cover and, unless <paramref name="allocationId"/> is
    /// null, the visits of that allocation on or after the given day.
    /// </summary>
    public Task<List<Visit>> ElsewherePaidAsync(string fundId, string? allocationId, LocalDate from) =>
        session.RowsAsync(
            $"""
            select {Columns} from visit
            where holder_id = $1 and fund_id = $2 and not for_absence
              and (not_covered or allocation_id = $3 and care_on >= $4)
            order by care_on, coalesce(start_at, planned_start), visit_id
            """,
            Read, session.HolderId, fundId, allocationId, from);

    /// <summary>
    /// The visits of a fund that fulfil no planned care, by day of care, without those made for an absence.
    /// </summary>
    public Task<List<Visit>> UnplannedAsync(string fundId, LocalDate from, LocalDate to) => session.RowsAsync(
        $"""
        select {Columns} from {From} seen
        where holder_id = $1 and fund_id = $2 and care_on between $3 and $4 and answers_on is null
          and not for_absence
        order by care_on, start_at, visit_id
        """,
        Read, session.HolderId, fundId, from, to);

    /// <summary>
    /// The visits whose care is in these weeks of funds, the visits that fulfil care planned in the weeks, and the
    /// stays that reach into the weeks.
    /// </summary>
    public Task<List<Visit>> OfWeeksAsync(IReadOnlyCollection<(string FundId, CarePeriod Days)> weeks) =>
        session.RowsAsync(
            $"""
            select week.* from unnest($2::text[], $3::date[], $4::date[]) asked (fund, first, last), lateral (
              select {Columns} from visit
              where holder_id = $1 and fund_id = asked.fund and care_on between asked.first and asked.last
              union all
              select {Columns} from visit
              where holder_id = $1 and fund_id = asked.fund and answers_on between asked.first and asked.last
                and not care_on between asked.first and asked.last
              union all
              select {Columns} from visit where {Stays("asked.fund", "asked.first", "asked.last")}) week
            order by week.visit_id
            """,
            Read, session.HolderId, weeks.Select(week => week.FundId).ToArray(),
            weeks.Select(week => week.Days.From).ToArray(), weeks.Select(week => week.Days.To!.Value).ToArray());

    /// <summary>
    /// Writes the visits in their new version. Version 1 is inserted; a later version replaces the version before.
    /// Throws if one of the visits has changed meanwhile, so that the whole batch is retried with the current visits.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<Visit> visits)
    {
        if (visits.Count == 0)
            return;
        var table = dryRunOf is null ? "visit" : "visit_trial";
        var (more, key) = dryRunOf is null ? ("", "holder_id, visit_id")
            : (", file_id", "holder_id, file_id, visit_id");
        var file = dryRunOf is null ? "" : $", '{dryRunOf}'";
        // If all visits are new, a plain insert is enough, and no visit is looked up first.
        var over = visits.All(visit => visit.Version == 1) ? "" : $"""
            on conflict ({key}) do update set ({Set}) = ({Excluded}) where {table}.version = excluded.version - 1
            """;
        if (over.Length > 0 && dryRunOf is null)
            await LeaveAsync(visits);
        try
        {
            var rows = Rows(visits);
            var insert = $"insert into {table} (holder_id, {Columns}{more}) select $1, {rows.List}{file} {over}";
            if (await session.ExecuteAsync(insert, rows.Values) == visits.Count)
                return;
        }
        catch (PostgresException duplicate) when (
            duplicate.SqlState == PostgresErrorCodes.UniqueViolation && duplicate.TableName == table)
        {
            // Another session has recorded the visit since the look-up.
        }
        throw new ConcurrencyException("A visit of this batch has moved on.");
    }

    // Records the days from which corrections take care away, so that the checks look at such a day again if it was
    // crowded.
    private Task<int> LeaveAsync(IReadOnlyList<Visit> visits) => session.ExecuteAsync("""
        insert into visit_left (holder_id, fund_id, worker_id, care_on)
        select $1, v.fund_id, v.worker_id, v.care_on
        from unnest($2::text[], $3::text[], $4::date[], $5::boolean[]) now (id, worker, care_on, given), lateral (
          select fund_id, worker_id, care_on from visit
          where holder_id = $1 and visit_id = now.id and outcome = 'delivered' offset 0) v
        where not now.given or v.care_on <> now.care_on or v.worker_id is distinct from now.worker
        """, session.HolderId, visits.Select(visit => visit.Record.VisitId).ToArray(),
        visits.Select(visit => visit.Record.WorkerId).ToArray(), visits.Select(visit => visit.CareOn).ToArray(),
        visits.Select(visit => visit.Record.Outcome == VisitOutcome.Delivered).ToArray());

    // The values are in the order of the columns.
    private RowColumns<Visit> Rows(IReadOnlyList<Visit> visits) => new RowColumns<Visit>(visits, session.HolderId)
        .Add("text", visit => visit.Record.VisitId)
        .Add("int", visit => visit.Version)
        .Add("text", visit => visit.Record.FundId)
        .Add("text", visit => visit.Record.LineId)
        .Add("text", visit => visit.AllocationId)
        .Add("text", visit => visit.Service)
        .Add("text", visit => visit.Record.Service)
        .Add("text", visit => visit.Record.VisitGroup)
        .Add("text", visit => visit.Record.WorkerId)
        .Add("timestamptz", visit => visit.Record.PlannedStart?.ToInstant())
        .Add("int", visit => visit.Record.PlannedMinutes)
        .Add("timestamptz", visit => visit.Record.Start?.ToInstant())
        .Add("timestamptz", visit => visit.Record.End?.ToInstant())
        .Add("int", visit => visit.Record.Carers)
        .Add("text", visit => VisitInput.NameOf(visit.Record.Outcome))
        .Add("numeric", visit => visit.Record.NoticeHours)
        .Add("numeric", visit => visit.Record.Miles)
        .Add("numeric", visit => visit.Record.Quantity)
        .Add("jsonb", visit => visit.Record.Disturbances is { } woken ? Json.From(woken) : null)
        .Add("text", visit => visit.Record.Note)
        .Add("date", visit => visit.CareOn)
        .Add("timestamp", visit => visit.Fulfilment.Occurrence)
        .Add("int", visit => visit.Fulfilment.OccurrenceMinutes)
        .Add("int", visit => visit.Fulfilment.OccurrenceCarers)
        .Add("int", visit => visit.Fulfilment.CarerSlots)
        .Add("date", visit => visit.Fulfilment.Week)
        .Add("bigint", visit => visit.Fulfilment.FulfilledMinutes)
        .Add("bigint", visit => visit.Fulfilment.ExtraMinutes)
        .Add("bigint", visit => visit.Fulfilment.ChargedMinutes)
        .Add("bool", visit => visit.ForAbsence)
        .Add("text", visit => visit.Record.Place)
        .Add("text", visit => visit.Record.Captured)
        .Add("bool", visit => visit.Fulfilment.UntimedCharged)
        .Add("bigint", visit => visit.PersonMinutes)
        .Add("bool", visit => visit.NotCovered);

    private static Visit Read(NpgsqlDataReader row) => new()
    {
        Version = row.GetInt32(1),
        AllocationId = row.GetString(4),
        Service = row.GetString(5),
        CareOn = row.GetFieldValue<LocalDate>(20),
        Record = new VisitRecord
        {
            VisitId = row.GetString(0),
            FundId = row.GetString(2),
            LineId = row.GetString(3),
            Service = row.GetStringOrNull(6),
            VisitGroup = row.GetStringOrNull(7),
            WorkerId = row.GetStringOrNull(8),
            PlannedStart = Moment(row, 9),
            PlannedMinutes = row.IsDBNull(10) ? null : row.GetInt32(10),
            Start = Moment(row, 11),
            End = Moment(row, 12),
            Carers = row.GetInt32(13),
            Outcome = VisitInput.ParseOutcome(row.GetString(14))!.Value,
            NoticeHours = row.IsDBNull(15) ? null : row.GetDecimal(15),
            Miles = row.IsDBNull(16) ? null : row.GetDecimal(16),
            Quantity = row.IsDBNull(17) ? null : row.GetDecimal(17),
            Disturbances = row.IsDBNull(18) ? null : IsfJson.Read<IReadOnlyList<Disturbed>>(row.GetString(18)),
            Note = row.GetStringOrNull(19),
            Place = row.GetStringOrNull(30),
            Captured = row.GetStringOrNull(31),
        },
        Fulfilment = new Fulfilment
        {
            Occurrence = row.GetFieldValue<LocalDateTime?>(21),
            OccurrenceMinutes = row.GetInt32(22),
            OccurrenceCarers = row.GetInt32(23),
            CarerSlots = row.GetInt32(24),
            Week = row.GetFieldValue<LocalDate?>(25),
            FulfilledMinutes = row.GetInt64(26),
            ExtraMinutes = row.GetInt64(27),
            ChargedMinutes = row.GetInt64(28),
            UntimedCharged = row.GetBoolean(32),
        },
        ForAbsence = row.GetBoolean(29),
        PersonMinutes = row.IsDBNull(33) ? null : row.GetInt64(33),
        NotCovered = row.GetBoolean(34),
    };

    private static OffsetDateTime? Moment(NpgsqlDataReader row, int column) =>
        row.GetFieldValue<Instant?>(column) is { } at ? London.At(at) : null;
}
