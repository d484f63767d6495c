using Isf.Measures;

namespace Isf.Ledger.Domain;

/// <summary>
/// An account of one of a fund's books, written as in design §4: held/council, promised/A-1, delivered/L-1. Only the
/// accounts that exist there can be made; any other throws.
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

    /// <summary>The account as it is written: its kind and, after a slash, its subject.</summary>
    public string Path { get; }

    /// <summary>The word before the first slash: held, promised, missed …</summary>
    public string Kind => Path.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? Path[..at] : Path;

    /// <summary>The part after the kind: a source, a provider, an allocation, a line; empty for free.</summary>
    public string About => Path.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? Path[(at + 1)..] : "";

    /// <summary>A payer, or the holder itself for VAT that was recovered.</summary>
    public static Account Outside(string source) =>
        source == PlaceWords.Holder ? new(Book.Money, "outside/" + source) : OfSource(Book.Money, "outside", source);

    /// <summary>Put in by a source, less returned and less charges that name it.</summary>
    public static Account Held(string source) => OfSource(Book.Money, "held", source);

    /// <summary>Spent but not attributed to a source: at or below zero.</summary>
    public static Account Drawn { get; } = new(Book.Money, "held/drawn");

    /// <summary>Delivered by a provider, not claimed.</summary>
    public static Account Accrued(string provider) => OfId(Book.Money, "accrued", provider);

    /// <summary>A provider's claim that was accepted.</summary>
    public static Account Owed(string provider) => OfId(Book.Money, "owed", provider);

    /// <summary>Left the bank for a provider.</summary>
    public static Account Paid(string provider) => OfId(Book.Money, "paid", provider);

    /// <summary>The promise of a source: at or below zero.</summary>
    public static Account Budget(string source) => OfSource(Book.Promise, "budget", source);

    /// <summary>Promised by a budget and not yet to anyone.</summary>
    public static Account Free { get; } = new(Book.Promise, "free");

    /// <summary>Promised to an allocation and unused; without one, promised/none.</summary>
    public static Account Promised(string? allocation) => OfId(Book.Promise, "promised", OrNone(allocation));

    /// <summary>Used of an allocation; without one, used/none.</summary>
    public static Account Used(string? allocation) => OfId(Book.Promise, "used", OrNone(allocation));

    /// <summary>Where the plans of a line come from: at or below zero.</summary>
    public static Account Agreed(string line) => OfId(Book.Time, "agreed", line);

    /// <summary>Planned, without an outcome.</summary>
    public static Account Planned(string line) => OfId(Book.Time, "planned", line);

    /// <summary>Given.</summary>
    public static Account Delivered(string line) => OfId(Book.Time, "delivered", line);

    /// <summary>Where care beyond the plan comes from: at or below zero.</summary>
    public static Account Extra(string line) => OfId(Book.Time, "extra", line);

    /// <summary>Not given, by reason.</summary>
    public static Account Missed(string line, string reason) => OfId(Book.Time, "missed/" + Checked(line), reason);

    /// <summary>Paid for though not given.</summary>
    public static Account Charged(string line) => OfId(Book.Time, "charged", line);

    /// <summary>Kept for later.</summary>
    public static Account Banked(string line) => OfId(Book.Time, "banked", line);

    /// <summary>Given up, or expired.</summary>
    public static Account Released(string line) => OfId(Book.Time, "released", line);

    /// <summary>Parses an account as it was written; throws where the book has no such account.</summary>
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
            _ => throw new ArgumentException($"The book {book.Word()} has no place {path}.", nameof(path)),
        };
    }

    /// <inheritdoc />
    public override string ToString() => Path;

    private static string OrNone(string? allocation) =>
        string.IsNullOrEmpty(allocation) ? PlaceWords.NoAllocation : allocation;

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
