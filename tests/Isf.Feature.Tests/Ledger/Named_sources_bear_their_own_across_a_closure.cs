using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using static Isf.Tests.Ledger.ClaimFacts;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>
/// Charges that name their source leave that source's money, and their reversals return to it, before and after a fund
/// is closed. The agreement's order attributes only the rest.
/// </summary>
public sealed class Named_sources_bear_their_own_across_a_closure
{
    private static Fact[] Life(params Fact[] more) =>
    [
        .. Opened(order: "council-first"), Budget("B-1", 1, "2026-03-30", "2026-04-06", "2027-04-04", 36_000),
        Received("R-1", "council", 144_000, "2026-04-06"), Received("R-2", "person", 24_000, "2026-04-07"),
        Received("R-3", "nhs", 10_000, "2026-04-07"), Priced(Visit("V-1", "2026-04-08", 60, 50_000)),
        Priced(Visit("V-2", "2026-04-09", 60, 4_000, fundedBy: [new FundingShare("nhs", 100)])), .. more,
    ];

    [Fact]
    public async Task A_fee_on_top_is_the_councils_whichever_order_is_agreed()
    {
        await using var ledger = await LedgerHost.StartAsync(
            Life(Fee("E-1", "2026-04-06", "2026-05-03", 5_000, "on-top"), FundClosed("2026-05-03")));
        var money = await ledger.MoneyAsync();
        Assert.Equal("council=89000 nhs=6000 person=24000", BySource(money.Held));
        Assert.Equal(5_000, money.OwedPence);
    }

    [Theory]
    [InlineData("2026-04-30")]
    [InlineData("2026-05-20")]
    public async Task What_comes_back_of_a_charge_goes_to_the_source_that_bore_it(string on)
    {
        var creditNote = new Fact((CreditNoteAccepted)Credited("C-1", on, 0).Message with
        {
            Parts = [new("A-1", 1_500, [new FundingShare("nhs", 100)])],
        }, "C-1", "F-1");
        await using var ledger = await LedgerHost.StartAsync(
            Life(Matched("I-1", 1, "2026-04-27", 54_000, 0), FundClosed("2026-05-03"), creditNote));
        Assert.Equal("council=94000 nhs=7500 person=24000",
            BySource((await ledger.MoneyAsync("2026-06-01")).Held));
        Assert.Equal(on == "2026-04-30" ? "council=94000 nhs=7500 person=24000" : "council=94000 nhs=6000 person=24000",
            BySource((await ledger.MoneyAsync("2026-05-03")).Held));
    }

    [Fact]
    public async Task A_named_charge_of_a_day_after_the_last_is_taken_back_to_its_source()
    {
        await using var ledger = await LedgerHost.StartAsync(Life(FundClosed("2026-05-03"),
            Priced(Visit("V-3", "2026-05-04", 60, 2_000, fundedBy: [new FundingShare("nhs", 50)])),
            Fee("E-1", "2026-05-01", "2026-05-28", 5_000, "on-top")));
        var balance = await ledger.BalanceAsync("2026-06-01");
        Assert.Equal("council=94000 nhs=6000 person=24000", BySource(balance.Money.Held));
        Assert.Equal((0, 54_000), (balance.Money.OwedPence, balance.Money.AccruedPence));
    }

    [Fact]
    public async Task A_day_unplanned_after_its_hours_were_ended_leaves_nothing_planned_and_nothing_owing()
    {
        await using var ledger = await LedgerHost.StartAsync(Life(Planned("2026-05-11", 1, ("L-1", 60)),
            FundClosed("2026-05-03"), Unplanned("2026-05-11", 2, ("L-1", 60))));
        // The closure ended the planned hour. The plan then drops the hour too, so the closure's posting is undone.
        // The posting and its reversal are each posted once.
        var time = (await ledger.BalanceAsync("2026-06-01")).Time;
        // Two hours were delivered as planned, and their plan has not arrived, so the outstanding minutes are below
        // zero.
        Assert.Equal((0, 120, -120), (time.PlannedMinutes, time.DeliveredMinutes, time.OutstandingMinutes));
        var ended = (await ledger.JournalsAsync()).Where(journal => journal.Kind == "hours-ended").ToList();
        Assert.Equal(["2026-05-11/1", "2026-05-11/2"], ended.Select(journal => journal.Cause.Id));
        Assert.Equal(["planned/L-1 agreed/L-1", "agreed/L-1 planned/L-1"],
            ended.Select(journal => $"{journal.Moves[0].From} {journal.Moves[0].To}"));
    }
}
