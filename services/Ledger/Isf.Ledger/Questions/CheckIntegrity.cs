using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Domain;
using Isf.Ledger.Periods;
using Isf.Ledger.Posting;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Questions;

/// <summary>
/// Computes a fund's chain of hashes again from its first journal and reports whether the chain is whole, or else the
/// first position that does not hold. An edited field, an added or removed journal or move, and a head that does not
/// match the journal's end are all found (design §4). Every closing of the fund is rebuilt from its moves; closings
/// that differ are named by their last day.
/// </summary>
public static class CheckIntegrity
{
    /// <summary>Whether a fund's chain of hashes and its closings hold.</summary>
    /// <param name="FundId">The fund.</param>
    /// <param name="Position">The position up to which the journal was checked.</param>
    /// <param name="Whole">Whether the chain of hashes is whole.</param>
    /// <param name="FirstBadPosition">The first position that does not hold; null if the chain is whole.</param>
    /// <param name="WrongClosings">The last days of the closings that are not the sums of their moves.</param>
    public sealed record Response(
        string FundId, long Position, bool Whole, long? FirstBadPosition, IReadOnlyList<LocalDate> WrongClosings);

    /// <summary>Computes a fund's chain of hashes again, and says whether it is whole.</summary>
    /// <param name="fundId">The fund.</param>
    public static async Task<ShowResult<Response>> GetAsync(
        string fundId, AsAtQuery asAt, Caller caller, Session session, HttpContext http)
    {
        var fund = await asAt.FundAsync(session, caller, fundId);
        var bad = await FirstBadAsync(session, fundId);
        var wrong = await PeriodClosingTable.WrongAsync(session, [fundId], all: true);
        return IdempotentPut.Show(http, checked((int)fund.Position), new Response(
            fundId, fund.Position, bad is null, bad, [.. wrong.Select(closing => closing.To)]));
    }

    /// <summary>The first position that does not hold; null if all hold.</summary>
    public static async Task<long?> FirstBadAsync(Session session, string fundId)
    {
        // The head is read first, so journals that are posted meanwhile come after it and are not checked.
        var found = await CheckedBooksTable.HeadAsync(session, fundId);
        var stored = found.Head;
        var head = Head.New(session.HolderId, fundId);
        var left = new FundLeft();
        while (await CheckedBooksTable.AfterAsync(session, fundId, head.Position, stored.Position)
            is { Count: > 0 } some)
        {
            foreach (var (position, journal) in some)
            {
                if (position != head.Position + 1 || journal is null || !HashChain.Holds(head, journal))
                    return head.Position + 1;
                head = head.After(journal);
                left.Add(journal.Entry);
            }
        }
        if (head.Position != stored.Position)
            return head.Position + 1;
        var whole = head.Hash.Span.SequenceEqual(stored.Hash.Span) && head.RecordedAt == stored.RecordedAt
            && left.IsSameAs(found.Left) && await EndsHoldAsync(session, found);
        return whole ? await CheckedBooksTable.StrayAsync(session, fundId, stored.Position)
            : Math.Max(1, head.Position);
    }

    // Whether the fund's last day and the last day of its attribution, as the head holds them, match its closure and
    // agreements.
    private static async Task<bool> EndsHoldAsync(Session session, CheckedHead head)
    {
        var terms = await AgreementTable.TermsAsync(session, head.Head.FundId, long.MaxValue);
        return head.ClosedOn == terms.Closed?.On && head.AttributedTo == SourceAttribution.LastDay(terms);
    }
}
