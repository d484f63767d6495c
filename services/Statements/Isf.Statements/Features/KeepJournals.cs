using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Statements.Persistence;

namespace Isf.Statements.Features;

/// <summary>
/// Keeps the Ledger's journals as they were posted. They may come in any order: what is read is always the complete
/// part, positions 1, 2, 3 … up to the first that is missing (design §4). Hears JournalsPosted.
/// </summary>
public static class KeepJournals
{
    /// <summary>Keeps a batch in one statement.</summary>
    internal static Heard Keep(Session session, IReadOnlyList<PostedJournal> journals)
    {
        Books.Keep(session, journals);
        return Heard.Done;
    }
}

/// <summary>Hears it.</summary>
public sealed class KeepJournalsConsumer : IHear<JournalsPosted>
{
    public Task<Heard> HearAsync(JournalsPosted message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(KeepJournals.Keep(session, message.Journals));
    }
}
