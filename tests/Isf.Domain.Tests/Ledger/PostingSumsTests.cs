using Isf.Ledger.Domain;
using Isf.Measures;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Flows are summed by account, and a reversal lowers the flow that it reverses.</summary>
public sealed class PostingSumsTests
{
    private static readonly Move Receipt =
        new(Book.Money, Account.Outside("council"), Account.Held("council"), new Money(500));

    [Fact]
    public void A_reversal_is_a_flow_the_same_way_below_zero()
    {
        Assert.Equal(new(Receipt.From, Receipt.To, 500), PostingSum.FromMove(Receipt, isReversal: false));
        Assert.Equal(new(Receipt.From, Receipt.To, -500), PostingSum.FromMove(Receipt.Reversed(), isReversal: true));
    }

    [Fact]
    public void Flows_in_parts_are_one_balance()
    {
        var sums = new PostingSums([new(Receipt.From, Receipt.To, 500), new(Receipt.From, Receipt.To, -120)]);
        Assert.Equal((-380, 380, 0),
            (sums.BalanceOf(Receipt.From), sums.BalanceOf(Receipt.To), sums.BalanceOf(Account.Drawn)));
        Assert.Equal([-380, 380], sums.Balances.Values);
    }

    [Fact]
    public void Balances_of_a_kind_are_those_of_one_book_and_word()
    {
        var sums = new PostingSums(
        [
            new(Account.Drawn, Account.Accrued("P-1"), 10), new(Account.Drawn, Account.Accrued("P-2"), 5),
            new(Account.Promised("A-1"), Account.Used("A-1"), 99),
        ]);
        Assert.Equal((15, -15, 99, 0), (sums.BalanceOfKind(Book.Money, "accrued"),
            sums.BalanceOfKind(Book.Money, "held"), sums.BalanceOfKind(Book.Promise, "used"),
            sums.BalanceOfKind(Book.Money, "used")));
    }

    [Theory]
    [InlineData(Book.Money, "outside", "held", 500)]
    [InlineData(Book.Money, "held", "outside", 0)]
    [InlineData(Book.Money, "outside", "paid", 0)]
    [InlineData(Book.Time, "outside", "held", 0)]
    public void Flows_between_two_kinds_are_those_of_that_book_and_way(Book book, string from, string to, long sum) =>
        Assert.Equal(sum, new PostingSums([PostingSum.FromMove(Receipt, false)]).Between(book, from, to)
            .Sum(flow => flow.Amount));
}
