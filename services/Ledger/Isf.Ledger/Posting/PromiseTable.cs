using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Posting;

/// <summary>
/// Stores every version of each budget and allocation, the day up to which each is posted, and the day on which its
/// next year is due.
/// </summary>
internal static class PromiseTable
{
    /// <summary>
    /// The versions of a budget or allocation in order, and the day up to which it is posted; the day is null if there
    /// is no version yet.
    /// </summary>
    public static async Task<(List<PromiseTerms> Versions, LocalDate? PostedTo)> VersionsAsync(
        Session session, string fundId, PromiseKind kind, string id)
    {
        var rows = await session.RowsAsync<(PromiseTerms Terms, LocalDate To)>(
            """
            select p.terms, d.posted_to from promises p
            join promises_posted d using (fund_id, holder_id, kind, promise_id)
            where p.fund_id = $1 and p.kind = $2 and p.promise_id = $3 order by p.version
            """,
            fundId, (short)kind, id);
        return ([.. rows.Select(row => row.Terms)], rows.Count == 0 ? null : rows[0].To);
    }

    /// <summary>Every version of the fund's budgets, as known at a position.</summary>
    public static Task<List<BudgetVersion>> BudgetsAsync(Session session, string fundId, long position) =>
        session.RowsAsync(
            """
            select effective_on, terms from promises
            where fund_id = $1 and kind = 1 and position <= $2 order by promise_id, version
            """,
            ((LocalDate EffectiveOn, PromiseTerms Terms) row) => new BudgetVersion(row.EffectiveOn, row.Terms),
            fundId, position);

    /// <summary>
    /// The holder's budgets and allocations whose next year is due by the given day. They are in order of their funds'
    /// ids, because every posting locks the heads in that order.
    /// </summary>
    public static Task<List<(string FundId, PromiseKind Kind, string Id)>> DueAsync(Session session, LocalDate by) =>
        session.RowsAsync(
            """
            select fund_id, kind, promise_id from promises_posted where next_due_on <= $1
            order by fund_id, kind, promise_id
            """,
            ((string FundId, short Kind, string Id) row) => (row.FundId, (PromiseKind)row.Kind, row.Id), by);

    /// <summary>
    /// All budgets and allocations of a fund; the allocations come before the budgets from which they are promised.
    /// </summary>
    public static Task<List<(PromiseKind Kind, string Id)>> OfFundAsync(Session session, string fundId) =>
        session.RowsAsync(
            "select kind, promise_id from promises_posted where fund_id = $1 order by kind desc, 2",
            ((short Kind, string Id) row) => ((PromiseKind)row.Kind, row.Id), fundId);

    /// <summary>
    /// Stores a version now, in this transaction, with the day on which it counts and the position of the journal for
    /// that day.
    /// </summary>
    public static Task AddAsync(
        Session session, string fundId, PromiseTerms terms, LocalDate effectiveOn, long position) =>
        session.ExecuteAsync(
            """
            insert into promises (fund_id, kind, promise_id, version, effective_on, position, terms)
            values ($1, $2, $3, $4, $5, $6, $7)
            """,
            fundId, (short)terms.Kind, terms.Id, terms.Version, effectiveOn, position,
            Json.From(terms));

    /// <summary>
    /// Stores, with the session's commit, the day up to which a promise is posted and the day on which its next year
    /// is due.
    /// </summary>
    public static void SavePosted(Session session, string fundId, PromiseTerms terms, LocalDate horizon) =>
        session.Queue(
            """
            insert into promises_posted (fund_id, kind, promise_id, posted_to, next_due_on)
            values ($1, $2, $3, $4, $5)
            on conflict (fund_id, holder_id, kind, promise_id)
                do update set posted_to = excluded.posted_to, next_due_on = excluded.next_due_on
            """,
            fundId, (short)terms.Kind, terms.Id, horizon, terms.NextAfter(horizon));
}
