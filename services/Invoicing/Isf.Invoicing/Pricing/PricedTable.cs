using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Invoicing.Domain;
using NodaTime;
using Npgsql;

namespace Isf.Invoicing.Pricing;

/// <summary>
/// A visit's price as it is stored: the facts that it is calculated from, the version of the terms, and the price as
/// published.
/// </summary>
internal sealed record PricedRow(VisitFacts Visit, int TermsVersion, PricedVisit Published);

/// <summary>
/// A visit as it was last priced: the facts, the version of the price and of the terms, the price in pence and its
/// reason.
/// </summary>
internal sealed record LastPriced(
    VisitFacts Visit, int PriceVersion, int TermsVersion, long Pence, string Because);

/// <summary>
/// The latest price of a visit: the price's own version, and the version of the visit that it is for.
/// </summary>
internal readonly record struct PriceHead(int Version, int VisitVersion);

/// <summary>The table of visits as priced, each version of a price in a row of its own.</summary>
internal static class PricedTable
{
    private const string Columns = """
        visit_id, visit_version, fund_id, line_id, allocation_id, service, care_on, started_at, ended_at, carers,
        outcome, answers_minutes, extra_minutes, version, terms_version, planned_start, planned_minutes, worker_id,
        notice_hours, miles, quantity, disturbances::text, charged_not_given, miles_before,
        pence, because, untimed_charged, person_minutes, not_covered
        """;

    /// <summary>Adds the prices to the commit, in one statement.</summary>
    public static void Add(Session session, IReadOnlyList<PricedRow> priced)
    {
        T[] All<T>(Func<PricedRow, T> of) => [.. priced.Select(of)];
        T[] Inputs<T>(Func<VisitToPrice, T> of) => [.. priced.Select(row => of(row.Visit.Input))];
        session.Queue($"""
            insert into priced_visits (holder_id, visit_id, version, visit_version, fund_id, line_id, allocation_id,
                terms_version, service, care_on, started_at, ended_at, carers, outcome, answers_minutes, extra_minutes,
                charged_minutes, pence, parts, because, planned_start, planned_minutes, worker_id, notice_hours, miles,
                quantity, disturbances, charged_not_given, miles_before, untimed_charged,
                person_minutes, not_covered)
            select $1, {ColumnArrays.Unnest(2,
                "text int int text text text int text date timestamptz timestamptz int text bigint bigint "
                + "bigint bigint jsonb text timestamptz int text numeric numeric numeric jsonb bigint bigint "
                + "bool bigint bool")}
            """,
            session.HolderId, All(row => row.Visit.VisitId), All(row => row.Published.Version),
            All(row => row.Visit.Version), All(row => row.Visit.FundId), All(row => row.Visit.LineId),
            All(row => row.Visit.AllocationId), All(row => row.TermsVersion), Inputs(visit => visit.Service),
            All(row => row.Visit.CareOn), Inputs(visit => visit.Start), Inputs(visit => visit.End),
            Inputs(visit => visit.Carers), Inputs(visit => visit.Outcome),
            All(row => row.Visit.FulfilledMinutes), All(row => row.Visit.ExtraMinutes),
            All(row => row.Published.ChargedMinutes), All(row => row.Published.Pence),
            All(row => Json.From(row.Published.Parts)), All(row => row.Published.Because),
            Inputs(visit => visit.PlannedStart), Inputs(visit => visit.PlannedMinutes),
            Inputs(visit => visit.WorkerId), Inputs(visit => visit.NoticeHours), Inputs(visit => visit.Miles),
            Inputs(visit => visit.Quantity), Inputs(visit => Json.From(visit.Disturbances ?? [])),
            All(row => row.Visit.ChargedNotGivenMinutes), Inputs(visit => visit.MilesBeforeHundredths),
            Inputs(visit => visit.UntimedCharged), All(row => row.Visit.PersonMinutes),
            All(row => row.Visit.NotCovered));
    }

    /// <summary>The latest price of each of these visits; a visit without a price is left out.</summary>
    public static async Task<Dictionary<string, PriceHead>> HeadsAsync(
        Session session, IReadOnlyCollection<string> visitIds)
    {
        var rows = await session.RowsAsync("""
            select last.* from (select distinct id from unnest($2::text[]) id) asked, lateral (
                select visit_id, version, visit_version from priced_visits
                where holder_id = $1 and visit_id = asked.id order by version desc limit 1) last
            """, reader => (reader.GetString(0), new PriceHead(reader.GetInt32(1), reader.GetInt32(2))),
            session.HolderId, visitIds);
        return rows.ToDictionary();
    }

