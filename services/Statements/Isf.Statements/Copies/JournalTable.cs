using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Statements.Domain;
using NodaTime;
using NodaTime.Text;

namespace Isf.Statements.Copies;

/// <summary>
/// Stores and reads the copies of the Ledger's journals and the reasons for prices. Both are written in sets and read
/// by fund.
/// </summary>
internal static class JournalTable
{
    /// <summary>
    /// Stores journals with the session's commit, in any order of arrival; journals stored already stay as they are.
    /// </summary>
    internal static void Save(Session session, IReadOnlyList<PostedJournal> journals) => session.Queue($"""
        insert into journals (fund_id, position, journal_id, effective_on, care_on, cause_message, cause_id,
          reverses, moves)
        select {ColumnArrays.Unnest(1, "text bigint uuid date date text text uuid text")}
        on conflict do nothing
        """,
        journals.Select(journal => journal.FundId).ToArray(),
        journals.Select(journal => journal.Position).ToArray(),
        journals.Select(journal => journal.JournalId).ToArray(),
        journals.Select(journal => journal.EffectiveOn).ToArray(),
        journals.Select(journal => journal.CareOn).ToArray(),
        journals.Select(journal => journal.CauseMessage).ToArray(),
        journals.Select(journal => journal.CauseId).ToArray(),
        journals.Select(journal => journal.Reverses).ToArray(),
        journals.Select(journal => MoveText.Write(journal.Moves)).ToArray());

    /// <summary>Stores the reason for the price of each version of each visit, with the session's commit.</summary>
    internal static void Save(Session session, IReadOnlyList<PricedVisit> visits) => session.Queue($"""
        insert into reasons (fund_id, visit_id, version, provider_id, because)
        select {ColumnArrays.Unnest(1, "text text int text text")}
        on conflict do nothing
        """,
        visits.Select(visit => visit.FundId).ToArray(),
        visits.Select(visit => visit.VisitId).ToArray(),
        visits.Select(visit => visit.Version).ToArray(),
        visits.Select(visit => visit.ProviderId).ToArray(),
        visits.Select(visit => visit.Because).ToArray());

    /// <summary>
    /// Stores the reason for an adjusted price, under the cause id of its journal without the version.
    /// </summary>
    internal static void Save(Session session, PriceAdjusted price) => session.Queue("""
        insert into reasons (fund_id, visit_id, version, provider_id, because)
        values ($1, $2, $3, $4, $5) on conflict do nothing
        """, price.FundId,
        $"{price.AllocationId}/{price.Kind}/{LocalDatePattern.Iso.Format(price.From)}/"
            + LocalDatePattern.Iso.Format(price.To),
        price.Version, price.ProviderId, price.Because);

    /// <summary>A fund's journals 1, 2, 3 … up to the first missing one.</summary>
    internal static async Task<IReadOnlyList<Journal>> CompleteAsync(Session session, string fundId) =>
        Journal.Complete(await session.RowsAsync("""
            select position, journal_id, effective_on, care_on, cause_message, cause_id, reverses, moves
            from journals where fund_id = $1 order by position
            """, reader => new Journal
        {
            Position = reader.GetInt64(0),
            JournalId = reader.GetGuid(1),
            EffectiveOn = reader.GetFieldValue<LocalDate>(2),
            CareOn = reader.GetFieldValue<LocalDate?>(3),
            CauseMessage = reader.GetString(4),
            CauseId = reader.GetString(5),
            Reverses = reader.IsDBNull(6) ? null : reader.GetGuid(6),
            Moves = MovesFromText(reader.GetString(7)),
        }, fundId));

    /// <summary>The reasons for the prices of a fund's visits and for its adjusted prices, by id and version.</summary>
    internal static async Task<IReadOnlyDictionary<(string VisitId, int Version), Reason>> ReasonsAsync(
        Session session, string fundId)
    {
        var rows = await session.RowsAsync(
            "select visit_id, version, provider_id, because from reasons where fund_id = $1",
            reader => (Id: (reader.GetString(0), reader.GetInt32(1)),
                Why: new Reason(reader.GetString(2), reader.GetString(3))),
            fundId);
        return rows.ToDictionary(row => row.Id, row => row.Why);
    }

    private static Move[] MovesFromText(string text) => MoveText.Read(text,
        (book, from, to, amount) => new Move(BookOf(book), from, to, amount),
        line => throw new FormatException($"“{line}” is no move."));

    private static Book BookOf(string name) => name switch
    {
        "money" => Book.Money,
        "promise" => Book.Promise,
        "time" => Book.Time,
        _ => throw new FormatException($"The Ledger has no book “{name}”."),
    };
}
