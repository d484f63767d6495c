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
    private static readonly LocalDate Start = new(2026, 4, 6);

    /// <summary>A fact: its kind, its day counted from the first day of the first statement, and its amount.</summary>
    private sealed record Fact(int Kind, int Day, int Amount);

    private static readonly Gen<Fact[]> Facts =
        (from kind in Gen.Choose(0, 6)
         from day in Gen.Choose(-14, 140)
         from amount in Gen.Choose(1, 50000)
         select new Fact(kind, day, amount)).ArrayOf();

    // More facts, about any day, arrive before each statement.
    private static readonly Gen<Fact[][]> Batches = Facts.ArrayOf(5);

    [Fact]
    public void Statements_tie_and_every_journal_is_counted_once() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100),
        Prop.ForAll(Batches.ToArbitrary(), batches =>
        {
            var books = new FundBooks();
            var counted = new List<Guid>();
            Statement? previous = null;
            for (var month = 0; month < batches.Length; month++)
            {
                Post(books, batches[month]);
                var (from, to) = (Start.PlusWeeks(4 * month), Start.PlusWeeks(4 * month).PlusDays(27));
                var window = StatementPeriod.After(previous?.Carried, Opens, from, to, books.Position);
                var now = books.Journals.Where(window.Counts).ToList();
                if (previous is null)
                    counted.AddRange(books.Journals.Where(window.IsCountedBefore).Select(journal => journal.JournalId));
                counted.AddRange(now.Select(journal => journal.JournalId));
                var statement = books.BuildStatement(from, to, previous, $"S-{month + 1}");
                Holds(books, statement, previous, to);
                previous = statement;
            }
            var due = books.Journals.Where(journal => journal.EffectiveOn <= previous!.To);
            Assert.Equal(due.Select(journal => journal.JournalId).Order(), counted.Order());
        }));

    private static void Holds(FundBooks books, Statement statement, Statement? previous, LocalDate to)
    {
        Assert.Equal(
            statement.Closing,
            statement.Opening + statement.MoneyInTotal - statement.MoneyOutTotal - statement.ReturnedTotal);
        if (previous is not null)
            Assert.Equal(previous.Closing, statement.Opening);
        var held = Balances.Sum(books.Journals.Where(journal => journal.EffectiveOn <= to)).Held;
        Assert.Equal(held, statement.Closing);
        Assert.Equal(statement.MoneyOutTotal, Money.Sum(statement.Lines.Select(line => line.Amount)));
        Assert.Equal(statement.MoneyOutTotal, Money.Sum(statement.Items.Select(item => item.Amount)));
        Assert.Equal(
            Money.Sum(statement.Corrections.Select(line => line.Amount)),
            Money.Sum(statement.CorrectedItems.Select(item => item.Amount)));
        Assert.All(statement.Corrections, line => Assert.True(line.CareOn < statement.From));
        Assert.Equal(
            statement.Contribution.Owed,
            (previous?.Contribution.Owed ?? -Paid(books, statement.From)) + statement.Contribution.Due
                - statement.Contribution.Paid);
    }

    // Returns the person's payments before the given day, less the money returned to the person before that day.
    private static Money Paid(FundBooks books, LocalDate from) => Money.Sum(books.Journals
        .Where(journal => journal.EffectiveOn < from).Select(JournalEffect.From)
        .Where(effect => effect.Source == "person").Select(effect => effect.In - effect.Returned));

    private static void Post(FundBooks books, Fact[] facts)
    {
        foreach (var (kind, day, amount) in facts)
        {
            var (on, id) = (Start.PlusDays(day), $"N-{books.Position + 1}");
            var live = books.Journals.Where(journal => journal.Reverses is null && books.Journals
                .All(other => other.Reverses != journal.JournalId)).ToList();
            switch (kind)
            {
                case 0: books.Received(id, amount % 2 == 0 ? "council" : "person", amount, on); break;
                case 1: books.Returned(id, amount % 2 == 0 ? "council" : "person", amount, on); break;
                case 2: books.Planned(on, (amount % 90) + 1); break;
                case 3 when live.Count > 0: books.Reversed(live[amount % live.Count], "taken-back", id); break;
                case 4: books.Post("laid", id, on, new Move(Book.Money, "held/council", "held/drawn", amount)); break;
                case 5: books.Post("adjustment", id, on, new Move(Book.Money, "owed/V-1", "held/drawn", amount)); break;
                default: books.Priced(id, 1, on, amount % 90, amount); break;
            }
        }
    }

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

    [Fact]
    public void Only_the_complete_part_of_what_has_arrived_is_read() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Gen.Choose(0, 30).ToArbitrary(), missing =>
        {
            var books = new FundBooks();
            for (var i = 0; i < 30; i++)
                books.Received($"R-{i}", "council", 100, Start);
            var arrived = books.Journals.Where(journal => journal.Position != missing);
            Assert.Equal(missing == 0 ? 30 : missing - 1, Journal.Complete(arrived).Count);
        }));
}
