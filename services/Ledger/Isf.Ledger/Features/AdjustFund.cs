using Isf.Hosting;
using Isf.Ledger.Domain;
using Isf.Ledger.Persistence;
using Isf.Measures;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Isf.Ledger.Features;

/// <summary>
/// Posts an adjustment by hand: moves that no fact from upstream stands for, on a day that is open, with the reason in
/// the adjuster's own words. The words stand apart and can be erased; the journal holds a commitment to them. Says
/// JournalsPosted. Source: api.md, Ledger; design §4.
/// </summary>
public static class AdjustFund
{
    /// <summary>Why an adjustment is refused, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Answer(400, "A move names a place that is none.")]
        BadPlace = 1,

        [Answer(404, "There is no such fund.")]
        UnknownFund = 2,

        [Answer(422, "The fund's person is not known.")]
        UnknownPerson = 3,

        [Answer(422, "That day is closed.")]
        PeriodClosed = 4,
    }

    /// <summary>What is moved, on which day, and why.</summary>
    public sealed record Request
    {
        public required LocalDate EffectiveOn { get; init; }
        public required IReadOnlyList<AskedMove> Moves { get; init; }
        public required string Reason { get; init; }
    }

    /// <summary>An adjustment as it was posted; its reason stands with the personal words.</summary>
    public sealed record Adjustment(
        string Id, string FundId, Guid JournalId, long Position, LocalDate EffectiveOn, IReadOnlyList<AskedMove> Moves,
        string Commitment);

    /// <summary>What is posted, where the books are open on that day. The salt is the person's.</summary>
    public static Decision<Entry, Refusal> Decide(
        string fundId, string id, Request asked, AskedMoves read, bool isKnown, string? salt, LocalDate? closedTo)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(read);
        if (read.BadPlaces.Count > 0)
            return (Refusal.BadPlace, string.Join(" ", read.BadPlaces.Select(bad => $"{bad.Pointer}: {bad.Detail}")));
        if (!isKnown)
            return (Refusal.UnknownFund, $"No fund {fundId} is known here, or it is not yours to see.");
        if (salt is null)
            return (Refusal.UnknownPerson, "Nothing is known of the person to bind the reason to, or it was erased.");
        if (asked.EffectiveOn <= closedTo)
        {
            return (Refusal.PeriodClosed,
                $"All days up to {closedTo:uuuu-MM-dd} are closed. Date it later; look at /effectiveOn.");
        }
        return PostingRules.Adjusted(
            fundId, id, asked.EffectiveOn, read.Moves, Commitment.Of(salt, asked.Reason));
    }

    /// <summary>Answers PUT /v1/funds/{fundId}/adjustments/{id}.</summary>
    public static async Task<IResult> HandleAsync(
        string fundId, string id, Asked<Request> asked, Put put, Session session, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(session);
        var (request, cause) = (asked.Value, "adjustment/" + id);
        var read = AskedMoves.Read(request.Moves, request.Reason);
        if (read.BadPlaces.Count > 0)
            throw Refused.Of(Refusal.BadPlace, "Look at the fields named.", [.. read.BadPlaces]);
        await WaitForPersonAsync<Adjustment>(session, fundId, id);
        return await put.OnceAsync<Adjustment, Refusal>(session, id, [],
            same: async stored => stored.FundId == fundId && stored.EffectiveOn == request.EffectiveOn
                && Words.Same(stored.Moves, request.Moves)
                && IsSame(stored.Commitment, await SaltAsync(session, fundId), request.Reason),
            decide: async () =>
            {
                var salt = await SaltAsync(session, fundId);
                var books = await OpenBooks.OfAsync(session, clock, [fundId]);
                var decided = Decide(
                    fundId, id, request, read, books.UnknownFund is null, salt, books.ClosedTo);
                if (decided.Why is { } why)
                    return (why, decided.Words);
                var journal = await PostAsync(session, books, decided.Value!, request.Reason, cause);
                return new Adjustment(
                    id, fundId, journal.JournalId, journal.Position, request.EffectiveOn, request.Moves,
                    journal.Entry.Commitment!);
            },
            say: _ => NameFact(session, cause),
            show: stored => new
            {
                adjustmentId = id, fundId, stored.EffectiveOn, stored.Moves, request.Reason, stored.JournalId,
                stored.Position, stored.Commitment,
            });
    }

    /// <summary>
    /// Waits for the salt of the fund's person where this is new: what was posted before their words were erased is
    /// still known by all the rest of it.
    /// </summary>
    internal static Task WaitForPersonAsync<TDoc>(Session session, string fundId, string id) =>
        session.WaitForAsync(async () => await ReadBooks.FundAsync(session, fundId) is { } fund
            && (await session.LoadAsync<PersonSalt>(fund.PersonId) is not null
                || await session.LoadAsync<TDoc>(id) is not null) ? fund : null);

    /// <summary>The salt of the fund's person, or nothing where it was erased or never known.</summary>
    internal static async Task<string?> SaltAsync(Session session, string fundId) =>
        await ReadBooks.FundAsync(session, fundId) is { } fund
            ? (await session.LoadAsync<PersonSalt>(fund.PersonId))?.Salt : null;

    internal static bool IsSame(string commitment, string? salt, string reason) =>
        salt is null || commitment == Commitment.Of(salt, reason);

    internal static async Task<Journal> PostAsync(
        Session session, OpenBooks books, Entry entry, string reason, string cause)
    {
        var journal = books.Add(entry);
        await books.CloseAsync(cause);
        PersonalWords.Keep(session, journal, reason);
        return journal;
    }

    internal static void NameFact(Session session, string cause)
    {
        if (session.Fact is null)
            OpenBooks.NameAgain(session, cause);
    }
}
