using Isf.Measures;

namespace Isf.Ledger.Domain;

/// <summary>
/// An account of one of a fund's books, in the notation of design §4: held/council, promised/A-1, delivered/L-1. An
/// account that design §4 does not list cannot be made: the attempt throws an ArgumentException.
/// </summary>
public readonly record struct Account
{
    private static readonly HashSet<string> Sources = ["council", "nhs", "person", "top-up", "other"];

    private Account(Book book, string path)
    {
        Book = book;
        Path = path;
    }

    /// <summary>The book that the account belongs to.</summary>
    public Book Book { get; }

    /// <summary>
    /// The written form of the account: its kind and, after a slash, its subject. The account free has no subject.
    /// </summary>
    public string Path { get; }

    /// <summary>
    /// The part of the path before the first slash: held, promised, missed …; the whole path if it has no slash.
    /// </summary>
    public string Kind => Path.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? Path[..at] : Path;

    /// <summary>
    /// The part of the path after the kind: a source, a provider, an allocation, a line, or a line and a reason; empty
    /// for free.
    /// </summary>
    public string About => Path.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? Path[(at + 1)..] : "";

    /// <summary>
    /// The account from which a source's money comes or, for the holder, from which recovered VAT comes.
    /// </summary>
    public static Account Outside(string source) =>
        source == ReservedNames.Holder ? new(Book.Money, "outside/" + source) : OfSource(Book.Money, "outside", source);

    /// <summary>
    /// Money that a source put in, less returns to that source, charges that name it, and spending attributed to it.
    /// </summary>
    public static Account Held(string source) => OfSource(Book.Money, "held", source);

    /// <summary>Money that was spent but is not attributed to a source; the balance is at or below zero.</summary>
    public static Account Drawn { get; } = new(Book.Money, "held/drawn");

    /// <summary>The cost of care that a provider delivered and has not claimed.</summary>
    public static Account Accrued(string provider) => OfId(Book.Money, "accrued", provider);

    /// <summary>Accepted claims of a provider that are not paid; below zero if the provider owes money back.</summary>
    public static Account Owed(string provider) => OfId(Book.Money, "owed", provider);

    /// <summary>Money that left the bank for a provider.</summary>
    public static Account Paid(string provider) => OfId(Book.Money, "paid", provider);

    /// <summary>Money that a source promised; the balance is at or below zero.</summary>
    public static Account Budget(string source) => OfSource(Book.Promise, "budget", source);

    /// <summary>Money that budgets promise and that is not yet promised to an allocation.</summary>
    public static Account Free { get; } = new(Book.Promise, "free");

    /// <summary>
    /// The unused part of the money promised to an allocation; promised/none if the allocation is null or empty.
    /// </summary>
    public static Account Promised(string? allocation) => OfId(Book.Promise, "promised", OrNone(allocation));

    /// <summary>
    /// The used part of the money promised to an allocation; used/none if the allocation is null or empty.
    /// </summary>
    public static Account Used(string? allocation) => OfId(Book.Promise, "used", OrNone(allocation));

    /// <summary>The account that the planned minutes of a line come from; the balance is at or below zero.</summary>
    public static Account Agreed(string line) => OfId(Book.Time, "agreed", line);

    /// <summary>Planned minutes of a line that have no outcome yet.</summary>
    public static Account Planned(string line) => OfId(Book.Time, "planned", line);

    /// <summary>Minutes of a line that were given.</summary>
    public static Account Delivered(string line) => OfId(Book.Time, "delivered", line);

    /// <summary>The account that a line's minutes beyond the plan come from; the balance is at or below zero.</summary>
    public static Account Extra(string line) => OfId(Book.Time, "extra", line);

    /// <summary>Minutes of a line that were not given, for one reason.</summary>
    public static Account Missed(string line, string reason) => OfId(Book.Time, "missed/" + Checked(line), reason);

    /// <summary>Minutes of a line that are paid for though not given.</summary>
    public static Account Charged(string line) => OfId(Book.Time, "charged", line);

    /// <summary>Minutes of a line that are kept for later.</summary>
    public static Account Banked(string line) => OfId(Book.Time, "banked", line);

    /// <summary>Minutes of a line that were given up or have expired.</summary>
    public static Account Released(string line) => OfId(Book.Time, "released", line);

    /// <summary>Parses the written form of an account; throws if the book has no such account.</summary>
    public static Account Parse(Book book, string path)
    {
        var (kind, about) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
        return (book, kind) switch
        {
            (Book.Money, "held") when about == "drawn" => Drawn,
            (Book.Money, "outside") => Outside(about),
            (Book.Money, "held") => Held(about),
            (Book.Money, "accrued" or "owed" or "paid") => OfId(book, kind, about),
            (Book.Promise, "budget") => Budget(about),
            (Book.Promise, "free") when about.Length == 0 => Free,
            (Book.Promise, "promised" or "used") => OfId(book, kind, about),
            (Book.Time, "missed") when about.Split('/') is [var line, var reason] => Missed(line, reason),
            (Book.Time, "agreed" or "planned" or "delivered" or "extra" or "charged" or "banked" or "released") =>
                OfId(book, kind, about),
            _ => throw new ArgumentException($"The book {book.WireName()} has no place {path}.", nameof(path)),
        };
    }

    /// <inheritdoc />
    public override string ToString() => Path;

    private static string OrNone(string? allocation) =>
        string.IsNullOrEmpty(allocation) ? ReservedNames.NoAllocation : allocation;

    private static Account OfSource(Book book, string kind, string source) =>
        Sources.Contains(source)
            ? new(book, $"{kind}/{source}")
            : throw new ArgumentException($"“{source}” is no source of money.", nameof(source));

    private static Account OfId(Book book, string kind, string id) => new(book, $"{kind}/{Checked(id)}");

    private static string Checked(string id) =>
        string.IsNullOrEmpty(id) || id.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"“{id}” names no place.", nameof(id))
            : id;
}
