using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Posting;

/// <summary>
/// Publishes ReturnedBeyondHeld for funds that returned more money than they held. The message is published for each
/// return or voided receipt that leaves the source's money or the fund's money below zero, and once more, with the new
/// figures, when neither is below zero any more.
/// </summary>
internal static class ReturnedBeyond
{
    /// <summary>
    /// Publishes ReturnedBeyondHeld for the journal just written, if it left the source's money or the fund's money
    /// below zero and <paramref name="isBeyond"/> holds for the money left.
    /// </summary>
    public static async Task FellAsync(
        Session session, Journal journal, string source, Func<Holdings, bool> isBeyond)
    {
        var (fundId, cause) = (journal.Entry.FundId, journal.Entry.Cause);
        var sums = await BooksTable.SumsAsync(session, fundId, CareRange.All.To, long.MaxValue);
        var left = Holdings.Of(sums, source);
        if (!left.IsBelowZero || !isBeyond(left))
            return;
        await ReturnedBeyondTable.AddAsync(session, fundId, source, cause);
        Publish(session, fundId, journal.Position, source, cause, left);
    }

    /// <summary>
    /// Publishes ReturnedBeyondHeld for each source recorded for the fund, if neither that source's money nor the
    /// fund's money is below zero any more.
    /// </summary>
    public static async Task RoseAsync(Session session, string fundId)
    {
        var open = await ReturnedBeyondTable.OfFundAsync(session, fundId);
        if (open.Count == 0)
            return;
        var sums = await BooksTable.SumsAsync(session, fundId, CareRange.All.To, long.MaxValue);
        foreach (var (source, cause, position) in open)
        {
            var left = Holdings.Of(sums, source);
            if (left.IsBelowZero)
                continue;
            await ReturnedBeyondTable.RemoveAsync(session, fundId, source);
            Publish(session, fundId, position, source, cause, left);
        }
    }

    /// <summary>
    /// Does the same for the recorded sources of all of the holder's funds. The method is needed because postings of
    /// care and charges change the money left, but do not look at the recorded sources.
    /// </summary>
    public static async Task RoseAsync(Session session)
    {
        foreach (var fundId in await ReturnedBeyondTable.FundsAsync(session))
            await RoseAsync(session, fundId);
    }

    private static void Publish(
        Session session, string fundId, long position, string source, PostingCause cause, Holdings left) =>
        session.Publish(
            new ReturnedBeyondHeld
            {
                FundId = fundId,
                Position = position,
                Source = source,
                CauseMessage = cause.Message,
                CauseId = cause.Id,
                SourceHeldPence = left.SourcePence,
                FundHeldPence = left.FundPence,
            },
            $"{fundId}/{source}/{position}", fundId);

    /// <summary>
    /// The money in held/{source}, the money held by the fund, and the source's payments less the returns to it; all
    /// in pence.
    /// </summary>
    internal sealed record Holdings(long SourcePence, long FundPence, long PaidInPence)
    {
        public bool IsBelowZero => SourcePence < 0 || FundPence < 0;

        public static Holdings Of(PostingSums sums, string source) => new(
            sums.BalanceOf(Account.Held(source)), sums.BalanceOfKind(Book.Money, "held"),
                -sums.BalanceOf(Account.Outside(source)));
    }
}
