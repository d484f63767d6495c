using System.Collections.Immutable;
using Isf.Hosting.Data;
using Isf.Measures;
using Isf.Support.Domain;
using Marten;
using NodaTime;

namespace Isf.Support.Delivery;

/// <summary>
/// Loads Support's own copies of funds, many at once. Reads and saves the days published for these funds.
/// </summary>
internal static class FundTable
{
    /// <summary>The key of the lock that every change to one fund's plans and visits takes.</summary>
    public static string Lock(string fundId) => "fund/" + fundId;

    /// <summary>
    /// The known funds among these ids, each with its plans and allocations; the funds in withTerms also have their
    /// terms about care that is not given.
    /// </summary>
    public static async Task<Dictionary<string, FundCare>> CareAsync(
        Session session, string[] fundIds, IReadOnlyCollection<string>? withTerms = null)
    {
        var funds = await session.LoadManyAsync<Fund>(fundIds);
        var plans = (await session.Query<Plan>().Where(plan => plan.FundId.IsOneOf(fundIds))
            .OrderBy(plan => plan.Id).ToListAsync()).ToLookup(plan => plan.FundId);
        var allocations = (await session.Query<Allocation>().Where(allocation => allocation.FundId.IsOneOf(fundIds))
            .OrderBy(allocation => allocation.Id).ToListAsync()).ToLookup(allocation => allocation.FundId);
        var terms = await TermsAsync(session, [.. withTerms ?? []]);
        return funds.ToDictionary(fund => fund.Id, fund =>
        {
            var ofFund = Allocation.ById(allocations[fund.Id]);
            return new FundCare(fund.Id, fund.OpensOn, new FundPlans(plans[fund.Id], ofFund, fund.End?.On), ofFund,
                fund.End)
            {
                Terms = terms.GetValueOrDefault(fund.Id, CareTerms.None),
            };
        });
    }

    private static async Task<Dictionary<string, CareTerms>> TermsAsync(Session session, string[] fundIds)
    {
        if (fundIds.Length == 0)
            return [];
        var agreements = (await session.LoadManyAsync<Agreement>(fundIds)).ToDictionary(agreement => agreement.Id);
        var prices = (await session.Query<AgreedPrices>().Where(list => list.FundId.IsOneOf(fundIds)).ToListAsync())
            .ToLookup(list => list.FundId);
        var absences = (await session.Query<Absence>().Where(absence => absence.FundId.IsOneOf(fundIds))
            .OrderBy(absence => absence.Id).ToListAsync()).ToLookup(absence => absence.FundId);
        return fundIds.ToDictionary(id => id, id => new CareTerms(agreements.GetValueOrDefault(id),
            prices[id].ToDictionary(list => list.Id, StringComparer.Ordinal), [.. absences[id]]));
    }

    /// <summary>The published days of a fund in a range.</summary>
    public static Task<List<AnnouncedDay>> AnnouncedAsync(Session session, string fundId,
        CarePeriod range) => session.RowsAsync(
        """
        select on_day, revision, lines, minutes from planned_day
        where fund_id = $1 and on_day between $2 and $3
        """,
        ((LocalDate On, int Revision, string[] Lines, long[] Minutes) row) => new AnnouncedDay(
            row.On, row.Revision, row.Lines.Zip(row.Minutes, KeyValuePair.Create)
                .ToImmutableSortedDictionary(StringComparer.Ordinal)),
        fundId, range.From, range.To!.Value);

    /// <summary>Saves the newly published days of a fund with the next commit.</summary>
    public static void SaveAnnounced(Session session, string fundId, IReadOnlyList<AnnouncedDay> days)
    {
        // Each day is saved by a statement of its own, because PostgreSQL's arrays of arrays do not allow days with
        // different numbers of lines.
        foreach (var day in days)
        {
            session.Queue("""
                insert into planned_day (fund_id, on_day, revision, lines, minutes)
                values ($1, $2, $3, $4, $5)
                on conflict (holder_id, fund_id, on_day) do update
                set revision = excluded.revision, lines = excluded.lines, minutes = excluded.minutes
                """,
                fundId, day.On, day.Revision, day.Lines.Keys.ToArray(), day.Lines.Values.ToArray());
        }
    }

    /// <summary>
    /// Clears the published minutes of a fund after its last day; the Ledger takes those minutes back itself.
    /// </summary>
    public static void DropAnnouncedBehind(Session session, string fundId, LocalDate last) => session.Queue("""
        update planned_day set lines = '{}', minutes = '{}' where fund_id = $1 and on_day > $2
        """, fundId, last);

    /// <summary>The last published day of the fund, or null if none was published.</summary>
    public static async Task<LocalDate?> PlannedToAsync(Session session, string fundId) =>
        (await session.RowsAsync<LocalDate?>(
            "select planned_to from plan_horizon where fund_id = $1", fundId)).SingleOrDefault();

    /// <summary>Saves the last published day of the fund with the next commit.</summary>
    public static void SavePlannedTo(Session session, string fundId, LocalDate to) => session.Queue("""
        insert into plan_horizon (fund_id, planned_to) values ($1, $2)
        on conflict (holder_id, fund_id) do update set planned_to = excluded.planned_to
        """, fundId, to);

    /// <summary>The funds whose published days end before a day, at most this many, in order of id.</summary>
    public static Task<List<string>> DueAsync(Session session, LocalDate before, int max) => session.RowsAsync<string>(
        "select fund_id from plan_horizon where planned_to < $1 order by fund_id limit $2",
        before, max);
}
