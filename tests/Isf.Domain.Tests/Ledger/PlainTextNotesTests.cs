using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Journals about another day, and reversals, in the formats of hledger and Beancount, with their accounts.
/// </summary>
public sealed class PlainTextNotesTests
{
    private static readonly LocalDate Day = new(2026, 4, 20);

    private static readonly Journal Adjusted = Books.Posted(
        PostingRules.MoneyReceived("F-1", "R-1", "council", Money.OfPence(5), Day) with
        {
            CareOn = Day.PlusDays(-8),
        });

    private static readonly Journal Voided = Books.Posted(PostingRules.ReceiptVoided(Adjusted));

    [Fact]
    public void The_day_of_care_is_a_note_where_it_is_another()
    {
        Assert.Contains("    ; careon: 2026-04-12\n", PlainTextBooks.Hledger(Adjusted), StringComparison.Ordinal);
        Assert.Contains("  careon: \"2026-04-12\"\n", PlainTextBooks.Beancount(Adjusted), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reversal_names_the_journal_that_it_reverses()
    {
        Assert.Contains($"; reverses: {Adjusted.JournalId:D}\n", PlainTextBooks.Hledger(Voided),
            StringComparison.Ordinal);
        Assert.Contains($"  reverses: \"{Adjusted.JournalId:D}\"\n", PlainTextBooks.Beancount(Voided),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Book.Money, "held/drawn", "0001-01-01 open Assets:Money:Held:Drawn GBP\n")]
    [InlineData(Book.Promise, "budget/top-up", "0001-01-01 open Assets:Promise:Budget:Top-up GBP\n")]
    [InlineData(Book.Time, "missed/L-1/short", "0001-01-01 open Assets:Time:Missed:L-1:X-short MIN\n")]
    public void An_account_is_opened_in_its_own_unit(Book book, string path, string line) =>
        Assert.Equal(line, PlainTextBooks.BeancountOpen(Account.Parse(book, path)));

    [Theory]
    [InlineData("outside/nhs", "Assets:Money:Outside:Nhs")]
    [InlineData("held/person", "Assets:Money:Held:Person")]
    [InlineData("accrued/person", "Assets:Money:Accrued:X-person")] // a provider's id, which may be such a word
    public void A_source_is_a_name_and_an_id_is_not(string path, string account) =>
        Assert.Equal(account, PlainTextBooks.BeancountAccount(Account.Parse(Book.Money, path)));

    [Fact]
    public void Minutes_are_written_for_beancount_too() => Assert.Contains(
        "  Assets:Time:Planned:L-1  90 MIN\n  Assets:Time:Agreed:L-1  -90 MIN\n",
        PlainTextBooks.Beancount(Books.Posted(PostingRules.DayPlanned(
            "F-1", Day, 1, [new LineMinutes("L-1", new Minutes(90))]))), StringComparison.Ordinal);
}
