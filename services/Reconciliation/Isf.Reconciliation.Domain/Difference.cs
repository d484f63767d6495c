namespace Isf.Reconciliation.Domain;

/// <summary>What can be wrong with a fund's books. Numbers are for ever: append, never renumber.</summary>
public enum DifferenceCode
{
    /// <summary>A journal below the stated head is not there.</summary>
    PositionMissing = 1,
    /// <summary>A journal's hash is not the hash of what it holds and of the hash before it.</summary>
    ChainBroken = 2,
    /// <summary>A move of nothing or less, in a book or to a place that does not exist.</summary>
    MoveUnsound = 3,
    /// <summary>The last journal's hash is not the one that the Ledger states.</summary>
    HeadDiffers = 4,
    /// <summary>The Ledger states fewer journals than it had posted before.</summary>
    TailCut = 5,
    /// <summary>A place holds another amount than the Ledger states.</summary>
    BalanceDiffers = 6,
    /// <summary>An identity of the books does not hold.</summary>
    IdentityBroken = 7,
    /// <summary>The Ledger states nothing of a fund that has journals.</summary>
    FundNotStated = 8,
    /// <summary>Journals that were stated long ago have still not arrived.</summary>
    JournalsNotArrived = 9,
    /// <summary>The Ledger has not stated its books for more than a night.</summary>
    BooksNotStated = 10,
}

/// <summary>Something that does not agree, with its evidence.</summary>
/// <param name="Code">What is wrong.</param>
/// <param name="FundId">Whose books; none where it is about the holder's books as a whole.</param>
/// <param name="Subject">
/// What exactly: a place, a position or a book. With code and fund it names the difference.
/// </param>
/// <param name="PlainWords">One or two sentences for a person who knows the office and not the program.</param>
/// <param name="Figures">The numbers and hashes behind the words.</param>
public sealed record Difference(
    DifferenceCode Code, string? FundId, string Subject, string PlainWords, IReadOnlyList<Figure> Figures)
{
    /// <summary>The same wherever and whenever the same difference is found.</summary>
    public string Key => $"{(int)Code}|{FundId}|{Subject}";
}

/// <summary>One named number, hash or date of the evidence, as text.</summary>
public sealed record Figure(string Name, string Value);
