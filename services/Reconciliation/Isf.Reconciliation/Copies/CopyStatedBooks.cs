using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Reconciliation.Domain;

namespace Isf.Reconciliation.Copies;

/// <summary>
/// Keeps the Ledger's stated books, part by part; they count once all their parts are here. Source: issue 2
/// (state-books), design.md §2.
/// </summary>
public static class CopyStatedBooks
{
    /// <summary>The key under which a message is deferred until books are stated for the first time.</summary>
    public const string Stated = "books-stated";

    internal static void Queue(BooksStated message, Session session)
    {
        session.Queue("""
            insert into statings (holder_id, stating_id, stated_at, up_to, parts) values ($1, $2, $3, $4, $5)
            on conflict do nothing
            """, session.HolderId, message.StatingId, message.StatedAt, message.UpTo, message.Parts);
        session.Queue("""
            insert into stated_parts (holder_id, stating_id, part) values ($1, $2, $3) on conflict do nothing
            """, session.HolderId, message.StatingId, message.Part);
        session.Queue($"""
            insert into stated_funds (holder_id, stating_id, fund_id, position, hash, balances)
            select $1, $2, {ColumnArrays.Unnest(3, "text bigint text jsonb")} on conflict do nothing
            """, session.HolderId, message.StatingId, message.Funds.Select(fund => fund.FundId).ToArray(),
            message.Funds.Select(fund => fund.Position).ToArray(), message.Funds.Select(fund => fund.Hash).ToArray(),
            message.Funds.Select(AccountsOf).ToArray());
        session.RegisterHolder();
        session.ReleaseDeferred(Stated);
    }

    private static Json AccountsOf(StatedFund fund) =>
        Json.From(fund.Balances.Select(balance => new StatedAccount(balance.Book, balance.Place, balance.Amount)));
}

/// <summary>Consumes the Ledger's stated books.</summary>
public sealed class CopyStatedBooksConsumer : IConsume<BooksStated>
{
    /// <inheritdoc />
    public Task<ConsumeResult> ConsumeAsync(BooksStated message, Session session, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(session);
        CopyStatedBooks.Queue(message, session);
        return Task.FromResult(ConsumeResult.Done);
    }
}
