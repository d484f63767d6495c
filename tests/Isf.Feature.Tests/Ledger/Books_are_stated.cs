using Isf.Contracts.Ledger;
using Isf.Measures;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>The Ledger states its books every night, so that they can be checked independently.</summary>
public sealed class Books_are_stated
{
    [Fact]
    public async Task Every_fund_is_stated_with_its_head_and_the_balance_of_each_account_up_to_the_day()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), .. Opened("F-2"), Received("R-1", "council", 3_000, "2026-04-06"),
            Priced(Visit("V-1", "2026-04-07", 60, 2_400)), Received("R-2", "council", 50, "2026-05-01"),
            RunRequested("night-1", "2026-04-30"),
        ]);
        var stated = Assert.Single(await ledger.PublishedAsync<BooksStated>());
        Assert.Equal((1, 1, Day("2026-04-30")), (stated.Part, stated.Parts, stated.UpTo));
        var (first, second) = (stated.Funds[0], stated.Funds[1]);
        Assert.Equal(("F-1", 3L, "F-2", 0L), (first.FundId, first.Position, second.FundId, second.Position));
        Assert.Empty(second.Balances);
        Assert.Equal((await ledger.PublishedAsync<JournalsPosted>())[^1].Heads.Single().Hash, first.Hash);
        Assert.Equal(
            [
                "money accrued/V-1 2400", "money held/council 3000", "money held/drawn -2400",
                "money outside/council -3000",
                "promise promised/A-1 -2400", "promise used/A-1 2400", "time delivered/L-1 60", "time planned/L-1 -60",
            ],
            first.Balances.Select(balance => $"{balance.Book} {balance.Place} {balance.Amount}"));
        Assert.All(first.Balances.GroupBy(balance => balance.Book),
            book => Assert.Equal(0, book.Sum(balance => balance.Amount)));
    }

    [Fact]
    public async Task More_funds_than_one_message_holds_are_stated_in_parts_and_another_holder_is_left_out()
    {
        await using var ledger = await LedgerHost.StartAsync();
        await ledger.OwnerAsync(
            """
            insert into ledger.heads
              select 'F-' || n, case when n <= 501 then 'sunrise' else 'sunset' end, 0,
                decode(repeat('00', 32), 'hex'), 'epoch', 0
              from generate_series(1, 510) n
            """);
        await ledger.ConsumeAsync([RunRequested("night-1", "2026-04-30")]);
        var parts = await ledger.PublishedAsync<BooksStated>();
        Assert.Equal([(1, 2, 500), (2, 2, 1)], parts.Select(part => (part.Part, part.Parts, part.Funds.Count)));
        Assert.Single(parts.Select(part => part.StatingId).Distinct());
        Assert.True(Ids.IsId(parts[0].StatingId));
    }

    [Fact]
    public async Task A_holder_without_funds_is_stated_as_such()
    {
        await using var ledger = await LedgerHost.StartAsync(RunRequested("night-1", "2026-04-30"));
        Assert.Empty(Assert.Single(await ledger.PublishedAsync<BooksStated>()).Funds);
    }

    [Fact]
    public async Task A_schedule_that_is_not_the_ledgers_is_refused()
    {
        await using var ledger = await LedgerHost.StartAsync();
        var run = new Fact(
            new LedgerRunAsked
            {
                HolderId = LedgerHost.Holder, Schedule = "other", UpTo = Day("2026-04-30"),
                AskedBy = "x"
            }, "x");
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.ConsumeNowAsync(run));
    }
}
