using FsCheck;
using FsCheck.Fluent;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>Properties of every fund's statements, however late the facts arrive and in whatever order.</summary>
public sealed class StatementLaws
{
    private static readonly LocalDate Opens = new(2026, 3, 30);
    private static readonly LocalDate Start = StatementFact.Start;

    /// <summary>A statement, the one before it, and what was known when it was issued.</summary>
    private sealed record Issued(
        Statement Statement, Statement? Previous, StatementPeriod Period, IReadOnlyList<Journal> Journals)
    {
        public IEnumerable<Journal> Counted => Journals.Where(Period.Counts);
    }

    // More facts, about any day, arrive before each statement.
    private static readonly Arbitrary<StatementFact[][]> Batches =
        StatementFact.Any.ArrayOf().ArrayOf(5).ToArbitrary();

    [Fact]
    public void Every_journal_is_counted_once() => OfAny(statements =>
    {
        var (first, last) = (statements[0], statements[^1]);
        var due = last.Journals.Where(journal => journal.EffectiveOn <= last.Statement.To);
        var counted = first.Journals.Where(first.Period.IsCountedBefore)
            .Concat(statements.SelectMany(issued => issued.Counted));
        Assert.Equal(
            due.Select(journal => journal.JournalId).Order(), counted.Select(journal => journal.JournalId).Order());
    });

    [Fact]
    public void What_was_there_and_came_in_less_what_went_out_is_what_is_left() => OfEach((statement, _, _) =>
        Assert.Equal(
            statement.Closing,
            statement.Opening + statement.MoneyInTotal - statement.MoneyOutTotal - statement.ReturnedTotal));

    [Fact]
    public void What_is_left_is_what_the_books_hold() => OfEach((statement, _, journals) => Assert.Equal(
        Balances.Sum(journals.Where(journal => journal.EffectiveOn <= statement.To)).Held, statement.Closing));

    [Fact]
    public void A_statement_begins_with_what_the_one_before_left() => OfEach((statement, previous, _) =>
        Assert.Equal(previous?.Closing ?? statement.Opening, statement.Opening));

    [Fact]
    public void Lines_and_items_each_sum_to_what_went_out() => OfEach((statement, _, _) => Assert.Equal(
        (statement.MoneyOutTotal, statement.MoneyOutTotal),
        (Money.Sum(statement.Lines.Select(line => line.Amount)),
            Money.Sum(statement.Items.Select(item => item.Amount)))));

    [Fact]
    public void Corrections_sum_to_their_items() => OfEach((statement, _, _) => Assert.Equal(
        Money.Sum(statement.Corrections.Select(line => line.Amount)),
        Money.Sum(statement.CorrectedItems.Select(item => item.Amount))));

    [Fact]
    public void Corrections_are_about_earlier_days() => OfEach((statement, _, _) =>
        Assert.All(statement.Corrections, line => Assert.True(line.CareOn < statement.From)));

    [Fact]
    public void What_the_person_owes_is_what_they_owed_and_what_fell_due_less_what_they_paid() =>
        OfEach((statement, previous, journals) => Assert.Equal(
            statement.Contribution.Owed,
            (previous?.Contribution.Owed ?? -PaidBefore(statement.From, journals)) + statement.Contribution.Due
                - statement.Contribution.Paid));

    [Theory]
    [InlineData("W-1/v2", "W-1", 2)]
    [InlineData("W-1/12", "W-1", 12)]
    [InlineData("2026-04-06/r3", "2026-04-06", 3)]
    [InlineData("R-1", "R-1", null)]
    [InlineData("B-1/v2/2027-04-06", "B-1/v2/2027-04-06", null)]
    [InlineData("/7", "/7", null)]
    [InlineData("W-1/v", "W-1/v", null)]
    public void A_cause_is_read_with_and_without_its_version(string causeId, string subject, int? version)
    {
        var journal = new FundBooks().Post("any", causeId, Start);
        Assert.Equal((subject, version), (journal.Subject, journal.Version));
    }

    public static TheoryData<int> Missing => [.. Enumerable.Range(0, 31)];

    [Theory]
    [MemberData(nameof(Missing))]
    public void Only_what_comes_before_the_first_missing_journal_is_read(int missing)
    {
        var books = new FundBooks();
        for (var number = 1; number <= 30; number++)
            books.Received($"R-{number}", "council", 100, Start);
        var arrived = books.Journals.Where(journal => journal.Position != missing);
        Assert.Equal(missing == 0 ? 30 : missing - 1, Journal.Complete(arrived).Count);
    }

    private static void OfAny(Action<IReadOnlyList<Issued>> law) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Batches, batches => law(Issue(batches))));

    private static void OfEach(Action<Statement, Statement?, IReadOnlyList<Journal>> law) => OfAny(statements =>
        Assert.All(statements, issued => law(issued.Statement, issued.Previous, issued.Journals)));

    private static List<Issued> Issue(StatementFact[][] batches)
    {
        var (books, issued) = (new FundBooks(), new List<Issued>());
        foreach (var (month, facts) in batches.Index())
        {
            foreach (var fact in facts)
                fact.PostTo(books, $"N-{books.Position + 1}");
            var (from, to) = (Start.PlusWeeks(4 * month), Start.PlusWeeks(4 * (month + 1)).PlusDays(-1));
            var previous = issued.LastOrDefault()?.Statement;
            issued.Add(new(
                books.BuildStatement(from, to, previous, $"S-{month + 1}"), previous,
                StatementPeriod.After(previous?.Carried, Opens, from, to, books.Position), [.. books.Journals]));
        }
        return issued;
    }

    // The person's payments before a day, less the money returned to the person before that day.
    private static Money PaidBefore(LocalDate day, IEnumerable<Journal> journals) => Money.Sum(journals
        .Where(journal => journal.EffectiveOn < day).Select(JournalEffect.From)
        .Where(effect => effect.Source == "person").Select(effect => effect.In - effect.Returned));
}
