using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;
using Books = Isf.Ledger.Domain;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// A closed fund's statement shows the same amounts to return to each source as the Ledger, from the closure on and
/// after any later journal.
/// </summary>
public sealed class SourceAttributionLaws
{
    private static readonly LocalDate April = new(2026, 4, 6);
    private static readonly string[] Sources = ["council", "nhs", "person", "top-up", "other"];
    private static readonly string[] Orders = ["person-first", "pro-rata", "council-first"];

    private sealed record Life(
        (int Kind, int Source, int Day, int Care, int Pence)[] Facts, (int Order, int On, bool ToHolder)[] Agreed,
        int ClosedOn, int Person, int Council);

    private static readonly Gen<Life> Lives =
        from facts in (from kind in Gen.Choose(0, 6) from source in Gen.Choose(0, 4) from day in Gen.Choose(0, 60)
                       from care in Gen.Choose(0, 20) from pence in Gen.Choose(1, 20_000)
                       select (kind, source, day, care, pence)).ArrayOf()
        from agreed in (from order in Gen.Choose(0, 2) from signed in Gen.Choose(0, 60)
                        from toHolder in Gen.Choose(0, 3)
                        select (order, signed, toHolder > 0)).ArrayOf().Resize(4)
        from closed in Gen.Choose(0, 60)
        from person in Gen.Choose(0, 9_000)
        from council in Gen.Choose(0, 40_000)
        select new Life(facts, [(person % 3, -7, true), .. agreed], closed, person, council);

    [Fact]
    public void On_days_after_the_closure_both_say_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var (books, terms, sums) = (BooksOf(life), TheirsOf(life), life.Facts.Select(SumOf).ToList());
            foreach (var day in new[] { life.ClosedOn, (life.ClosedOn + 60) / 2, 60, 62 }.Select(April.PlusDays))
            {
                var ours = SourceAttribution.At(
                    books.Facts, books.Journals.Where(journal => journal.EffectiveOn <= day).ToList(), day);
                var theirs = Books.SourceAttribution.LeftOn(terms, day, sums, [BudgetOf(life)]);
                Assert.Equal(
                    theirs.Left.Where(left => left.Pence != 0).Select(left => (left.Source, left.Pence)),
                    ours.Left.Select(left => (left.Source, left.Amount.Pence)));
                Assert.Equal(theirs.Overdrawn, ours.Overdrawn);
            }
        }));

    private static FundBooks BooksOf(Life life)
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements = [.. life.Agreed.Select((agreed, i) => new AgreementTerms(
                i + 1, April.PlusDays(agreed.On), null, agreed.ToHolder ? "to-holder" : "to-council", null, null,
                Orders[agreed.Order]))],
            Budgets = [new BudgetTerms("B-1", new CarePeriod(April, null), new Money(life.Person + life.Council),
                new Dictionary<string, Money> { ["council"] = new(life.Council), ["person"] = new(life.Person) })],
            Closure = new Closure(April.PlusDays(life.ClosedOn), "ended", []),
        };
        foreach (var sum in life.Facts.Select(SumOf))
            books.PostAbout(sum.CareOn, sum.EffectiveOn, new Move(Book.Money, sum.From.Path, sum.To.Path, sum.Pence));
        foreach (var target in Books.SourceAttribution.Targets(
            TheirsOf(life), [.. life.Facts.Select(SumOf)], [BudgetOf(life)]))
        {
            books.Post("laid", $"{target.About}/1", target.On, [.. target.BySource.Where(source => source.Value != 0)
                .Select(source => source.Value > 0
                    ? new Move(Book.Money, $"held/{source.Key}", "held/drawn", source.Value)
                    : new Move(Book.Money, "held/drawn", $"held/{source.Key}", -source.Value))]);
        }
        return books;
    }

    private static Books.HeldSum SumOf((int Kind, int Source, int Day, int Care, int Pence) fact)
    {
        var (on, source) = (April.PlusDays(fact.Day), Sources[fact.Source]);
        var (from, to) = fact.Kind switch
        {
            0 or 1 => (Books.Account.Outside(source), Books.Account.Held(source)),
            2 => (Books.Account.Held(source), Books.Account.Outside(source)),
            3 => (Books.Account.Held(source), Books.Account.Accrued("V-1")),
            4 => (Books.Account.Accrued("V-1"), Books.Account.Drawn),
            _ => (Books.Account.Drawn, Books.Account.Accrued("V-1")),
        };
        return new Books.HeldSum(on, on.PlusDays(-fact.Care), from, to, fact.Pence);
    }

    private static Books.FundTerms TheirsOf(Life life) => new(
        [.. life.Agreed.Select((agreed, i) => new Books.AgreedTerms(i + 1, April.PlusDays(agreed.On),
            April.PlusDays(agreed.On), (Books.SpendOrder)(agreed.Order + 1), agreed.ToHolder))],
        new Books.ClosedTerms(April.PlusDays(life.ClosedOn), April.PlusDays(life.ClosedOn)));

    private static Books.BudgetVersion BudgetOf(Life life) => new(LocalDate.MinIsoValue, new Books.PromiseTerms
    {
        Kind = Books.PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = April, From = April,
        Weekly = new Money(life.Person + life.Council),
        Shares = [new("council", new Money(life.Council)), new("person", new Money(life.Person))], OneOff = [],
    });
}
