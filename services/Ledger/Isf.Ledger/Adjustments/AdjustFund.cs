using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Ledger.Posting;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Adjustments;

/// <summary>
/// Proposes an adjustment by hand. No fact from upstream causes its moves, which are between accounts that the fund
/// knows and count on an open day. The adjuster's own words for the reason are stored outside the journal, so that
/// they can be erased; the journal will hold a commitment to them. Nothing is posted until another person approves the
/// adjustment (ApproveAdjustment). Source: api.md, Ledger; design §4.
/// </summary>
public static class AdjustFund
{
    /// <summary>Why an adjustment is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Problem(400, "A move names a place that is none.")]
        BadPlace = 1,

        [Problem(404, "There is no such fund.")]
        UnknownFund = 2,

        [Problem(422, "The fund's person is not known.")]
        UnknownPerson = 3,

        [Problem(422, "That day is closed.")]
        PeriodClosed = 4,

        [Problem(422, "The fund knows no such provider, allocation, line or reason.")]
        UnknownAccount = 5,
    }

    /// <summary>The moves, their day and the reason.</summary>
    public sealed record Request
    {
        /// <summary>The day on which the moves count; it is not closed.</summary>
        public required LocalDate EffectiveOn { get; init; }

        /// <summary>1 to 100 moves.</summary>
        public required IReadOnlyList<RequestedMove> Moves { get; init; }

        /// <summary>The adjuster's own words for the reason, in 1 to 500 characters.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>An adjustment, proposed or posted.</summary>
    public sealed record Response
    {
        /// <summary>The id of the adjustment.</summary>
        public required string AdjustmentId { get; init; }

        /// <summary>The fund.</summary>
        public required string FundId { get; init; }

        /// <summary>Either proposed or posted.</summary>
        public required string State { get; init; }

        /// <summary>The day on which the moves count.</summary>
        public required LocalDate EffectiveOn { get; init; }

        /// <summary>The moves.</summary>
        public required IReadOnlyList<RequestedMove> Moves { get; init; }

        /// <summary>The reason in the adjuster's own words; null once they are erased.</summary>
        public required string? Reason { get; init; }

        /// <summary>The id that the journal has or will have.</summary>
        public required Guid JournalId { get; init; }

        /// <summary>The position of the journal; null while the adjustment is only proposed.</summary>
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
    /// An adjustment as proposed, with the id that its journal will have; its reason is stored with the personal
    /// words. An adjustment from before approvals were needed was posted at once. Such an adjustment has the position
    /// of its journal and no proposer; all others have a proposer and no position.
    /// </summary>
    public sealed record Adjustment(
        string Id, string FundId, Guid JournalId, long? Position, LocalDate EffectiveOn,
        IReadOnlyList<RequestedMove> Moves, string Commitment, string? ProposedBy = null);

    /// <summary>
    /// The entry that an approval would post, if the books are open on its day and the fund knows the accounts. Every
    /// refusal also names the unknown accounts. <paramref name="salt"/> is the salt of the fund's person; null if it is
    /// not known.
    /// </summary>
    public static Decision<Entry, Refusal> Decide(string fundId, string id, Request request, PostingRequest read,
        bool isKnown, string? salt, LocalDate? closedTo, IReadOnlyList<Account> unknown)
    {
        if (Readable(read) is { Refusal: not null } bad)
            return bad.Refused<Entry>();
        var errors = FaultsOf(read, unknown).ToArray();
        if (!isKnown)
            return (Refusal.UnknownFund, $"No fund {fundId} is known here, or it is not yours to see.", errors);
        if (salt is null)
        {
            return (Refusal.UnknownPerson, "Nothing is known of the person to bind the reason to, or it was erased.",
                errors);
        }
        if (request.EffectiveOn <= closedTo)
        {
            return (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed. Date it later; look at /effectiveOn.", errors);
        }
        return unknown.Count > 0
            ? (Refusal.UnknownAccount, string.Join(" ", errors.Select(error => $"{error.Pointer}: {error.Detail}")),
                errors)
            : PostingRules.Adjusted(
                fundId, id, request.EffectiveOn, read.Moves, Commitment.Compute(salt, request.Reason));
    }

    /// <summary>Proposes an adjustment by hand; nothing is posted until another person approves it.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the adjustment, which the caller chooses.</param>
    public static async Task<PutResult<Response>> PutAsync(
        string fundId, string id, JsonBody<Request> body, IdempotentPut put,
        Session session, Caller caller, IClock clock, HttpContext http)
    {
        var (request, cause) = (body.Value, "adjustment/" + id);
        var read = Readable(PostingRequest.Parse(request.Moves, request.Reason)).OrRefuse();
        await WaitForPersonAsync<Adjustment>(session, fundId, id);
        Account[] accounts = [.. read.Accounts.Select(account => account.Account)];
        await FundAccounts.WaitForAsync<Adjustment>(session, fundId, id, accounts);
        Approval? approval = null;
        var response = await put.CreateAsync<Adjustment, Refusal, Response>(session, id, [],
            same: async stored =>
            {
                approval = await session.LoadAsync<Approval>(cause);
                return stored.FundId == fundId && stored.EffectiveOn == request.EffectiveOn
                    && JsonEquality.AreEqual(stored.Moves, request.Moves)
                    && IsSame(stored.Commitment, await SaltAsync(session, fundId), request.Reason);
            },
            decide: async () =>
            {
                var salt = await SaltAsync(session, fundId);
                var batch = await PostingBatch.BeginAsync(session, clock, [fundId]);
                await WhileHeldAsync(session, fundId, request.EffectiveOn);
                var unknown = await FundAccounts.UnknownAsync(session, fundId, accounts);
                return Decide(fundId, id, request, read, batch.UnknownFund is null, salt, batch.ClosedTo, unknown)
                    .Then<Adjustment>(entry =>
                    {
                        var journalId = JournalId.From(session.HolderId, fundId, entry.Kind, entry.Cause);
                        PersonalTextTable.Save(session, fundId, journalId, request.Reason);
                        return new Adjustment(id, fundId, journalId, null, request.EffectiveOn, request.Moves,
                            entry.Commitment!, caller.User);
                    });
            },
            publish: stored => NameFact(session, cause, approval?.Position ?? stored.Position),
            show: stored => ToJson(stored, approval, request.Reason));
        Approval.Tag(http, approval);
        return response;
    }

    /// <summary>Shows an adjustment, proposed or posted.</summary>
    /// <param name="fundId">The fund.</param>
    /// <param name="id">The id of the adjustment.</param>
    public static async Task<ShowResult<Response>> GetAsync(string fundId, string id, Session session, HttpContext http)
    {
        var stored = await session.LoadAsync<Adjustment>(id);
        if (stored?.FundId != fundId)
        {
            throw ProblemException.For(
                ApproveAdjustment.Refusal.UnknownAdjustment, $"Fund {fundId} has no adjustment {id}.");
        }
        var approval = await session.LoadAsync<Approval>("adjustment/" + id);
        var reason = await PersonalTextTable.OfAsync(session, fundId, stored.JournalId);
        return IdempotentPut.Show(http, Approval.VersionOf(approval), ToJson(stored, approval, reason));
    }

    internal static Response ToJson(Adjustment stored, Approval? approval, string? reason)
    {
        var position = approval?.Position ?? stored.Position;
        return new Response
        {
            AdjustmentId = stored.Id,
            FundId = stored.FundId,
            State = Approval.StateOf(position),
            EffectiveOn = stored.EffectiveOn,
            Moves = stored.Moves,
            Reason = reason,
            JournalId = stored.JournalId,
            Position = position,
            Commitment = stored.Commitment,
            ProposedBy = stored.ProposedBy,
            ApprovedBy = approval?.ApprovedBy,
            ApprovedAt = approval?.ApprovedAt,
        };
    }

    private static Decision<PostingRequest, Refusal> Readable(PostingRequest read) => read.BadAccounts.Count == 0
        ? read : (Refusal.BadPlace, "Look at the fields named.", read.BadAccounts.ToArray());

    private static IEnumerable<FieldError> FaultsOf(PostingRequest read, IReadOnlyList<Account> unknown) =>
        read.Accounts.Where(account => unknown.Contains(account.Account)).Select(account => new FieldError(
            account.Pointer, $"The fund knows no {account.Account.Path}: check the id, or record first what it is."));

    /// <summary>
    /// Waits until the salt of the fund's person has arrived. If the proposal is stored already, the salt may have
    /// been erased since; the method then does not wait, and the proposal is compared without its reason.
    /// </summary>
    internal static Task WaitForPersonAsync<TDoc>(Session session, string fundId, string id)
        where TDoc : class =>
        session.WaitForAsync(async () => await BooksTable.FundAsync(session, fundId) is { } fund
            && (await session.LoadAsync<PersonSalt>(fund.PersonId) is not null
                || await session.LoadAsync<TDoc>(id) is not null) ? fund : null);

    /// <summary>The salt of the fund's person; null if it was erased or is not known.</summary>
    internal static async Task<string?> SaltAsync(Session session, string fundId) =>
        await BooksTable.FundAsync(session, fundId) is { } fund
            ? (await session.LoadAsync<PersonSalt>(fund.PersonId))?.Salt : null;

    /// <summary>Throws a problem if a posting by hand is dated before the fund's first day or after its last.</summary>
    internal static async Task WhileHeldAsync(Session session, string fundId, LocalDate effectiveOn)
    {
        var (opensOn, closedOn) = await BooksTable.DaysAsync(session, fundId);
        DayBounds.NotBefore(effectiveOn, opensOn, "/effectiveOn", "the fund opens on that day");
        DayBounds.NotAfter(effectiveOn, closedOn, "/effectiveOn", "the fund closed on that day");
    }

    /// <summary>
    /// The text of the problem for a proposal whose day is after the fund's last day, because the fund closed after
    /// the proposal was made.
    /// </summary>
    internal static string ClosedSince(LocalDate closedOn) =>
        $"The fund closed on {closedOn:uuuu-MM-dd} since it was proposed. "
        + "Propose it again for that day or an earlier one.";

    internal static bool IsSame(string commitment, string? salt, string reason) =>
        salt is null || commitment == Commitment.Compute(salt, reason);

    /// <summary>
    /// Names, in the answer, the message that the approval of the proposal published. A proposal without a position is
    /// not approved, and no message is named.
    /// </summary>
    internal static void NameFact(Session session, string cause, long? position)
    {
        if (position is not null)
            PostingBatch.NameFactAgain(session, cause);
    }
}
