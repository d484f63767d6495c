using System.Text.Json;
using Isf.Contracts.Funds;
using Isf.Contracts.Support;
using Isf.Hosting.Serialization;
using Isf.Ledger.Books;
using Isf.Ledger.Posting;
using static Isf.Tests.Ledger.ClaimFacts;
using static Isf.Tests.Ledger.Facts;
using static Isf.Tests.Ledger.Money_and_promises_are_posted;

namespace Isf.Tests.Ledger;

/// <summary>
/// Tests the postings of a closure on real PostgreSQL: the ends of promises, the amounts owed, and the return of each
/// source's money.
/// </summary>
public sealed class Funds_are_closed
{
    /// <summary>
    /// Returns the facts of four weeks with £360 a week from the council and £60 a week from the person, all paid and
    /// all due, and £500 of care.
    /// </summary>
    private static Fact[] FourWeeks(string order) =>
    [
        .. Opened(order: order), Budget("B-1", 1, "2026-03-30", "2026-04-06", "2027-04-04", 36_000),
        Received("R-1", "council", 144_000, "2026-04-06"), Received("R-2", "person", 24_000, "2026-04-07"),
        Priced(Visit("V-1", "2026-04-08", 60, 50_000)),
    ];

    [Theory]
    [InlineData("person-first", "2026-05-03", "council=118000")]
    [InlineData("pro-rata", "2026-05-03", "council=101143 person=16857")]
    [InlineData("council-first", "2026-05-03", "council=94000 person=24000")]
    // If the fund closes after one week, only £60 is due, and £180 of the person's payment belongs to the person.
    [InlineData("person-first", "2026-04-12", "council=100000 person=18000")]
    public async Task What_is_left_is_to_be_returned_to_whom_it_belongs(string order, string on, string toReturn)
    {
        await using var ledger = await LedgerHost.StartAsync([.. FourWeeks(order), FundClosed(on)]);
        var money = await ledger.MoneyAsync(on);
        Assert.Equal(toReturn, BySource(money.ToReturn));
        Assert.Equal(118_000, money.HeldPence);
        // The attribution is posted, so the account of each source holds the money that is left of that source.
        Assert.Equal(BySource(money.Held), await HeldAccountsAsync(ledger, on));
        var before = await ledger.Client.ShowBalanceGetAsync("F-1", effectiveOn: Day(on).PlusDays(-1));
        Assert.Empty(before.Money.ToReturn);
        var returns = money.ToReturn.Select((left, n) => Returned($"X-{n}", left.Source, left.Pence, "2026-05-20"));
        await ledger.ConsumeAsync([.. returns]);
        var settled = await ledger.MoneyAsync();
        Assert.Equal(0, settled.HeldPence);
        Assert.Empty(settled.ToReturn);
    }

