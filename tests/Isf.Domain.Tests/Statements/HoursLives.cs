using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Books = Isf.Ledger.Domain;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// Generates funds with random histories. Their time is posted by the Ledger's own rules, with the facts in any order.
/// </summary>
internal static class HoursLives
{
    /// <summary>
    /// A fact about time: its kind, its day as an offset from the first day of the first statement, its minutes, and a
    /// random number that decides the rest (such as the line or the reason).
    /// </summary>
    internal sealed record Fact(int Kind, int Day, int Minutes, int Choice);

    /// <summary>The number of random histories on which a property is tested.</summary>
    internal static int HowMany => Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 1000 : 60;

    private const int Kinds = 7;

    private static readonly string[] Reasons =
    [
        "missed-by-provider", "no-access", "hospital", "respite", "holiday", "other", "short", "no-record", "by-hand",
    ];

    /// <summary>
    /// Facts that arrive before each of three statements, about days of any of the statements or earlier.
    /// </summary>
    internal static readonly Gen<Fact[][]> Some =
        (from kind in Gen.Choose(0, Kinds - 1)
         from day in Gen.Choose(-14, 83)
         from minutes in Gen.Choose(1, 300)
         from choice in Gen.Choose(0, 1000)
         select new Fact(kind, day, minutes, choice)).ArrayOf().ArrayOf(3);

    internal static void Post(FundBooks books, LocalDate start, IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
            Post(books, start, fact);
    }

    private static void Post(FundBooks books, LocalDate start, Fact fact)
    {
        var (on, id, minutes) = (start.PlusDays(fact.Day), $"W-{books.Position + 1}", new Minutes(fact.Minutes));
        var line = new Books.LineMinutes(fact.Choice % 2 == 0 ? "L-1" : "L-2", minutes);
        switch (fact.Kind)
        {
            case 0: Post(books, Books.PostingRules.DayPlanned("F-1", on, 1, [line])); break;
            case 1: Post(books, Books.PostingRules.DayUnplanned("F-1", on, 2, [line])); break;
            case 2: Post(books, Visit(id, line, on, fact.Choice)); break;
            case 3: TakeBack(books, fact.Choice, id); break;
            case 4: Post(books, Ended(line, on, fact.Choice)); break;
            default: CloseWeek(books, on, fact); break;
        }
    }

    /// <summary>
    /// Returns a fixed history in which every posting rule of time moves minutes, each by a different amount.
    /// </summary>
    internal static FundBooks Everything(LocalDate start)
    {
        var books = new FundBooks();
        books.Received("R-0", "person", 500, start.PlusDays(1));
        Fact[] facts =
        [
            new(0, 1, 601, 0), new(1, 1, 53, 0), new(2, 2, 103, 0), new(2, 3, 61, 1), new(2, 4, 37, 2),
            new(5, 6, 211, 0), new(5, 13, 307, 8), new(6, 20, 29, 5), new(4, 20, 17, 0), new(4, 20, 11, 1),
        ];
        Post(books, start, facts);
        return books;
    }

    private static Books.Entry Visit(string id, Books.LineMinutes line, LocalDate on, int choice) =>
        Books.PostingRules.VisitPriced(new Books.PricedCare
        {
            VisitId = id, Version = 1, FundId = "F-1", LineId = line.LineId, AllocationId = "A-1", ProviderId = "V-1",
            CareOn = on, Fulfilled = choice % 3 == 0 ? line.Amount : default,
            Extra = choice % 3 == 1 ? line.Amount : default, Charged = choice % 3 == 2 ? line.Amount : default,
            Carers = 1, Price = new Money(choice), FundedBy = [], ClaimedOnInvoice = false,
        });

    // Returns the posting with which a closure ends planned or banked time.
    private static Books.Entry Ended(Books.LineMinutes line, LocalDate on, int choice) =>
        Books.ClosingRules.HoursEnded("F-1", on, 1, [new Books.HoursEnd(
            choice % 2 == 0 ? Books.Account.Planned(line.LineId) : Books.Account.Banked(line.LineId),
                line.Amount.Count)]);

    // A week that is closed again reverses its earlier sums and posts the new ones, in one journal.
    private static void CloseWeek(FundBooks books, LocalDate on, Fact fact)
    {
        var week = CarePeriod.MondayOf(on);
        var before = books.Journals.Where(journal => journal.CauseMessage == "week-closed"
            && journal.CauseId.StartsWith($"{week:uuuu-MM-dd}/", StringComparison.Ordinal)).ToList();
        var whole = Books.PostingRules.WeekClosed(Week(week, before.Count + 1, fact)).Total.Select(MoveOf);
        var reversal = before.Count == 0 ? [] : before[^1].Moves.TakeLast(books.LastWhole.GetValueOrDefault(week))
            .Select(move => move with { From = move.To, To = move.From });
        var now = whole.ToList();
        books.LastWhole[week] = now.Count;
        books.Post("week-closed", $"{week:uuuu-MM-dd}/v{before.Count + 1}", week.PlusDays(6), [.. reversal, .. now]);
    }

    private static Books.ClosedCare Week(LocalDate monday, int version, Fact fact) => new()
    {
        FundId = "F-1", WeekFrom = monday, Version = version,
        Lines =
        [
            new Books.ClosedCareLine
            {
                LineId = fact.Choice % 2 == 0 ? "L-1" : "L-2",
                Missed = [.. new[] { fact.Choice, fact.Choice + 1 }.Select(choice => new Books.MissedCare(
                    Reasons[choice % Reasons.Length], new Minutes(fact.Minutes + (7 * (choice % 3))),
                    new Minutes(fact.Minutes / 2), new Minutes(fact.Minutes / 3)))],
                Drawn = new Minutes(fact.Minutes / (2 + (fact.Choice % 5))),
                Expired = new Minutes(fact.Minutes / (3 + (fact.Choice % 4))),
                Revalued = new Minutes((fact.Choice % 9) - 4),
            },
        ],
    };

    private static void TakeBack(FundBooks books, int choice, string id)
    {
        var live = books.Journals.Where(journal => journal.Reverses is null && journal.CauseMessage != "week-closed"
            && books.Journals.All(other => other.Reverses != journal.JournalId)).ToList();
        if (live.Count > 0)
            books.Reversed(live[choice % live.Count], "taken-back", id);
    }

    private static void Post(FundBooks books, Books.Entry entry) => books.Post(
        entry.Cause.Message, entry.Cause.Id, entry.EffectiveOn, [.. entry.Moves.Select(MoveOf)]);

    private static Move MoveOf(Books.Move move) => new(
        (Book)(int)move.Book, move.From.Path, move.To.Path, move.Amount);
}
