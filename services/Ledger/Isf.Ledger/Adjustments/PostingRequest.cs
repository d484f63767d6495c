using Isf.Hosting;
using Isf.Ledger.Domain;
using Isf.Measures;

namespace Isf.Ledger.Adjustments;

/// <summary>A move from one account of a book to another, written as in the books.</summary>
public sealed record RequestedMove
{
    /// <summary>The book: money, promise or time.</summary>
    public required string Book { get; init; }

    /// <summary>The account that the amount leaves, such as held/council.</summary>
    public required string From { get; init; }

    /// <summary>The account that the amount reaches, such as accrued/V-1.</summary>
    public required string To { get; init; }

    /// <summary>The amount, above zero: whole pence or, in the book of time, whole carer-minutes.</summary>
    public required long Amount { get; init; }
}

/// <summary>
/// Reads moves that are posted by hand; every fault is reported with a pointer to its field in the request body.
/// </summary>
public sealed class PostingRequest
{
    /// <summary>The maximum amount of one move: £100 million in pence, or the same number of minutes.</summary>
    public const long AmountMax = 10_000_000_000;

    private const int MovesMax = 100, ReasonMax = 500;
    private readonly List<FieldError> accounts = [], fields = [];
    private readonly List<Move> moves = [];

    private PostingRequest()
    {
    }

    /// <summary>
    /// The moves with an amount above zero, whose two accounts exist and can be the two ends of one move.
    /// </summary>
    public IReadOnlyList<Move> Moves => moves;

    /// <summary>
    /// The faults in the moves' books and accounts: a book or an account that does not exist, or two accounts that
    /// cannot be the two ends of one move.
    /// </summary>
    public IReadOnlyList<FieldError> BadAccounts => accounts;

    /// <summary>Reads moves and the reason for them.</summary>
    /// <exception cref="ProblemException">400 if there are no moves or more than 100, or if an amount or the reason
    /// cannot be used.</exception>
    public static PostingRequest Parse(IReadOnlyList<RequestedMove> moves, string reason)
    {
        var read = new PostingRequest();
        read.Need(moves.Count is >= 1 and <= MovesMax, "/moves", $"Name 1 to {MovesMax} moves.");
        for (var n = 0; n < moves.Count; n++)
            read.Add($"/moves/{n}", moves[n]);
        read.NeedReason(reason);
        return read;
    }

    /// <summary>
    /// Reads the moves of a stored proposal, which were checked before and name only accounts that exist.
    /// </summary>
    public static IReadOnlyList<Move> MovesOf(IReadOnlyList<RequestedMove> proposed)
    {
        var read = new PostingRequest();
        foreach (var move in proposed)
            read.Add("", move);
        return read.moves;
    }

    /// <summary>
    /// The accounts of the moves, in their order, each with the pointer to its field in the request body.
    /// </summary>
    public IEnumerable<(string Pointer, Account Account)> Accounts => moves.SelectMany((move, n) =>
        new[] { ($"/moves/{n}/from", move.From), ($"/moves/{n}/to", move.To) });

    /// <summary>Checks the reason of a request that has no moves.</summary>
    /// <exception cref="ProblemException">400 if the reason cannot be used.</exception>
    public static void CheckReason(string reason) => new PostingRequest().NeedReason(reason);

    private void Add(string at, RequestedMove move)
    {
        Need(move.Amount is >= 1 and <= AmountMax, at + "/amount", $"A whole amount from 1 to {AmountMax}.");
        if (!Enum.GetValues<Book>().Any(item => item.WireName() == move.Book))
        {
            Bad(at + "/book", "A book is money, promise or time.");
            return;
        }
        var book = Enum.GetValues<Book>().Single(item => item.WireName() == move.Book);
        var (leaves, arrives) = (AccountAt(at + "/from", book, move.From), AccountAt(at + "/to", book, move.To));
        if (leaves is not { } from || arrives is not { } to)
            return;
        if (from == to)
            Bad(at + "/to", "Both ends are the same place.");
        else if (book == Book.Time && LineOf(from) != LineOf(to))
            Bad(at + "/to", "A move of time stays on one line.");
        else if (IsOutside(from, to) || IsOutside(to, from))
            Bad(at + "/to", "Money comes in from outside to held, and goes back from held.");
        else if (move.Amount >= 1)
            moves.Add(Move.Parse(book, move.From, move.To, move.Amount));
    }

    private Account? AccountAt(string at, Book book, string path)
    {
        try
        {
            var account = Account.Parse(book, path);
            if (account.About.Split('/').All(part => part.Length == 0 || Ids.IsId(part)))
                return account;
        }
        catch (ArgumentException)
        {
            // There is no such account; the fault is reported below.
        }
        Bad(at, $"The book of {book.WireName()} has no place “{path}”.");
        return null;
    }

    private static string LineOf(Account account) => account.About.Split('/')[0];

    private static bool IsOutside(Account one, Account other) => one.Kind == "outside" && other.Kind != "held";

    private void Bad(string at, string detail) => accounts.Add(new(at, detail));

    private void Need(bool holds, string at, string detail)
    {
        if (!holds)
            fields.Add(new(at, detail));
    }

    private void NeedReason(string reason)
    {
        Need(Texts.Fits(reason, ReasonMax), "/reason", $"Write 1 to {ReasonMax} characters.");
        if (fields.Count > 0)
            throw ProblemException.BadFields(fields);
    }
}
