using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>What the Ledger states of one fund: where its journal ends, and what lies in each place on a day.</summary>
/// <param name="FundId">The fund.</param>
/// <param name="Position">The fund's last journal when the books were stated.</param>
/// <param name="Hash">That journal's hash.</param>
/// <param name="UpTo">Balances count journals effective up to this day.</param>
/// <param name="Balances">Every place that is not empty; a place that is not named is stated to be empty.</param>
public sealed record StatedBooks(
    string FundId, long Position, string Hash, LocalDate UpTo, IReadOnlyList<StatedPlace> Balances);

/// <summary>What the Ledger states to lie in one place: pence, or carer-minutes in the book time.</summary>
public sealed record StatedPlace(string Book, string Place, long Amount);

/// <summary>What is known of a fund beside the stating that is checked.</summary>
/// <param name="StatedBefore">The highest position that any earlier stating gave; 0 where there was none.</param>
/// <param name="RecordedBefore">
/// The highest position in the copy whose journal was recorded well before the stating, so that it must be counted by
/// it.
/// </param>
public sealed record KnownBefore(long StatedBefore, long RecordedBefore)
{
    /// <summary>The position that the stated head may not lie below.</summary>
    public long AtLeast => Math.Max(StatedBefore, RecordedBefore);
}
