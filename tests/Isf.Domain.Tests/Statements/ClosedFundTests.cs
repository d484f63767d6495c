using System.Text.RegularExpressions;
using Isf.Measures;
using Isf.Prices;
using Isf.Statements.Domain;
using Isf.Statements.Forecasts;
using Isf.Statements.Rendering;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// A closed fund's statement counts amounts due up to the last day, says which amounts are not settled yet, and calls
/// nobody "you" after a death.
/// </summary>
public sealed partial class ClosedFundTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);

    // £60.00 a week is due from 6 April, £700.00 is paid, and £74.29 is given back. The person dies on 17 June, so
    // £625.71 is due for 73 days.
    private static FundBooks AfterADeath()
    {
        var books = new FundBooks();
        books.Received("R-1", "council", 200_000, Start);
        books.Received("R-2", "person", 70_000, Start.PlusDays(1));
        books.Priced("W-1", 1, new LocalDate(2026, 6, 10), 600, 24_000, "V-1");
        books.Closed(new LocalDate(2026, 6, 17), "died", new ClosureNotice("notice-1", "V-1", new Money(16_800)));
        books.Returned("T-1", "person", 7_429, new LocalDate(2026, 7, 20));
        return books;
    }

    [Fact]
    public void After_a_death_due_is_what_it_came_to_by_that_day_and_nothing_is_owed()
    {
        var statement = AfterADeath().BuildStatement(Start, new LocalDate(2026, 7, 31));

        Assert.Equal((62_571L, 62_571L, 0L), (statement.Contribution.DueToDate.Pence,
            statement.Contribution.PaidToDate.Pence, statement.Contribution.Owed.Pence));
        Assert.Null(statement.Forecast);
        // The person's money is spent first, so the £408.00 spent came out of the person's £625.71.
        Assert.Equal([("council", 200_000L), ("person", 62_571L - 40_800)],
            statement.Closed!.ToReturn.Select(left => (left.Source, left.Amount.Pence)));
        Assert.Equal(statement.Closing, Money.Sum(statement.Closed.ToReturn.Select(left => left.Amount)));
    }

    // She pays £60.00, has three statements up to September, and is then found to have left on 10 April.
    private static (FundBooks Books, Statement Before, Statement Closed) ClosedLate()
    {
        var books = new FundBooks();
        books.Received("R-1", "person", 6_000, Start);
        var june = books.BuildStatement(Start, new(2026, 6, 30));
        var august = books.BuildStatement(new(2026, 7, 1), new(2026, 8, 31), june);
        var september = books.BuildStatement(new(2026, 9, 1), new(2026, 9, 30), august);
        books.Closed(new LocalDate(2026, 4, 10), "moved");
        return (books, september, books.BuildStatement(new(2026, 10, 1), new(2026, 10, 31), september));
    }

    [Fact]
    public void Closed_on_10_April_and_three_statements_on_the_holder_owes_her_17_pounds_14()
    {
        var (books, _, closed) = ClosedLate();
        Assert.Equal((-1_714L, 4_286L), (closed.Contribution.Owed.Pence, closed.Contribution.DueToDate.Pence));
        Assert.Equal("You have paid £17.14 more than was due.", Voice.For(books.AllFacts).Owed(closed.Contribution));
    }

    [Fact]
    public void Closed_late_what_is_owed_still_follows_from_the_statement_before()
    {
        var (_, before, closed) = ClosedLate();
        Assert.Equal(
            before.Contribution.Owed + closed.Contribution.Due - closed.Contribution.Paid, closed.Contribution.Owed);
    }

    private static string[] PagesOf(FundBooks books, Statement statement) =>
    [
        HtmlPage.Render(statement, books.AllFacts),
        TextPage.Render(statement, books.AllFacts).Replace('\n', ' '),
    ];

    private static string[] PagesClosedFor(string? reason)
    {
        var books = AfterADeath();
        books.Facts = books.Facts with { Closure = books.Facts.Closure! with { Reason = reason } };
        return PagesOf(books, books.BuildStatement(Start, new LocalDate(2026, 7, 31)));
    }

    [Theory]
    [InlineData("died", "This fund closed on 17 June 2026, after Example Person died.")]
    [InlineData("moved", "This fund closed on 17 June 2026, because it moved to another holder.")]
    [InlineData("ended", "This fund closed on 17 June 2026, because the agreement ended.")]
    [InlineData(null, "This fund closed on 17 June 2026.")]
    public void Page_and_text_say_that_it_is_closed_when_and_why(string? reason, string expected) =>
        Assert.All(PagesClosedFor(reason), page => Assert.Contains(expected, page, StringComparison.Ordinal));

    [Theory]
    [InlineData("To be given back", true)]
    [InlineData("£168.00", true)]
    [InlineData("Looking ahead", false)]
    [InlineData("Free to use", false)]
    public void Page_and_text_say_what_goes_back_and_nothing_of_what_is_to_come(string text, bool isSaid) =>
        Assert.All(
            new[] { "died", "moved", "ended", null }.SelectMany(PagesClosedFor),
            page => Assert.Equal(isSaid, page.Contains(text, StringComparison.Ordinal)));

    [Theory]
    [InlineData("died", false, true)]
    [InlineData("moved", true, false)]
    [InlineData("ended", true, false)]
    [InlineData(null, false, false)]
    public void Page_and_text_speak_to_the_person_unless_they_may_have_died(
        string? reason, bool toPerson, bool toFamily) =>
        Assert.All(PagesClosedFor(reason), page => Assert.Equal(
            (toPerson, toFamily),
            (You().IsMatch(page),
                page.Contains("For the family or estate of Example Person", StringComparison.Ordinal))));

    [Theory]
    [InlineData(5)] // ends before the day of the death
    [InlineData(7)]
    public void After_a_death_no_page_says_you_whatever_stands_on_it(int month)
    {
        var books = HoursLives.Everything();
        books.Closed(new LocalDate(2026, 6, 17), "died", new ClosureNotice("notice-1", "V-9", new Money(16_800)));
        // The first statement ends before the day of the death, although it is made after that day.
        var first = books.BuildStatement(Start, Start.PlusDays(20));
        books.Reversed(books.Journals[0], "receipt-voided", "R-0");
        books.Returned("T-1", "person", 100, Start.PlusDays(3));
        var statement = books.BuildStatement(first.To.PlusDays(1), new LocalDate(2026, month, 31), first);
        Assert.NotEmpty(statement.CorrectedItems);
        Assert.All(PagesOf(books, statement), page => Assert.DoesNotMatch(You(), page));
    }

    [Fact]
    public void A_statement_that_ends_before_the_last_day_has_nothing_to_return_yet()
    {
        var statement = AfterADeath().BuildStatement(Start, new LocalDate(2026, 5, 31));
        Assert.False(statement.Closed!.IsReached);
        Assert.Empty(statement.Closed.ToReturn);
        Assert.Null(statement.Forecast);
    }

    [Fact]
    public void A_fund_that_is_to_close_later_is_open_and_looks_no_further_than_its_last_day()
    {
        var books = new FundBooks();
        books.Received("R-1", "council", 100_000, Start);
        books.Facts = books.Facts with { Closure = new Closure(new LocalDate(2026, 6, 30), "moved", []) };
        var statement = books.BuildStatement(Start, new LocalDate(2026, 5, 31));
        Assert.Null(statement.Closed);
        Assert.Equal(new LocalDate(2026, 6, 30), statement.Forecast!.EndsOn);
        Assert.Contains(
            "This fund closes on 30 June 2026.", HtmlPage.Render(statement, books.AllFacts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-06-16", "2026-06-16", null)]
    [InlineData("2026-06-16", "2026-06-17", ShowForecast.Refusal.FundClosed)]
    [InlineData("2026-06-17", "2026-06-01", ShowForecast.Refusal.FundClosed)]
    public void A_closed_fund_has_no_forecast(string today, string on, ShowForecast.Refusal? why)
    {
        var question = new ShowForecast.Question(Day(on), 0, 0);
        var closure = new Closure(new LocalDate(2026, 6, 17), "moved", []);
        Assert.Equal(why, ShowForecast.OfFund(question, closure, Day(today).AtMidnight().InUtc().ToInstant()).Refusal);
        Assert.Null(ShowForecast.OfFund(question, null, Instant.MaxValue).Refusal);
    }

    [Fact]
    public void One_offs_and_days_paid_ahead_end_with_the_fund()
    {
        var books = AfterADeath();
        books.Facts = books.Facts with
        {
            Allocations = [new Promise("A-9", "V-1", true, new CarePeriod(Start, null), new PriceList { Rates = [] })],
            Receipts = [new Receipt("R-1", new Money(200_000), new CarePeriod(Start, new LocalDate(2026, 12, 31)))],
        };
        books.Post("allocation-made", "A-9/v1", Start, new Move(Book.Promise, "free", "promised/A-9", 8_500));
        Assert.Equal(Money.Zero, books.BuildStatement(Start, new LocalDate(2026, 7, 31)).SpokenFor.Total);
        Assert.NotEqual(Money.Zero, books.BuildStatement(Start, new LocalDate(2026, 6, 16)).SpokenFor.Total);
    }

    [Fact]
    public void A_closure_that_only_the_books_contain_is_known_by_its_day()
    {
        var books = AfterADeath();
        var closure = Closure.InBooks(books.Journals)!;
        Assert.Equal((new LocalDate(2026, 6, 17), null), (closure.On, closure.Reason));
        Assert.Null(Closure.InBooks([]));
    }

    private static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    [GeneratedRegex(@"\b(?:you|your|yours|yourself)\b", RegexOptions.IgnoreCase)]
    private static partial Regex You();
}
