using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// Keeps every journal as the Ledger published it, in any order of arrival. The Ledger's books are later checked
/// against this copy. Source: design.md §2, §5.
/// </summary>
public static class CopyJournals
{
    /// <summary>The key under which a message is deferred until missing journals arrive.</summary>
    public const string JournalsArrived = "journals-arrived";

    internal static void Copy(JournalsPosted message, Session session)
    {
        JournalTable.Save(session, message.Journals);
        session.ReleaseDeferred(JournalsArrived);
    }
}

/// <summary>Consumes posted journals.</summary>
internal sealed class CopyJournalsConsumer : IConsume<JournalsPosted>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(JournalsPosted message, Session session, CancellationToken stop)
    {
        CopyJournals.Copy(message, session);
        return Task.FromResult(ConsumeResult.Done);
    }
}
