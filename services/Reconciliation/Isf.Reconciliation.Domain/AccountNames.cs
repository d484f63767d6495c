namespace Isf.Reconciliation.Domain;

/// <summary>
/// The names of books and accounts, as design.md §4 writes them. An account's name is its kind, followed by a stroke
/// and its subject if it has one.
/// </summary>
public static class AccountNames
{
    /// <summary>Pence that are really there, owed or paid.</summary>
    public const string Money = "money";
    /// <summary>Pence that are promised.</summary>
    public const string Promise = "promise";
    /// <summary>Carer-minutes.</summary>
    public const string Time = "time";
    /// <summary>The account of spending that names no source.</summary>
    public const string Drawn = "held/drawn";

    /// <summary>The three books, in the order in which they are checked.</summary>
    public static readonly IReadOnlyList<string> Books = [Money, Promise, Time];

    /// <summary>The sources of a fund's money, in the order in which design.md §4 lists them.</summary>
    public static readonly IReadOnlyList<string> Sources = ["council", "nhs", "person", "top-up", "other"];

    private static readonly HashSet<string> Payers = [.. Sources, "holder"];
    private static readonly HashSet<string> Holdings = [.. Sources, "drawn"];
    private static readonly HashSet<string> Funders = [.. Sources];

    /// <summary>The first word of an account's name, such as held, accrued or missed.</summary>
    public static string KindOf(string place)
    {
        var stroke = place.IndexOf('/', StringComparison.Ordinal);
        return stroke < 0 ? place : place[..stroke];
    }

    /// <summary>
    /// Whether the book has an account of this name. An amount in any other account would escape every sum.
    /// </summary>
    public static bool Exists(string book, string place)
    {
        var parts = place.Split('/');
        if (parts.Any(part => part.Length == 0))
            return false;
        return (book, parts[0], parts.Length) switch
        {
            (Money, "outside", 2) => Payers.Contains(parts[1]),
            (Money, "held", 2) => Holdings.Contains(parts[1]),
            (Money, "accrued" or "owed" or "paid", 2) => true,
            (Promise, "free", 1) => true,
            (Promise, "budget", 2) => Funders.Contains(parts[1]),
            (Promise, "promised" or "used", 2) => true,
            (Time, "agreed" or "planned" or "delivered" or "extra" or "charged" or "banked" or "released", 2) => true,
            (Time, "missed", 3) => true,
            _ => false,
        };
    }
}
