namespace Isf.Ledger.Domain;

/// <summary>One of the three books of a fund. No move crosses from one into another (design §4).</summary>
public enum Book
{
    /// <summary>Pence that came in, are held, accrued, owed and paid.</summary>
    Money = 1,

    /// <summary>Pence that the sources promised, with the parts promised to providers and the parts used.</summary>
    Promise = 2,

    /// <summary>Carer-minutes that were planned, given, missed and kept.</summary>
    Time = 3,
}

/// <summary>The words for books on the wire, in exports and in the hash of a journal: money, promise, time.</summary>
public static class BookNames
{
    /// <summary>The word for a book: money, promise or time.</summary>
    public static string WireName(this Book book) => book switch
    {
        Book.Money => "money",
        Book.Promise => "promise",
        Book.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(book), book, "No such book."),
    };
}
