using NodaTime;

namespace Isf.Ledger.Domain;

/// <summary>
/// The sum of moves from one account to another, in pence, or carer-minutes in the book of time. A reversal lowers the
/// sum of the moves that it reverses, so that a voided receipt is neither money received nor money returned.
/// </summary>
public sealed record PostingSum(Account From, Account To, long Amount)
{
    /// <summary>
    /// The sum of one move. A reversing move is turned round with a negative amount, so that it lowers the sum of the
    /// moves that it reverses.
    /// </summary>
    public static PostingSum FromMove(Move move, bool isReversal) =>
        isReversal ? new(move.To, move.From, -move.Amount) : new(move.From, move.To, move.Amount);
}

/// <summary>
/// A fund's books as flows, which are the sums of moves from one account to another. Every balance is a sum of flows,
/// never a stored figure (design §4).
/// </summary>
public sealed class PostingSums
{
    private readonly Dictionary<Account, long> balances = [];
    private readonly List<PostingSum> flows;

    /// <summary>Takes the flows, in any order; flows between the same accounts may come in several parts.</summary>
    public PostingSums(IEnumerable<PostingSum> parts)
    {
        flows = [.. parts];
        foreach (var (from, to, amount) in flows)
        {
            balances[from] = checked(balances.GetValueOrDefault(from) - amount);
            balances[to] = checked(balances.GetValueOrDefault(to) + amount);
        }
    }

    /// <summary>The balance of each account that has moves.</summary>
    public IReadOnlyDictionary<Account, long> Balances => balances;

    /// <summary>The balance of one account.</summary>
    public long BalanceOf(Account account) => balances.GetValueOrDefault(account);

    /// <summary>The balance of all accounts of a kind, such as every accrued/….</summary>
    public long BalanceOfKind(Book book, string kind) =>
        balances.Where(balance => balance.Key.Book == book && balance.Key.Kind == kind).Sum(balance => balance.Value);

    /// <summary>
    /// The flows from accounts of one kind to accounts of another; the amount of a reversal is below zero.
    /// </summary>
    public IEnumerable<PostingSum> Between(Book book, string fromKind, string toKind) =>
        flows.Where(flow => flow.From.Book == book && flow.From.Kind == fromKind && flow.To.Kind == toKind);
}

/// <summary>
/// Spending to attribute to the sources, in pence, for one day of care; below zero if more came back than was spent.
/// If the day is null, no day's budget shares apply to the spending.
/// </summary>
public sealed record DrawnOnDay(LocalDate? CareOn, long Pence);
