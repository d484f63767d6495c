using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Statements.Domain;
using NodaTime.Text;

namespace Isf.Statements.Copies;

/// <summary>
/// Stores and reads the copies of the Ledger's journals and the reasons for prices. Both are written in sets and read
/// by fund.
/// </summary>
internal static class JournalTable
{
    private static readonly TableColumns<Journal> Columns = TableColumns<Journal>.ByName
        .StoredAs(journal => journal.Moves, _ => "", MovesFromText);

    /// <summary>
    /// Stores journals with the session's commit, in any order of arrival; journals stored already stay as they are.
    /// </summary>
    internal static void Save(Session session, IReadOnlyList<PostedJournal> journals)
    {
        var rows = new RowColumns<PostedJournal>(journals)
            .Add("fund_id", journal => journal.FundId)
            .Add("position", journal => journal.Position)
            .Add("journal_id", journal => journal.JournalId)
            .Add("effective_on", journal => journal.EffectiveOn)
            .Add("care_on", journal => journal.CareOn)
            .Add("cause_message", journal => journal.CauseMessage)
            .Add("cause_id", journal => journal.CauseId)
            .Add("reverses", journal => journal.Reverses)
            .Add("moves", journal => MoveText.Write(journal.Moves));
        session.Queue(rows.InsertInto("journals", "on conflict do nothing"), rows.Values);
    }

    /// <summary>Stores the reason for the price of each version of each visit, with the session's commit.</summary>
    internal static void Save(Session session, IReadOnlyList<PricedVisit> visits)
    {
        var rows = new RowColumns<PricedVisit>(visits)
            .Add("fund_id", visit => visit.FundId)
            .Add("visit_id", visit => visit.VisitId)
            .Add("version", visit => visit.Version)
            .Add("provider_id", visit => visit.ProviderId)
            .Add("because", visit => visit.Because);
        session.Queue(rows.InsertInto("reasons", "on conflict do nothing"), rows.Values);
    }

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
        Journal.Complete(await session.RowsAsync(
            Columns, $"select {Columns.Names} from journals where fund_id = $1 order by position", fundId));

    /// <summary>The reasons for the prices of a fund's visits and for its adjusted prices, by id and version.</summary>
    internal static async Task<IReadOnlyDictionary<(string VisitId, int Version), Reason>> ReasonsAsync(
        Session session, string fundId)
    {
        var rows = await session.RowsAsync<(string VisitId, int Version, string ProviderId, string Because)>(
            "select visit_id, version, provider_id, because from reasons where fund_id = $1", fundId);
        return rows.ToDictionary(row => (row.VisitId, row.Version), row => new Reason(row.ProviderId, row.Because));
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