    [Fact]
    public async Task Money_moved_by_hand_from_one_source_to_another_goes_back_to_the_other()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. FourWeeks("council-first"), Adjustments_are_made_by_hand.Person(), FundClosed("2026-05-03")]);
        await (await ledger.ByHandAsync("F-1/adjustments/J-1", new
        {
            effectiveOn = "2026-05-01", reason = "The friends' gift was booked as the council's.",
            moves = new[] { new { book = "money", from = "held/council", to = "held/other", amount = 1_000 } },
        })).NeedsAsync(200);
        var money = await ledger.MoneyAsync();
        Assert.Equal("council=93000 other=1000 person=24000", BySource(money.ToReturn));
        Assert.Equal(BySource(money.Held), await HeldAccountsAsync(ledger, "2026-06-01"));
    }

    [Fact]
    public async Task An_order_that_is_taken_back_on_its_day_leaves_nothing_attributed()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. FourWeeks("person-first"), Agreed("F-1", 2, "council-first", "2026-05-01")]);
        var before = await HeldAccountsAsync(ledger, "2026-06-01");
        await ledger.ConsumeAsync([Agreed("F-1", 3, "person-first", "2026-05-01")]);
        Assert.Equal("council=144000 person=24000", await HeldAccountsAsync(ledger, "2026-06-01"));
        Assert.NotEqual("council=144000 person=24000", before);
        Assert.True(await ledger.IsWholeAsync());
    }

    [Fact]
    public async Task Where_an_order_is_taken_back_every_position_says_the_same_of_whose_money_is_left()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FourWeeks("person-first"), Agreed("F-1", 2, "council-first", "2026-05-01"),
            Agreed("F-1", 3, "person-first", "2026-05-01"),
        ]);
        // The new order is posted at position 5 and its attribution at 6; the order is revoked at 7 and its attribution
        // at 8. At 7 the attribution is still posted, but no longer counts.
        foreach (var position in new[] { 7, 8 })
        {
            var balance = await ledger.Client.ShowBalanceGetAsync("F-1", position, effectiveOn: Day("2026-06-01"));
            Assert.Equal("council=118000 person=0", BySource(balance.Money.Held));
        }
    }

    // The bank holds £3,000.00 less £850.00 paid for the fund. Invoices of £380.00 are unpaid, and notice of £168.00 is
    // agreed.
    private static readonly Fact[] Death =
    [
        .. Opened(), Budget("B-1", 1, "2026-03-30", "2026-04-06", null, 36_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", null, 36_000),
        Received("R-1", "council", 300_000, "2026-04-06"),
        Planned("2026-08-12", 1, ("L-1", 60)), Planned("2026-08-13", 1, ("L-1", 60)),
        Planned("2026-08-20", 1, ("L-1", 60), ("L-2", 30)),
        Priced(Visit("V-1", "2026-04-08", 0, 85_000, extra: 60)), Matched("I-1", 1, "2026-04-20", 85_000, 0),
        Paid("P-1", "2026-04-27", ("F-1", "I-1", 85_000)),
        FundClosed("2026-08-12", "died", "F-1", new NoticeCharge("N-1", "V-1", 16_800, "W-1")),
        Priced(Visit("V-2", "2026-08-12", 60, 38_000), Visit("V-3", "2026-08-13", 60, 2_400)),
        Matched("I-2", 1, "2026-08-25", 38_000, 0),
    ];

    [Fact]
    public async Task A_death_ends_the_care_to_come_and_what_is_left_after_bills_and_notice_goes_back()
    {
        await using var ledger = await LedgerHost.StartAsync(Death);
        var balance = await ledger.BalanceAsync("2026-12-31");
        var (money, promise, time) = (balance.Money, balance.Promise, balance.Time);
        Assert.Equal((215_000, 54_800, 0), (money.CashPence, money.OwedPence, money.AccruedPence));
        Assert.Equal("council=160200", BySource(money.ToReturn));
        // The visit of the last day is delivered and owed; the visit of the day after is refused, and its plan is
        // reversed.
        Assert.Equal((60, 120, 0), (time.PlannedMinutes, time.DeliveredMinutes, time.OutstandingMinutes));
        // 6 April to 12 August are 129 days of £420.00 budget and £360.00 promise a week. Care uses £1,230.00 of the
        // promise; the notice of £168.00 is used without a promise.
        Assert.Equal((774_000, 110_571, 540_429, 123_000 + 16_800),
            (promise.BudgetPence, promise.FreePence, promise.PromisedPence + 16_800, promise.UsedPence));
        Assert.Equal(["V-3/v1"], await CausesAsync(ledger, "visit-refused"));
        Assert.True(await ledger.IsWholeAsync());
    }

    [Fact]
    public async Task Budgets_and_allocations_for_later_days_are_refused_and_money_is_not()
    {
        await using var ledger = await LedgerHost.StartAsync([.. FourWeeks("person-first"), FundClosed("2026-05-03")]);
        foreach (var fact in new[]
        {
            Budget("B-2", 1, "2026-05-04", "2026-05-04", null, 36_000),
            Allocation("A-2", 1, "2026-05-04", "2026-05-04", null, 24_000),
        })
        {
            var refused = await Assert.ThrowsAsync<FundClosedException>(() => ledger.ConsumeNowAsync(fact));
            Assert.Contains("fund F-1 closed on 3 May 2026", refused.Message, StringComparison.Ordinal);
        }
        await ledger.ConsumeAsync(
        [
            Received("R-9", "council", 100, "2026-05-10"), Matched("I-1", 1, "2026-05-10", 50_000, 0),
            Paid("P-1", "2026-05-12", ("F-1", "I-1", 50_000)), Returned("X-1", "council", 118_100, "2026-05-20"),
        ]);
        var money = await ledger.MoneyAsync();
        Assert.Equal((0, 0, 50_000), (money.CashPence, money.OwedPence, money.PaidPence));
        Assert.Empty(money.ToReturn);
    }

    [Fact]
    public async Task A_fee_for_later_days_is_refused_whenever_it_is_consumed()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FourWeeks("person-first"), Fee("FE-1", "2026-04-06", "2026-05-03", 5_000, "within"),
            Fee("FE-2", "2026-05-04", "2026-05-31", 5_000, "on-top"), FundClosed("2026-05-03"),
            Fee("FE-3", "2026-05-25", "2026-06-21", 5_000, "within"),
        ]);
        Assert.Equal(["FE-2", "FE-3"], await CausesAsync(ledger, "fee-refused"));
        Assert.Equal(5_000, (await ledger.MoneyAsync("2026-12-31")).OwedPence);
    }

    [Fact]
    public async Task A_visit_put_right_to_a_day_of_the_funds_life_is_posted_and_its_refusal_taken_back_once()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FourWeeks("person-first"), Priced(Visit("V-2", "2026-05-04", 60, 2_400)), FundClosed("2026-05-03"),
            Priced(Visit("V-3", "2026-05-05", 60, 1_000)),
            Repriced(Visit("V-2", "2026-05-03", 60, 2_500, version: 2),
                Visit("V-3", "2026-05-03", 60, 1_100, version: 2)),
            Repriced(Visit("V-2", "2026-05-03", 60, 2_600, version: 3)),
        ]);
        Assert.Equal(50_000 + 2_600 + 1_100, (await ledger.MoneyAsync("2026-12-31")).AccruedPence);
        var twice = Priced(Visit("V-2", "2026-05-04", 60, 2_400)) with { Cause = "again" };
        var before = (await ledger.BalanceAsync()).Position;
        await ledger.ConsumeAsync([twice, FundClosed("2026-05-03") with { Cause = "again" }]);
        Assert.Equal(before, (await ledger.BalanceAsync()).Position);
        await Assert.ThrowsAsync<ConflictingContentException>(() => ledger.ConsumeNowAsync(FundClosed("2026-05-02")));
    }

    [Fact]
    public async Task An_earlier_dated_fact_attributes_the_difference_and_banked_hours_are_released()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. FourWeeks("council-first"), Planned("2026-04-06", 1, ("L-1", 120)),
            FundClosed("2026-05-03"), Closed(Week("2026-04-06", 1, new MissedMinutes("holiday", 120, 120, 0))),
            Priced(Visit("V-2", "2026-04-09", 60, 2_000)),
        ]);
        Assert.Equal(["closure/1", "closure/2"], await CausesAsync(ledger, "laid"));
        Assert.Equal("council=92000 person=24000", await HeldAccountsAsync(ledger, "2026-05-03"));
        var time = (await ledger.BalanceAsync()).Time;
        Assert.Equal((0, 120), (time.BankedMinutes, time.ReleasedMinutes));
    }

    private static readonly Fact[] Life =
    [
        .. Opened(order: "pro-rata"), Agreed("F-1", 2, "person-first", "2026-04-20"),
        Agreed("F-1", 3, "pro-rata", "2026-05-01", "to-council"),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", null, 36_000),
        Budget("B-1", 2, "2026-04-25", "2026-04-06", null, 30_000, 9_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", null, 24_000),
        Allocation("A-1", 2, "2026-04-15", "2026-04-06", "2026-09-30", 20_000),
        Received("R-1", "council", 144_000, "2026-04-06"), Received("R-2", "person", 40_000, "2026-04-28"),
        Received("R-3", "nhs", 700, "2026-05-20"), Voided("R-3"), Returned("X-1", "council", 1_000, "2026-04-21"),
        Planned("2026-04-07", 1, ("L-1", 120)), Planned("2026-05-11", 1, ("L-1", 120), ("L-2", 30)),
        Unplanned("2026-05-11", 2, ("L-2", 30)), Planned("2026-05-12", 1, ("L-1", 45)),
        Priced(Visit("V-1", "2026-04-07", 60, 52_401), Visit("V-2", "2026-04-22", 60, 20_003),
            Visit("V-3", "2026-05-11", 60, 2_400)),
        Priced(Visit("V-4", "2026-05-02", 30, 30_000, extra: 15), Visit("V-5", "2026-05-12", 45, 999)),
        Repriced(Visit("V-1", "2026-04-08", 50, 41_111, version: 2)),
        Repriced(Visit("V-3", "2026-05-09", 60, 2_300, version: 2)),
        Fee("FE-1", "2026-05-01", "2026-05-10", 1_000, "on-top"),
        Fee("FE-2", "2026-05-11", "2026-05-17", 900, "within"),
        FundClosed("2026-05-10", "moved", "F-1", new NoticeCharge("N-1", "V-2", 5_000, "W-1")),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_comes_first_the_books_of_a_closed_fund_are_the_same(int seed)
    {
        await using var ledger = await LedgerHost.StartAsync();
        var order = Life.ToArray();
        new Random(seed).Shuffle(order);
        foreach (var fact in order)
            await ledger.DeliverAsync(fact);
        await ledger.ConsumeAsync(Life);
        Assert.Equal(await Expected, await BalancesAsync(ledger));
        Assert.True(await ledger.IsWholeAsync());
    }

    // The balances after the same facts in the order of their days. The balances after all other orders must equal
    // them.
    private static readonly Task<string> Expected = Task.Run(async () =>
    {
        await using var orderly = await LedgerHost.StartAsync(Life);
        return await BalancesAsync(orderly);
    });

    private static async Task<string> BalancesAsync(LedgerHost ledger)
    {
        var balances = new List<string>();
        for (var day = Day("2026-04-04"); day < Day("2026-05-25"); day = day.PlusDays(1))
        {
            var balance = await ledger.Client.ShowBalanceGetAsync("F-1", effectiveOn: day);
            balances.Add(JsonSerializer.Serialize(balance with { Position = 0 }, IsfJson.Options)
                + await HeldAccountsAsync(ledger, $"{day:uuuu-MM-dd}"));
        }
        return string.Join('\n', balances);
    }

    private static async Task<string> HeldAccountsAsync(LedgerHost ledger, string on)
    {
        await using var session = ledger.Session();
        var flows = await BooksTable.SumsAsync(session, "F-1", Day(on), long.MaxValue);
        return string.Join(' ', flows.Balances
            .Where(balance => balance.Key.Kind == "held" && balance.Key.About != "drawn")
            .OrderBy(balance => balance.Key.About, StringComparer.Ordinal)
            .Select(balance => $"{balance.Key.About}={balance.Value}"));
    }

    private static async Task<IEnumerable<string>> CausesAsync(LedgerHost ledger, string kind) =>
        (await ledger.JournalsAsync()).Where(journal => journal.Kind == kind).Select(journal => journal.Cause.Id);
}
