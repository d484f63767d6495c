using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// Keeps the Ledger's stated books, part by part; a set of books counts once all its parts have arrived. Source:
/// design.md §2.
/// </summary>
public static class CopyStatedBooks
{
    /// <summary>The key under which a message is deferred until books are stated for the first time.</summary>
    public const string Stated = "books-stated";

    internal static void Copy(BooksStated message, Session session)
    {
        StatedBooksTable.Save(session, message);
        session.RegisterHolder();
        session.ReleaseDeferred(Stated);
    }
}

/// <summary>Consumes the Ledger's stated books.</summary>
internal sealed class CopyStatedBooksConsumer : IConsume<BooksStated>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(BooksStated message, Session session, CancellationToken stop)
    {
        CopyStatedBooks.Copy(message, session);
        return Task.FromResult(ConsumeResult.Done);
    }
}
