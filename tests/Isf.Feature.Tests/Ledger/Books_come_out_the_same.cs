using System.Text.Json;
using Isf.Hosting.Serialization;
using Isf.Ledger.Posting;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// Facts that come twice, late or in another order give the same books; other content under a known id is refused.
/// </summary>
public sealed class Books_come_out_the_same
{
    private static readonly Fact[] Life =
    [
        .. Opened(order: "pro-rata"), Agreed("F-1", 2, "person-first", "2026-05-01"),
        Agreed("F-1", 3, "person-first", "2026-05-02"),
        Received("R-1", "council", 144_000, "2026-04-06"), Received("R-2", "person", 18_000, "2026-04-07"),
        Received("R-3", "council", 500, "2026-04-08"), Voided("R-3"),
        Returned("X-1", "council", 1_000, "2026-04-20"), Returned("X-2", "council", 10, "2026-04-20"),
        ReturnVoided("X-2"),
        Budget("B-1", 1, "2026-03-30", "2026-04-06", null, 36_000),
        Budget("B-1", 2, "2026-04-20", "2026-04-06", null, 30_000),
        Allocation("A-1", 1, "2026-03-30", "2026-04-06", null, 24_000),
        Allocation("A-1", 2, "2026-04-13", "2026-04-06", "2026-06-30", 20_000),
        Planned("2026-04-07", 1, ("L-1", 120)), Planned("2026-04-08", 1, ("L-1", 60), ("L-2", 30)),
        Unplanned("2026-04-08", 2, ("L-2", 30)),
        Priced(Visit("V-1", "2026-04-07", 60, 2_400), Visit("V-2", "2026-04-07", 60, 2_400, extra: 15),
            Visit("V-3", "2026-04-08", 0, 0)),
        Priced(Visit("V-4", "2026-04-08", 60, 200_000)), Repriced(Visit("V-1", "2026-04-08", 45, 1_800, version: 2)),
        Repriced(Visit("V-1", "2026-04-08", 50, 2_000, version: 3), Visit("V-2", "2026-04-07", 30, 1_200, version: 2)),
        .. ClaimFacts.OneOfEach,
    ];

    [Fact]
    public async Task Every_message_three_times_and_out_of_order_gives_the_same_books()
    {
        await using var orderly = await LedgerHost.StartAsync(Life);
        await using var unruly = await LedgerHost.StartAsync();
        for (var seed = 1; seed <= 3; seed++)
        {
            var order = Life.ToArray();
            new Random(seed).Shuffle(order);
            foreach (var fact in order)
                await unruly.DeliverAsync(fact);
        }
        await unruly.ConsumeAsync(Life);
        await Task.Delay(300);
        Assert.Equal(await BooksAsync(orderly), await BooksAsync(unruly));
        Assert.True(await unruly.IsWholeAsync());
    }

