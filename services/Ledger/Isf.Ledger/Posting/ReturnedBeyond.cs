using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Posting;

/// <summary>
/// Funds that returned more money than they held. Each fall below zero is published, with the money of the source and
/// of the fund; once neither is below zero any more, the same message says so.
/// </summary>
internal static class ReturnedBeyond
{
    /// <summary>Publishes that the journal just written left the source or the fund below zero, if it did.</summary>
    public static async Task FellAsync(
        Session session, Journal journal, string source, Func<Holdings, bool> isBeyond)
    {
        var (fundId, cause) = (journal.Entry.FundId, journal.Entry.Cause);
        var sums = await BooksTable.SumsAsync(session, fundId, CareRange.All.To, long.MaxValue);
        var left = Holdings.Of(sums, source);
        if (!left.IsBelowZero || !isBeyond(left))
            return;
        await session.ExecuteAsync(
            """
            insert into returned_beyond (holder_id, fund_id, source, cause_message, cause_id)
            values ($1, $2, $3, $4, $5) on conflict do nothing
            """,
            session.HolderId, fundId, source, cause.Message, cause.Id);
        Say(session, fundId, journal.Position, source, cause, left);
    }

    /// <summary>Publishes, source by source, that neither the source nor the fund is below zero any more.</summary>
    public static async Task RoseAsync(Session session, string fundId)
    {
        var open = await session.RowsAsync(
            """
            select r.source, r.cause_message, r.cause_id, h.position from returned_beyond r
            join heads h on h.fund_id = r.fund_id and h.holder_id = r.holder_id
            where r.fund_id = $1 and r.holder_id = $2 order by r.source
            """,
            row => (Source: row.GetString(0), Cause: new PostingCause(row.GetString(1), row.GetString(2)),
                Position: row.GetInt64(3)),
            fundId, session.HolderId);
        if (open.Count == 0)
            return;
        var sums = await BooksTable.SumsAsync(session, fundId, CareRange.All.To, long.MaxValue);
        foreach (var (source, cause, position) in open)
        {
            var left = Holdings.Of(sums, source);
            if (left.IsBelowZero)
                continue;
            await session.ExecuteAsync(
                "delete from returned_beyond where fund_id = $1 and holder_id = $2 and source = $3",
                fundId, session.HolderId, source);
            Say(session, fundId, position, source, cause, left);
        }
    }

    /// <summary>The same for every fund of the holder, because care and charges change balances too.</summary>
    public static async Task RoseAsync(Session session)
    {
        var funds = await session.RowsAsync(
            "select distinct fund_id from returned_beyond where holder_id = $1 order by 1",
            row => row.GetString(0), session.HolderId);
        foreach (var fundId in funds)
            await RoseAsync(session, fundId);
    }

    private static void Say(
        Session session, string fundId, long position, string source, PostingCause cause, Holdings left) =>
        session.Publish(
            new ReturnedBeyondHeld
            {
                HolderId = session.HolderId,
                FundId = fundId,
                Position = position,
                Source = source,
                CauseMessage = cause.Message,
                CauseId = cause.Id,
                SourceHeldPence = left.SourcePence,
                FundHeldPence = left.FundPence,
            },
            $"{fundId}/{source}/{position}", fundId);

    /// <summary>The money of a source's account and of the fund, and the source's payments in less returns.</summary>
    internal sealed record Holdings(long SourcePence, long FundPence, long PaidInPence)
    {
        public bool IsBelowZero => SourcePence < 0 || FundPence < 0;

        public static Holdings Of(PostingSums sums, string source) => new(
            sums.BalanceOf(Account.Held(source)), sums.BalanceOfKind(Book.Money, "held"),
                -sums.BalanceOf(Account.Outside(source)));
    }
}
