using Isf.Hosting.Data;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Posting;

/// <summary>
/// Records the sources of funds for which a return, or a voided receipt, left the source's or the fund's money below
/// zero.
/// </summary>
internal static class ReturnedBeyondTable
{
    /// <summary>
    /// Records the source now, in this transaction, with the cause (a return or a voided receipt) that left the
    /// source's or the fund's money below zero. A source that is recorded already keeps its first cause.
    /// </summary>
    public static Task AddAsync(Session session, string fundId, string source, PostingCause cause) =>
        session.ExecuteAsync(
            """
            insert into returned_beyond (fund_id, source, cause_message, cause_id)
            values ($1, $2, $3, $4) on conflict do nothing
            """,
            fundId, source, cause.Message, cause.Id);

    /// <summary>The fund's recorded sources, with the cause of each and the last position of the fund.</summary>
    public static Task<List<(string Source, PostingCause Cause, long Position)>> OfFundAsync(
        Session session, string fundId) =>
        session.RowsAsync(
            """
            select r.source, r.cause_message, r.cause_id, h.position from returned_beyond r
            join heads h on h.fund_id = r.fund_id and h.holder_id = r.holder_id
            where r.fund_id = $1 order by r.source
            """,
            ((string Source, string CauseMessage, string CauseId, long Position) row) =>
                (row.Source, new PostingCause(row.CauseMessage, row.CauseId), row.Position),
            fundId);

    /// <summary>The holder's funds with a recorded source, by id.</summary>
    public static Task<List<string>> FundsAsync(Session session) => session.RowsAsync<string>(
        "select distinct fund_id from returned_beyond order by 1");

    /// <summary>Removes a recorded source now, in this transaction.</summary>
    public static Task RemoveAsync(Session session, string fundId, string source) => session.ExecuteAsync(
        "delete from returned_beyond where fund_id = $1 and source = $2",
        fundId, source);
}
