namespace Isf.Ledger.Domain;

/// <summary>One of the three books of a fund. No move crosses from one into another (design §4).</summary>
public enum Book
{
    /// <summary>Pence that came in, are held, accrued, owed and paid.</summary>
    Money = 1,

    /// <summary>Pence that a council promised, and the parts that are promised to providers and used.</summary>
    Promise = 2,

    /// <summary>Carer-minutes that were planned, given, missed and kept.</summary>
    Time = 3,
}

/// <summary>How a book is written on the wire and in the database's answers: money, promise, time.</summary>
public static class BookWords
{
    /// <summary>The book's word.</summary>
    public static string Word(this Book book) => book switch
    {
        Book.Money => "money",
        Book.Promise => "promise",
        Book.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(book), book, "No such book."),
    };
}
