using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// The tables of Reconciliation's copy of the journals, and of the number of each fund's journals that have arrived.
/// </summary>
public static class JournalTable
{
    private static readonly TableColumns<CopiedJournal> Columns = TableColumns<CopiedJournal>.ByName
        .StoredAs(journal => journal.Moves, MovesToText, MovesFromText);

    /// <summary>
    /// Stores a batch of journals in one statement; a journal stored before stays as it is. The rows of funds are
    /// locked in one order, so that two batches never deadlock.
    /// </summary>
    internal static void Save(Session session, IReadOnlyList<PostedJournal> journals)
    {
        var rows = Columns.Of([.. journals.Select(journal => CopyOf(journal, session.HolderId))]);
        session.Queue($"""
            with arrived as (
              {rows.InsertInto("journals", "on conflict do nothing returning fund_id, position")})
            insert into arrivals as kept (fund_id, kept, highest)
            select fund_id, count(*), max(position) from arrived group by fund_id order by fund_id
            on conflict (holder_id, fund_id) do update
              set kept = kept.kept + excluded.kept, highest = greatest(kept.highest, excluded.highest)
            """, rows.Values);
    }

    /// <summary>The copied journals of some funds, in order of fund and position.</summary>
    public static async Task<ILookup<string, CopiedJournal>> OfFundsAsync(Session session, string[] funds)
    {
        var journals = await session.RowsAsync(Columns, $"""
            select {Columns.Names} from journals where fund_id = any($1) order by fund_id, position
            """, funds);
        return journals.ToLookup(journal => journal.FundId);
    }

    /// <summary>
    /// Returns those of the given funds that lack a journal below the highest position that has arrived.
    /// </summary>
    public static Task<List<string>> WithGapsAsync(Session session, string[] funds)
    {
        return session.RowsAsync<string>(
            """
            select fund_id from arrivals where fund_id = any($1) and kept < highest order by fund_id
            """, funds);
    }

    private static CopiedJournal CopyOf(PostedJournal journal, string holderId) => new()
    {
        HolderId = holderId,
        FundId = journal.FundId,
        Position = journal.Position,
        JournalId = journal.JournalId,
        Kind = journal.Kind,
        EffectiveOn = journal.EffectiveOn,
        CareOn = journal.CareOn,
        RecordedAt = journal.RecordedAt,
        CauseMessage = journal.CauseMessage,
        CauseId = journal.CauseId,
        Reverses = journal.Reverses,
        PersonMinutes = journal.PersonMinutes,
        Hash = journal.Hash,
        Commitment = journal.Commitment,
        Moves = [.. journal.Moves.Select(move => new CopiedMove(move.Book, move.From, move.To, move.Amount))],
    };

    private static string MovesToText(IReadOnlyList<CopiedMove> moves) =>
        MoveText.Write([.. moves.Select(move => new PostedMove(move.Book, move.From, move.To, move.Amount))]);

    // An unparsable move becomes a zero move in an unknown book, so that the checks report it.
    private static CopiedMove[] MovesFromText(string text) => MoveText.Read(text,
        (book, from, to, amount) => new CopiedMove(book, from, to, amount), line => new CopiedMove(line, "", "", 0));
}
