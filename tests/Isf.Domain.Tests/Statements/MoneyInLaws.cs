using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// Money received appears as money in on exactly one statement, whatever its date and its time of arrival.
/// </summary>
public sealed class MoneyInLaws
{
    private static readonly LocalDate Opens = new(2026, 3, 30);

    /// <summary>
    /// The first day of the first statement, the number of weeks of each statement, and the days of receipts. Days are
    /// counted from the day on which the fund opens, which is the earliest date that money may have.
    /// </summary>
    private sealed record Life(int First, IReadOnlyList<int> Weeks, IReadOnlyList<int> Days);

    private static readonly Gen<Life> Lives =
        from first in Gen.Choose(-365, 14)
        from weeks in Gen.Choose(1, 6).NonEmptyListOf()
        from days in Gen.Choose(-365, 200).ListOf()
        select new Life(first, [.. weeks], [.. days]);

    [Fact]
    public void Every_receipt_is_money_in_of_one_statement() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Lives.ToArbitrary(), life =>
        {
            var (books, statements) = Given(life);
            var all = books.Journals.Where(journal => journal.EffectiveOn <= statements[^1].To)
                .Select(JournalEffect.From)
                .ToList();
            var opening = statements[0].Opening;
            Assert.Equal(Money.Sum(all.Select(effect => effect.In)),
                opening + Money.Sum(statements.Select(statement => statement.MoneyInTotal)));
            if (life.First > 0)
                return;
            Assert.Equal(Money.Zero, opening);
            Assert.Empty(statements[0].Corrections);
            var rows = statements.SelectMany(statement => statement.MoneyIn).ToList();
            Assert.Equal(all.Select(effect => effect.Journal.JournalId).Order(),
                rows.SelectMany(row => row.Journals).Order());
            Assert.All(all.GroupBy(effect => effect.Source), source => Assert.Equal(
                Money.Sum(source.Select(effect => effect.In)),
                Money.Sum(rows.Where(row => row.Source == source.Key).Select(row => row.Amount))));
        }));

    // Each receipt arrives before one of the statements is issued, whatever the date of the receipt.
    private static (FundBooks Books, List<Statement> Statements) Given(Life life)
    {
        var (books, statements) = (new FundBooks(), new List<Statement>());
        var from = Opens.PlusDays(life.First);
        foreach (var weeks in life.Weeks)
        {
            foreach (var (day, _) in life.Days.Select((day, index) => (day, index))
                .Where(receipt => receipt.index % life.Weeks.Count == statements.Count))
            {
                books.Received($"R-{books.Position}", day % 3 == 0 ? "person" : "council", 12345, Opens.PlusDays(day));
            }
            var to = from.PlusWeeks(weeks).PlusDays(-1);
            // A first statement ends on or after the day on which the fund opens.
            to = statements.Count == 0 ? LocalDate.Max(to, Opens) : to;
            statements.Add(books.BuildStatement(from, to, statements.LastOrDefault(), $"S-{statements.Count}"));
            from = to.PlusDays(1);
        }
        return (books, statements);
    }
}
