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
/// Posts an adjustment that another person proposed, so that nobody moves money by hand alone. Publishes
/// JournalsPosted. Source: api.md, Ledger.
/// </summary>
public static class ApproveAdjustment
{
    /// <summary>Why an approval is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such adjustment.")]
        UnknownAdjustment = 1,

        [Problem(403, "Another person than who proposed it approves it.")]
        SamePerson = 2,

        [Problem(422, "That day is closed.")]
        PeriodClosed = 3,

        [Problem(422, "The day is too late.")]
        DayTooLate = 4,
    }

    /// <summary>
    /// The entry to post. The approval is refused if the approver proposed the adjustment, or if the adjustment's day
    /// is closed or after the fund's last day. The day is not checked again if the adjustment is posted already.
    /// </summary>
    public static Decision<Entry, Refusal> Decide(string fundId, string id, AdjustFund.Adjustment? proposed,
        string user, bool isPosted, LocalDate? closedTo, LocalDate? closedOn)
    {
        if (proposed is null || proposed.FundId != fundId)
            return (Refusal.UnknownAdjustment, $"Fund {fundId} has no adjustment {id}: propose it first with PUT.");
        if (proposed.ProposedBy == user)
            return (Refusal.SamePerson, "You proposed it: ask a colleague to look at it and approve it.");
        if (!isPosted && proposed.EffectiveOn <= closedTo)
        {
            return (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed by now. Propose it again for a later day.");
        }
        if (!isPosted && proposed.EffectiveOn > closedOn)
            return (Refusal.DayTooLate, AdjustFund.ClosedSince(closedOn.Value));
        return PostingRules.Adjusted(
            fundId, id, proposed.EffectiveOn, PostingRequest.MovesOf(proposed.Moves), proposed.Commitment);
    }

    /// <summary>Approves and posts an adjustment that another person proposed.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the adjustment.</param>
    public static async Task<ShowResult<AdjustFund.Response>> PostAsync(
        string fundId, string id, Session session, Caller caller, IClock clock, HttpContext http)
    {
        var cause = "adjustment/" + id;
        await session.LockAsync(LockKey.Document<AdjustFund.Adjustment>(id));
        var proposed = await session.LoadAsync<AdjustFund.Adjustment>(id);
        var approval = await session.LoadAsync<Approval>(cause);
        var isPosted = approval is not null || proposed?.Position is not null;
        var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
        var (_, closedOn) = await BooksTable.DaysAsync(session, fundId);
        var entry = Decide(fundId, id, proposed, caller.User, isPosted, batch.ClosedTo, closedOn).OrRefuse();
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
        return IdempotentPut.Show(http, Approval.VersionOf(approval), AdjustFund.ToJson(proposed, approval, reason));
    }
}
