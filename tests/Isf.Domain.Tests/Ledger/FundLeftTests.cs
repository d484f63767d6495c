using FsCheck;
using FsCheck.Fluent;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>
/// Tests when a fund's money, or the remainder of an allocation, falls below zero, and when it rises to zero or more
/// again.
/// </summary>
public sealed class FundLeftTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    [Fact]
    public void A_fall_and_a_rise_are_found_once_each_and_only_where_zero_is_crossed()
    {
        var left = new FundLeft();
        left.Add(Of(new(Book.Promise, Account.Free, Account.Promised("A-1"), new Money(100))));
        Assert.Empty(left.Crossed());
        left.Add(Used("A-1", 100));
        Assert.Empty(left.Crossed());
        left.Add(Used("A-1", 1));
        Assert.Equal([new("A-1", -1)], left.Crossed());
        left.Add(Used("A-1", 50));
        Assert.Empty(left.Crossed());
        left.Add(Of(new(Book.Promise, Account.Free, Account.Promised("A-1"), new Money(51))));
        Assert.Equal([new("A-1", 0)], left.Crossed());
        Assert.Empty(left.ByAllocation);
    }

    [Fact]
    public void The_fund_comes_before_its_allocations_and_care_without_one_is_in_neither()
    {
        var left = new FundLeft(5, new Dictionary<string, long> { ["A-2"] = 0, ["A-1"] = 3 });
        left.Add(Used("A-2", 1));
        left.Add(Used("A-1", 4));
        left.Add(Used(null, 9));
        left.Add(Of(new(Book.Money, Account.Drawn, Account.Accrued("V-1"), new Money(6))));
        Assert.Equal([new(null, -1), new("A-1", -1), new("A-2", -1)], left.Crossed());
    }

    [Fact]
    public void What_was_below_zero_when_it_was_read_has_crossed_nothing()
    {
        var left = new FundLeft(-5, new Dictionary<string, long> { ["A-1"] = -3 });
        Assert.Empty(left.Crossed());
        left.Add(Used("A-1", 4));
        Assert.Empty(left.Crossed());
    }

    [Fact]
    public void However_it_is_cut_into_postings_the_last_crossing_is_that_of_the_balance() => Prop.ForAll(
        Gen.Choose(-100, 100).Where(amount => amount != 0).ArrayOf().ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(),
        (amounts, stride) => CrossingsMatchBalance(amounts, stride)).QuickCheckThrowOnFailure();

    private static bool CrossingsMatchBalance(int[] amounts, int stride)
    {
        var left = new FundLeft();
        var isBelow = false;
        void Update() => isBelow = left.Crossed() is [var crossing] ? crossing.Pence < 0 : isBelow;
        for (var n = 0; n < amounts.Length; n++)
        {
            var move = new Move(
                Book.Promise, Account.Free, Account.Promised("A-1"), new Money(Math.Abs(amounts[n])));
            left.Add(Of(amounts[n] > 0 ? move : move.Reversed()));
            if (n % stride == 0)
                Update();
        }
        Update();
        return isBelow == amounts.Sum() < 0 && left.ByAllocation.GetValueOrDefault("A-1") == amounts.Sum();
    }

    private static Entry Used(string? allocation, long pence) =>
        Of(new(Book.Promise, Account.Promised(allocation), Account.Used(allocation), new Money(pence)));

    private static Entry Of(Move move) => new()
    {
        FundId = "F-1", Kind = "visit-priced", EffectiveOn = Monday, Cause = new("visit-priced", "V-1/v1"),
        Moves = [move],
    };
}
