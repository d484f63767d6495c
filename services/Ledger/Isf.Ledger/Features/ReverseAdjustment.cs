using Isf.Hosting;
using Isf.Ledger.Domain;
using Isf.Ledger.Persistence;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Features;

/// <summary>
/// Takes back an adjustment that was posted by hand: whole, once only, linked both ways. What came from upstream is
/// corrected upstream. Says JournalsPosted. Source: api.md, Ledger; design §4, Correct by reversing.
/// </summary>
public static class ReverseAdjustment
{
    /// <summary>Why a reversal is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Answer(404, "There is no such fund.")]
        UnknownFund = 1,

        [Answer(422, "There is no such journal.")]
        UnknownJournal = 2,

        [Answer(422, "A reversal is not reversed.")]
        ReversalOfAReversal = 3,

        [Answer(422, "It came from elsewhere and is corrected there.")]
        CorrectAtSource = 4,

        [Answer(409, "It was reversed before.")]
        AlreadyReversed = 5,

        [Answer(422, "A reversal does not come before what it reverses.")]
        DatedBeforeTheOriginal = 6,

        [Answer(422, "The fund's person is not known.")]
        UnknownPerson = 7,

        [Answer(422, "That day is closed.")]
        PeriodClosed = 8,
    }

    /// <summary>Which journal is taken back, on which day, and why.</summary>
    public sealed record Request
    {
        public required Guid JournalId { get; init; }
        public required LocalDate EffectiveOn { get; init; }
        public required string Reason { get; init; }
    }

    /// <summary>A reversal as it was posted; its reason stands with the personal words.</summary>
    public sealed record AdjustmentReversal(
        string Id, string FundId, Guid JournalId, Guid Reverses, long Position, LocalDate EffectiveOn,
        string Commitment);

    /// <summary>What is posted, where the adjustment stands and was not taken back.</summary>
    public static Decision<Entry, Refusal> Decide(
        string fundId, string id, Request asked, bool isKnown, Journal? original, bool isReversed, string? salt,
        LocalDate? closedTo)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (!isKnown)
            return (Refusal.UnknownFund, $"No fund {fundId} is known here, or it is not yours to see.");
        if (original is null)
            return (Refusal.UnknownJournal, $"Fund {fundId} has no journal {asked.JournalId}: look at /journalId.");
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
        if (asked.EffectiveOn < entry.EffectiveOn)
        {
            return (Refusal.DatedBeforeTheOriginal,
                $"The adjustment counts from {entry.EffectiveOn:uuuu-MM-dd}: look at /effectiveOn.");
        }
        if (salt is null)
            return (Refusal.UnknownPerson, "Nothing is known of the person to bind the reason to, or it was erased.");
        return asked.EffectiveOn <= closedTo
            ? (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed. Date it later; look at /effectiveOn.")
            : PostingRules.AdjustmentReversed(
                original, id, asked.EffectiveOn, Commitment.Of(salt, asked.Reason));
    }

    /// <summary>Answers PUT /v1/funds/{fundId}/reversals/{id}.</summary>
    public static async Task<IResult> HandleAsync(
        string fundId, string id, Asked<Request> asked, Put put, Session session, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(session);
        var (request, cause) = (asked.Value, "reversal/" + id);
        AskedMoves.CheckReason(request.Reason);
        await AdjustFund.WaitForPersonAsync<AdjustmentReversal>(session, fundId, id);
        return await put.OnceAsync<AdjustmentReversal, Refusal>(session, id, [],
            same: async stored => stored.FundId == fundId && stored.Reverses == request.JournalId
                && stored.EffectiveOn == request.EffectiveOn && AdjustFund.IsSame(
                    stored.Commitment, await AdjustFund.SaltAsync(session, fundId), request.Reason),
            decide: async () =>
            {
                var salt = await AdjustFund.SaltAsync(session, fundId);
                var books = await OpenBooks.OfAsync(session, clock, [fundId]);
                await books.KnowAsync([(fundId, request.JournalId)]);
                // Asked under the head's lock: of two at once, the second finds the first.
                var reversals = await PersonalWords.ReversalsAsync(
                    session, fundId, [request.JournalId], long.MaxValue);
                var decided = Decide(
                    fundId, id, request, books.UnknownFund is null, books.Find(request.JournalId),
                    reversals.Count > 0, salt, books.ClosedTo);
                if (decided.Why is { } why)
                    return (why, decided.Words);
                var journal = await AdjustFund.PostAsync(session, books, decided.Value!, request.Reason, cause);
                return new AdjustmentReversal(
                    id, fundId, journal.JournalId, request.JournalId, journal.Position, request.EffectiveOn,
                    journal.Entry.Commitment!);
            },
            say: _ => AdjustFund.NameFact(session, cause),
            show: stored => new
            {
                reversalId = id, fundId, stored.Reverses, stored.EffectiveOn, request.Reason, stored.JournalId,
                stored.Position, stored.Commitment,
            });
    }
}
