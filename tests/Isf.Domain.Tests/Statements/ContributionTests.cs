using Isf.Measures;
using Isf.Prices;
using Isf.Statements.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>The contribution that the person owes, and the fund's forecast.</summary>
public sealed class ContributionTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);

    [Theory]
    [InlineData(2026, 4, 5, 0)]
    [InlineData(2026, 4, 6, 857)] // £60.00 ÷ 7 = £8.571…
    [InlineData(2026, 4, 8, 2571)]
    [InlineData(2026, 4, 12, 6000)]
    [InlineData(2026, 5, 3, 24000)]
    public void Due_is_the_weekly_share_by_days_over_seven(int year, int month, int day, long pence) =>
        Assert.Equal(new Money(pence), Contributions.DueUpTo(new FundBooks().Facts, new LocalDate(year, month, day)));

    [Fact]
    public void Nothing_is_due_where_the_council_bills_the_person()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with { Agreements = [new AgreementTerms(1, Start, null, "to-council", null, null)] };
        books.Received("R-1", "person", 5000, Start);

        var contribution = books.BuildStatement(Start, Start.PlusDays(27)).Contribution;

        Assert.False(contribution.ToHolder);
        Assert.Equal((Money.Zero, Money.Zero, Money.Zero), (contribution.Due, contribution.Paid, contribution.Owed));
    }

    [Fact]
    public void A_new_agreement_changes_who_is_paid_from_the_day_it_is_signed()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements =
            [
                .. books.Facts.Agreements, new AgreementTerms(2, Start.PlusDays(14), null, "to-council", null, null),
            ],
        };
        Assert.Equal(new Money(12000), Contributions.DueUpTo(books.Facts, Start.PlusDays(100)));
    }

    [Fact]
    public void A_day_is_due_once_in_whatever_order_agreements_were_signed()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements =
            [
                .. books.Facts.Agreements, new AgreementTerms(2, Start.PlusDays(20), null, "to-holder", null, null),
                new AgreementTerms(3, Start.PlusDays(10), null, "to-holder", null, null),
            ],
        };
        Assert.Equal(new Money(24000), Contributions.DueUpTo(books.Facts, Start.PlusDays(27)));
    }

    [Fact]
    public void A_share_put_right_later_shows_in_the_next_statement_and_owed_ties()
    {
        var books = new FundBooks();
        var first = books.BuildStatement(Start, Start.PlusDays(27));
        var budget = books.Facts.Budgets[0];
        books.Facts = books.Facts with
        {
            Budgets = [budget with { WeeklyBySource = new Dictionary<string, Money> { ["person"] = new(5000) } }],
        };
        books.Received("R-1", "person", 10000, Start.PlusDays(30));

        var second = books.BuildStatement(Start.PlusDays(28), Start.PlusDays(55), first, "S-2");

        Assert.Equal(new Money(24000), first.Contribution.Owed);
        Assert.Equal(new Money(40000 - 24000), second.Contribution.Due);
        Assert.Equal(new Money(40000 - 10000), second.Contribution.Owed);
    }

    [Fact]
    public void Money_given_back_to_the_person_was_no_contribution()
    {
        var books = new FundBooks();
        books.Received("R-1", "person", 30000, Start);
        books.Returned("T-1", "person", 6000, Start.PlusDays(20));

        var contribution = books.BuildStatement(Start, Start.PlusDays(27)).Contribution;

        Assert.Equal((24000L, 0L), (contribution.Paid.Pence, contribution.Owed.Pence));
    }

    [Fact]
    public void Money_runs_out_on_the_first_day_below_zero()
    {
        var books = new FundBooks();
        books.Received("R-1", "council", 70000, Start);
        // £700 a week goes out and £420 a week will come in, so the fund loses £40 a day, from £0.
        books.Priced("W-1", 1, Start, 600, 70000);
        var forecast = books.BuildStatement(Start, Start.PlusDays(6)).Forecast!;
        Assert.Equal(Start.PlusDays(7), forecast.RunsOutOn);
        Assert.False(forecast.OnTrack);

        // £120 more lasts exactly 3 days more.
        books.Received("R-2", "council", 12000, Start);
        Assert.Equal(Start.PlusDays(10), books.BuildStatement(Start, Start.PlusDays(6)).Forecast!.RunsOutOn);
    }

    [Theory]
    [InlineData(0, 0, 10000)]
    [InlineData(0, 10, 11000)]
    [InlineData(60, 0, 20000)]
    [InlineData(-30, 0, 5000)]
    [InlineData(60, 10, 22000)]
    [InlineData(-60, 0, 0)]
    [InlineData(-600, 0, 0)] // never below zero
    [InlineData(-600, 50, 0)]
    public void A_pace_can_be_made_dearer_and_longer(int extraMinutes, int percent, long pence) =>
        Assert.Equal(
            new Money(pence),
            new Forecast.Pace(new Money(10000), new Money(10000), new Minutes(60), 7)
                .WithExtraWeekly(new Minutes(extraMinutes), default).Dearer(percent).Out);

    [Fact]
    public void Where_nothing_was_given_extra_time_costs_the_plain_rate() =>
        Assert.Equal(
            new Money(4 * 2400),
            new Forecast.Pace(Money.Zero, Money.Zero, Minutes.Zero, 28)
                .WithExtraWeekly(new Minutes(60), new Rate(2400)).Out);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-500, -500)] // the only cost was a credit, so fewer minutes save nothing
    public void Fewer_minutes_where_nothing_was_given_cost_nothing_less(long spent, long pence) => Assert.Equal(
        new Money(pence),
        new Forecast.Pace(new Money(spent), new Money(spent), Minutes.Zero, 28)
            .WithExtraWeekly(new Minutes(-300), new Rate(3200)).Out);

    [Fact]
    public void Without_a_budget_to_come_nothing_is_foreseen()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with { Budgets = [] };
        books.Received("R-1", "council", 5000, Start);
        var forecast = books.BuildStatement(Start, Start.PlusDays(6)).Forecast!;
        Assert.Equal((null, 5000L, null), (forecast.EndsOn, forecast.LeftAtEnd.Pence, forecast.RunsOutOn));
    }

    // An hour is banked while £24.00 is agreed, and £26.00 is agreed from 20 April.
    private static Hours HourBanked(string keep)
    {
        var prices = new PriceList
        {
            Rates =
            [
                new PriceRate { Code = "old", Unit = PriceUnit.Hour, Pence = 2400, To = new LocalDate(2026, 4, 19) },
                new PriceRate { Code = "new", Unit = PriceUnit.Hour, Pence = 2600, From = new LocalDate(2026, 4, 20) },
            ],
        };
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Agreements = [new AgreementTerms(1, Start, null, "to-holder", keep, 12)],
            Allocations = [new Promise("A-1", "V-1", false, new CarePeriod(Start, null), prices)],
            Lines = [new PlannedLine("L-1", "A-1", "support")],
        };
        books.Post("week-closed", "K-1", Start.PlusDays(2),
            new Move(Book.Time, "planned/L-1", "missed/L-1/no-access", 60),
            new Move(Book.Time, "missed/L-1/no-access", "banked/L-1", 60));
        return books.BuildStatement(Start, Start.PlusDays(27)).Hours;
    }

    [Theory]
    [InlineData("minutes", 2600)] // an hour at the rate of the statement's last day
    [InlineData("money", 2400)] // an hour at the rate of the day it was banked
    public void Banked_time_is_worth_the_rate_that_the_agreement_names(string keep, long pence)
    {
        var hours = HourBanked(keep);
        Assert.Equal((60L, pence), (hours.Banked.Count, hours.BankedWorth.Pence));
    }

    [Theory]
    [InlineData("minutes")]
    [InlineData("money")]
    public void Banked_time_is_missed_no_more_and_still_says_why_it_was(string keep)
    {
        var hours = HourBanked(keep);
        Assert.Equal([("no-access", 60L)], hours.MissedByReason.Select(row => (row.Reason, row.Length.Count)));
        Assert.Equal(Minutes.Zero, hours.Missed);
    }
}
