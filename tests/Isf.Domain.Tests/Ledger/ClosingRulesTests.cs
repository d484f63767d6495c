using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using Xunit;
using static Isf.Domain.Tests.Ledger.PostingRulesTests;

namespace Isf.Domain.Tests.Ledger;

/// <summary>The moves that a fund's closure makes, with figures.</summary>
public sealed class ClosingRulesTests
{
    private static readonly LocalDate Monday = new(2026, 4, 6);

    [Fact]
    public void A_closure_takes_a_position_and_moves_nothing()
    {
        var entry = ClosingRules.FundClosed("F-1", Monday);
        Assert.Empty(entry.Moves);
        Assert.Equal(("F-1", "fund-closed", "fund-closed", "closure", Monday),
            (entry.FundId, entry.Kind, entry.Cause.Message, entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void Notice_cut_short_is_owed_and_uses_no_allocation()
    {
        var entry = ClosingRules.NoticeCharged("F-1", "N-1", "P-1", Money.OfPence(9_600), Monday);
        Assert.Equal(
            ["promise promised/none → used/none 9600", "money held/drawn → owed/P-1 9600"], Written(entry));
        Assert.Equal(("notice-charged", "N-1", Monday), (entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void Notice_that_costs_nothing_moves_nothing() =>
        Assert.Empty(ClosingRules.NoticeCharged("F-1", "N-1", "P-1", Money.Zero, Monday).Moves);

    [Theory]
    [InlineData("planned/L-1", 60, "time planned/L-1 → agreed/L-1 60")]
    [InlineData("planned/L-1", -60, "time agreed/L-1 → planned/L-1 60")]
    [InlineData("banked/L-1", 45, "time banked/L-1 → released/L-1 45")]
    [InlineData("banked/L-1", -45, "time released/L-1 → banked/L-1 45")]
    public void Planned_minutes_go_back_and_banked_ones_are_released(string account, long minutes, string move)
    {
        var entry = ClosingRules.HoursEnded("F-1", Monday, 2, [new(Account.Parse(Book.Time, account), minutes)]);
        Assert.Equal([move], Written(entry));
        Assert.Equal(("hours-ended", "2026-04-06/2", Monday), (entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Fact]
    public void Hours_end_in_the_order_of_their_accounts() => Assert.Equal(
        ["time banked/L-1 → released/L-1 1", "time banked/L-2 → released/L-2 2", "time planned/L-1 → agreed/L-1 3"],
        Written(ClosingRules.HoursEnded("F-1", Monday, 1,
            [new(Account.Planned("L-1"), 3), new(Account.Banked("L-2"), 2), new(Account.Banked("L-1"), 1)])));

    [Fact]
    public void Care_after_the_last_day_is_taken_back_in_full_by_a_journal_that_its_id_names()
    {
        var fee = Books.Posted(PostingRules.FeeCharged("F-1", "FEE-1", Money.OfPence(500), onTop: false, Monday));
        var refused = ClosingRules.Refused(fee);
        Assert.Equal(fee.Entry.Moves.Select(move => move.Reversed()), refused.Moves);
        Assert.Equal(("fee-refused", "fee-refused", "FEE-1", fee.JournalId),
            (refused.Kind, refused.Cause.Message, refused.Cause.Id, refused.Reverses));
        Assert.Equal(JournalId.From("sunrise", "F-1", "fee-refused", new("fee-refused", "FEE-1")),
            ClosingRules.RefusalOf("sunrise", fee));
    }

    [Fact]
    public void Spending_is_attributed_by_source_and_nothing_by_nothing()
    {
        var entry = ClosingRules.SpendingAttributed("F-1", "closure", Monday, 3,
            new Dictionary<string, long> { ["person"] = 250, ["nhs"] = 0, ["council"] = -100 });
        Assert.Equal(["money held/drawn → held/council 100", "money held/person → held/drawn 250"], Written(entry));
        Assert.Equal(("laid", "closure/3", Monday), (entry.Kind, entry.Cause.Id, entry.EffectiveOn));
    }

    [Theory]
    [InlineData(PromiseKind.Budget, "council", "budget-closed", "promise free → budget/council 700")]
    [InlineData(PromiseKind.Allocation, "A-1", "allocation-closed", "promise promised/A-1 → free 700")]
    public void A_promise_ends_with_its_fund(PromiseKind kind, string about, string name, string move)
    {
        var terms = new PromiseTerms
        {
            Kind = kind, Id = "X-1", Version = 2, SetOn = Monday, From = Monday, Weekly = Money.Zero, Shares = [],
            OneOff = [],
        };
        var entry = ClosingRules.PromiseClosed("F-1", terms,
            new(Monday.PlusDays(9), new Dictionary<string, Money> { [about] = Money.OfPence(-700) }));
        Assert.Equal([move], Written(entry));
        Assert.Equal((name, name, "X-1/v2/closure/2026-04-15"), (entry.Kind, entry.Cause.Message, entry.Cause.Id));
    }
}
