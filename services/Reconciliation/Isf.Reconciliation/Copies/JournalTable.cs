using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;
using NodaTime;
using Npgsql;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// The tables of Reconciliation's copy of the journals, and of the number of each fund's journals that have arrived.
/// </summary>
public static class JournalTable
{
    // The rows of funds are locked in one order, so that two batches never deadlock.
    private static readonly string Insert = $"""
        with arrived as (
          insert into journals (fund_id, position, journal_id, kind, effective_on, care_on, recorded_at,
            cause_message, cause_id, reverses, person_minutes, hash, commitment, moves)
          select {ColumnArrays.Unnest(1,
              "text bigint uuid text date date timestamptz text text uuid bigint text text text")}
          on conflict do nothing returning fund_id, position)
        insert into arrivals as kept (fund_id, kept, highest)
        select fund_id, count(*), max(position) from arrived group by fund_id order by fund_id
        on conflict (holder_id, fund_id) do update
          set kept = kept.kept + excluded.kept, highest = greatest(kept.highest, excluded.highest)
        """;

    /// <summary>Stores a batch of journals in one statement; a journal stored before stays as it is.</summary>
    internal static void Save(Session session, IReadOnlyList<PostedJournal> journals)
    {
        T[] Of<T>(Func<PostedJournal, T> field) => [.. journals.Select(field)];
        session.Queue(Insert, Of(journal => journal.FundId), Of(journal => journal.Position),
            Of(journal => journal.JournalId), Of(journal => journal.Kind), Of(journal => journal.EffectiveOn),
            Of(journal => journal.CareOn), Of(journal => journal.RecordedAt), Of(journal => journal.CauseMessage),
            Of(journal => journal.CauseId), Of(journal => journal.Reverses), Of(journal => journal.PersonMinutes),
            Of(journal => journal.Hash), Of(journal => journal.Commitment),
            Of(journal => MoveText.Write(journal.Moves)));
    }

    /// <summary>The copied journals of some funds, in order of fund and position.</summary>
    public static async Task<ILookup<string, CopiedJournal>> OfFundsAsync(Session session, string[] funds)
    {
        var journals = await session.RowsAsync("""
            select fund_id, position, journal_id, kind, effective_on, care_on, recorded_at, cause_message, cause_id,
              reverses, person_minutes, hash, moves, commitment
            from journals where fund_id = any($1) order by fund_id, position
            """, row => JournalAt(row, session.HolderId), funds);
        return journals.ToLookup(journal => journal.FundId);
    }

    /// <summary>
    /// Returns those of the given funds that lack a journal below the highest position that has arrived.
    /// </summary>
    public static Task<List<string>> WithGapsAsync(Session session, string[] funds)
    {
        return session.RowsAsync(
            """
            select fund_id from arrivals where fund_id = any($1) and kept < highest order by fund_id
            """, row => row.GetString(0), funds);
    }

    private static CopiedJournal JournalAt(NpgsqlDataReader row, string holderId) => new()
    {
        HolderId = holderId,
        FundId = row.GetString(0),
        Position = row.GetInt64(1),
        JournalId = row.GetGuid(2),
        Kind = row.GetString(3),
        EffectiveOn = row.GetFieldValue<LocalDate>(4),
        CareOn = row.GetFieldValue<LocalDate?>(5),
        RecordedAt = row.GetFieldValue<Instant>(6),
        CauseMessage = row.GetString(7),
        CauseId = row.GetString(8),
        Reverses = row.IsDBNull(9) ? null : row.GetGuid(9),
        PersonMinutes = row.IsDBNull(10) ? null : row.GetInt64(10),
        Hash = row.GetString(11),
        Moves = MovesFromText(row.GetString(12)),
        Commitment = row.GetStringOrNull(13),
    };

    // An unparsable move becomes a zero move in an unknown book, so that the checks report it.
    private static CopiedMove[] MovesFromText(string text) => MoveText.Read(text,
        (book, from, to, amount) => new CopiedMove(book, from, to, amount), line => new CopiedMove(line, "", "", 0));
}
