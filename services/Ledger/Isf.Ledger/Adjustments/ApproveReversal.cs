using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Ledger.Posting;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Adjustments;

/// <summary>
/// Posts a reversal that another person proposed. If several reversals of one adjustment are proposed, only the first
/// that is approved is posted. Publishes JournalsPosted. Source: api.md, Ledger.
/// </summary>
public static class ApproveReversal
{
    /// <summary>Why an approval is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such reversal.")]
        UnknownReversal = 1,

        [Problem(403, "Another person than who proposed it approves it.")]
        SamePerson = 2,

        [Problem(409, "It was reversed before.")]
        AlreadyReversed = 3,

        [Problem(422, "That day is closed.")]
        PeriodClosed = 4,

        [Problem(422, "The day is too late.")]
        DayTooLate = 5,
    }

    /// <summary>
    /// The entry to post. The approval is refused if the approver proposed the reversal, if another reversal took the
    /// adjustment back, or if the reversal's day is closed or after the fund's last day. Only the proposer is checked
    /// again if the reversal is posted already.
    /// </summary>
    public static Decision<Entry, Refusal> Decide(
        string fundId, string id, ReverseAdjustment.AdjustmentReversal? proposed, string user, bool isPosted,
        Journal? original, bool isReversed, LocalDate? closedTo, LocalDate? closedOn)
    {
        if (proposed is null || original is null || proposed.FundId != fundId)
            return (Refusal.UnknownReversal, $"Fund {fundId} has no reversal {id}: propose it first with PUT.");
        if (proposed.ProposedBy == user)
            return (Refusal.SamePerson, "You proposed it: ask a colleague to look at it and approve it.");
        if (!isPosted && isReversed)
        {
            return (Refusal.AlreadyReversed,
                $"Another reversal took back adjustment {original.Entry.Cause.Id} in the meantime, whole.");
        }
        if (!isPosted && proposed.EffectiveOn <= closedTo)
        {
            return (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed by now. Propose it again for a later day.");
        }
        if (!isPosted && proposed.EffectiveOn > closedOn)
            return (Refusal.DayTooLate, AdjustFund.ClosedSince(closedOn.Value));
        return PostingRules.AdjustmentReversed(original, id, proposed.EffectiveOn, proposed.Commitment);
    }

    /// <summary>Approves and posts a reversal that another person proposed.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the reversal.</param>
    public static async Task<ShowResult<ReverseAdjustment.Response>> PostAsync(
        string fundId, string id, Session session, Caller caller, IClock clock, HttpContext http)
    {
        var cause = "reversal/" + id;
        await session.LockAsync(LockKey.Document<ReverseAdjustment.AdjustmentReversal>(id));
        var proposed = await session.LoadAsync<ReverseAdjustment.AdjustmentReversal>(id);
        var approval = await session.LoadAsync<Approval>(cause);
        var isPosted = approval is not null || proposed?.Position is not null;
        var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
        var (original, isReversed) = await ReverseAdjustment.FindAsync(session, batch, fundId, proposed?.Reverses);
        var (_, closedOn) = await BooksTable.DaysAsync(session, fundId);
        var entry = Decide(fundId, id, proposed, caller.User, isPosted, original, isReversed, batch.ClosedTo, closedOn)
            .OrRefuse();
        var reason = await PersonalTextTable.OfAsync(session, fundId, proposed!.JournalId);
        if (isPosted)
        {
            PostingBatch.NameFactAgain(session, cause);
        }
        else
        {
            var journal = batch.Post(entry);
            await batch.CompleteAsync(cause);
            approval = new Approval(cause, fundId, caller.User, clock.GetCurrentInstant(), journal.Position);
            session.Insert(approval);
            await session.SaveChangesAsync();
        }
        await session.NameFactAsync(http);
        return IdempotentPut.Show(
            http, Approval.VersionOf(approval), ReverseAdjustment.ToJson(proposed, approval, reason));
    }
}
