using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Reconciliation.Domain;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Reconciliation.Copies;
using Books = Isf.Ledger.Domain;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>
/// Reconciliation's own attribution equals the Ledger's on every day, also when the order of spending changes or the
/// fund closes. The two share no code.
/// </summary>
public sealed class AttributionComparisonLaws
{
    private static readonly LocalDate April = Day("2026-04-06");

    private sealed record Life(
        (int Kind, int Source, int Day, int Care, int Pence)[] Facts, (int Order, int On, bool ToHolder)[] Agreed,
        int? ClosedOn, int Person, int Council);

    private static readonly Gen<Life> Lives =
        from facts in (from kind in Gen.Choose(0, 6) from source in Gen.Choose(0, 4) from day in Gen.Choose(0, 60)
                       from care in Gen.Choose(0, 20) from pence in Gen.Choose(1, 20_000)
                       select (kind, source, day, care, pence)).ArrayOf()
        from agreed in (from order in Gen.Choose(1, 3) from signed in Gen.Choose(0, 60)
                        from toHolder in Gen.Choose(0, 3)
                        select (order, signed, toHolder > 0)).ArrayOf().Resize(4)
        from closed in Gen.Choose(-20, 60)
        from person in Gen.Choose(0, 9_000)
        from council in Gen.Choose(0, 40_000)
        select new Life(facts, [(1 + (person % 3), -7, true), .. agreed], closed < 0 ? null : closed, person, council);

    [Fact]
    public void On_every_day_both_come_to_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var (copies, sums) = (CopyOf(life), life.Facts.Select(SumOf).ToList());
            var (ourTerms, terms) = (OursOf(life), TheirsOf(life));
            var budget = BudgetOf(life);
            foreach (var day in Enumerable.Range(-1, 63).Select(April.PlusDays))
            {
                var ours = FundingSplit.On(copies, day, ourTerms);
                var theirs = Books.SourceAttribution.LeftOn(terms, day, sums, [budget]);
                Assert.Equal(
                    theirs.Left.OrderBy(left => left.Source).Select(left => (left.Source, left.Pence)),
                    ours.Held.OrderBy(left => left.Source).Select(left => (left.Source, left.Left.Pence)));
                Assert.Equal(theirs.Overdrawn, ours.Overdrawn);
            }
        }));

    private static IReadOnlyList<CopiedJournal> CopyOf(Life life)
    {
        var books = new Copies();
        foreach (var sum in life.Facts.Select(SumOf))
        {
            books.PostAbout($"{sum.CareOn:uuuu-MM-dd}", $"{sum.EffectiveOn:uuuu-MM-dd}",
                Money(sum.From.Path, sum.To.Path, sum.Pence));
        }
        if (life.ClosedOn is { } closed)
            books.PostKind("fund-closed", "closure", $"{April.PlusDays(closed):uuuu-MM-dd}");
        return books.Journals;
    }

    private static Books.HeldSum SumOf((int Kind, int Source, int Day, int Care, int Pence) fact)
    {
        var (on, source) = (April.PlusDays(fact.Day), AccountNames.Sources[fact.Source]);
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

    private static FundTerms OursOf(Life life) => new(
        [.. life.Agreed.Select((agreed, i) => new AgreedVersion(
            i + 1, April.PlusDays(agreed.On), (SpendOrder)agreed.Order, agreed.ToHolder))],
        _ => [new BudgetShares(new CarePeriod(April, null), new Money(life.Person + life.Council),
            new Dictionary<string, Money> { ["council"] = new(life.Council), ["person"] = new(life.Person) })]);

    private static Books.FundTerms TheirsOf(Life life) => new(
        [.. life.Agreed.Select((agreed, i) => new Books.AgreedTerms(i + 1, April.PlusDays(agreed.On),
            April.PlusDays(agreed.On), (Books.SpendOrder)agreed.Order, agreed.ToHolder))],
        life.ClosedOn is { } closed ? new Books.ClosedTerms(April.PlusDays(closed), April.PlusDays(closed)) : null);

    private static Books.BudgetVersion BudgetOf(Life life) => new(LocalDate.MinIsoValue, new Books.PromiseTerms
    {
        Kind = Books.PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = April, From = April,
        Weekly = new Money(life.Person + life.Council),
        Shares = [new("council", new Money(life.Council)), new("person", new Money(life.Person))], OneOff = [],
    });
}
