using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Books;

/// <summary>
/// Writes journals with their moves and the heads after them, in three SQL statements whatever the number of journals,
/// and finds the journals that a closure concerns.
/// </summary>
internal static class JournalTable
{
    /// <summary>
    /// The SQL statements that write journals in their order, and each fund's head and remaining amounts after them.
    /// </summary>
    public static IReadOnlyList<(string Sql, object?[] Values)> InsertStatements(
        List<Journal> some, Func<string, (Head Head, FundLeft Left)> headOf) =>
        [Journals(some), Moves(some), Heads(some, headOf)];

    /// <summary>
    /// The ids, in order of position, of the journals of visits and fees that are about a day after the fund's last
    /// day and are not reversed.
    /// </summary>
    public static Task<List<Guid>> UnreversedAfterAsync(Session session, string fundId, LocalDate closedOn) =>
        session.RowsAsync<Guid>(
            """
            select j.journal_id from journals j
            where j.fund_id = $1 and coalesce(j.care_on, j.effective_on) > $2
              and j.kind in ('visit-priced', 'visit-repriced', 'fee-charged')
              and not exists (select 1 from journals r
                where r.fund_id = j.fund_id and r.holder_id = j.holder_id and r.reverses = j.journal_id)
            order by j.position
            """,
            fundId, closedOn);

    /// <summary>
    /// The cause ids of the journals that took back a closed fund's hours. Each id is a day and the number of a part,
    /// such as 2026-04-06/1.
    /// </summary>
    public static Task<List<string>> HoursEndedAsync(Session session, string fundId) => session.RowsAsync<string>(
        "select cause_id from journals where fund_id = $1 and kind = 'hours-ended'",
        fundId);

    private static (string Sql, object?[] Values) Journals(List<Journal> some)
    {
        var entries = some.ConvertAll(journal => journal.Entry);
        return (
            $"""
            insert into journals (fund_id, position, journal_id, kind, effective_on, care_on, recorded_at,
                cause_message, cause_id, reverses, person_minutes, hash, commitment)
            select {ColumnArrays.Unnest(1,
                "text bigint uuid text date date timestamptz text text uuid bigint bytea bytea")}
            """,
            [
                entries.Select(entry => entry.FundId).ToArray(),
                some.Select(journal => journal.Position).ToArray(),
                some.Select(journal => journal.JournalId).ToArray(),
                entries.Select(entry => entry.Kind).ToArray(),
                entries.Select(entry => entry.EffectiveOn).ToArray(),
                entries.Select(entry => entry.CareOn).ToArray(),
                some.Select(journal => journal.RecordedAt).ToArray(),
                entries.Select(entry => entry.Cause.Message).ToArray(),
                entries.Select(entry => entry.Cause.Id).ToArray(),
                entries.Select(entry => entry.Reverses).ToArray(),
                entries.Select(entry => entry.PersonMinutes).ToArray(),
                some.Select(journal => journal.Hash.ToArray()).ToArray(),
                entries.Select(entry => entry.Commitment is { } hex ? Convert.FromHexString(hex) : null).ToArray(),
            ]);
    }

    private static (string Sql, object?[] Values) Moves(List<Journal> some)
    {
        var moves = some.SelectMany(journal => journal.Entry.Moves.Select((move, n) => (journal, move, n))).ToList();
        return (
            $"""
            insert into moves (fund_id, position, n, book, effective_on, care_on, reversing, from_place, to_place,
                amount)
            select {ColumnArrays.Unnest(1, "text bigint smallint smallint date date boolean text text bigint")}
            """,
            [
                moves.Select(move => move.journal.Entry.FundId).ToArray(),
                moves.Select(move => move.journal.Position).ToArray(),
                moves.Select(move => (short)move.n).ToArray(),
                moves.Select(move => (short)move.move.Book).ToArray(),
                moves.Select(move => move.journal.Entry.EffectiveOn).ToArray(),
                moves.Select(move => move.journal.Entry.AboutOn).ToArray(),
                moves.Select(move => move.journal.Entry.Reverses is not null).ToArray(),
                moves.Select(move => move.move.From.Path).ToArray(),
                moves.Select(move => move.move.To.Path).ToArray(),
                moves.Select(move => move.move.Amount).ToArray(),
            ]);
    }

    private static (string Sql, object?[] Values) Heads(
        List<Journal> some, Func<string, (Head Head, FundLeft Left)> headOf)
    {
        var funds = some.Select(journal => journal.Entry.FundId).Distinct().ToArray();
        var ends = funds.Select(headOf).ToArray();
        return (
            """
            update heads set position = e.position, hash = e.hash, recorded_at = e.recorded_at,
                held_pence = e.held_pence, promised = e.promised::jsonb
            from unnest($1::text[], $2::bigint[], $3::bytea[], $4::timestamptz[], $5::bigint[], $6::text[])
                e(fund_id, position, hash, recorded_at, held_pence, promised)
            where heads.fund_id = e.fund_id
            """,
            [
                funds,
                ends.Select(end => end.Head.Position).ToArray(),
                ends.Select(end => end.Head.Hash.ToArray()).ToArray(),
                ends.Select(end => end.Head.RecordedAt).ToArray(),
                ends.Select(end => end.Left.HeldPence).ToArray(),
                ends.Select(end => IsfJson.Write(end.Left.ByAllocation)).ToArray(),
            ]);
    }
}
