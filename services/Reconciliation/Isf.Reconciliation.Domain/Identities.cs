namespace Isf.Reconciliation.Domain;

/// <summary>
/// The equations that hold in each book at every position and on every day, however the moves came about (design.md
/// §4): held + accrued + owed = received − returned − paid; budget = free + promised + used; planned + extra =
/// delivered + missed + charged + banked + released + outstanding.
/// </summary>
public static class Identities
{
    /// <summary>The two sides of one book's identity, in words and in pence or carer-minutes.</summary>
    public sealed record Sides(string Book, string LeftText, Int128 Left, string RightText, Int128 Right)
    {
        /// <summary>Whether the identity holds.</summary>
        public bool Hold => Left == Right;
    }

    /// <summary>The identity of each book, in the order of the books.</summary>
    public static IReadOnlyList<Sides> SidesOf(Fold books)
    {
        var money = (string kind) => books.BalanceOfKind(AccountNames.Money, kind);
        var promise = (string kind) => books.BalanceOfKind(AccountNames.Promise, kind);
        var time = (string kind) => books.BalanceOfKind(AccountNames.Time, kind);
        return
        [
            // The outside accounts have a negative balance, which is the money received with returns already taken off.
            new(AccountNames.Money, "held + accrued + owed", money("held") + money("accrued") + money("owed"),
                "received − returned − paid", -money("outside") - money("paid")),
            new(AccountNames.Promise, "budget", -promise("budget"),
                "free + promised + used", promise("free") + promise("promised") + promise("used")),
            // Planned time comes from agreed and unplanned care comes from extra, so both of these accounts have
            // negative balances.
            new(AccountNames.Time, "planned + extra", -time("agreed") - time("extra"),
                "delivered + missed + charged + banked + released + outstanding",
                time("delivered") + time("missed") + time("charged") + time("banked") + time("released")
                    + time("planned")),
        ];
    }
}
