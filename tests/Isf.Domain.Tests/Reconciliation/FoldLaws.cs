using FsCheck;
using FsCheck.Fluent;
using Isf.Reconciliation.Domain;
using Xunit;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>Laws of every journal, whatever its moves.</summary>
public sealed class FoldLaws
{
    private static readonly CopiedMove[] Moves =
    [
        Copies.Money("outside/council", "held/council", 1), Copies.Money("held/drawn", "accrued/P-1", 1),
        Copies.Money("accrued/P-1", "owed/P-1", 1), Copies.Money("owed/P-1", "paid/P-1", 1),
        Copies.Money("held/person", "outside/person", 1), Copies.Money("outside/holder", "held/drawn", 1),
        Copies.Money("held/nhs", "owed/P-2", 1), Copies.Promise("budget/council", "free", 1),
        Copies.Promise("free", "promised/A-1", 1), Copies.Promise("promised/A-1", "used/A-1", 1),
        Copies.Time("agreed/L-1", "planned/L-1", 1), Copies.Time("planned/L-1", "delivered/L-1", 1),
        Copies.Time("extra/L-1", "delivered/L-1", 1), Copies.Time("planned/L-1", "missed/L-1/hospital", 1),
        Copies.Time("missed/L-1/hospital", "banked/L-1", 1), Copies.Time("banked/L-1", "extra/L-1", 1),
        Copies.Time("planned/L-1", "charged/L-1", 1), Copies.Time("banked/L-1", "released/L-1", 1),
    ];

    // Any move of any amount, forwards or back, on any day.
    private static readonly Gen<(string Day, CopiedMove Move)> Facts =
        from move in Gen.Elements(Moves)
        from back in Gen.Elements(true, false)
        from amount in Gen.Choose(1, 100000)
        from day in Gen.Choose(0, 40)
        select (DayText(day), back ? move with { From = move.To, To = move.From, Amount = amount }
            : move with { Amount = amount });

    private static readonly Arbitrary<Copies> Histories = Facts.ListOf().Select(BooksOf).ToArbitrary();

    private static readonly Arbitrary<string> Days = Gen.Choose(0, 40).Select(DayText).ToArbitrary();

    [Fact]
    public void The_identities_hold_on_every_day() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Histories, Days, (books, upTo) => Assert.All(
            Identities.SidesOf(Fold.From(books.Journals, Copies.Day(upTo))), sides => Assert.True(sides.Hold))));

    [Fact]
    public void An_honest_statement_agrees_on_every_day() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Histories, Days, (books, upTo) => Assert.Empty(
            FundCheck.Compare(books.Stated(upTo), books.Journals, new(0, 0)).Differences)));

    [Fact]
    public void Any_one_amount_changed_in_the_copy_is_found() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(
            Facts.NonEmptyListOf().Select(BooksOf).ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(),
            (books, which) =>
            {
                var copy = books.Journals.ToList();
                var at = which % copy.Count;
                var move = copy[at].Moves[0];
                copy[at] = copy[at] with { Moves = [move with { Amount = move.Amount + 1 }] };
                Assert.Contains(FundCheck.Compare(books.Stated("2026-06-30"), copy, new(0, 0)).Differences,
                    difference => difference.Code == DifferenceCode.ChainBroken
                        && difference.Subject == $"position {at + 1}");
            }));

    private static Copies BooksOf(IEnumerable<(string Day, CopiedMove Move)> facts)
    {
        var books = new Copies();
        foreach (var (day, move) in facts)
            books.Post(day, move);
        return books;
    }

    private static string DayText(int day) => $"{new NodaTime.LocalDate(2026, 4, 6).PlusDays(day):uuuu-MM-dd}";
}
