using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Questions;

/// <summary>A fund's head as it is stored, to be compared with the fund's journals and agreements.</summary>
public sealed record CheckedHead(Head Head, FundLeft Left, LocalDate? ClosedOn, LocalDate? AttributedTo);

/// <summary>Reads the books for the check of a fund's chain, without assuming that they are correct.</summary>
public static class CheckedBooksTable
{
    /// <summary>
    /// The stored head of a fund: the end of its journal, the amounts left, the fund's last day and the last day whose
    /// postings change its attribution.
    /// </summary>
    public static async Task<CheckedHead> HeadAsync(Session session, string fundId)
    {
        var found = await session.RowsAsync(
            """
            select position, hash, recorded_at, held_pence, promised, closed_on, laid_to from heads where fund_id = $1
            """,
            ((long Position, byte[] Hash, Instant RecordedAt, long HeldPence, Dictionary<string, long> Promised,
                LocalDate? ClosedOn, LocalDate? AttributedTo) row) => new CheckedHead(
                new Head(session.HolderId, fundId, row.Position, row.Hash, row.RecordedAt),
                new FundLeft(row.HeldPence, row.Promised), row.ClosedOn, row.AttributedTo),
            fundId);
        return found[0];
    }

    /// <summary>
    /// Up to 1000 journals after position <paramref name="after"/> and up to position <paramref name="upTo"/>, in
    /// order. A journal is null if it cannot be read, if its moves are not numbered 0, 1, 2 …, or if a move's days or
    /// mark as a reversal differ from the journal's.
    /// </summary>
    public static Task<List<(long Position, Journal? Journal)>> AfterAsync(
        Session session, string fundId, long after, long upTo)
    {
        return session.RowsAsync(
            CheckedRow.Columns,
            $"""
            select {BooksTable.Journals}, not exists (
                select 1 from (
                  select m.*, row_number() over (order by m.n) - 1 as expected from moves m
                  where m.fund_id = j.fund_id and m.holder_id = j.holder_id and m.position = j.position) m
                where m.n <> m.expected or m.effective_on <> j.effective_on
                  or m.care_on <> coalesce(j.care_on, j.effective_on) or m.reversing <> (j.reverses is not null))
              as moves_agree
            from (
              select * from journals where fund_id = $1 and position > $2 and position <= $3
              order by position limit 1000) j
            {BooksTable.Moves}
            order by j.position
            """,
            row =>
            {
                try
                {
                    return (row.Row.Journal.Position, row.MovesAgree ? row.Row.ToJournal() : null);
                }
                catch (ArgumentException)
                {
                    // The journal has an account or an amount that no posting could have written.
                    return (row.Row.Journal.Position, (Journal?)null);
                }
            },
            fundId, after, upTo);
    }

    /// <summary>
    /// The first position of a journal that lies outside 1 to the head's position, or of a move without a journal;
    /// null if there is no such journal or move. The result is clamped to between 1 and <paramref name="upTo"/> + 1.
    /// The query works on sets: a plan that looks for each move's journal one by one takes quadratic time on a long
    /// journal.
    /// </summary>
    public static async Task<long?> StrayAsync(Session session, string fundId, long upTo)
    {
        var found = await session.RowsAsync<long>(
            """
            select j.position from journals j join heads h on h.fund_id = j.fund_id and h.holder_id = j.holder_id
            where j.fund_id = $1 and (j.position < 1 or j.position > h.position)
            union all
            (select m.position from moves m where m.fund_id = $1
            except select j.position from journals j where j.fund_id = $1)
            order by 1 limit 1
            """,
            fundId);
        return found.Count == 0 ? null : Math.Clamp(found[0], 1, upTo + 1);
    }

    private sealed record CheckedRow(JournalRow Row, bool MovesAgree)
    {
        public static readonly TableColumns<CheckedRow> Columns =
            TableColumns<CheckedRow>.ByName.WithPart(row => row.Row, JournalRow.Columns);
    }
}
