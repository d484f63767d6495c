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
/// Tests whose money is left, with figures worked by hand, and with the Ledger's separate code, which has the same
/// result in every case.
/// </summary>
public sealed class FundingSplitTests
{
    private static readonly BudgetShares SixToOne =
        Shares("2026-04-06", null, 42000, ("council", 36000), ("person", 6000));

    private static BudgetShares Shares(
        string from, string? to, long weekly, params (string Source, long Pence)[] sources) =>
        new(new CarePeriod(Day(from), to is null ? null : Day(to)), new Money(weekly),
            sources.ToDictionary(share => share.Source, share => new Money(share.Pence)));

    private static Copies PutIn(long council, long person) => new Copies()
        .Post("2026-04-06", Money("outside/council", "held/council", council))
        .Post("2026-04-06", Money("outside/person", "held/person", person));

    private static string Left(Copies books, SpendOrder order, params BudgetShares[] budgets)
    {
        var left = FundingSplit.On(books.Journals, Day("2026-12-31"), TermsWith(order, budgets));
        var held = left.Held.Select(source => $"{source.Source} {source.Left.Pence}");
        return string.Join(" ", held) + $" over {left.Overdrawn.Pence}";
    }

    [Theory]
    [InlineData(SpendOrder.PersonFirst, 5000, "council 10000 person 1000 over 0")]
    [InlineData(SpendOrder.PersonFirst, 6001, "council 9999 person 0 over 0")]
    [InlineData(SpendOrder.CouncilFirst, 6001, "council 3999 person 6000 over 0")]
    [InlineData(SpendOrder.CouncilFirst, 16001, "council 0 person 0 over 1")]
    // £7.00 is shared six to one as £6.00 and £1.00. Of £7.01 the exact shares are 600 6⁄7 and 100 1⁄7 pence; the odd
    // penny goes to the council, whose remainder is larger.
    [InlineData(SpendOrder.ProRata, 700, "council 9400 person 5900 over 0")]
    [InlineData(SpendOrder.ProRata, 701, "council 9399 person 5900 over 0")]
    // The council's share of £120.00 is £102.86, but the council has only £100.00. The other £2.86 pass on to the
    // person, whose own share is £17.14.
    [InlineData(SpendOrder.ProRata, 12000, "council 0 person 4000 over 0")]
    public void What_was_drawn_is_attributed_in_the_agreed_order(SpendOrder order, long drawn, string left) =>
        Assert.Equal(left, Left(
            PutIn(10000, 6000).Post("2026-04-07", Money("held/drawn", "accrued/P-1", drawn)), order, SixToOne));

    [Fact]
    public void A_named_charge_below_zero_counts_as_nothing_left_and_joins_what_the_others_bear() =>
        Assert.Equal("council 0 person 5000 over 0", Left(PutIn(10000, 6000)
            .Post("2026-04-07", Money("held/council", "owed/P-1", 11000)), SpendOrder.PersonFirst));

    [Fact]
    public void Each_charge_is_weighed_by_the_budget_of_its_own_day_of_care() =>
        // £7.00 of April are shared six to one, and £7.00 of May in halves. The council bears £6.00 and £3.50, and the
        // person £1.00 and £3.50.
        Assert.Equal("council 9050 person 5550 over 0", Left(PutIn(10000, 6000)
            .Post("2026-04-07", Money("held/drawn", "accrued/P-1", 700))
            .PostAbout("2026-05-07", "2026-06-01", Money("held/drawn", "accrued/P-1", 700)), SpendOrder.ProRata,
            Shares("2026-04-06", "2026-04-30", 42000, ("council", 36000), ("person", 6000)),
            Shares("2026-05-01", null, 42000, ("council", 21000), ("person", 21000))));

    private sealed record Fact(int Kind, int Source, int Day, int Amount);

    private static readonly Gen<Fact[]> Facts =
        (from kind in Gen.Choose(0, 6)
         from source in Gen.Choose(0, 4)
         from day in Gen.Choose(0, 60)
         from amount in Gen.Choose(1, 20000)
         select new Fact(kind, source, day, amount)).ArrayOf();

