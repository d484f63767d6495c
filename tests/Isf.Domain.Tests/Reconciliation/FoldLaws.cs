using FsCheck;
using FsCheck.Fluent;
using Isf.Reconciliation.Domain;
using Xunit;

namespace Isf.Domain.Tests.Reconciliation;

/// <summary>Laws of every journal, whatever its moves.</summary>
public sealed class FoldLaws
{
    private static readonly string[][] Ends =
    [
        ["outside/council", "held/council"], ["held/drawn", "accrued/P-1"], ["accrued/P-1", "owed/P-1"],
        ["owed/P-1", "paid/P-1"],
        ["held/person", "outside/person"], ["outside/holder", "held/drawn"], ["held/nhs", "owed/P-2"],
        ["budget/council", "free"], ["free", "promised/A-1"], ["promised/A-1", "used/A-1"],
        ["agreed/L-1", "planned/L-1"], ["planned/L-1", "delivered/L-1"], ["extra/L-1", "delivered/L-1"],
        ["planned/L-1", "missed/L-1/hospital"], ["missed/L-1/hospital", "banked/L-1"], ["banked/L-1", "extra/L-1"],
        ["planned/L-1", "charged/L-1"], ["banked/L-1", "released/L-1"],
    ];

    private static readonly Gen<(int Ends, bool Back, int Amount, int Day)[]> Facts =
        (from ends in Gen.Choose(0, Ends.Length - 1)
         from back in Gen.Elements(true, false)
         from amount in Gen.Choose(1, 100000)
         from day in Gen.Choose(0, 40)
         select (ends, back, amount, day)).ArrayOf();

    [Fact]
    public void The_identities_hold_on_every_day_and_an_honest_statement_agrees() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Facts.ToArbitrary(), Gen.Choose(0, 40).ToArbitrary(), (facts, upTo) =>
        {
            var books = new Copies();
            foreach (var (ends, back, amount, day) in facts)
            {
                books.Post(DayText(day), new CopiedMove(ends < 7 ? "money" : ends < 10 ? "promise" : "time",
                    Ends[ends][back ? 1 : 0], Ends[ends][back ? 0 : 1], amount));
            }
            var fold = Fold.From(books.Journals, Copies.Day(DayText(upTo)));
            Assert.All(Identities.SidesOf(fold), sides => Assert.True(sides.Hold));
            Assert.Empty(FundCheck.Compare(books.Stated(DayText(upTo)), books.Journals, new(0, 0)).Differences);
        }));

    [Fact]
    public void Any_one_amount_changed_in_the_copy_is_found() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Facts.ToArbitrary(), Gen.Choose(0, 1000).ToArbitrary(), (facts, which) =>
        {
            if (facts.Length == 0)
                return;
            var books = new Copies();
            foreach (var (ends, _, amount, day) in facts)
            {
                books.Post(DayText(day), new CopiedMove(ends < 7 ? "money" : ends < 10 ? "promise" : "time",
                    Ends[ends][0], Ends[ends][1], amount));
            }
            var copy = books.Journals.ToList();
            var at = which % copy.Count;
            copy[at] = copy[at] with { Moves = [copy[at].Moves[0] with { Amount = copy[at].Moves[0].Amount + 1 }] };
            Assert.Contains(FundCheck.Compare(books.Stated("2026-06-30"), copy, new(0, 0)).Differences,
                difference => difference.Code == DifferenceCode.ChainBroken
                    && difference.Subject == $"position {at + 1}");
        }));

    private static string DayText(int day) => $"{new NodaTime.LocalDate(2026, 4, 6).PlusDays(day):uuuu-MM-dd}";
}
