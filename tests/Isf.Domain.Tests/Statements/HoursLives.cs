using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using NodaTime;
using static Isf.Domain.Tests.Statements.TimeFact;
using Books = Isf.Ledger.Domain;

namespace Isf.Domain.Tests.Statements;

/// <summary>Funds with random histories of time, and one in which everything happens.</summary>
internal static class HoursLives
{
    /// <summary>The first day of the first statement.</summary>
    internal static readonly LocalDate Start = new(2026, 4, 6);

    /// <summary>The number of random histories on which a property is tested.</summary>
    internal static int HowMany => Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 1000 : 60;

    /// <summary>
    /// Facts that arrive before each of three statements, about days of any of the statements or earlier.
    /// </summary>
    internal static readonly Arbitrary<TimeFact[][]> Some =
        Between(Start.PlusDays(-14), Start.PlusDays(83)).ArrayOf().ArrayOf(3).ToArbitrary();

    internal static FundBooks Post(this FundBooks books, IEnumerable<TimeFact> facts)
    {
        foreach (var fact in facts)
            fact.PostTo(books);
        return books;
    }

    /// <summary>
    /// Returns a fixed history in which every posting rule of time moves minutes, each by a different amount.
    /// </summary>
    internal static FundBooks Everything()
    {
        var books = new FundBooks();
        books.Received("R-0", "person", 500, Start.PlusDays(1));
        return books.Post(
        [
            new Planned(Start.PlusDays(1), Line("L-1", 601)),
            new Unplanned(Start.PlusDays(1), Line("L-1", 53)),
            new Fulfilled(Start.PlusDays(2), Line("L-1", 103), 0),
            new Extra(Start.PlusDays(3), Line("L-2", 61), 1),
            new Charged(Start.PlusDays(4), Line("L-1", 37), 2),
            new WeekClosed(Start.PlusDays(6), Week("L-1", 105, 70, -4,
                Missed("missed-by-provider", 211, 105, 70), Missed("no-access", 218, 105, 70))),
            new WeekClosed(Start.PlusDays(13), Week("L-1", 61, 102, 4,
                Missed("by-hand", 321, 153, 102), Missed("missed-by-provider", 307, 153, 102))),
            new WeekClosed(Start.PlusDays(20), Week("L-2", 14, 7, 1,
                Missed("other", 43, 14, 9), Missed("short", 29, 14, 9))),
            new PlanEnded(Start.PlusDays(20), Line("L-1", 17)),
            new BankEnded(Start.PlusDays(20), Line("L-2", 11)),
        ]);
    }

    private static Books.ClosedCareLine Week(
        string lineId, long drawn, long expired, long revalued, params Books.MissedCare[] missed) => new()
        {
            LineId = lineId, Missed = missed, Drawn = new(drawn), Expired = new(expired), Revalued = new(revalued),
        };

    private static Books.LineMinutes Line(string lineId, long minutes) => new(lineId, new Minutes(minutes));

    private static Books.MissedCare Missed(string reason, long minutes, long banked, long released) =>
        new(reason, new Minutes(minutes), new Minutes(banked), new Minutes(released));
}
