using Isf.Measures;
using Isf.Prices;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>Figures of a statement worked by hand, and the effect of corrections on the next statement.</summary>
public sealed class WorkedStatementTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly LocalDate End = new(2026, 5, 3);

    // £300 came from an earlier holder, the council paid £360 four times, and the person paid £180 of the £240 due. 63
    // hours at £24 were given, one of them on 8 April.
    private static (FundBooks Books, Journal Visit) FirstMonth()
    {
        var books = new FundBooks();
        books.Received("R-0", "council", 30000, new LocalDate(2026, 4, 1));
        for (var week = 0; week < 4; week++)
            books.Received($"R-{week + 1}", "council", 36000, Start.PlusWeeks(week));
        books.Received("R-5", "person", 18000, new LocalDate(2026, 4, 20));
        var visit = books.Priced("W-1", 1, new LocalDate(2026, 4, 8), 60, 2400);
        for (var i = 0; i < 62; i++)
            books.Priced($"W-{i + 2}", 1, Start.PlusDays(i % 28), 60, 2400);
        for (var day = 0; day < 28; day++)
            books.Planned(Start.PlusDays(day), 150);
        return (books, visit);
    }

    private static Statement April() => FirstMonth().Books.BuildStatement(Start, End);

    [Fact]
    public void The_first_four_weeks_begin_with_300_pounds_and_close_at_408_all_free_to_use() => Assert.Equal(
        (30000L, 162000L, 151200L, 40800L, 40800L),
        (April().Opening.Pence, April().MoneyInTotal.Pence, April().MoneyOutTotal.Pence, April().Closing.Pence,
            April().FreeToUse.Pence));

    [Fact]
    public void Money_in_is_a_row_a_source() => Assert.Equal(
        [("council", 144000L, 4), ("person", 18000L, 1)],
        April().MoneyIn.Select(row => (row.Source, row.Amount.Pence, row.Count)));

    [Fact]
    public void Money_out_is_a_row_a_provider_and_category() => Assert.Equal(
        [("V-1", "support", 151200L, 3780L)],
        April().MoneyOut.Select(row => (row.ProviderId!, row.Category, row.Amount.Pence, row.Length.Count)));

    [Fact]
    public void What_the_person_owes_stands_beside_what_is_left()
    {
        var contribution = April().Contribution;
        Assert.Equal(
            (24000L, 18000L, 6000L), (contribution.Due.Pence, contribution.Paid.Pence, contribution.Owed.Pence));
    }

    [Fact]
    public void Hours_are_those_planned_and_those_given() =>
        Assert.Equal((4200L, 3780L), (April().Hours.Planned.Count, April().Hours.Delivered.Count));

    [Fact]
    public void Each_visit_is_a_line_and_none_a_correction() =>
        Assert.Equal((63, 0), (April().Lines.Count, April().Corrections.Count));

    [Fact]
    public void The_forecast_sets_the_budget_to_come_against_the_last_four_weeks()
    {
        var forecast = FirstMonth().Books.BuildStatement(Start, End).Forecast!;

        // £408.00 + 337 days × (£420.00 − £378.00) ÷ 7 = £408.00 + £2,022.00
        Assert.True(forecast.OnTrack);
        Assert.Equal(new LocalDate(2027, 4, 5), forecast.EndsOn);
        Assert.Equal(new Money(243000), forecast.LeftAtEnd);
        Assert.Equal(new Money(37800), forecast.WeeklyOut);
    }

    // May has one visit of its own for £24.00, and takes £6.00 back for a visit of 8 April.
    private static Statement MayWithACorrection()
    {
        var (books, visit) = FirstMonth();
        var april = books.BuildStatement(Start, End);
        books.Corrected(visit, "W-1", 2, new LocalDate(2026, 4, 8), 45, 1800);
        books.Priced("W-99", 1, new LocalDate(2026, 5, 5), 60, 2400);
        return books.BuildStatement(End.PlusDays(1), End.PlusDays(28), april, "S-2");
    }

    [Fact]
    public void A_visit_put_right_in_May_leaves_April_as_it_was_and_counts_in_May()
    {
        var may = MayWithACorrection();
        Assert.Equal((40800L, 1800L, 40800L - 1800), (may.Opening.Pence, may.MoneyOutTotal.Pence, may.Closing.Pence));
        Assert.Equal(may.MoneyOutTotal, Money.Sum(may.Lines.Select(line => line.Amount)));
    }

    [Fact]
    public void A_visit_put_right_later_is_a_line_taken_back_and_a_line_given_about_its_day() => Assert.Equal(
        [
            (new LocalDate(2026, 4, 8), "V-1", -2400L, -60L, "Taken back: 1 h at £24.00 an hour: £24.00."),
            (new LocalDate(2026, 4, 8), "V-1", 1800L, 45L, "45 min at £24.00 an hour: £18.00."),
        ],
        MayWithACorrection().Corrections.Select(line =>
            (line.CareOn, line.ProviderId!, line.Amount.Pence, line.Length.Count, line.Because)));

    [Fact]
    public void A_visit_put_right_later_is_one_item_that_says_what_it_was_and_is()
    {
        var item = Assert.Single(MayWithACorrection().CorrectedItems);
        Assert.Equal((new LocalDate(2026, 4, 8), "V-1", -600L, -15L),
            (item.On, item.ProviderId, item.Amount.Pence, item.Length.Count));
        Assert.StartsWith(
            "Put right. It was 1 h and £24.00, and is now 45 min and £18.00.", item.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_visit_put_right_before_the_statement_is_one_ordinary_line()
    {
        var (books, visit) = FirstMonth();
        books.Corrected(visit, "W-1", 2, new LocalDate(2026, 4, 8), 45, 1800);

        var april = books.BuildStatement(Start, End);

        Assert.Equal(65, april.Lines.Count);
        Assert.Equal(63, april.Items.Count);
        Assert.Empty(april.Corrections);
        Assert.Contains(april.Items, item => item is { Amount.Pence: 1800, Length.Count: 45 }
            && !item.Because.Contains("Put right", StringComparison.Ordinal));
    }

    [Fact]
    public void A_voided_receipt_lowers_money_in_and_is_not_money_returned()
    {
        var (books, _) = FirstMonth();
        var april = books.BuildStatement(Start, End);
        books.Reversed(books.Journals[1], "receipt-voided", "R-1");
        books.Returned("T-1", "council", 5000, End.PlusDays(9));

        var may = books.BuildStatement(End.PlusDays(1), End.PlusDays(28), april, "S-2");

        Assert.Equal([("council", -36000L, -1)], may.MoneyIn.Select(row => (row.Source, row.Amount.Pence, row.Count)));
        Assert.Equal(new Money(5000), may.ReturnedTotal);
        Assert.Equal(new Money(40800 - 36000 - 5000), may.Closing);
        Assert.Equal(-36000, Assert.Single(may.Corrections).Amount.Pence);
    }

    [Fact]
    public void A_receipt_for_days_to_come_is_spoken_for()
    {
        var (books, _) = FirstMonth();
        // A receipt for the week from Friday 1 May: 4 of its 7 days are after the statement.
        var week = new CarePeriod(new(2026, 5, 1), new LocalDate(2026, 5, 7));
        books.Facts = books.Facts with { Receipts = [new Receipt("R-4", new Money(36000), week)] };
        Assert.Equal(20571, books.BuildStatement(Start, End).SpokenFor.PaidAhead.Pence);
    }

    [Fact]
    public void An_unused_one_off_is_spoken_for_and_a_weekly_amount_is_not()
    {
        var (books, _) = FirstMonth();
        PromiseOneOff(books);
        books.Post("allocation-made", "A-1/1", Start, new Move(Book.Promise, "free", "promised/A-1", 999900));
        Assert.Equal(8500, books.BuildStatement(Start, End).SpokenFor.OneOffs.Pence);
    }

    [Fact]
    public void What_a_provider_owes_back_is_spoken_for()
    {
        var (books, _) = FirstMonth();
        books.Post("adjustment", "X-1", End, new Move(Book.Money, "owed/V-2", "held/drawn", 700));
        Assert.Equal(700, books.BuildStatement(Start, End).SpokenFor.OwedBackByProviders.Pence);
    }

    [Fact]
    public void All_that_is_spoken_for_is_not_free_to_use()
    {
        var (books, _) = FirstMonth();
        var week = new CarePeriod(new(2026, 5, 1), new LocalDate(2026, 5, 7));
        books.Facts = books.Facts with { Receipts = [new Receipt("R-4", new Money(36000), week)] };
        PromiseOneOff(books);
        books.Post("adjustment", "X-1", End, new Move(Book.Money, "owed/V-2", "held/drawn", 700));
        var statement = books.BuildStatement(Start, End);
        Assert.Equal(statement.Closing - new Money(8500 + 20571 + 700), statement.FreeToUse);
    }

    // A-9 is a one-off and A-1 a weekly amount.
    private static void PromiseOneOff(FundBooks books)
    {
        books.Facts = books.Facts with
        {
            Allocations =
            [
                new Promise("A-9", "V-1", true, new CarePeriod(Start, null), new PriceList { Rates = [] }),
                new Promise("A-1", "V-1", false, new CarePeriod(Start, null), new PriceList { Rates = [] }),
            ],
        };
        books.Post("allocation-made", "A-9/1", Start, new Move(Book.Promise, "free", "promised/A-9", 8500));
    }

    [Fact]
    public void Recovered_VAT_lowers_what_was_spent_and_is_no_money_in()
    {
        var (books, _) = FirstMonth();
        books.Post("vat-recovered", "VAT-1", End, new Move(Book.Money, "outside/holder", "held/drawn", 500));

        var statement = books.BuildStatement(Start, End);

        Assert.Equal(new Money(162000), statement.MoneyInTotal);
        Assert.Equal(new Money(151200 - 500), statement.MoneyOutTotal);
        Assert.Contains(
            statement.MoneyOut, row => row is { Category: "vat-recovered", ProviderId: null, Amount.Pence: -500 });
    }
}
