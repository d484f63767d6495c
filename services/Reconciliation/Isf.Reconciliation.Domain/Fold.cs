using NodaTime;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// The balances of all accounts of a fund's three books, added up from Reconciliation's copy of the journals or taken
/// from the Ledger's statement. A balance is the sum of the moves into the account less the moves out of it. Sums are
/// 128 bits wide, so that a falsified amount shows as a difference and never as a crash.
/// </summary>
public sealed class Fold
{
    private readonly Dictionary<(string Book, string Place), Int128> balances = [];

    /// <summary>The balances that result from the journals that count on or before <paramref name="upTo"/>.</summary>
    public static Fold From(IEnumerable<CopiedJournal> journals, LocalDate upTo)
    {
        var fold = new Fold();
        foreach (var journal in journals.Where(journal => journal.EffectiveOn <= upTo))
            fold.Add(journal);
        return fold;
    }

    /// <summary>The balances that the Ledger states, in the same form.</summary>
    public static Fold From(StatedBooks stated)
    {
        var fold = new Fold();
        foreach (var balance in stated.Balances)
            fold.Put(balance.Book, balance.Place, balance.Amount);
        return fold;
    }

    /// <summary>Adds a journal's moves.</summary>
    public void Add(CopiedJournal journal)
    {
        foreach (var move in journal.Moves)
        {
            Put(move.Book, move.From, -(Int128)move.Amount);
            Put(move.Book, move.To, move.Amount);
        }
    }

    /// <summary>Every account that a move or a stated balance names, including accounts that are empty now.</summary>
    public IEnumerable<(string Book, string Place)> Named => balances.Keys;

    /// <summary>The balance of an account in pence or carer-minutes; 0 for an account that was never named.</summary>
    public Int128 BalanceOf(string book, string place) => balances.GetValueOrDefault((book, place));

    /// <summary>
    /// The sum of the balances of all accounts of a book whose names begin with the word, such as held.
    /// </summary>
    public Int128 BalanceOfKind(string book, string kind) =>
        balances.Where(balance => balance.Key.Book == book && AccountNames.KindOf(balance.Key.Place) == kind)
            .Aggregate(Int128.Zero, (sum, balance) => sum + balance.Value);

    private void Put(string book, string place, Int128 amount) =>
        balances[(book, place)] = balances.GetValueOrDefault((book, place)) + amount;
}
