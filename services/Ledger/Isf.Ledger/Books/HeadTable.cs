using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Books;

/// <summary>
/// A fund's books, locked for posting: the end of its journal, the amounts left, and three days that may be null.
/// These are the holder's last closed day, the fund's last day, and the last day whose postings change the fund's
/// attribution.
/// </summary>
internal sealed record LockedBooks(
    Head Head, FundLeft Left, LocalDate? ClosedTo, LocalDate? ClosedOn, LocalDate? AttributedTo);

/// <summary>
/// The heads of the funds' books. A head holds the end of a fund's journal; JournalTable updates it when it writes
/// journals.
/// </summary>
internal static class HeadTable
{
    /// <summary>
    /// Locks the heads of the given funds until the commit, in the order of the funds' ids, and returns their books; a
    /// fund without books is left out. No period of the holder closes before the commit.
    /// </summary>
    public static Task<List<LockedBooks>> OpenAsync(Session session, string[] fundIds) => session.RowsAsync(
        "select * from open_books(current_setting('isf.holder'), $1)",
        (HeadRow row) => new LockedBooks(
            new Head(session.HolderId, row.FundId, row.HeadPosition, row.Hash, row.RecordedAt),
            new FundLeft(row.HeldPence, row.Promised), row.ClosedTo, row.ClosedOn, row.LaidTo),
        fundIds);

    /// <summary>Adds a fund's books with the session's commit, without a journal and with 0 pence.</summary>
    public static void Add(Session session, Head head) =>
        session.Queue(
            """
            insert into heads (fund_id, position, hash, recorded_at, held_pence)
            values ($1, $2, $3, $4, 0)
            """,
            head.FundId, head.Position, head.Hash.ToArray(), head.RecordedAt);

    /// <summary>Writes the fund's last day to its head now, in this transaction.</summary>
    public static Task CloseAsync(Session session, string fundId, LocalDate closedOn) => session.ExecuteAsync(
        "update heads set closed_on = $2 where fund_id = $1", fundId, closedOn);

    /// <summary>
    /// Writes to the fund's head, with the session's commit, the last day whose postings change the fund's
    /// attribution; null if nothing is attributed.
    /// </summary>
    public static void SaveAttributedTo(Session session, string fundId, LocalDate? to) => session.Queue(
        "update heads set laid_to = $2 where fund_id = $1", fundId, to);

    /// <summary>The ids of the holder's funds that have books, in order.</summary>
    public static Task<List<string>> FundsAsync(Session session) => session.RowsAsync<string>(
        "select fund_id from heads order by fund_id");

    /// <summary>
    /// The last position of each given fund, the hash of its last journal, and the balance of each account up to the
    /// given day; accounts at zero are left out. One statement reads them, so that a fund's position and its balances
    /// are of the same moment.
    /// </summary>
    public static async Task<IReadOnlyList<StatedFund>> StatedAsync(Session session, string[] funds, LocalDate upTo)
    {
        var rows = await session.RowsAsync<(
            string FundId, long Position, byte[] Hash, short? Book, string? Place, long? Amount)>(
            """
            select h.fund_id, h.position, h.hash, b.book, b.place, b.amount
            from heads h left join lateral (
              select f.book, e.place, sum(e.amount)::bigint as amount
              from flows_at(h.holder_id, h.fund_id, $2, h.position) f,
                lateral (values (f.to_place, f.amount), (f.from_place, -f.amount)) e(place, amount)
              group by 1, 2 having sum(e.amount) <> 0) b on true
            where h.fund_id = any($1) order by h.fund_id, b.book, b.place
            """,
            funds, upTo);
        return
        [
            .. rows.GroupBy(row => row.FundId).Select(fund => new StatedFund(
                fund.Key, fund.First().Position, Convert.ToHexStringLower(fund.First().Hash),
                [
                    .. fund.Where(row => row.Book is not null).Select(row => new StatedBalance(
                        ((Book)row.Book!.Value).WireName(), row.Place!, row.Amount!.Value)),
                ])),
        ];
    }

    private sealed record HeadRow(
        string FundId, long HeadPosition, ReadOnlyMemory<byte> Hash, Instant RecordedAt, long HeldPence,
        LocalDate? ClosedTo, LocalDate? ClosedOn, LocalDate? LaidTo)
    {
        public required Dictionary<string, long> Promised { get; init; }
    }
}