    [Fact]
    public async Task The_same_facts_published_again_under_other_messages_post_nothing_more()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        var before = (await ledger.BalanceAsync()).Position;
        await ledger.ConsumeAsync([.. Life.Select(fact => fact with { Cause = "again " + fact.Cause })]);
        Assert.Equal(before, (await ledger.BalanceAsync()).Position);
    }

    [Fact]
    public async Task The_same_facts_in_two_processes_at_once_are_posted_once()
    {
        await using var one =
            await LedgerHost.StartAsync([.. Opened(), .. Opened("F-2"), Planned("2026-04-07", 1, ("L-1", 60))]);
        await using var two = await LedgerHost.StartOnAsync(one.Host.Database);
        var visits = Enumerable.Range(1, 40).Select(n => Visit($"V-{n}", "2026-04-07", 1, n, fund: $"F-{1 + (n % 2)}"));
        await one.ConsumeAsync([Priced([.. visits.Take(1)])]);
        Fact[] same =
        [
            Priced([.. visits]), Priced([.. visits.Reverse()]), Priced([.. visits, .. visits]),
            Repriced(Visit("V-1", "2026-04-07", 1, 2, version: 2, fund: "F-2")),
            Received("R-1", "council", 5, "2026-04-06"), Planned("2026-04-07", 1, ("L-1", 60)),
        ];
        var facts = Enumerable.Range(0, 4)
            .SelectMany(n => same.Select(fact => fact with { Cause = $"{fact.Cause}/{n}" }));
        await Task.WhenAll(facts.Select((fact, n) => (n % 2 == 0 ? one : two).ConsumeAsync([fact])));
        Assert.Equal(44L, await one.OwnerAsync("select count(*) from ledger.journals"));
        Assert.Equal(44L, await one.OwnerAsync("select sum(position)::bigint from ledger.heads"));
        foreach (var fund in new[] { "F-1", "F-2" })
            Assert.True(await one.IsWholeAsync(fund));
    }

    [Fact]
    public async Task The_same_visit_twice_in_one_message_is_posted_once()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Priced(Visit("V-1", "2026-04-07", 60, 2_400), Visit("V-1", "2026-04-07", 60, 2_400))]);
        Assert.Single(await ledger.JournalsAsync());
    }

    private static readonly Dictionary<string, Fact> Other = new()
    {
        ["a receipt of another amount"] = Received("R-1", "council", 144_001, "2026-04-06"),
        ["a receipt of another day"] = Received("R-1", "council", 144_000, "2026-04-07"),
        ["a return to another source"] = Returned("X-1", "person", 1_000, "2026-04-20"),
        ["a budget at another amount"] = Budget("B-1", 2, "2026-04-20", "2026-04-06", null, 30_001),
        ["an allocation to another day"] = Allocation("A-1", 2, "2026-04-13", "2026-04-06", "2026-07-01", 20_000),
        ["a day with other minutes"] = Planned("2026-04-07", 1, ("L-1", 121)),
        ["a visit at another price"] = Priced(Visit("V-4", "2026-04-08", 60, 200_001)),
        ["a correction with other minutes"] = Repriced(Visit("V-1", "2026-04-08", 46, 1_800, version: 2)),
        ["a visit twice in one message, differing"] =
            Priced(Visit("V-9", "2026-04-08", 60, 1), Visit("V-9", "2026-04-08", 60, 2)),
        ["an agreement with another order"] = Agreed("F-1", 2, "council-first", "2026-05-01"),
    };

    [Fact]
    public async Task Other_content_under_a_known_id_is_refused_and_changes_nothing()
    {
        await using var ledger = await LedgerHost.StartAsync(Life);
        var before = await BooksAsync(ledger);
        foreach (var (what, fact) in Other)
        {
            var refused = await Assert.ThrowsAsync<ConflictingContentException>(() => ledger.ConsumeNowAsync(fact));
            Assert.True(refused.Message.Contains("other words", StringComparison.Ordinal), what);
        }
        Assert.Equal(before, await BooksAsync(ledger));
    }

    // Returns the balances on each date and the days around it, the hours, and all journals except attributions.
    // Positions are left out, because they may differ.
    private static async Task<string> BooksAsync(LedgerHost ledger)
    {
        var journals = await ledger.JournalsAsync();
        var days = journals.SelectMany(journal => new[] { -1, 0, 1 }.Select(journal.EffectiveOn.PlusDays))
            .Append(Day("2027-04-30")).Distinct().Order();
        // Attribution is posted by differences. The number of these journals depends on the order of arrival; their
        // sums do not.
        var lines = journals.Where(journal => journal.Kind != "laid").Select(journal => Text(new
        {
            journal.Kind, journal.EffectiveOn, journal.Cause, journal.Reverses, journal.Moves,
        })).Order(StringComparer.Ordinal).ToList();
        foreach (var day in days)
        {
            var balance = await ledger.Client.ShowBalanceGetAsync("F-1", effectiveOn: day);
            lines.Add(Text(balance with { Position = 0 }));
        }
        return string.Join('\n', lines.Append(Text(await ledger.HoursAsync() with { Position = 0 })));
    }

    private static string Text<T>(T shown) => JsonSerializer.Serialize(shown, IsfJson.Options);
}
