using FsCheck;
using FsCheck.Fluent;
using Isf.Domain.Tests.Ledger;
using Isf.Measures;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// A closed fund's statement shows the same amounts to return to each source as the Ledger, from the closure on and
/// after any later journal.
/// </summary>
public sealed class SourceAttributionLaws
{
    [Fact]
    public void On_days_after_the_closure_both_say_the_same() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(AttributedFund.Closed.ToArbitrary(), fund =>
        {
            var books = BooksOf(fund);
            Assert.All(DaysSinceClosure(fund), day => Same(
                fund.LeftOn(day),
                SourceAttribution.At(
                    books.Facts, books.Journals.Where(journal => journal.EffectiveOn <= day).ToList(), day)));
        }));

    // The day of the closure, a day in the middle of what follows, the last day, and a day on which nothing happens.
    private static IReadOnlyList<LocalDate> DaysSinceClosure(AttributedFund fund)
    {
        var (closed, last) = (fund.ClosedOn!.Value, AttributedFund.LastDay);
        return [closed, closed.PlusDays(Period.DaysBetween(closed, last) / 2), last, last.PlusDays(2)];
    }

    private static void Same(
        Isf.Ledger.Domain.FundingSplit theirs, (IReadOnlyList<SourceLeft> Left, Money Overdrawn) ours)
    {
        Assert.Equal(
            theirs.Left.Where(left => left.Pence != 0).Select(left => (left.Source, left.Pence)),
            ours.Left.Select(left => (left.Source, left.Amount.Pence)));
        Assert.Equal(theirs.Overdrawn, ours.Overdrawn);
    }

    private static FundBooks BooksOf(AttributedFund fund)
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements = [.. fund.Agreed.Select(TermsOf)],
            Budgets = [.. fund.Budgets.Select(TermsOf)],
            Closure = new Closure(fund.ClosedOn!.Value, "ended", []),
        };
        foreach (var fact in fund.Facts)
        {
            books.PostAbout(
                fact.CareOn, fact.On, new Move(Book.Money, fact.From.Path, fact.To.Path, fact.Pence));
        }
        Attribute(books, fund);
        return books;
    }

    private static void Attribute(FundBooks books, AttributedFund fund)
    {
        foreach (var target in Isf.Ledger.Domain.SourceAttribution.Targets(fund.Terms, fund.Sums, fund.BudgetVersions))
        {
            books.Post("laid", $"{target.About}/1", target.On, [.. target.BySource.Where(source => source.Value != 0)
                .Select(source => source.Value > 0
                    ? new Move(Book.Money, $"held/{source.Key}", "held/drawn", source.Value)
                    : new Move(Book.Money, "held/drawn", $"held/{source.Key}", -source.Value))]);
        }
    }

    private static AgreementTerms TermsOf(Isf.Ledger.Domain.AgreedTerms agreed) => new(
        agreed.Version, agreed.Since, null, agreed.PersonPaysHolder ? "to-holder" : "to-council", null, null,
        agreed.Order switch
        {
            Isf.Ledger.Domain.SpendOrder.PersonFirst => "person-first",
            Isf.Ledger.Domain.SpendOrder.ProRata => "pro-rata",
            _ => "council-first",
        });

    private static BudgetTerms TermsOf(Isf.Ledger.Domain.PromiseTerms terms) => new(
        terms.Id, new CarePeriod(terms.From, null), terms.Weekly,
        terms.Shares.ToDictionary(share => share.About, share => share.Amount));
}
