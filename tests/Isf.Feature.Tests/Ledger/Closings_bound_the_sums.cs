using Isf.Contracts.Ledger;
using Isf.Hosting.Serialization;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// A closing stores its sums once. Later sums begin there and equal the sum of all moves, at any day and position.
/// </summary>
public sealed class Closings_bound_the_sums
{
    private const string Whole = """
        select m.book, m.from_place, m.to_place, m.reversing, sum(m.amount)::bigint from ledger.moves m
        where m.fund_id = 'F-1' and m.position <= p and m.effective_on <= d group by 1, 2, 3, 4
        """;

    private const string Drawn = """
        select m.care_on, sum(case when m.from_place = 'held/drawn' then m.amount else -m.amount end)::bigint
        from ledger.moves m where m.fund_id = 'F-1' and m.position <= p and m.effective_on <= d and m.book = 1
          and 'held/drawn' in (m.from_place, m.to_place) group by 1
        """;

    private const string FlowsAt = """
        select book, from_place, to_place, reversing, sum(amount)::bigint from flows_at('sunrise', 'F-1', d, p)
        group by 1, 2, 3, 4
        """;

    private const string DrawnAt = "select * from drawn_at('sunrise', 'F-1', d, p)";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_pair_of_day_and_position_is_the_sum_of_all_moves(int seed)
    {
        await using var ledger =
            await LedgerHost.StartAsync([.. Opened(order: "pro-rata"), Periods_are_closed.Calendar()]);
        await PostAsync(ledger, seed, 0);
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        await PostAsync(ledger, seed, 1);
        await Periods_are_closed.CloseAsync(ledger, "may", "2026-05-31");
        await PostAsync(ledger, seed, 2);
        Assert.Equal(2L, await ledger.OwnerAsync("select count(*) from ledger.period_closings"));
        foreach (var (sums, whole) in new[] { (FlowsAt, Whole), (DrawnAt, Drawn) })
        {
            Assert.Equal(0L, await ledger.OwnerAsync($"""
                set search_path = ledger;
                select count(*) from
                  (select d::date as d from generate_series('2026-04-01'::date, '2026-06-20', '1 day') d) d,
                  (select p::bigint as p from generate_series(0, (select max(position) from heads)) p) p
                where exists (({sums} except {whole}) union all ({whole} except {sums}))
                """));
        }
        Assert.True(await ledger.IsWholeAsync());
        Assert.Empty(await WrongClosingsAsync(ledger));
    }

    [Fact]
    public async Task A_later_sum_begins_at_the_closing_and_reads_no_move_before_it()
    {
        await using var ledger = await ClosedAsync();
        var before = IsfJson.Write(await ledger.BalanceAsync());
        var hours = IsfJson.Write(await ledger.HoursAsync("2026-05-04"));
        await ledger.FalsifyAsync("delete from ledger.moves where effective_on <= '2026-05-03'");
        Assert.Equal(before, IsfJson.Write(await ledger.BalanceAsync()));
        Assert.Equal(hours, IsfJson.Write(await ledger.HoursAsync("2026-05-04")));
    }

    [Fact]
    public async Task Hours_of_days_after_a_closing_look_at_nothing_that_was_posted_for_it()
    {
        await using var ledger = await ClosedAsync();
        var hours = await ledger.HoursAsync("2026-05-04");
        // V-4 fulfils the plan of 20 May. V-3 is about April, although it counts in May.
        Assert.Equal((60, 60), (hours.Totals.PlannedMinutes, hours.Totals.DeliveredMinutes));
        Assert.Equal(120, (await ledger.HoursAsync("2026-05-03")).Totals.DeliveredMinutes);
        // The query does not read moves that the closing covers, so a change of their days of care changes no hours.
        await ledger.FalsifyAsync("update ledger.moves set care_on = '2026-05-20' where effective_on <= '2026-05-03'");
        Assert.Equal(IsfJson.Write(hours), IsfJson.Write(await ledger.HoursAsync("2026-05-04")));
    }

    [Fact]
    public async Task A_closing_that_is_not_the_sum_of_its_moves_is_found_and_reported()
    {
        await using var ledger = await ClosedAsync();
        await ledger.ConsumeAsync([RunRequested("night-1", "2026-05-31")]);
        foreach (var edit in new[]
        {
            "amounts[1] = amounts[1] + 1", "tos[1] = 'held/nhs'", "froms[1] = 'outside/nhs'", "books[1] = 2",
            "reversals[1] = true", "drawn[1] = drawn[1] + 1", "drawn_on[1] = drawn_on[1] + 1", "open_from = 99",
        })
        {
            await IsFoundAsync(ledger, edit);
        }
        Assert.Empty(await WrongClosingsAsync(ledger));
        await ledger.OwnerAsync("update ledger.period_closings set amounts[1] = amounts[1] + 1");
        await ledger.ConsumeAsync([RunRequested("night-2", "2026-05-31")]);
        Assert.Contains(TestLog.Lately, line => line.Contains("The closing of F-1", StringComparison.Ordinal));
        // The stated books begin at the closing too, so they differ from Reconciliation's own sum of its copy.
        var stated = await ledger.PublishedAsync<BooksStated>();
        Assert.NotEqual(
            stated[0].Funds[0].Balances.Select(balance => balance.Amount),
            stated[1].Funds[0].Balances.Select(balance => balance.Amount));
    }