    /// <summary>
    /// The visits of an allocation that start or end on or after <paramref name="from"/>, as last priced. Only visits
    /// that were last priced by a version of the terms before <paramref name="termsVersion"/> are returned.
    /// </summary>
    public static Task<List<LastPriced>> ByEarlierTermsAsync(
        Session session, string allocationId, LocalDate from, int termsVersion) =>
        LatestAsync(session, "allocation_id = $2 and (care_on >= $3 or ended_at >= $3)", "and terms_version < $4",
            allocationId, from, termsVersion);

    /// <summary>The visits with these ids, as last priced.</summary>
    public static Task<List<LastPriced>> OfAsync(Session session, IReadOnlyCollection<string> visitIds) =>
        LatestAsync(session, "visit_id = any($2)", "", visitIds);

    /// <summary>
    /// The visits with miles of the workers, on the days from <paramref name="from"/> to <paramref name="to"/>, as last
    /// priced.
    /// </summary>
    public static Task<List<LastPriced>> WithMilesAsync(
        Session session, IReadOnlyCollection<string> workers, LocalDate from, LocalDate to) =>
        LatestAsync(session,
            "worker_id = any($2) and care_on between $3 and $4 and miles is not null", "", workers, from, to);

    /// <summary>
    /// The visits of the allocations, on the days from <paramref name="from"/> to <paramref name="to"/>, as last
    /// priced.
    /// </summary>
    public static Task<List<LastPriced>> OfAllocationsAsync(
        Session session, IReadOnlyCollection<string> allocationIds, LocalDate from, LocalDate to) =>
        LatestAsync(session, "allocation_id = any($2) and care_on between $3 and $4", "", allocationIds, from, to);

    /// <summary>
    /// The visits that a change of the day's holidays may affect, as last priced. They are the visits of that day, of
    /// the day before and of the day after, and earlier visits of more than 25 hours that reach the day.
    /// </summary>
    public static Task<List<LastPriced>> AroundAsync(Session session, LocalDate day) =>
        LatestAsync(session, """
            (care_on between $2 - 1 and $2 + 1 or care_on < $2 and ended_at >= $2
                and extract(epoch from ended_at - started_at) > 90000)
            """, "", day);

    /// <summary>
    /// The latest version of each visit, if it meets both the condition and <paramref name="andLatest"/>. The condition
    /// is tried on all versions first, because that finds the few visits to look at.
    /// </summary>
    private static Task<List<LastPriced>> LatestAsync(
        Session session, string condition, string andLatest, params object[] args) =>
        session.RowsAsync($"""
            select * from (
                select distinct on (visit_id) {Columns}
                from priced_visits where holder_id = $1 and visit_id in (
                    select visit_id from priced_visits where holder_id = $1 and {condition})
                order by visit_id, version desc) latest
            where {condition} {andLatest}
            order by care_on, visit_id
            """, Read, [session.HolderId, .. args]);

    private static LastPriced Read(NpgsqlDataReader reader)
    {
        Instant? Moment(int i) => reader.GetFieldValue<Instant?>(i);
        decimal? Number(int i) => reader.IsDBNull(i) ? null : reader.GetDecimal(i);
        long? chargedNotGiven = reader.IsDBNull(22) ? null : reader.GetInt64(22);
        var woken = reader.GetStringOrNull(21) is { } text ? IsfJson.Read<Woken[]>(text) : [];
        var input = new VisitToPrice(
            reader.GetString(5), reader.GetFieldValue<LocalDate>(6), Moment(7), Moment(8), reader.GetInt32(9),
            reader.GetString(10))
        {
            PlannedStart = Moment(15),
            PlannedMinutes = reader.IsDBNull(16) ? null : reader.GetInt32(16),
            WorkerId = reader.GetStringOrNull(17),
            NoticeHours = Number(18),
            Miles = Number(19),
            Quantity = Number(20),
            Disturbances = woken.Length == 0 ? null : woken,
            ChargedNotGiven = chargedNotGiven,
            UntimedCharged = reader.GetBoolean(26),
            MilesBeforeHundredths = reader.GetInt64(23),
        };
        return new LastPriced(
            new VisitFacts(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<LocalDate>(6), input, reader.GetInt64(11), reader.GetInt64(12), chargedNotGiven,
                reader.IsDBNull(27) ? null : reader.GetInt64(27), reader.GetBoolean(28)),
            reader.GetInt32(13), reader.GetInt32(14), reader.GetInt64(24), reader.GetString(25));
    }
}
