using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// The books of one fund as the Ledger states them: the head of its journals, and the balance of each account on a day.
/// </summary>
/// <param name="FundId">The fund.</param>
/// <param name="Position">The position of the fund's last journal when the books were stated.</param>
/// <param name="Hash">The hash of that journal.</param>
/// <param name="UpTo">Balances count journals effective up to this day.</param>
/// <param name="Balances">Every account that is not empty; an account that is not listed is stated to be empty.</param>
public sealed record StatedBooks(
    string FundId, long Position, string Hash, LocalDate UpTo, IReadOnlyList<StatedAccount> Balances);

/// <summary>The stated balance of one account, in pence, or in carer-minutes in the book time.</summary>
public sealed record StatedAccount(string Book, string Place, long Amount);

/// <summary>
/// The highest positions of a fund that Reconciliation knows from elsewhere than the stated books that it checks.
/// </summary>
/// <param name="StatedBefore">The highest position of the fund in earlier stated books; 0 if there are none.</param>
/// <param name="RecordedBefore">
/// The highest position of a copied journal that was recorded well before the books were stated. The stated books must
/// count that journal. 0 if no such position is above the stated one.
/// </param>
public sealed record EarlierPositions(long StatedBefore, long RecordedBefore)
{
    /// <summary>The lowest position that the stated head may have.</summary>
    public long AtLeast => Math.Max(StatedBefore, RecordedBefore);
}
