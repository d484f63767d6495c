using System.Globalization;

namespace Isf.Reconciliation.Domain;

/// <summary>
/// The differences that can be found. A run that checks the books finds 1 to 10, which share one exception kind. The
/// others come from findings of a service, and each has an exception kind of its own. Numbers are permanent: append,
/// never renumber.
/// </summary>
public enum DifferenceCode
{
    /// <summary>The copy lacks a journal at or below the position that the Ledger states.</summary>
    PositionMissing = 1,
    /// <summary>A journal's hash is not the hash of its content and of the hash before it.</summary>
    ChainBroken = 2,
    /// <summary>
    /// A move has an amount of zero or less, one account on both sides, or an account that its book does not have.
    /// </summary>
    MoveUnsound = 3,
    /// <summary>The last journal's hash is not the one that the Ledger states.</summary>
    HeadDiffers = 4,
    /// <summary>The Ledger states fewer journals than it had posted before.</summary>
    TailCut = 5,
    /// <summary>The balance of an account is not the one that the Ledger states.</summary>
    BalanceDiffers = 6,
    /// <summary>An identity of the books does not hold.</summary>
    IdentityBroken = 7,
    /// <summary>A fund that has journals is missing in the Ledger's stated books.</summary>
    FundNotStated = 8,
    /// <summary>Journals that were stated more than twelve hours ago have still not arrived.</summary>
    JournalsNotArrived = 9,
    /// <summary>
    /// The latest books that the Ledger stated end more than two days before the day of a nightly run.
    /// </summary>
    BooksNotStated = 10,
    /// <summary>A service's copy of a document differs from its owner's document.</summary>
    CopiesDiffer = 11,
    /// <summary>A fact has waited for another for more than an hour.</summary>
    FactDeferred = 12,
    /// <summary>A fact could not be consumed and was set aside.</summary>
    FactFailed = 13,
    /// <summary>More of an allocation was used than is promised.</summary>
    PromiseOverdrawn = 14,
    /// <summary>Care has cost a fund more money than was put in.</summary>
    FundOverdrawn = 15,
    /// <summary>
    /// A return or a voided receipt has brought the money of its source, or of the whole fund, below zero.
    /// </summary>
    ReturnedBeyondHeld = 16,
}

/// <summary>The subject of an exception (api.md, exceptions). Numbers are permanent: append, never renumber.</summary>
public enum ExceptionKind
{
    /// <summary>The Ledger's books, found by a run.</summary>
    Books = 1,
    /// <summary>A copy of a document.</summary>
    CopiesDiffer = 2,
    /// <summary>A fact that waits.</summary>
    FactDeferred = 3,
    /// <summary>A fact that was set aside.</summary>
    FactFailed = 4,
    /// <summary>An allocation used beyond its promise.</summary>
    PromiseOverdrawn = 5,
    /// <summary>A fund spent beyond its money.</summary>
    FundOverdrawn = 6,
    /// <summary>More money returned than was held.</summary>
    ReturnedBeyondHeld = 7,
}

/// <summary>Something that does not agree, with its evidence.</summary>
/// <param name="Code">What is wrong.</param>
/// <param name="FundId">The fund; null if the difference is about the holder's books as a whole.</param>
/// <param name="Subject">
/// The account, position, book, allocation, source, copy or message that differs. Together with code and fund it
/// identifies the difference.
/// </param>
/// <param name="PlainWords">One or two sentences for a person who knows the office and not the program.</param>
/// <param name="Figures">The numbers and hashes behind the words.</param>
public sealed record Difference(
    DifferenceCode Code, string? FundId, string Subject, string PlainWords, IReadOnlyList<Figure> Figures)
{
    /// <summary>The identity of the difference, which is the same in every run that finds it.</summary>
    public string Key => $"{(int)Code}|{FundId}|{Subject}";

    /// <summary>
    /// Builds a difference from its key alone, for a finding that the cause of the difference is gone. It has no
    /// figures, because none are left to state.
    /// </summary>
    public static Difference FromKey(string key)
    {
        var parts = key.Split('|', 3);
        return new((DifferenceCode)int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts[1].Length == 0 ? null : parts[1], parts[2], "Its cause is gone.", []);
    }

    /// <summary>
    /// The kind of the exception. The codes of a books run share one kind; every other code has a kind of its own.
    /// </summary>
    public ExceptionKind Kind => Code switch
    {
        <= DifferenceCode.BooksNotStated => ExceptionKind.Books,
        DifferenceCode.CopiesDiffer => ExceptionKind.CopiesDiffer,
        DifferenceCode.FactDeferred => ExceptionKind.FactDeferred,
        DifferenceCode.FactFailed => ExceptionKind.FactFailed,
        DifferenceCode.PromiseOverdrawn => ExceptionKind.PromiseOverdrawn,
        DifferenceCode.FundOverdrawn => ExceptionKind.FundOverdrawn,
        DifferenceCode.ReturnedBeyondHeld => ExceptionKind.ReturnedBeyondHeld,
        _ => throw new InvalidOperationException($"The code {Code} has no kind."),
    };
}

/// <summary>One named number, hash or date of the evidence, as text.</summary>
public sealed record Figure(string Name, string Value);

/// <summary>A service's statement that the cause of a difference exists, or that the cause is gone.</summary>
/// <param name="About">The difference in words and figures; if the cause is gone, the present state.</param>
/// <param name="AsOf">
/// A number that grows with every finding about the same code, fund and subject, such as a journal's position. The
/// finding with the highest number counts, in whatever order findings arrive.
/// </param>
/// <param name="Exists">Whether the cause exists; false if it is gone.</param>
/// <param name="FoundBy">The fact that makes the statement, such as fund-overdrawn/F-1/813.</param>
public sealed record Finding(Difference About, long AsOf, bool Exists, string FoundBy);
