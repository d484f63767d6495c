using Isf.Hosting.Serialization;
using Isf.Ledger.Posting;
using static Isf.Tests.Ledger.ClaimFacts;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>The Ledger posts claims, payments, fees and adjusted prices as their services publish them.</summary>
public sealed class Claims_are_posted
{
    private static readonly Fact[] Delivered =
    [
        .. Opened(), Received("R-1", "council", 144_000, "2026-04-06"),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 24_000),
        Priced(Visit("V-1", "2026-04-07", 600, 24_000), Visit("V-2", "2026-04-09", 600, 24_000)),
    ];

    [Theory]
    [InlineData(48_000, 0, 0, 96_000, 0, 48_000, 48_000)]
    [InlineData(45_600, 0, 2_400, 98_400, 0, 45_600, 45_600)]
    [InlineData(48_000, 1_200, 0, 94_800, 0, 49_200, 49_200)]
    public async Task An_invoice_as_delivered_for_less_and_for_more(
        long delivered, long extra, long unclaimed, int held, int accrued, int owed, int used)
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Delivered, Matched("I-1", 1, "2026-04-20", delivered, extra, unclaimed: unclaimed)]);
        var balance = await ledger.BalanceAsync("2026-04-20");
        var money = balance.Money;
        Assert.Equal((held, accrued, owed, 144_000),
            (money.HeldPence, money.AccruedPence, money.OwedPence, money.CashPence));
        var promise = balance.Promise;
        Assert.Equal((used, 96_000 - used), (promise.UsedPence, promise.PromisedPence));
        Assert.Equal(48_000, (await ledger.MoneyAsync("2026-04-19")).AccruedPence);
        var journal = (await ledger.JournalsAsync())[^1];
        Assert.Equal(("invoice-matched", Day("2026-04-20"), Day("2026-04-12")),
            (journal.Kind, journal.EffectiveOn, journal.CareOn));
    }

    [Fact]
    public async Task More_of_an_invoice_accepted_later_posts_the_difference_and_waits_for_what_came_before()
    {
        await using var ledger = await LedgerHost.StartAsync(Delivered);
        await ledger.DeliverAsync(Matched("I-1", 3, "2026-05-04", 45_600, 0, unclaimed: 2_400));
        await ledger.DeliverAsync(Matched("I-1", 2, "2026-04-27", 44_000, 0));
        await ledger.UntilAsync("select count(*) = 2 from ledger.parked");
        await ledger.ConsumeAsync([Matched("I-1", 1, "2026-04-20", 40_000, 0)]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        foreach (var (on, owed, accrued) in new[]
        {
            ("2026-04-20", 40_000, 8_000), ("2026-04-27", 44_000, 4_000), ("2026-05-04", 45_600, 0),
        })
        {
            var money = await ledger.MoneyAsync(on);
            Assert.Equal((owed, accrued), (money.OwedPence, money.AccruedPence));
        }
    }

    [Fact]
    public async Task A_purchase_on_invoice_a_credit_note_and_a_repayment_settle_to_the_penny()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Delivered, Matched("I-1", 1, "2026-04-20", 48_000, 0),
            Matched("I-2", 1, "2026-04-21", 0, 0, bought: 8_500),
            Paid("M-1", "2026-04-24", ("F-1", "I-1", 48_000), ("F-1", "I-2", 8_500)),
            Credited("C-1", "2026-04-27", 1_200), Repaid("Q-1", "2026-04-29", 1_200),
        ]);
        foreach (var (on, held, owed, paid) in new[]
        {
            ("2026-04-21", 87_500, 56_500, 0), ("2026-04-24", 87_500, 0, 56_500),
            ("2026-04-27", 88_700, -1_200, 56_500), ("2026-04-29", 88_700, 0, 55_300),
        })
        {
            var money = await ledger.MoneyAsync(on);
            Assert.Equal((held, owed, paid, held + owed),
                (money.HeldPence, money.OwedPence, money.PaidPence, money.CashPence));
        }
        Assert.Equal(55_300, (await ledger.BalanceAsync()).Promise.UsedPence);
    }

    [Fact]
    public async Task A_payment_of_many_funds_that_the_bank_returns_is_owed_again_from_that_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Delivered, .. Opened("F-2"), Matched("I-1", 1, "2026-04-20", 48_000, 0),
            Matched("I-3", 1, "2026-04-20", 0, 0, bought: 700, fund: "F-2"),
        ]);
        await ledger.DeliverAsync(BankReturned("M-1", "2026-04-28", "F-1", "F-2"));
        await ledger.UntilAsync("select exists (select 1 from ledger.parked where needs = 'payment/F-1/M-1')");
        await ledger.ConsumeAsync([Paid("M-1", "2026-04-24", ("F-2", "I-3", 700), ("F-1", "I-1", 48_000))]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        foreach (var (fund, on, owed, paid) in new[]
        {
            ("F-1", "2026-04-27", 0, 48_000), ("F-1", "2026-04-28", 48_000, 0), ("F-2", "2026-04-27", 0, 700),
            ("F-2", "2026-04-28", 700, 0),
        })
        {
            var money = await ledger.MoneyAsync(on, fund);
            Assert.Equal((owed, paid), (money.OwedPence, money.PaidPence));
        }
    }

    [Fact]
    public async Task A_fee_and_recovered_vat_change_what_is_spent_and_not_what_came_in()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Delivered, Fee("E-1", "2026-06-01", "2026-06-28", 5_000, "within"),
            Fee("E-2", "2026-06-29", "2026-07-05", 1_250, "on-top"), Recovered("T-1", "2026-06-30", 2_000),
        ]);
        foreach (var (on, held, owed, paid, budget, used) in new[]
        {
            ("2026-06-27", 96_000, 0, 0, 168_000, 48_000), ("2026-06-28", 91_000, 5_000, 0, 168_000, 53_000),
            ("2026-07-04", 93_000, 5_000, -2_000, 168_000, 53_000),
            ("2026-07-05", 91_750, 6_250, -2_000, 169_250, 54_250),
        })
        {
            var balance = await ledger.BalanceAsync(on);
            var money = balance.Money;
            Assert.Equal((144_000, held, owed, paid),
                (money.ReceivedPence, money.HeldPence, money.OwedPence, money.PaidPence));
            Assert.Equal((budget, used), (balance.Promise.BudgetPence, balance.Promise.UsedPence));
        }
        Assert.Equal("council=91750", BySource((await ledger.MoneyAsync("2026-07-05")).Held));
    }

    [Fact]
    public async Task A_price_adjusted_again_posts_the_difference_to_its_target()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Delivered, Adjusted("set-off", 1, -2_400), Adjusted("minimum", 1, 500),
            Adjusted("set-off", 2, -1_000),
        ]);
        var balance = await ledger.BalanceAsync("2026-04-12");
        Assert.Equal((47_500, 47_500), (balance.Money.AccruedPence, balance.Promise.UsedPence));
        Assert.Equal(
            [
                "price-adjusted A-1/set-off/2026-04-06/2026-04-12/v1",
                "price-adjusted A-1/minimum/2026-04-06/2026-04-12/v1",
                "price-adjusted A-1/set-off/2026-04-06/2026-04-12/v2",
            ],
            (await ledger.JournalsAsync()).TakeLast(3).Select(journal => $"{journal.Kind} {journal.Cause.Id}"));
    }

    private static readonly Fact[] Posted =
    [
        Matched("I-1", 1, "2026-04-20", 40_000, 0), Matched("I-1", 2, "2026-04-27", 45_600, 0, unclaimed: 2_400),
        Adjusted("minimum", 1, 500), Fee("E-1", "2026-06-01", "2026-06-28", 5_000, "within"),
        Paid("M-1", "2026-04-28", ("F-1", "I-1", 45_600)), BankReturned("M-1", "2026-04-30", "F-1"),
        Credited("C-1", "2026-05-01", 600), Repaid("Q-1", "2026-05-02", 600), Recovered("T-1", "2026-05-03", 200),
        Ended("A-1", 2, "2026-04-20", "2026-04-26"),
    ];

    // The same facts with other content.
    private static readonly Fact[] Conflicting =
    [
        Matched("I-1", 1, "2026-04-20", 40_001, 0), Matched("I-1", 2, "2026-04-27", 45_600, 0),
        Matched("I-1", 1, "2026-04-21", 40_000, 0), Credited("C-1", "2026-04-30", 600),
        BankReturned("M-1", "2026-05-01", "F-1"),
        Adjusted("minimum", 1, 501), Fee("E-1", "2026-06-01", "2026-06-28", 5_001, "within"),
        Paid("M-1", "2026-04-28", ("F-1", "I-1", 45_601)), Credited("C-1", "2026-05-01", 601),
        Repaid("Q-1", "2026-05-02", 601), Recovered("T-1", "2026-05-03", 201),
        Ended("A-1", 2, "2026-04-20", "2026-04-27"),
    ];

    [Fact]
    public async Task The_same_content_again_does_nothing_and_other_content_is_refused()
    {
        await using var ledger = await LedgerHost.StartAsync([.. Delivered, .. Posted]);
        var before = IsfJson.Write(await ledger.BalanceAsync());
        foreach (var fact in Posted)
            Assert.Null((await ledger.ConsumeNowAsync(fact)).AwaitedKey);
        Assert.Equal(before, IsfJson.Write(await ledger.BalanceAsync()));
        foreach (var other in Conflicting)
            await Assert.ThrowsAsync<ConflictingContentException>(() => ledger.ConsumeNowAsync(other));
        Assert.True(await ledger.IsWholeAsync());
    }

    [Fact]
    public async Task What_cannot_be_is_never_posted()
    {
        await using var ledger = await LedgerHost.StartAsync(Delivered);
        foreach (var wrong in new[]
        {
            Fee("E-1", "2026-06-01", "2026-06-28", 5_000, "beside"), Ended("A-1", 1, "2026-04-20", "2026-04-26"),
            Matched("I-1", 1, "2026-04-20", 45_600, 0, unclaimed: 2_400, final: false),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => ledger.ConsumeNowAsync(wrong));
        }
        Assert.Equal("payment/F-1/M-1",
            (await ledger.ConsumeNowAsync(BankReturned("M-1", "2026-04-28", "F-1"))).AwaitedKey);
        Assert.Equal("fund/F-9", (await ledger.ConsumeNowAsync(Adjusted("minimum", 1, 5, fund: "F-9"))).AwaitedKey);
        Assert.Equal("fund/F-9", (await ledger.ConsumeNowAsync(
            Fee("E-1", "2026-06-01", "2026-06-28", 5, "within", fund: "F-9"))).AwaitedKey);
        Assert.Equal("fund/F-9", (await ledger.ConsumeNowAsync(BankReturned("M-1", "2026-04-28", "F-9"))).AwaitedKey);
    }

    [Fact]
    public async Task An_allocation_ended_gives_back_the_rest_and_waits_for_its_terms()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.DeliverAsync(Ended("A-1", 2, "2026-04-20", "2026-04-26"));
        await ledger.UntilAsync("select exists (select 1 from ledger.parked where needs = 'allocation/F-1/A-1/v1')");
        await ledger.ConsumeAsync([Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 24_000)]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        foreach (var (on, promised) in new[] { ("2026-04-19", 96_000), ("2026-04-20", 72_000) })
        {
            var promise = (await ledger.BalanceAsync(on)).Promise;
            Assert.Equal((promised, -promised), (promise.PromisedPence, promise.FreePence));
        }
        Assert.Equal("allocation-ended", (await ledger.JournalsAsync())[^1].Kind);
    }
}
