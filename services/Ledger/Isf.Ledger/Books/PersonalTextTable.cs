using Isf.Hosting.Data;
using Isf.Ledger.Domain;

namespace Isf.Ledger.Books;

/// <summary>
/// A person's salt, stored under the person's own id. Once the salt and the person's words are erased, the commitments
/// reveal nothing.
/// </summary>
public sealed record PersonSalt(string Id, string Salt);

/// <summary>
/// Stores reasons in personal words, which are kept out of the journals so that they can be erased, and finds the
/// reversal of a journal.
/// </summary>
public static class PersonalTextTable
{
    /// <summary>
    /// Stores the reason of a proposed journal, with the commit that proposes it. The journal's id is known before the
    /// journal is posted.
    /// </summary>
    public static void Save(Session session, string fundId, Guid journalId, string text)
    {
        session.Queue(
            "insert into personal_words (fund_id, journal_id, words) values ($1, $2, $3)",
            fundId, journalId, text);
    }

    /// <summary>
    /// The reason of one journal, posted or proposed; null if it has no reason or the words are erased.
    /// </summary>
    public static async Task<string?> OfAsync(Session session, string fundId, Guid journalId)
    {
        return (await session.RowsAsync<string>(
            "select words from personal_words where fund_id = $1 and journal_id = $2",
            fundId, journalId)).FirstOrDefault();
    }

    /// <summary>
    /// The reasons of the given journals; a journal without a reason, or with erased words, is left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> OfAsync(
        Session session, string fundId, IReadOnlyCollection<Journal> journals)
    {
        var bound = journals.Where(journal => journal.Entry.Commitment is not null)
            .Select(journal => journal.JournalId).ToArray();
        var found = bound.Length == 0 ? [] : await session.RowsAsync<(Guid Id, string Words)>(
            """
            select journal_id, words from personal_words
            where fund_id = $1 and journal_id = any($2)
            """,
            fundId, bound);
        return found.ToDictionary(row => row.Id, row => row.Words);
    }

    /// <summary>
    /// The id of the reversal of each given journal, as known at a position; a journal without a reversal is left out.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> ReversalsAsync(
        Session session, string fundId, IReadOnlyCollection<Guid> journals, long position)
    {
        var found = await session.RowsAsync<(Guid Reversed, Guid By)>(
            """
            select reverses, journal_id from journals
            where fund_id = $1 and reverses = any($2) and position <= $3
            """,
            fundId, journals.ToArray(), position);
        return found.ToDictionary(row => row.Reversed, row => row.By);
    }
}
