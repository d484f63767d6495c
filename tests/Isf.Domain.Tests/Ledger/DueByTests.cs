using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>Whom the person pays, and the order of spending, by the versions of the agreement.</summary>
public sealed class DueByTests
{
    private static readonly LocalDate April = new(2026, 4, 6);

    private static readonly PromiseTerms Budget = new()
    {
        Kind = PromiseKind.Budget, Id = "B-1", Version = 1, SetOn = April, From = April, Weekly = new(700),
        Shares = [new("council", new(630)), new("person", new(70))], OneOff = [],
    };

    private static AgreedTerms Version(int number, int day, bool toHolder, SpendOrder order = SpendOrder.ProRata) =>
        new(number, April.PlusDays(day), April.PlusDays(day), order, toHolder);

    // Ten pence are due on each day on which the person pays the holder. The budget begins before version 1 is signed.
    [Theory]
    [InlineData(true, true, 300)]
    [InlineData(true, false, 200)]
    [InlineData(false, true, 100)]
    [InlineData(false, false, 0)]
    public void The_first_version_decides_from_the_start_and_the_second_from_its_day(
        bool first, bool second, long due) =>
        Assert.Equal(due, new FundTerms([Version(1, 7, first), Version(2, 20, second)], null)
            .DueBy(April.PlusDays(29), [Budget]).Pence);

    [Fact]
    public void Only_the_persons_share_is_due_and_of_each_budget() =>
        Assert.Equal(140, new FundTerms([Version(1, 0, true)], null)
            .DueBy(April.PlusDays(6), [Budget, Budget with { Id = "B-2" }]).Pence);

    [Fact]
    public void Each_change_of_order_has_its_day_and_version_sorted_by_day()
    {
        var terms = new FundTerms(
        [
            Version(1, 0, true, SpendOrder.PersonFirst), Version(2, 10, true, SpendOrder.CouncilFirst),
            Version(3, 15, true, SpendOrder.CouncilFirst), Version(4, 20, true, SpendOrder.ProRata),
        ], null);
        Assert.Equal([new(April.PlusDays(10), 2), new(April.PlusDays(20), 4)], terms.Changes());
        Assert.Equal([SpendOrder.PersonFirst, SpendOrder.CouncilFirst, SpendOrder.ProRata],
            new[] { 9, 10, 20 }.Select(day => terms.OrderOn(April.PlusDays(day))));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_closure_counts_from_its_effective_day(int day, bool closed) =>
        Assert.Equal(closed, new FundTerms([Version(1, 0, true)], new(April.PlusDays(-5), April))
            .ClosedBy(April.PlusDays(day)));

    [Theory]
    [InlineData(0, 700)]
    [InlineData(700, 0)]
    public void A_budget_without_an_amount_or_without_shares_weighs_nothing(long weekly, long share) =>
        Assert.Empty(FundingSplit.SharesOn(April, [Budget with
        {
            Weekly = new(weekly),
            Shares = [new("council", new Money(share))],
        }]));
}
