using Isf.Hosting.Data;
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
    private static readonly TableColumns<Visit> Columns = TableColumns<Visit>.ByName
        .WithPart(visit => visit.Record).WithPart(visit => visit.Fulfilment)
        .Named(visit => visit.Record.Service, "service_asked")
        .Named(visit => visit.Record.Start, "start_at").Named(visit => visit.Record.End, "end_at")
        .Named(visit => visit.Fulfilment.CarerSlots, "places")
        .Named(visit => visit.Fulfilment.Fulfilled, "answers_minutes")
        .Named(visit => visit.Fulfilment.Extra, "extra_minutes")
        .Named(visit => visit.Fulfilment.Charged, "charged_minutes");
    private static readonly string Names = Columns.Names;

    /// <summary>
    /// The visits that exist among these ids. "offset 0" makes the planner look up each id in the index, even if its
    /// statistics are from when the table was empty.
    /// </summary>
    public async Task<List<Visit>> ByIdAsync(string[] visitIds) => visitIds.Length == 0 ? [] : await SeenAsync(
        visits => $"""
        select known.* from (select distinct id from unnest($1::text[]) id) asked, lateral (
          select {Names} from {visits} seen where visit_id = asked.id offset 0) known
        """,
        [visitIds]);

    /// <summary>The visits of these groups.</summary>
    public Task<List<Visit>> OfGroupsAsync(IReadOnlyCollection<(string FundId, string Group)> groups) =>
        session.RowsAsync(Columns,
            $"""
            select visit.* from unnest($1::text[], $2::text[]) asked (fund, of_group), lateral (
              select {Names} from visit
              where fund_id = asked.fund and visit_group = asked.of_group offset 0) visit
            """,
            groups.Select(entry => entry.FundId).ToArray(), groups.Select(entry => entry.Group).ToArray());

    /// <summary>
    /// The visits that fulfil care planned on these days of these funds, and the stays that reach into the days. Visits
    /// that draw on weekly minutes are found by the Monday of the week. "offset 0" makes the planner do one index
    /// look-up for each day and one for each fund.
    /// </summary>
    public async Task<List<Visit>> FulfillingAsync(IReadOnlyCollection<(string FundId, LocalDate On)> days)
    {
        var found = await SeenAsync(
            visits => $"""
            select day.* from unnest($1::text[], $2::date[]) asked (fund, day_of), lateral (
              select {Names} from {visits} seen
              where fund_id = asked.fund and answers_on = asked.day_of offset 0) day
            union all
            select stay.* from (
              select fund, min(day_of) as first, max(day_of) as last
              from unnest($1::text[], $2::date[]) asked (fund, day_of) group by fund) asked, lateral (
              select {Names} from {visits} seen
              where fund_id = asked.fund and extract(epoch from end_at - start_at) > 90000
                and care_on <= asked.last and end_at > asked.first and answers_on is not null offset 0) stay
            order by visit_id
            """,
            days.Select(day => day.FundId).ToArray(), days.Select(day => day.On).ToArray());
        return [.. found.DistinctBy(visit => visit.Record.VisitId)];
    }

    /// <summary>
    /// The visits of a fund that fulfil care planned from one day to another, and the stays that reach into those days.
    /// </summary>
    public Task<List<Visit>> FulfillingAsync(string fundId, LocalDate from, LocalDate to) => SeenAsync(
        visits => $"""
        select {Names} from {visits} seen
        where fund_id = $1 and answers_on between $2 and $3
        union
        select {Names} from {visits} seen where {Stays("$1", "$2", "$3")}
        order by visit_id
        """,
        fundId, from, to);

    // The SQL condition for stays (of more than 25 hours, as in their index) that began before a range of days and go
    // on in it. Stays that fulfil care planned in the range are left out, because another part of the query finds them.
    private static string Stays(string fund, string first, string last) => $"""
        fund_id = {fund} and extract(epoch from end_at - start_at) > 90000
        and care_on < {first} and end_at > {first}
        and answers_on is not null and not answers_on between {first} and {last}
        """;

    /// <summary>The visits of a fund by day of care, without those that closing a week made for an absence.</summary>
    public Task<List<Visit>> OfFundAsync(string fundId, LocalDate from, LocalDate to) => SeenAsync(
        visits => $"""
        select {Names} from {visits} seen
        where fund_id = $1 and care_on between $2 and $3 and not for_absence
        order by care_on, start_at, visit_id
        """,
        fundId, from, to);

    /// <summary>
    /// The visits of a fund that another allocation may pay for once plans or allocations have changed, in order of
    /// time. They are the visits that their allocation does not cover and, unless <paramref name="allocationId"/> is
    /// null, the visits of that allocation on or after the given day.
    /// </summary>
    public Task<List<Visit>> ElsewherePaidAsync(string fundId, string? allocationId, LocalDate from) =>
        session.RowsAsync(Columns,
            $"""
            select {Names} from visit
            where fund_id = $1 and not for_absence
              and (not_covered or allocation_id = $2 and care_on >= $3)
            order by care_on, coalesce(start_at, planned_start), visit_id
            """,
            fundId, allocationId, from);

    /// <summary>
    /// The visits of a fund that fulfil no planned care, by day of care, without those made for an absence.
    /// </summary>
    public Task<List<Visit>> UnplannedAsync(string fundId, LocalDate from, LocalDate to) => SeenAsync(
        visits => $"""
        select {Names} from {visits} seen
        where fund_id = $1 and care_on between $2 and $3 and answers_on is null
          and not for_absence
        order by care_on, start_at, visit_id
        """,
        fundId, from, to);

    /// <summary>
    /// The visits whose care is in these weeks of funds, the visits that fulfil care planned in the weeks, and the
    /// stays that reach into the weeks.
    /// </summary>
    public Task<List<Visit>> OfWeeksAsync(IReadOnlyCollection<(string FundId, CarePeriod Days)> weeks) =>
        session.RowsAsync(Columns,
            $"""
            select week.* from unnest($1::text[], $2::date[], $3::date[]) asked (fund, first, last), lateral (
              select {Names} from visit
              where fund_id = asked.fund and care_on between asked.first and asked.last
              union all
              select {Names} from visit
              where fund_id = asked.fund and answers_on between asked.first and asked.last
                and not care_on between asked.first and asked.last
              union all
              select {Names} from visit where {Stays("asked.fund", "asked.first", "asked.last")}) week
            order by week.visit_id
            """,
            weeks.Select(week => week.FundId).ToArray(),
            weeks.Select(week => week.Days.From).ToArray(), weeks.Select(week => week.Days.To!.Value).ToArray());

    /// <summary>
    /// Writes the visits in their new version. Version 1 is inserted; a later version replaces the version before.
    /// Throws if one of the visits has changed meanwhile, so that the whole batch is retried with the current visits.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<Visit> visits)
    {
        if (visits.Count == 0)
            return;
        var (table, key) = dryRunOf is null
            ? ("visit", "holder_id, visit_id")
            : ("visit_trial", "holder_id, file_id, visit_id");
        // If all visits are new, a plain insert is enough, and no visit is looked up first.
        var over = visits.All(visit => visit.Version == 1) ? "" : $"""
            on conflict ({key}) do update set {Columns.SetExcept("visit_id")}
            where {table}.version = excluded.version - 1
            """;
        if (over.Length > 0 && dryRunOf is null)
            await LeaveAsync(visits);
        try
        {
            var rows = Columns.Of(visits);
            if (dryRunOf is not null)
                rows.Add("file_id", _ => dryRunOf);
            if (await session.ExecuteAsync(rows.InsertInto(table, over), rows.Values) == visits.Count)
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
        insert into visit_left (fund_id, worker_id, care_on)
        select v.fund_id, v.worker_id, v.care_on
        from unnest($1::text[], $2::text[], $3::date[], $4::boolean[]) now (id, worker, care_on, given), lateral (
          select fund_id, worker_id, care_on from visit
          where visit_id = now.id and outcome = 'delivered' offset 0) v
        where not now.given or v.care_on <> now.care_on or v.worker_id is distinct from now.worker
        """, visits.Select(visit => visit.Record.VisitId).ToArray(),
        visits.Select(visit => visit.Record.WorkerId).ToArray(), visits.Select(visit => visit.CareOn).ToArray(),
        visits.Select(visit => visit.Record.Outcome == VisitOutcome.Delivered).ToArray());

    // Reads visits as this table sees them. In a dry run its file is the last parameter of the query.
    private Task<List<Visit>> SeenAsync(Func<string, string> query, params object?[] args)
    {
        if (dryRunOf is null)
            return session.RowsAsync(Columns, query("visit"), args);
        var file = $"${args.Length + 1}";
        return session.RowsAsync(Columns, query($"""
            (select {Names}, answers_on from visit_trial where file_id = {file}
             union all select {Names}, answers_on from visit v where not exists (
               select 1 from visit_trial t where t.file_id = {file} and t.visit_id = v.visit_id))
            """), [.. args, dryRunOf]);
    }
}
