using Isf.Client;
using Isf.Contracts.Ledger;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>The Ledger posts receipts, returns, budgets and allocations, on real PostgreSQL.</summary>
public sealed class Money_and_promises_are_posted
{
    [Fact]
    public async Task Receipts_and_returns_made_and_voided_leave_received_and_returned_right()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Received("R-1", "council", 144_000, "2026-04-06"),
            Received("R-2", "person", 24_000, "2026-04-07"),
            Received("R-3", "council", 500, "2026-04-08"), Voided("R-3"),
            Returned("X-1", "council", 10_000, "2026-04-20"),
            Returned("X-2", "council", 700, "2026-04-21"), ReturnVoided("X-2"),
        ]);
        var money = await ledger.MoneyAsync();
        Assert.Equal((168_000, 10_000, 158_000, 158_000),
            (money.ReceivedPence, money.ReturnedPence, money.HeldPence, money.CashPence));
        Assert.Equal("council=134000 person=24000", BySource(money.Held));
    }

    [Fact]
    public async Task A_void_that_comes_before_its_receipt_waits_for_it()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.DeliverAsync(Voided("R-1"));
        await ledger.UntilAsync("select exists (select 1 from ledger.parked where needs = 'receipt/F-1/R-1')");
        await ledger.ConsumeAsync([Received("R-1", "council", 100, "2026-04-06")]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        Assert.Equal(0, (await ledger.MoneyAsync()).ReceivedPence);
        Assert.Equal(2, (await ledger.JournalsAsync()).Count);
    }

    [Fact]
    public async Task Facts_of_a_fund_that_is_not_known_yet_wait_for_its_books()
    {
        await using var ledger = await LedgerHost.StartAsync();
        await ledger.DeliverAsync(Received("R-1", "council", 100, "2026-04-06"));
        await ledger.DeliverAsync(Agreed("F-1", 1, "person-first"));
        await ledger.UntilAsync("select count(*) = 2 from ledger.parked");
        await ledger.ConsumeAsync([FundOpened()]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        Assert.Equal(100, (await ledger.MoneyAsync()).HeldPence);
    }

    [Fact]
    public async Task A_budget_and_an_allocation_are_posted_and_revised_by_their_difference()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
            Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 24_000),
            Allocation("A-2", 1, "2026-03-30", "2026-04-13", null, 0, total: 8_500),
            Budget("B-1", 2, "2026-04-20", "2026-04-06", "2026-05-03", 39_000),
            Allocation("A-1", 2, "2026-04-20", "2026-04-06", "2026-04-19", 24_000),
        ]);
        foreach (var (on, budget, free, promised) in new[]
        {
            ("2026-04-05", 0, 0, 0), ("2026-04-06", 168_000, 72_000, 96_000), ("2026-04-13", 168_000, 63_500, 104_500),
            ("2026-04-19", 168_000, 63_500, 104_500), ("2026-04-20", 180_000, 123_500, 56_500),
        })
        {
            var promise = (await ledger.BalanceAsync(on)).Promise;
            Assert.Equal((budget, free, promised), (promise.BudgetPence, promise.FreePence, promise.PromisedPence));
        }
    }

    [Fact]
    public async Task A_revision_that_comes_before_what_it_revises_waits_for_it()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.DeliverAsync(Budget("B-1", 3, "2026-04-21", "2026-04-06", "2026-05-03", 10_000));
        await ledger.DeliverAsync(Budget("B-1", 2, "2026-04-20", "2026-04-06", "2026-05-03", 39_000));
        await ledger.UntilAsync("select count(*) = 2 from ledger.parked");
        await ledger.ConsumeAsync([Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000)]);
        await ledger.UntilAsync("select not exists (select 1 from ledger.parked)");
        Assert.Equal(64_000, await BudgetedAsync(ledger));
    }

    [Fact]
    public async Task The_next_year_of_an_open_budget_is_posted_by_the_first_nightly_run_on_or_after_its_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Budget("B-1", 1, "2026-03-30", "2026-04-06", null, 36_000)]);
        ledger.Host.Clock.Reset(NodaTime.Instant.FromUtc(2027, 4, 5, 22, 59));
        await ledger.ConsumeAsync([RunRequested("night-1", "2027-04-05")]);
        Assert.Equal(2_190_000, await BudgetedAsync(ledger, "2027-12-31"));
        // 23:00 UTC is midnight in London, so the anniversary has begun.
        ledger.Host.Clock.Reset(NodaTime.Instant.FromUtc(2027, 4, 5, 23, 0));
        await ledger.ConsumeAsync([RunRequested("night-2", "2027-04-06"), RunRequested("night-3", "2027-04-06")]);
        Assert.Equal(2_190_000, await BudgetedAsync(ledger, "2027-04-05"));
        Assert.Equal(2_190_000 + 2_196_000, await BudgetedAsync(ledger, "2027-04-06"));
        var stated = (await ledger.PublishedAsync<BooksStated>())[^1].Funds.Single();
        Assert.Equal(4_386_000, stated.Balances.Single(balance => balance.Place == "free").Amount);
        Assert.Equal(2, stated.Position);
    }

    private static async Task<long> BudgetedAsync(LedgerHost ledger, string? on = null) =>
        (await ledger.BalanceAsync(on)).Promise.BudgetPence;

    internal static string BySource(IEnumerable<SourceLeft> left) =>
        string.Join(' ', left.Select(each => $"{each.Source}={each.Pence}"));
}
