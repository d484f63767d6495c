using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Statements.Copies;

/// <summary>
/// Keeps the Ledger's journals as they were posted, in any order of arrival. Statements use only the complete part of
/// a fund's journals: positions 1, 2, 3 … up to the first missing one (design §4). Consumes JournalsPosted.
/// </summary>
public static class CopyJournals
{
    /// <summary>Stores a batch of journals with one SQL statement.</summary>
    internal static ConsumeResult Copy(Session session, IReadOnlyList<PostedJournal> journals)
    {
        JournalTable.Save(session, journals);
        return ConsumeResult.Done;
    }
}

/// <summary>Consumes JournalsPosted.</summary>
internal sealed class CopyJournalsConsumer : IConsume<JournalsPosted>
{
    public Task<ConsumeResult> ConsumeAsync(JournalsPosted message, Session session, CancellationToken stop) =>
        Task.FromResult(CopyJournals.Copy(session, message.Journals));
}
