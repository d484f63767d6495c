using Isf.Contracts.Invoicing;
using Isf.Hosting;
using NodaTime;

namespace Isf.Invoicing.Persistence;

/// <summary>
/// A visit's price as it is kept: what it was worked out from, by which terms, and what is said of it.
/// </summary>
internal sealed record PricedRow(VisitFacts Visit, int TermsVersion, PricedVisit Said);

/// <summary>A visit as it was last priced: the version of that price, and of the terms that gave it.</summary>
internal sealed record LastPriced(VisitFacts Visit, int PriceVersion, int TermsVersion);

/// <summary>The latest price of a visit: its own version, and the version of the visit that it is for.</summary>
internal readonly record struct PriceHead(int Version, int VisitVersion);

/// <summary>The priced visits, written and read set-based.</summary>
internal static class PricedRows
{
    /// <summary>Adds the prices to the commit, in one statement.</summary>
    public static void Add(Session session, IReadOnlyList<PricedRow> priced)
    {
        T[] All<T>(Func<PricedRow, T> of) => [.. priced.Select(of)];
        session.Queue("""
            insert into priced_visits (holder_id, visit_id, version, visit_version, fund_id, line_id, allocation_id,
                terms_version, service, care_on, started_at, ended_at, carers, outcome, answers_minutes, extra_minutes,
                charged_minutes, pence, parts, because)
            select $1, * from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[],
                $9::text[], $10::date[], $11::timestamptz[], $12::timestamptz[], $13::int[], $14::text[], $15::bigint[],
                $16::bigint[], $17::bigint[], $18::bigint[], $19::jsonb[], $20::text[])
            """,
            session.HolderId, All(row => row.Visit.VisitId), All(row => row.Said.Version),
            All(row => row.Visit.Version), All(row => row.Visit.FundId), All(row => row.Visit.LineId),
            All(row => row.Visit.AllocationId), All(row => row.TermsVersion), All(row => row.Visit.Service),
            All(row => row.Visit.CareOn), All(row => row.Visit.Start), All(row => row.Visit.End),
            All(row => row.Visit.Carers), All(row => row.Visit.Outcome),
            All(row => row.Visit.AnswersMinutes), All(row => row.Visit.ExtraMinutes),
            All(row => row.Said.ChargedMinutes), All(row => row.Said.Pence), All(row => Json.Of(row.Said.Parts)),
            All(row => row.Said.Because));
    }

    /// <summary>The latest price of each of these visits that has one.</summary>
    public static async Task<Dictionary<string, PriceHead>> HeadsAsync(
        Session session, IReadOnlyCollection<string> visitIds)
    {
        var rows = await session.RowsAsync("""
            select distinct on (visit_id) visit_id, version, visit_version from priced_visits
            where holder_id = $1 and visit_id = any($2) order by visit_id, version desc
            """, reader => (reader.GetString(0), new PriceHead(reader.GetInt32(1), reader.GetInt32(2))),
            session.HolderId, visitIds);
        return rows.ToDictionary();
    }

    /// <summary>
    /// An allocation's visits from a day on, as last priced, where earlier terms than these priced them.
    /// </summary>
    public static Task<List<LastPriced>> ByEarlierTermsAsync(
        Session session, string allocationId, LocalDate from, int termsVersion) =>
        session.RowsAsync("""
            select * from (
                select distinct on (visit_id) visit_id, visit_version, fund_id, line_id, allocation_id, service,
                    care_on, started_at, ended_at, carers, outcome, answers_minutes, extra_minutes, version,
                    terms_version
                from priced_visits where holder_id = $1 and visit_id in (
                    select visit_id from priced_visits
                    where holder_id = $1 and allocation_id = $2 and care_on >= $3)
                order by visit_id, version desc) latest
            where allocation_id = $2 and care_on >= $3 and terms_version < $4 order by care_on, visit_id
            """, reader => new LastPriced(
                new VisitFacts(
                    reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3),
                    reader.GetString(4), reader.GetString(5), reader.GetLocalDate(6),
                    reader.IsDBNull(7) ? null : reader.GetInstant(7), reader.IsDBNull(8) ? null : reader.GetInstant(8),
                    reader.GetInt32(9), reader.GetString(10), reader.GetInt64(11), reader.GetInt64(12)),
                reader.GetInt32(13), reader.GetInt32(14)),
            session.HolderId, allocationId, from, termsVersion);
}
