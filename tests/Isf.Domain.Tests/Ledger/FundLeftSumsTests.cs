using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>What a fund holds and what is left of its allocations, as its moves change them.</summary>
public sealed class FundLeftSumsTests
{
    [Theory]
    [InlineData(Book.Money, "outside/council", "held/council", 110, "")]
    [InlineData(Book.Money, "held/drawn", "accrued/P-1", 90, "")]
    [InlineData(Book.Money, "held/council", "held/drawn", 100, "")]
    [InlineData(Book.Money, "accrued/P-1", "owed/P-1", 100, "")]
    [InlineData(Book.Promise, "free", "promised/A-1", 100, "A-1 10")]
    [InlineData(Book.Promise, "promised/A-1", "used/A-1", 100, "A-1 -10")]
    [InlineData(Book.Promise, "promised/none", "used/none", 100, "")]
    [InlineData(Book.Promise, "free", "promised/fee", 100, "")]
    [InlineData(Book.Promise, "budget/council", "free", 100, "")]
    [InlineData(Book.Time, "agreed/L-1", "planned/L-1", 100, "")]
    public void Each_move_changes_what_it_should(Book book, string from, string to, long held, string allocations)
    {
        var left = new FundLeft(100);
        left.Add(Of(Move.Parse(book, from, to, 10)));
        Assert.Equal(held, left.HeldPence);
        Assert.Equal(allocations, string.Join(", ", left.ByAllocation.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    [Fact]
    public void A_fund_falls_at_one_penny_below_zero_and_rises_at_zero()
    {
        var left = new FundLeft(1);
        left.Add(Of(new(Book.Money, Account.Drawn, Account.Accrued("P-1"), new Money(1))));
        Assert.Empty(left.Crossed());
        left.Add(Of(new(Book.Money, Account.Drawn, Account.Accrued("P-1"), new Money(1))));
        Assert.Equal([new(null, -1)], left.Crossed());
        left.Add(Of(new(Book.Money, Account.Accrued("P-1"), Account.Drawn, new Money(1))));
        Assert.Equal([new(null, 0)], left.Crossed());
    }

    [Fact]
    public void Allocations_that_fall_come_before_those_that_rise_to_nothing_and_each_once()
    {
        var left = new FundLeft(0, new Dictionary<string, long> { ["A-2"] = -1, ["A-1"] = -1, ["A-3"] = 0 });
        foreach (var id in new[] { "A-2", "A-1" })
            left.Add(Of(new(Book.Promise, Account.Free, Account.Promised(id), new Money(1))));
        left.Add(Of(new(Book.Promise, Account.Promised("A-3"), Account.Used("A-3"), new Money(1))));
        Assert.Equal([new("A-3", -1), new("A-1", 0), new("A-2", 0)], left.Crossed());
        Assert.Empty(left.Crossed());
    }

    [Theory]
    [InlineData(5, "A-1", 3, true)]
    [InlineData(6, "A-1", 3, false)]
    [InlineData(5, "A-2", 3, false)]
    [InlineData(5, "A-1", 4, false)]
    public void Two_are_the_same_if_all_sums_are(long held, string allocation, long pence, bool isSame)
    {
        var stored = new FundLeft(5, new Dictionary<string, long> { ["A-1"] = 3 });
        Assert.Equal(isSame, stored.IsSameAs(new(held, new Dictionary<string, long> { [allocation] = pence })));
    }

    private static Entry Of(Move move) => new()
    {
        FundId = "F-1", Kind = "x", EffectiveOn = new LocalDate(2026, 4, 6), Cause = new("x", "1"), Moves = [move],
    };
}
