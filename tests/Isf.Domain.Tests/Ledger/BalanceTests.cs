using Isf.Ledger.Domain;
using NodaTime;
using Xunit;

namespace Isf.Domain.Tests.Ledger;

/// <summary>A balance is the sum of the flows between accounts, with another amount in every figure.</summary>
public sealed class BalanceTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);
    private static readonly Account Holder = Account.Outside("holder"), Council = Account.Held("council");

    private static readonly FundingSplit Left =
        new([new("council", 40), new("person", 0), new("nhs", -3)], new(7));

    private static readonly PostingSums Sums = new(
    [
        new(Account.Outside("council"), Council, 1_000),
        new(Council, Account.Outside("council"), 30),
        new(Holder, Account.Drawn, 5),
        new(Account.Drawn, Account.Accrued("P-1"), 600),
        new(Account.Accrued("P-1"), Account.Owed("P-1"), 400),
        new(Account.Owed("P-1"), Account.Paid("P-1"), 150),
        new(Account.Budget("council"), Account.Free, 900),
        new(Account.Free, Account.Promised("A-1"), 700),
        new(Account.Promised("A-1"), Account.Used("A-1"), 600),
        new(Account.Agreed("L-1"), Account.Planned("L-1"), 300),
        new(Account.Extra("L-1"), Account.Delivered("L-1"), 11),
        new(Account.Planned("L-1"), Account.Delivered("L-1"), 120),
        new(Account.Planned("L-1"), Account.Missed("L-1", "short"), 70),
        new(Account.Missed("L-1", "short"), Account.Banked("L-1"), 40),
        new(Account.Missed("L-1", "short"), Account.Released("L-1"), 20),
        new(Account.Planned("L-1"), Account.Charged("L-1"), 25),
    ]);

    [Fact]
    public void The_money_is_received_returned_held_accrued_owed_paid_and_in_cash()
    {
        var money = MoneyBalance.From(Sums, Left);
        Assert.Equal((1_000, 30, 375, 200, 250, 145, 825, 7),
            (money.ReceivedPence, money.ReturnedPence, money.HeldPence, money.AccruedPence, money.OwedPence,
                money.PaidPence, money.CashPence, money.OverdrawnPence));
        Assert.Equal(Left.Left, money.Held);
        Assert.Equal(money.CashPence, money.ReceivedPence - money.ReturnedPence - money.PaidPence);
    }

    [Fact]
    public void Recovered_vat_is_no_money_received_and_given_back_no_money_returned()
    {
        var money = MoneyBalance.From(new([new(Holder, Council, 60), new(Council, Holder, 20)]), Left);
        Assert.Equal((0, 0, -40, 40),
            (money.ReceivedPence, money.ReturnedPence, money.PaidPence, money.CashPence));
    }

    [Theory]
    [InlineData(false, new string[0])]
    [InlineData(true, new[] { "council 40" })]
    public void A_closed_fund_returns_what_is_left_above_zero(bool closed, string[] returned) => Assert.Equal(
        returned, Balance.Build("F-1", Monday, 9, Sums, Left, closed).Money.ToReturn
            .Select(left => $"{left.Source} {left.Pence}"));

    [Fact]
    public void An_open_fund_returns_nothing_unless_told_otherwise()
    {
        Assert.Empty(Balance.Build("F-1", Monday, 9, Sums, Left).Money.ToReturn);
        Assert.Empty(MoneyBalance.From(Sums, Left).ToReturn);
    }

    [Fact]
    public void The_promise_is_free_promised_and_used() =>
        Assert.Equal(new PromiseBalance(900, 200, 100, 600), PromiseBalance.From(Sums));

    [Fact]
    public void The_time_is_planned_extra_delivered_missed_banked_released_and_outstanding()
    {
        var time = TimeBalance.From(Sums);
        Assert.Equal((300, 11, 131, 35, 25, 40, 20, 85),
            (time.PlannedMinutes, time.ExtraMinutes, time.DeliveredMinutes, time.MissedMinutes,
                time.ChargedNotDeliveredMinutes, time.BankedMinutes, time.ReleasedMinutes, time.OutstandingMinutes));
    }

    [Fact]
    public void A_balance_says_of_which_fund_day_and_position_it_is()
    {
        var balance = Balance.Build("F-1", Monday, 9, Sums, Left);
        Assert.Equal(("F-1", Monday, 9, 375, 900, 300),
            (balance.FundId, balance.EffectiveOn, balance.Position, balance.Money.HeldPence,
                balance.Promise.BudgetPence, balance.Time.PlannedMinutes));
    }
}