    private static async Task<IReadOnlyList<object>> WrongClosingsAsync(LedgerHost ledger, string fund = "F-1") =>
        (await ledger.Client.CheckIntegrityGetAsync(fund)).WrongClosings;

    // Edits the closing, asks about it, and puts it back.
    private static async Task IsFoundAsync(LedgerHost ledger, string edit)
    {
        await ledger.OwnerAsync($"""
            create table ledger.kept as select * from ledger.period_closings;
            update ledger.period_closings set {edit}
            """);
        Assert.Equal((edit, "2026-05-03"), (edit, $"{Assert.Single(await WrongClosingsAsync(ledger))}"));
        await ledger.OwnerAsync("""
            delete from ledger.period_closings; insert into ledger.period_closings select * from ledger.kept;
            drop table ledger.kept
            """);
    }

    [Fact]
    public async Task What_is_stated_after_a_closing_is_the_sum_of_all_moves()
    {
        await using var ledger = await ClosedAsync();
        await ledger.ConsumeAsync([RunRequested("night-1", "2026-05-31")]);
        var stated = Assert.Single(await ledger.PublishedAsync<BooksStated>()).Funds.Single();
        Assert.Equal(
            ["accrued/V-1 1600", "held/council 5000", "held/drawn -1600", "outside/council -5000"],
            stated.Balances.Where(balance => balance.Book == "money")
                .Select(balance => $"{balance.Place} {balance.Amount}"));
    }

    [Fact]
    public async Task A_fund_that_opens_after_a_closing_and_one_without_journals_have_none()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), .. Opened("F-2"), Periods_are_closed.Calendar(), Received("R-1", "council", 5, "2026-04-06"),
        ]);
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        await ledger.ConsumeAsync([Received("R-2", "council", 7, "2026-04-07", "F-2")]);
        await Periods_are_closed.CloseAsync(ledger, "may", "2026-05-31");
        Assert.Equal(3L, await ledger.OwnerAsync("select count(*) from ledger.period_closings"));
        foreach (var (day, pence) in new[] { ("2026-05-03", 0), ("2026-05-04", 7), ("2026-05-31", 7) })
            Assert.Equal(pence, (await ledger.MoneyAsync(day, "F-2")).HeldPence);
        Assert.Empty(await WrongClosingsAsync(ledger, "F-2"));
    }

    private static async Task<LedgerHost> ClosedAsync()
    {
        var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(order: "pro-rata"), Periods_are_closed.Calendar(),
            Received("R-1", "council", 5_000, "2026-04-06"), Priced(Visit("V-1", "2026-04-10", 60, 700)),
            Priced(Visit("V-2", "2026-05-03", 60, 300)), Planned("2026-05-20", 1, ("L-1", 60)),
        ]);
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        await ledger.ConsumeAsync([Priced(Visit("V-3", "2026-04-12", 60, 100))]);
        await ledger.ConsumeAsync([Priced(Visit("V-4", "2026-05-20", 60, 500))]);
        return ledger;
    }

    // Posts receipts, voids, visits, corrections and plans for days before, in and after each period, in any order.
    private static async Task PostAsync(LedgerHost ledger, int seed, int round)
    {
        var dice = new Random((seed * 10) + round);
        string On() => $"{Day("2026-04-06").PlusDays(dice.Next(70)):uuuu-MM-dd}";
        var facts = Enumerable.Range(0, 14).SelectMany<int, Fact>(n =>
        {
            var id = $"{round}-{n}";
            var (on, pence) = (On(), 1 + dice.Next(900));
            return dice.Next(5) switch
            {
                0 => [Received(id, "council", pence, on)],
                1 => [Received(id, "person", pence, on), Voided(id)],
                2 => [Planned(on, round + 1, ("L-1", 30))],
                3 => [Priced(Visit(id, on, 30, pence)), Repriced(Visit(id, On(), 20, pence + 1, version: 2))],
                _ => [Priced(Visit(id, on, 60, pence))],
            };
        }).DistinctBy(fact => fact.MessageId).ToList();
        foreach (var fact in facts)
            await ledger.ConsumeAsync([fact]);
    }
}
