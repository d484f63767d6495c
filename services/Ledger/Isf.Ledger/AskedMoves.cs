using Isf.Hosting;
using Isf.Ledger.Domain;
using Isf.Measures;

namespace Isf.Ledger;

/// <summary>A move in a request: book, from, to and amount, written as in the books (api.md).</summary>
public sealed record AskedMove
{
    public required string Book { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required long Amount { get; init; }
}

/// <summary>Reads moves that are posted by hand; every fault is reported with its place in the body.</summary>
public sealed class AskedMoves
{
    /// <summary>The most that one move can be: £100 million in pence, or as many minutes.</summary>
    public const long AmountMost = 10_000_000_000;

    private const int MovesMost = 100, ReasonMost = 500;
    private readonly List<FieldError> places = [], fields = [];
    private readonly List<Move> moves = [];

    private AskedMoves()
    {
    }

    /// <summary>The moves whose two accounts exist.</summary>
    public IReadOnlyList<Move> Moves => moves;

    /// <summary>Accounts that no book has, or that cannot be the two ends of one move.</summary>
    public IReadOnlyList<FieldError> BadPlaces => places;

    /// <summary>Reads moves and the reason for them.</summary>
    /// <exception cref="ProblemException">400: no moves or too many, an amount or a reason that cannot be
    /// used.</exception>
    public static AskedMoves Read(IReadOnlyList<AskedMove> asked, string reason)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var read = new AskedMoves();
        read.Need(asked.Count is >= 1 and <= MovesMost, "/moves", $"Name 1 to {MovesMost} moves.");
        for (var n = 0; n < asked.Count; n++)
            read.Add($"/moves/{n}", asked[n]);
        read.NeedReason(reason);
        return read;
    }

    /// <summary>Reads moves that were checked before: a stored proposal names only accounts that exist.</summary>
    public static IReadOnlyList<Move> MovesOf(IReadOnlyList<AskedMove> proposed)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        var read = new AskedMoves();
        foreach (var move in proposed)
            read.Add("", move);
        return read.moves;
    }

    /// <summary>The accounts of the moves, in their order, each with its place in the body.</summary>
    public IEnumerable<(string Pointer, Place Account)> Accounts => moves.SelectMany((move, n) =>
        new[] { ($"/moves/{n}/from", move.From), ($"/moves/{n}/to", move.To) });

    /// <summary>Checks a reason without moves.</summary>
    /// <exception cref="ProblemException">400: it cannot be used.</exception>
    public static void CheckReason(string reason) => new AskedMoves().NeedReason(reason);

    private void Add(string at, AskedMove asked)
    {
        Need(asked.Amount is >= 1 and <= AmountMost, at + "/amount", $"A whole amount from 1 to {AmountMost}.");
        if (!Enum.GetValues<Book>().Any(each => each.Word() == asked.Book))
        {
            Bad(at + "/book", "A book is money, promise or time.");
            return;
        }
        var book = Enum.GetValues<Book>().Single(each => each.Word() == asked.Book);
        var (leaves, arrives) = (PlaceAt(at + "/from", book, asked.From), PlaceAt(at + "/to", book, asked.To));
        if (leaves is not { } from || arrives is not { } to)
            return;
        if (from == to)
            Bad(at + "/to", "Both ends are the same place.");
        else if (book == Book.Time && LineOf(from) != LineOf(to))
            Bad(at + "/to", "A move of time stays on one line.");
        else if (IsOutside(from, to) || IsOutside(to, from))
            Bad(at + "/to", "Money comes in from outside to held, and goes back from held.");
        else if (asked.Amount >= 1)
            moves.Add(Move.Read(book, asked.From, asked.To, asked.Amount));
    }

    private Place? PlaceAt(string at, Book book, string path)
    {
        try
        {
            var place = Place.Read(book, path);
            if (place.About.Split('/').All(part => part.Length == 0 || Ids.IsId(part)))
                return place;
        }
        catch (ArgumentException)
        {
            // No such account: reported below.
        }
        Bad(at, $"The book of {book.Word()} has no place “{path}”.");
        return null;
    }

    private static string LineOf(Place place) => place.About.Split('/')[0];

    private static bool IsOutside(Place one, Place other) => one.Kind == "outside" && other.Kind != "held";

    private void Bad(string at, string words) => places.Add(new(at, words));

    private void Need(bool holds, string at, string words)
    {
        if (!holds)
            fields.Add(new(at, words));
    }

    private void NeedReason(string reason)
    {
        Need(Texts.Fits(reason, ReasonMost), "/reason", $"Write 1 to {ReasonMost} characters.");
        if (fields.Count > 0)
        {
            throw new ProblemException(400, "bad-field", "A field holds a value that cannot be used.",
                string.Join(" ", fields.Select(error => $"{error.Pointer}: {error.Detail}")), [.. fields]);
        }
    }
}
