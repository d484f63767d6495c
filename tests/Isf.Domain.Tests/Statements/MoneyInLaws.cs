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

    /// <summary>The receipts that count up to the last statement, and the statements of a life.</summary>
    private sealed record Issued(IReadOnlyList<JournalEffect> Receipts, IReadOnlyList<Statement> Statements)
    {
        public IReadOnlyList<BySource> Rows => [.. Statements.SelectMany(statement => statement.MoneyIn)];
    }

    private static Gen<Life> LivesFrom(int earliest, int latest) =>
        from first in Gen.Choose(earliest, latest)
        from weeks in Gen.Choose(1, 6).NonEmptyListOf()
        from days in Gen.Choose(-365, 200).ListOf()
        select new Life(first, [.. weeks], [.. days]);

    private static readonly Gen<Life> Any = LivesFrom(-365, 14);

    private static readonly Gen<Life> FromTheOpeningOn = LivesFrom(-365, 0);

    [Fact]
    public void What_came_in_is_in_the_first_opening_balance_or_is_money_in() => Of(Any, issued => Assert.Equal(
        Money.Sum(issued.Receipts.Select(effect => effect.In)),
        issued.Statements[0].Opening + Money.Sum(issued.Statements.Select(statement => statement.MoneyInTotal))));

    [Fact]
    public void A_first_statement_from_the_opening_on_begins_with_nothing_and_corrects_nothing() =>
        Of(FromTheOpeningOn, issued =>
        {
            Assert.Equal(Money.Zero, issued.Statements[0].Opening);
            Assert.Empty(issued.Statements[0].Corrections);
        });

    [Fact]
    public void Every_receipt_is_in_one_row_of_one_statement() => Of(FromTheOpeningOn, issued => Assert.Equal(
        issued.Receipts.Select(effect => effect.Journal.JournalId).Order(),
        issued.Rows.SelectMany(row => row.Journals).Order()));

    [Fact]
    public void The_rows_of_a_source_sum_to_what_it_put_in() => Of(FromTheOpeningOn, issued =>
        Assert.All(issued.Receipts.GroupBy(effect => effect.Source), source => Assert.Equal(
            Money.Sum(source.Select(effect => effect.In)),
            Money.Sum(issued.Rows.Where(row => row.Source == source.Key).Select(row => row.Amount)))));

    private static void Of(Gen<Life> lives, Action<Issued> law) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(lives.ToArbitrary(), life => law(Issue(life))));

    private static Issued Issue(Life life)
    {
        var (books, statements) = (new FundBooks(), new List<Statement>());
        var from = Opens.PlusDays(life.First);
        foreach (var (number, weeks) in life.Weeks.Index())
        {
            Receive(books, life.Days.Where((_, receipt) => receipt % life.Weeks.Count == number));
            var to = from.PlusWeeks(weeks).PlusDays(-1);
            // A first statement ends on or after the day on which the fund opens.
            to = number == 0 ? LocalDate.Max(to, Opens) : to;
            statements.Add(books.BuildStatement(from, to, statements.LastOrDefault(), $"S-{number}"));
            from = to.PlusDays(1);
        }
        var counted = books.Journals.Where(journal => journal.EffectiveOn <= statements[^1].To);
        return new([.. counted.Select(JournalEffect.From)], statements);
    }

    // A receipt arrives before one of the statements is issued, whatever its date.
    private static void Receive(FundBooks books, IEnumerable<int> days)
    {
        foreach (var day in days)
            books.Received($"R-{books.Position}", day % 3 == 0 ? "person" : "council", 12345, Opens.PlusDays(day));
    }
}
