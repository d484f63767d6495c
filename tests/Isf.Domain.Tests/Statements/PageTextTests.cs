using Isf.Prices;
using Isf.Statements.Domain;
using Isf.Statements.Rendering;
using Isf.Support.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Statements;

/// <summary>
/// Every reason has its own words, a journal that changes nothing has no line, and no page shows a code.
/// </summary>
public sealed class PageTextTests
{
    private static readonly LocalDate Start = new(2026, 4, 6);

    // All reasons that Support gives for time that was not given: outcomes, absences, “short” and “no record”.
    private static IEnumerable<string> Reasons =>
    [
        .. Enum.GetValues<VisitOutcome>().Where(outcome => outcome != VisitOutcome.Delivered).Select(VisitInput.NameOf),
        .. Enum.GetValues<AbsenceKind>().Select(LineWeek.NameOf), .. OutcomeCharge.Outcomes, LineWeek.Short,
        LineWeek.NoRecord,
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("died")]
    public void Every_reason_that_can_occur_has_a_text_of_its_own(string? closed)
    {
        var books = new FundBooks();
        if (closed is not null)
            books.Closed(Start, closed);
        var voice = Voice.For(books.Facts);
        var reasons = Reasons.Distinct().ToList();
        Assert.Equal(11, reasons.Count);
        Assert.Equal(reasons.Count, reasons.Select(voice.Missed).Distinct().Count());
        // The reason “by-hand” is none of Support's reasons, and the page does not show this word.
        Assert.DoesNotContain(voice.Missed("by-hand"), reasons.Select(voice.Missed));
        Assert.DoesNotContain("by-hand", voice.Missed("by-hand"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_that_are_not_known_are_one_row()
    {
        var books = new FundBooks();
        books.Post("adjustment", "X-1", Start,
            new Move(Book.Time, "planned/L-1", "missed/L-1/one", 30),
            new Move(Book.Time, "planned/L-1", "missed/L-1/two", 30),
            new Move(Book.Time, "planned/L-1", "missed/L-1/short", 30));
        var layout = HoursLayout.Build(books.BuildStatement(Start, Start.PlusDays(27)).Hours, Voice.For(books.Facts));
        Assert.Equal([("The visit was shorter than planned", 30L), ("A reason that is not told here", 60L)],
            layout.NotGiven.Rows.Select(row => (row.What, row.Length.Count)).OrderBy(row => row.Count));
    }

    [Theory]
    [InlineData("45 minutes on Tuesday 14 April 2026 at £24.00 an hour (d rate)",
        "45 minutes on Tuesday 14 April 2026 at £24.00 an hour")]
    [InlineData("1 hour at £24.00 an hour each (night.2_x rate from 1 April 2026), with VAT at 20%",
        "1 hour at £24.00 an hour each, with VAT at 20%")]
    [InlineData("2 hours at £24.00 an hour (usual rate) and 2 hours at £48.00 an hour (bank holiday rate)",
        "2 hours at £24.00 an hour and 2 hours at £48.00 an hour (bank holiday rate)")]
    [InlineData("10 miles at £0.25 a mile (mileage rate, beyond the yearly allowance)",
        "10 miles at £0.25 a mile (beyond the yearly allowance)")]
    [InlineData("1 hour (53 minutes in bands of 15 minutes) at £24.00 an hour (rate)",
        "1 hour (53 minutes in bands of 15 minutes) at £24.00 an hour")]
    [InlineData("Nothing is charged: the price list has no rate for sleep-in on Wednesday 8 April 2026",
        "Nothing is charged: the price list has no rate for this service on Wednesday 8 April 2026")]
    [InlineData("1 hour at £40.00 an hour; the price list has no rate for another hour of the visit",
        "1 hour at £40.00 an hour; the price list has no rate for another hour of the visit")]
    public void What_older_reasons_name_by_a_code_is_left_out(string because, string page) =>
        Assert.Equal(page, ReasonText.WithoutCodes(because));

    [Fact]
    public void The_name_of_a_provider_is_no_code()
    {
        var books = new FundBooks();
        books.Facts = books.Facts with
        {
            Providers = new Dictionary<string, ProviderCard> { ["V-1"] = new("Kettle (first rate)", "shop") },
        };
        books.Post("invoice-matched", "I-1/v1", Start, new Move(Book.Money, "held/drawn", "owed/V-1", 500));
        Assert.Equal("Bought from Kettle (first rate).",
            Assert.Single(books.BuildStatement(Start, Start.PlusDays(27)).Items).Because);
    }

    [Fact]
    public void What_changes_neither_time_nor_money_is_no_line_of_the_page()
    {
        var books = new FundBooks();
        var visit = books.Priced("W-1", 1, Start, 60, 2400);
        books.Priced("W-2", 1, Start, 0, 0);
        books.Planned(Start, 60);
        var april = books.BuildStatement(Start, Start.PlusDays(27));
        Assert.Single(april.Items);
        books.Corrected(visit, "W-1", 2, Start, 60, 2400);
        books.Planned(Start, 30);
        books.Post("week-closed", "2026-04-06/v1", Start.PlusDays(6),
            new Move(Book.Time, "planned/L-1", "missed/L-1/short", 30));

        var may = books.BuildStatement(Start.PlusDays(28), Start.PlusDays(55), april, "S-2");

        Assert.Empty(may.CorrectedItems);
        Assert.Empty(may.Items);
        Assert.Equal(4, may.Corrections.Count);
    }

    [Fact]
    public void A_visit_that_went_to_another_provider_is_taken_from_one_and_given_to_the_other()
    {
        var books = new FundBooks();
        var visit = books.Priced("W-1", 1, Start, 60, 2400);
        var april = books.BuildStatement(Start, Start.PlusDays(27));
        books.Reversed(visit, "visit-repriced", "W-1/v2");
        books.Priced("W-1", 2, Start, 60, 2400, "V-2");
        var may = books.BuildStatement(Start.PlusDays(28), Start.PlusDays(55), april, "S-2");
        Assert.Equal([("V-1", -2400L), ("V-2", 2400L)],
            may.Items.Select(item => (item.ProviderId!, item.Amount.Pence)).Order());
        var html = HtmlPage.Render(may, books.AllFacts);
        Assert.Contains("1 h less", html, StringComparison.Ordinal);
        Assert.DoesNotContain("−1 h", html, StringComparison.Ordinal);
        // The name of this provider is not known, and its code is not used as a name.
        Assert.DoesNotContain("V-2", html, StringComparison.Ordinal);
    }
}