    private static readonly Gen<(int From, int Weekly, int[] Shares)[]> Budgets =
        (from start in Gen.Choose(0, 40)
         from weekly in Gen.Choose(0, 50000)
         from shares in Gen.Choose(0, 900).ArrayOf(5)
         select (start, weekly, shares)).ArrayOf(2);

    private static readonly Arbitrary<int> Orders = Gen.Choose(1, 3).ToArbitrary();

    [Fact]
    public void Our_answer_and_the_Ledgers_are_the_same_and_sum_to_what_is_held() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Facts.ToArbitrary(), Budgets.ToArbitrary(), Orders, (facts, budgets, order) =>
        {
            var books = new Copies();
            foreach (var fact in facts)
                books.Post($"{Day("2026-04-06").PlusDays(fact.Day):uuuu-MM-dd}", MoveOf(fact));
            var day = Day("2026-05-10");
            var ours = FundingSplit.On(books.Journals, day, TermsWith((SpendOrder)order, [.. budgets.Select(Ours)]));
            var theirs = Theirs(books.Journals, day, order, budgets);
            Assert.Equal(
                theirs.Left.OrderBy(left => left.Source).Select(left => (left.Source, left.Pence)),
                ours.Held.OrderBy(left => left.Source).Select(left => (left.Source, left.Left.Pence)));
            Assert.Equal(theirs.Overdrawn, ours.Overdrawn);
            Assert.Equal((long)Fold.From(books.Journals, day).BalanceOfKind("money", "held"), ours.InAll.Pence);
        }));

    private static CopiedMove MoveOf(Fact fact) => (fact.Kind, AccountNames.Sources[fact.Source]) switch
    {
        (0 or 1, var source) => Money($"outside/{source}", $"held/{source}", fact.Amount),
        (2, var source) => Money($"held/{source}", $"outside/{source}", fact.Amount),
        (3, var source) => Money($"held/{source}", "owed/P-1", fact.Amount),
        (4, _) => Money("accrued/P-1", "held/drawn", (fact.Amount / 4) + 1),
        _ => Money("held/drawn", "accrued/P-1", fact.Amount),
    };

    private static BudgetShares Ours((int From, int Weekly, int[] Shares) budget) => new(
        new CarePeriod(Day("2026-04-06").PlusDays(budget.From), null), new Money(budget.Weekly),
        AccountNames.Sources.Zip(budget.Shares).ToDictionary(share => share.First, share => new Money(share.Second)));

    private static Books.FundingSplit Theirs(
        IReadOnlyList<CopiedJournal> journals, LocalDate day, int order, (int From, int Weekly, int[] Shares)[] budgets)
    {
        var counted = journals.Where(journal => journal.EffectiveOn <= day).ToList();
        var held = counted.SelectMany(journal => journal.Moves)
            .SelectMany(move => new[] { (Place: move.From, Pence: -move.Amount), (Place: move.To, Pence: move.Amount) })
            .Where(end => end.Place.StartsWith("held/", StringComparison.Ordinal) && end.Place != "held/drawn")
            .GroupBy(end => end.Place["held/".Length..])
            .ToDictionary(ends => ends.Key, ends => ends.Sum(end => end.Pence));
        long DrawnIn(CopiedMove move) =>
            move.From == "held/drawn" ? move.Amount : move.To == "held/drawn" ? -move.Amount : 0;
        var drawn = counted.GroupBy(journal => journal.EffectiveOn)
            .Select(of => new Books.DrawnOnDay(of.Key, of.Sum(journal => DrawnIn(journal.Moves[0])))).ToList();
        var terms = budgets.Select((budget, i) => new Books.PromiseTerms
        {
            Kind = Books.PromiseKind.Budget,
            Id = $"B-{i}",
            Version = 1,
            SetOn = Day("2026-04-06"),
            From = Day("2026-04-06").PlusDays(budget.From),
            Weekly = new Money(budget.Weekly),
            Shares = [.. AccountNames.Sources.Zip(budget.Shares, (source, pence) =>
                new Books.PromiseShare(source, new Money(pence)))],
            OneOff = [],
        }).ToList();
        return Books.FundingSplit.Attribute((Books.SpendOrder)order, held, drawn, on => Books.FundingSplit.SharesOn(on,
            terms));
    }
}
