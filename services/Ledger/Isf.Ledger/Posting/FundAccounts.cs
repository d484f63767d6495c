using Isf.Hosting.Data;
using Isf.Ledger.Books;
using Isf.Ledger.Domain;
using Isf.Measures;

namespace Isf.Ledger.Posting;

/// <summary>
/// Finds the accounts that a fund does not know. A fund knows the providers, allocations and lines that its
/// allocations name, and those in journals posted from facts. A journal posted by hand does not make an account known.
/// </summary>
public static class FundAccounts
{
    /// <summary>
    /// Waits a few seconds until the fund knows the given accounts, because the fact that makes an account known may
    /// still be on its way. The method does not wait if the fund has no books, or if the document is stored already.
    /// </summary>
    public static Task WaitForAsync<TDoc>(
        Session session, string fundId, string id, IReadOnlyCollection<Account> accounts) where TDoc : class
    {
        return session.WaitForAsync(async () =>
            await BooksTable.FundAsync(session, fundId) is null || await session.LoadAsync<TDoc>(id) is not null
                || (await UnknownAsync(session, fundId, accounts)).Count == 0 ? accounts : null);
    }

    /// <summary>
    /// The given accounts that the fund does not know, including accounts of missed care with a reason that does not
    /// exist.
    /// </summary>
    public static async Task<IReadOnlyList<Account>> UnknownAsync(
        Session session, string fundId, IReadOnlyCollection<Account> accounts)
    {
        var named = accounts.Distinct().Select(account => (Account: account, Name: NameIn(account)))
            .Where(entry => entry.Name is not null).ToList();
        if (named.Count == 0)
            return [];
        var existing = await FundProviderTable.ExistingAsync(
            session, fundId, [.. named.Select(entry => entry.Name!).Distinct()]);
        return [.. named
            .Where(entry => IsOfNoReason(entry.Account) || !existing.Contains((entry.Account.Book, entry.Name)))
            .Select(entry => entry.Account)];
    }

    // The provider, allocation or line that an account names. Null for an account that every fund has, which is that
    // of a source, of the holder, of the fee or of care without an allocation.
    private static string? NameIn(Account account) => (account.Kind, account.About.Split('/')[0]) switch
    {
        ("outside" or "held" or "budget" or "free", _) => null,
        ("accrued" or "owed" or "paid", ReservedNames.Holder) => null,
        ("promised" or "used", ReservedNames.NoAllocation or ReservedNames.Fee) => null,
        var (_, name) => name,
    };

    private static bool IsOfNoReason(Account account) =>
        account.Kind == "missed" && !MissedReasons.All.Contains(account.About.Split('/')[1]);
}
