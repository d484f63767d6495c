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
/// Proposes to take back an adjustment that was posted by hand. An adjustment is reversed in full and only once, and
/// the two journals are linked both ways. Journals from upstream are corrected upstream. Nothing is posted until
/// another person approves it (ApproveReversal). Source: api.md, Ledger; design §4, Correct by reversing.
/// </summary>
public static class ReverseAdjustment
{
    /// <summary>Why a reversal is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(404, "There is no such fund.")]
        UnknownFund = 1,

        [Problem(422, "There is no such journal.")]
        UnknownJournal = 2,

        [Problem(422, "A reversal is not reversed.")]
        ReversalOfAReversal = 3,

        [Problem(422, "It came from elsewhere and is corrected there.")]
        CorrectAtSource = 4,

        [Problem(409, "It was reversed before.")]
        AlreadyReversed = 5,

        [Problem(422, "A reversal does not come before what it reverses.")]
        DatedBeforeTheOriginal = 6,

        [Problem(422, "The fund's person is not known.")]
        UnknownPerson = 7,

        [Problem(422, "That day is closed.")]
        PeriodClosed = 8,
    }

    /// <summary>The journal to take back, the day and the reason.</summary>
    public sealed record Request
    {
        /// <summary>The journal of the adjustment to take back.</summary>
        public required Guid JournalId { get; init; }

        /// <summary>The day on which the reversal counts; it is not closed.</summary>
        public required LocalDate EffectiveOn { get; init; }

        /// <summary>The reason in the user's own words, in 1 to 500 characters.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>A reversal, proposed or posted.</summary>
    public sealed record Response
    {
        /// <summary>The id of the reversal.</summary>
        public required string ReversalId { get; init; }

        /// <summary>The fund.</summary>
        public required string FundId { get; init; }

        /// <summary>Either proposed or posted.</summary>
        public required string State { get; init; }

        /// <summary>The journal that it takes back.</summary>
        public required Guid Reverses { get; init; }

        /// <summary>The day on which it counts.</summary>
        public required LocalDate EffectiveOn { get; init; }

        /// <summary>The reason in the user's own words; null once they are erased.</summary>
        public required string? Reason { get; init; }

        /// <summary>The id that its own journal has or will have.</summary>
        public required Guid JournalId { get; init; }

        /// <summary>The position of that journal; null while the reversal is only proposed.</summary>
        public required long? Position { get; init; }

        /// <summary>The hash that binds the journal to the reason without revealing it.</summary>
        public required string Commitment { get; init; }

        /// <summary>The user who proposed it; null if that was before approvals were needed.</summary>
        public required string? ProposedBy { get; init; }

        /// <summary>The user who approved it; null if nobody has.</summary>
        public required string? ApprovedBy { get; init; }

        /// <summary>When it was approved; null if it is not.</summary>
        public required Instant? ApprovedAt { get; init; }
    }

    /// <summary>
    /// A reversal as proposed, with the id that its journal will have; its reason is stored with the personal words. A
    /// reversal from before approvals were needed was posted at once. Such a reversal has the position of its journal
    /// and no proposer; all others have a proposer and no position.
    /// </summary>
    public sealed record AdjustmentReversal(
        string Id, string FundId, Guid JournalId, Guid Reverses, long? Position, LocalDate EffectiveOn,
        string Commitment, string? ProposedBy = null);

    /// <summary>
    /// The entry that an approval would post, if the journal is an adjustment that is not yet reversed, and the
    /// reversal's day is open and not before the adjustment's.
    /// </summary>
    public static Decision<Entry, Refusal> Decide(
        string fundId, string id, Request request, bool isKnown, Journal? original, bool isReversed, string? salt,
        LocalDate? closedTo)
    {
        if (!isKnown)
            return (Refusal.UnknownFund, $"No fund {fundId} is known here, or it is not yours to see.");
        if (original is null)
            return (Refusal.UnknownJournal, $"Fund {fundId} has no journal {request.JournalId}: look at /journalId.");
        var entry = original.Entry;
        if (entry.Kind == PostingRules.AdjustmentReversal)
            return (Refusal.ReversalOfAReversal, "Post a new adjustment where the first was right after all.");
        if (entry.Kind != PostingRules.Adjustment)
        {
            return (Refusal.CorrectAtSource,
                $"It was posted for {entry.Cause.Message} {entry.Cause.Id}. Correct or void that: the books follow.");
        }
        if (isReversed)
            return (Refusal.AlreadyReversed, $"Another reversal took back adjustment {entry.Cause.Id}, whole.");
        if (request.EffectiveOn < entry.EffectiveOn)
        {
            return (Refusal.DatedBeforeTheOriginal,
                $"The adjustment counts from {entry.EffectiveOn:uuuu-MM-dd}: look at /effectiveOn.");
        }
        if (salt is null)
            return (Refusal.UnknownPerson, "Nothing is known of the person to bind the reason to, or it was erased.");
        return request.EffectiveOn <= closedTo
            ? (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed. Date it later; look at /effectiveOn.")
            : PostingRules.AdjustmentReversed(
                original, id, request.EffectiveOn, Commitment.Compute(salt, request.Reason));
    }

    /// <summary>Proposes to take back an adjustment; nothing is posted until another person approves it.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the reversal, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<Request> body, IdempotentPut put,
        Session session, Caller caller, IClock clock, HttpContext http)
    {
        var (request, cause) = (body.Value, "reversal/" + id);
        PostingRequest.CheckReason(request.Reason);
        await AdjustFund.WaitForPersonAsync<AdjustmentReversal>(session, fundId, id);
        Approval? approval = null;
        var response = await put.CreateAsync<AdjustmentReversal, Refusal, Response>(session, id, [],
            same: async stored =>
            {
                approval = await session.LoadAsync<Approval>(cause);
                return stored.FundId == fundId && stored.Reverses == request.JournalId
                    && stored.EffectiveOn == request.EffectiveOn && AdjustFund.IsSame(
                        stored.Commitment, await AdjustFund.SaltAsync(session, fundId), request.Reason);
            },
            decide: async () =>
            {
                var salt = await AdjustFund.SaltAsync(session, fundId);
                var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
                await AdjustFund.WhileHeldAsync(session, fundId, request.EffectiveOn);
                var (original, isReversed) = await FindAsync(session, batch, fundId, request.JournalId);
                var decided = Decide(fundId, id, request, batch.UnknownFund is null, original, isReversed, salt,
                    batch.ClosedTo);
                return decided.Then<AdjustmentReversal>(entry =>
                {
                    var journalId = JournalId.From(session.HolderId, fundId, entry.Kind, entry.Cause);
                    PersonalTextTable.Save(session, fundId, journalId, request.Reason);
                    return new AdjustmentReversal(id, fundId, journalId, request.JournalId, null, request.EffectiveOn,
                        entry.Commitment!, caller.User);
                });
            },
            publish: stored => AdjustFund.NameFact(session, cause, approval?.Position ?? stored.Position),
            show: stored => ToJson(stored, approval, request.Reason));
        Approval.Tag(http, approval);
        return response;
    }

    /// <summary>Shows a reversal, proposed or posted.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the reversal.</param>
    public static async Task<ShowResult<Response>> GetAsync(string fundId, string id, Session session, HttpContext http)
    {
        var stored = await session.LoadAsync<AdjustmentReversal>(id);
        if (stored?.FundId != fundId)
            throw ProblemException.For(ApproveReversal.Refusal.UnknownReversal, $"Fund {fundId} has no reversal {id}.");
        var approval = await session.LoadAsync<Approval>("reversal/" + id);
        var reason = await PersonalTextTable.OfAsync(session, fundId, stored.JournalId);
        return IdempotentPut.Show(http, Approval.VersionOf(approval), ToJson(stored, approval, reason));
    }

    internal static Response ToJson(AdjustmentReversal stored, Approval? approval, string? reason)
    {
        var position = approval?.Position ?? stored.Position;
        return new Response
        {
            ReversalId = stored.Id,
            FundId = stored.FundId,
            State = Approval.StateOf(position),
            Reverses = stored.Reverses,
            EffectiveOn = stored.EffectiveOn,
            Reason = reason,
            JournalId = stored.JournalId,
            Position = position,
            Commitment = stored.Commitment,
            ProposedBy = stored.ProposedBy,
            ApprovedBy = approval?.ApprovedBy,
            ApprovedAt = approval?.ApprovedAt,
        };
    }

    /// <summary>
    /// The journal to take back (null if the fund has no such journal), and whether another journal already reversed
    /// it. The fund's head is locked, so the second of two simultaneous approvals finds the reversal that the first
    /// posted.
    /// </summary>
    internal static async Task<(Journal? Original, bool IsReversed)> FindAsync(
        Session session, PostingBatch batch, string fundId, Guid? journalId)
    {
        if (journalId is not { } id)
            return (null, false);
        await batch.LoadExistingAsync([(fundId, id)]);
        var reversals = await PersonalTextTable.ReversalsAsync(session, fundId, [id], long.MaxValue);
        return (batch.Find(id), reversals.Count > 0);
    }
}
