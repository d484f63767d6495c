using Isf.Measures;
using Isf.Prices;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>A person's statement shows claims, payments, fees and closed weeks.</summary>
public sealed class ClaimsOnStatementsTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);
    private static readonly LocalDate End = new(2026, 5, 3);

    private static Move Money(string from, string to, long pence) => new(Book.Money, from, to, pence);

    private static Move Time(string from, string to, long minutes) => new(Book.Time, from, to, minutes);

    private static FundBooks Delivered()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Providers = new Dictionary<string, ProviderCard>
            {
                ["V-1"] = new("Sunrise Support", "holder"), ["V-2"] = new("Corner Shop", "shop"),
            },
        };
        books.Received("R-1", "council", 144_000, Start);
        books.Priced("W-1", 1, Start.PlusDays(1), 600, 24_000);
        return books;
    }

    [Fact]
    public void An_accepted_and_paid_claim_is_no_second_spending()
    {
        var books = Delivered();
        books.Post("invoice-matched", "W-1/v1", Start.PlusDays(7), Money("accrued/V-1", "owed/V-1", 24_000));
        books.Post("payment-made", "M-1", Start.PlusDays(8), Money("owed/V-1", "paid/V-1", 24_000));
        var statement = books.BuildStatement(Start, End);
        Assert.Equal((24_000, 120_000), (statement.MoneyOutTotal.Pence, statement.Closing.Pence));
        Assert.Equal("10 h at £24.00 an hour: £240.00.", Assert.Single(statement.Lines).Because);
    }

    [Fact]
    public void Less_more_bought_and_credited_are_lines_with_their_provider_and_category()
    {
        var books = Delivered();
        // An invoice may have the id of a visit; the statement still does not show the invoice as that visit.
        books.Post("invoice-matched", "W-1/v1", Start.PlusDays(7),
            Money("accrued/V-1", "owed/V-1", 21_600), Money("accrued/V-1", "held/drawn", 2_400));
        books.Post("invoice-matched", "I-2/v1", Start.PlusDays(8),
            Money("held/drawn", "accrued/V-2", 8_500), Money("accrued/V-2", "owed/V-2", 8_500));
        books.Post("credit-note-accepted", "C-1", Start.PlusDays(9), Money("owed/V-2", "held/drawn", 500));
        var statement = books.BuildStatement(Start, End);
        Assert.Equal(
            [("V-2", "equipment", 8_000L), ("V-1", "support", 21_600L)],
            statement.MoneyOut.Select(row => (row.ProviderId, row.Category, row.Amount.Pence)));
        Assert.Equal(
            [24_000L, -2_400, 8_500, -500], statement.Lines.Select(line => line.Amount.Pence));
        Assert.Equal("Money that Sunrise Support does not charge after all.", statement.Lines[1].Because);
        Assert.Equal(144_000 - 29_600, statement.Closing.Pence);
    }

    [Theory]
    [InlineData("held/drawn")]
    [InlineData("held/council")]
    public void A_fee_is_money_out_for_management_within_the_budget_or_on_top(string from)
    {
        var books = Delivered();
        books.Post("fee-charged", "E-1", End, Money(from, "owed/holder", 5_000));
        var fee = books.BuildStatement(Start, End).MoneyOut.Single(row => row.ProviderId == "holder");
        Assert.Equal(("management-fee", 5_000L), (fee.Category, fee.Amount.Pence));
    }

    [Fact]
    public void An_adjusted_price_says_why()
    {
        var books = Delivered();
        var key = ("A-1/set-off/2026-04-06/2026-04-12", 1);
        books.Post("price-adjusted", "A-1/set-off/2026-04-06/2026-04-12/v1", Start.PlusDays(6),
            Money("accrued/V-1", "held/drawn", 2_400));
        var facts = books.AllFacts with
        {
            Reasons = new Dictionary<(string, int), Reason>(books.AllFacts.Reasons)
            {
                [key] = new Reason("V-1", "An hour more was given than is charged in this week."),
            },
        };
        var statement = StatementBuilder.Build(
            facts, books.Journals, null, new("S-1", Start, End, books.Position, Instant.FromUtc(2026, 5, 4, 12, 0)));
        Assert.Equal(
            [("V-1", 24_000L), ("V-1", -2_400L)],
            statement.Lines.Select(line => (line.ProviderId!, line.Amount.Pence)));
        Assert.Equal("An hour more was given than is charged in this week.", statement.Lines[1].Because);
    }

    [Fact]
    public void Banked_hours_still_say_why_they_were_missed()
    {
        var books = new FundBooks();
        books.Planned(Start, 2_400);
        books.Priced("W-1", 1, Start, 2_070, 82_800);
        books.Post("week-closed", "2026-04-06/v1", Start.PlusDays(6),
            Time("planned/L-1", "missed/L-1/missed-by-provider", 150),
            Time("planned/L-1", "missed/L-1/cancelled-by-person", 210),
            Time("missed/L-1/missed-by-provider", "banked/L-1", 150),
            Time("missed/L-1/cancelled-by-person", "banked/L-1", 210));
        books.Post("week-closed", "2026-04-06/v2", Start.PlusDays(6),
            Time("banked/L-1", "missed/L-1/missed-by-provider", 30),
            Time("missed/L-1/missed-by-provider", "planned/L-1", 30));
        var hours = books.BuildStatement(Start, End).Hours;
        Assert.Equal((2_400, 2_070, 0, 330),
            (hours.Planned.Count, hours.Delivered.Count, hours.Missed.Count, hours.Banked.Count));
        Assert.Equal(
            [("cancelled-by-person", 210L), ("missed-by-provider", 120L)],
            hours.MissedByReason.Select(missed => (missed.Reason, missed.Length.Count)));
    }

    [Fact]
    public void Where_money_is_kept_what_a_week_does_not_bank_after_all_is_off_its_own_deposit()
    {
        var books = new FundBooks();
        var rates = new PriceList
        {
            Rates =
            [
                new() { Code = "old", Unit = PriceUnit.Hour, Pence = 2_400, To = Start.PlusDays(6) },
                new() { Code = "new", Unit = PriceUnit.Hour, Pence = 3_000, From = Start.PlusDays(7) },
            ],
        };
        books.Facts = books.Facts with
        {
            Agreements = [new AgreementTerms(1, Start, null, "to-council", "money", 12)],
            Lines = [new PlannedLine("L-1", "A-1", "support")],
            Allocations = [new Promise("A-1", "V-1", false, new CarePeriod(Start, null), rates)],
        };
        books.Post("week-closed", "2026-04-06/v1", Start.PlusDays(6), Time("missed/L-1/short", "banked/L-1", 60));
        books.Post("week-closed", "2026-04-13/v1", Start.PlusDays(13), Time("missed/L-1/short", "banked/L-1", 120));
        books.Post("week-closed", "2026-04-13/v2", Start.PlusDays(13), Time("banked/L-1", "missed/L-1/short", 60));
        Assert.Equal(5_400, books.BuildStatement(Start, End).Hours.BankedWorth.Pence);
        books.Post("week-closed", "2026-04-20/v1", Start.PlusDays(20), Time("banked/L-1", "extra/L-1", 60));
        Assert.Equal(3_000, books.BuildStatement(Start, End).Hours.BankedWorth.Pence);
    }

    [Fact]
    public void Where_money_is_kept_the_pence_that_each_closed_week_says_count_whatever_the_rate_is_now()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements = [new AgreementTerms(1, Start, null, "to-council", "money", 12)],
            Banked = new Dictionary<(string, int, string), Money>
            {
                [("2026-04-06", 1, "L-1")] = new(9_999),
                [("2026-04-06", 2, "L-1")] = new(13_200),
                [("2026-04-13", 1, "L-1")] = new(0),
                [("2026-04-20", 1, "L-1")] = new(-3_000),
            },
        };
        books.Post("week-closed", "2026-04-06/v1", Start.PlusDays(6), Time("missed/L-1/short", "banked/L-1", 250));
        books.Post("week-closed", "2026-04-06/v2", Start.PlusDays(6), Time("missed/L-1/short", "banked/L-1", 80));
        books.Post("week-closed", "2026-04-13/v1", Start.PlusDays(13), Time("banked/L-1", "released/L-1", 16));
        Assert.Equal(13_200, books.BuildStatement(Start, End).Hours.BankedWorth.Pence);
        books.Post("week-closed", "2026-04-20/v1", Start.PlusDays(20), Time("banked/L-1", "extra/L-1", 71));
        Assert.Equal(10_200, books.BuildStatement(Start, End).Hours.BankedWorth.Pence);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 8_500)]
    public void An_ended_one_off_is_spoken_for_until_its_last_day(int daysAfterTheStatement, long spokenFor)
    {
        var books = new FundBooks();
        books.Post("allocation-made", "A-9/v1", Start, new Move(Book.Promise, "free", "promised/A-9", 8_500));
        var ended = End.PlusDays(daysAfterTheStatement);
        books.Facts = books.Facts with
        {
            Allocations =
            [
                new("A-9", "V-2", true, new CarePeriod(Start, ended), new PriceList { Rates = [] }, ended),
            ],
        };
        Assert.Equal(spokenFor, books.BuildStatement(Start, End).SpokenFor.OneOffs.Pence);
    }
}
