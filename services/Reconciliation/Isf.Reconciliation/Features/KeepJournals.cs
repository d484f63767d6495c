using Isf.Contracts.Ledger;
using Isf.Hosting;

namespace Isf.Reconciliation.Features;

/// <summary>
/// Keeps every journal as the Ledger said it when it was posted, in whatever order it comes: the copy against which the
/// Ledger's books are checked. Nothing is checked here. Source: design.md §2, §5.
/// </summary>
public static class KeepJournals
{
    /// <summary>The key under which waits what needs journals that have not arrived.</summary>
    public const string Arrived = "journals-arrived";

    // The rows of funds are counted in one order, so that two batches never wait for each other in a ring.
    private static readonly string Keep = $"""
        with arrived as (
          insert into journals (holder_id, fund_id, position, journal_id, kind, effective_on, care_on, recorded_at,
            cause_message, cause_id, reverses, person_minutes, hash, commitment)
          select $1, {ColumnArrays.Unnest(2,
              "text bigint uuid text date date timestamptz text text uuid bigint text text")}
          on conflict do nothing returning fund_id, position)
        insert into arrivals as kept (holder_id, fund_id, kept, highest)
        select $1, fund_id, count(*), max(position) from arrived group by fund_id order by fund_id
        on conflict (holder_id, fund_id) do update
          set kept = kept.kept + excluded.kept, highest = greatest(kept.highest, excluded.highest)
        """;

    private static readonly string KeepMoves = $"""
        insert into moves (holder_id, fund_id, position, n, book, from_place, to_place, amount)
        select $1, {ColumnArrays.Unnest(2, "text bigint int text text text bigint")}
        on conflict do nothing
        """;

    internal static void Queue(JournalsPosted message, Session session)
    {
        var journals = message.Journals;
        T[] Of<T>(Func<PostedJournal, T> field) => [.. journals.Select(field)];
        session.Queue(Keep, session.HolderId, Of(one => one.FundId), Of(one => one.Position), Of(one => one.JournalId),
            Of(one => one.Kind), Of(one => one.EffectiveOn), Of(one => one.CareOn), Of(one => one.RecordedAt),
            Of(one => one.CauseMessage), Of(one => one.CauseId), Of(one => one.Reverses), Of(one => one.PersonMinutes),
            Of(one => one.Hash), Of(one => one.Commitment));
        var moves = journals.SelectMany(journal => journal.Moves.Select((move, n) => (journal, n, move))).ToList();
        T[] OfMove<T>(Func<(PostedJournal Journal, int N, PostedMove Move), T> field) => [.. moves.Select(field)];
        session.Queue(KeepMoves, session.HolderId, OfMove(one => one.Journal.FundId),
            OfMove(one => one.Journal.Position), OfMove(one => one.N), OfMove(one => one.Move.Book),
            OfMove(one => one.Move.From), OfMove(one => one.Move.To), OfMove(one => one.Move.Amount));
        session.TakeUp(Arrived);
    }
}

/// <summary>Hears that journals were posted.</summary>
public sealed class KeepJournalsConsumer : IHear<JournalsPosted>
{
    /// <inheritdoc />
    public Task<Heard> HearAsync(JournalsPosted message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        KeepJournals.Queue(message, session);
        return Task.FromResult(Heard.Done);
    }
}
