using Isf.Measures;

namespace Isf.Ledger.Domain;

/// <summary>
/// An amount above zero from one account to another, in one book: pence in money and promise, carer-minutes in time. A
/// journal made of moves cannot be out of balance.
/// </summary>
public sealed record Move
{
    /// <summary>A move of money, in the book money or promise.</summary>
    public Move(Book book, Account from, Account to, Money amount) : this(book, from, to, amount.Pence)
    {
        if (book == Book.Time)
            throw new ArgumentException("The book of time holds minutes.", nameof(amount));
    }

    /// <summary>A move of minutes, in the book of time.</summary>
    public Move(Book book, Account from, Account to, Minutes amount) : this(book, from, to, amount.Count)
    {
        if (book != Book.Time)
            throw new ArgumentException("Only the book of time holds minutes.", nameof(amount));
    }

    private Move(Book book, Account from, Account to, long amount)
    {
        if (from.Book != book || to.Book != book)
        {
            throw new ArgumentException($"{from} and {to} are not both places of the book {book.WireName()}.",
                nameof(book));
        }
        if (from == to)
            throw new ArgumentException($"{from} is both ends of a move.", nameof(to));
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 1);
        (Book, From, To, Amount) = (book, from, to, amount);
    }

    /// <summary>The book of both accounts.</summary>
    public Book Book { get; }

    /// <summary>The account that the amount leaves.</summary>
    public Account From { get; }

    /// <summary>The account that the amount enters.</summary>
    public Account To { get; }

    /// <summary>Whole pence, or whole carer-minutes in the book of time; above zero.</summary>
    public long Amount { get; }

    /// <summary>A move of the same amount in the opposite direction.</summary>
    public Move Reversed() => new(Book, To, From, Amount);

    /// <summary>A move of another amount, above zero, in the same direction.</summary>
    public Move WithAmount(long amount) => new(Book, From, To, amount);

    /// <summary>Parses a move in its stored form.</summary>
    public static Move Parse(Book book, string from, string to, long amount) =>
        new(book, Account.Parse(book, from), Account.Parse(book, to), amount);
}
