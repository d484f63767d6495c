using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Journals in the formats of hledger and Beancount.</summary>
public sealed class PlainTextTests
{
    private static readonly Journal Receipt = Books.Posted(
        PostingRules.MoneyReceived("F-1", "R-1", "top-up", Money.OfPence(30_005), new LocalDate(2026, 4, 1)));

    [Fact]
    public void A_journal_for_hledger_is_a_transaction_with_its_position_as_code() => Assert.Equal(
        $"""
        2026-04-01 * (1) money-received | money-received R-1
            ; journal: {Receipt.JournalId}
            ; recorded: 2026-06-01T12:00:00.000000Z
            ; hash: {Convert.ToHexStringLower(Receipt.Hash.Span)}
            money:held:top-up  300.05 GBP
            money:outside:top-up  -300.05 GBP


        """,
        PlainTextBooks.Hledger(Receipt));

    [Fact]
    public void A_journal_for_beancount_names_accounts_that_can_be_opened() => Assert.Equal(
        $"""
        2026-04-01 * "money-received" "money-received R-1"
          position: 1
          journal: "{Receipt.JournalId}"
          recorded: "2026-06-01T12:00:00.000000Z"
          hash: "{Convert.ToHexStringLower(Receipt.Hash.Span)}"
          Assets:Money:Held:Top-up  300.05 GBP
          Assets:Money:Outside:Top-up  -300.05 GBP


        """,
        PlainTextBooks.Beancount(Receipt));

    [Theory]
    [InlineData("A-1", "Assets:Promise:Promised:A-1")]
    [InlineData("9", "Assets:Promise:Promised:9")]
    [InlineData("a-1", "Assets:Promise:Promised:X-a-2d1")]
    [InlineData("A.1", "Assets:Promise:Promised:X-A-2e1")]
    [InlineData("A_1", "Assets:Promise:Promised:X-A-5f1")]
    [InlineData("X-a", "Assets:Promise:Promised:X-X-2da")]
    [InlineData("-", "Assets:Promise:Promised:X--2d")]
    public void Ids_become_account_names_and_no_two_share_one(string id, string account) =>
        Assert.Equal(account, PlainTextBooks.BeancountAccount(Account.Promised(id)));

    [Theory]
    [InlineData(1, "0.01 GBP")]
    [InlineData(100, "1.00 GBP")]
    [InlineData(123_456_789, "1234567.89 GBP")]
    public void Pence_are_written_in_pounds(long pence, string written) => Assert.Contains(
        $"money:held:council  {written}\n",
        PlainTextBooks.Hledger(Books.Posted(PostingRules.MoneyReceived(
            "F-1", "R", "council", Money.OfPence(pence), new LocalDate(2026, 4, 1)))),
        StringComparison.Ordinal);

    [Fact]
    public void Time_is_written_in_minutes_under_its_own_root() => Assert.Contains(
        "time:planned:L-1  90 MIN\n    time:agreed:L-1  -90 MIN\n",
        PlainTextBooks.Hledger(Books.Posted(PostingRules.DayPlanned(
            "F-1", new LocalDate(2026, 4, 1), 1, [new LineMinutes("L-1", new Minutes(90))]))),
        StringComparison.Ordinal);
}
