using System.Reflection;
using Isf.Contracts.Ledger;
using Isf.Hosting.Http;
using NodaTime;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// Tests for defects found in other ledgers. Each case has the name of its defect, and a table names the tests that
/// are in other classes.
/// </summary>
public sealed class Peers_defects_are_not_ours
{
    [Theory]
    [InlineData("a back-dated row after a closing", typeof(Periods_are_closed), nameof(Periods_are_closed
        .A_fact_about_a_closed_day_counts_on_the_first_open_day_with_its_own_stored_hashed_and_shown))]
    [InlineData("a snapshot that misses a back-dated row", typeof(Closings_bound_the_sums),
        nameof(Closings_bound_the_sums.Every_pair_of_day_and_position_is_the_sum_of_all_moves))]
    [InlineData("an id used again for another payload", typeof(Books_come_out_the_same),
        nameof(Books_come_out_the_same.Other_content_under_a_known_id_is_refused_and_changes_nothing))]
    [InlineData("the same id twice in one batch", typeof(Books_come_out_the_same),
        nameof(Books_come_out_the_same.The_same_visit_twice_in_one_message_is_posted_once))]
    [InlineData("the same fact in two processes", typeof(Books_come_out_the_same),
        nameof(Books_come_out_the_same.The_same_facts_in_two_processes_at_once_are_posted_once))]
    [InlineData("a reversal that two make at once", typeof(Adjustments_are_made_by_hand),
        nameof(Adjustments_are_made_by_hand
            .Of_eight_reversals_at_once_one_wins_and_of_eight_the_same_all_are_told_of_it))]
    [InlineData("a row that slips into a period while it closes", typeof(Periods_are_closed),
        nameof(Periods_are_closed
            .Closing_and_posting_at_once_leave_nothing_on_a_closed_day_that_was_not_there_at_the_closing))]
    [InlineData("an effective date outside the seal", typeof(Books_cannot_be_edited),
        nameof(Books_cannot_be_edited.Every_column_that_is_edited_is_found_at_its_position))]
    [InlineData("a balance that waits for a cache", typeof(Writers_race_on_the_books),
        nameof(Writers_race_on_the_books.Nothing_is_lost_or_posted_twice_and_no_position_is_left_out))]
    public void A_trap_that_another_test_tries(string trap, Type tests, string test)
    {
        var method = tests.GetMethod(test);
        Assert.True(method?.GetCustomAttribute<FactAttribute>() is { Skip: null }, $"{trap} is not tried by {test}.");
    }

    [Fact]
    public async Task The_effective_date_survives_the_queue()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.ConsumeAsync(
            [Received("R-1", "council", 5, "2026-04-06"), Priced(Visit("V-1", "2026-03-31", 1, 1))]);
        Assert.Equal([Day("2026-03-31"), Day("2026-04-06")],
            (await ledger.JournalsAsync()).Select(journal => journal.EffectiveOn).Order());
        var published = (await ledger.PublishedAsync<JournalsPosted>()).SelectMany(message => message.Journals);
        Assert.Equal([Day("2026-03-31"), Day("2026-04-06")], published.Select(journal => journal.EffectiveOn).Order());
    }

    [Fact]
    public async Task The_moment_of_recording_is_never_overwritten_by_the_day_of_business()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Received("R-1", "council", 5, "2025-12-24"), Received("R-2", "council", 5, "2031-01-01")]);
        var journals = await ledger.JournalsAsync();
        Assert.Equal(Instant.FromUtc(2026, 6, 1, 9, 0), journals[0].RecordedAt);
        Assert.Equal(journals[0].RecordedAt + Duration.FromTicks(10), journals[1].RecordedAt);
    }

    [Fact]
    public async Task A_planned_hour_is_not_counted_again_when_its_visit_arrives()
    {
        await using var ledger = await LedgerHost.StartAsync(
            [.. Opened(), Planned("2026-04-07", 1, ("L-1", 60)), Priced(Visit("V-1", "2026-04-07", 60, 2_400))]);
        var time = (await ledger.BalanceAsync()).Time;
        Assert.Equal((60, 60, 0, 0),
            (time.PlannedMinutes, time.DeliveredMinutes, time.ExtraMinutes, time.OutstandingMinutes));
    }

    [Fact]
    public async Task A_promise_is_used_once_and_given_back_once_however_many_say_so_at_once()
    {
        await using var ledger = await LedgerHost.StartAsync(
        [
            .. Opened(), Budget("B-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 36_000),
            Allocation("A-1", 1, "2026-03-30", "2026-04-06", "2026-05-03", 24_000),
        ]);
        Fact[] facts =
        [
            Priced(Visit("V-1", "2026-04-07", 60, 2_400)), ClaimFacts.Ended("A-1", 2, "2026-04-20", "2026-04-19"),
            Voided("R-1"),
        ];
        await ledger.ConsumeAsync([Received("R-1", "council", 700, "2026-04-06")]);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => ledger.ConsumeNowAsync(facts[n % 3])));
        var balance = await ledger.BalanceAsync();
        // £240 a week stay promised for two of four weeks, and £24 of the promise is used.
        Assert.Equal((48_000 - 2_400, 2_400, 168_000 - 48_000),
            (balance.Promise.PromisedPence, balance.Promise.UsedPence, balance.Promise.FreePence));
        Assert.Equal((0, -2_400), (balance.Money.ReceivedPence, balance.Money.HeldPence));
        Assert.Equal(6, balance.Position);
    }

    [Fact]
    public async Task Two_holders_funds_of_the_same_id_have_each_their_own_chain()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        foreach (var fact in Opened())
            await ledger.ConsumeNowAsync(fact, "sunset");
        foreach (var holder in new[] { LedgerHost.Holder, "sunset", LedgerHost.Holder })
            await ledger.ConsumeNowAsync(Received("R-1", "council", 5, "2026-04-06"), holder);
        await ledger.ConsumeNowAsync(Received("R-2", "council", 7, "2026-04-06"), "sunset");
        var sunset = ledger.Host.As(Role.HolderFinance, "sunset").Typed();
        var (one, other) = (await ledger.JournalsAsync(), (await sunset.ListJournalsGetAsync("F-1")).Items);
        Assert.Equal((1, 2), (one.Count, other.Count));
        Assert.NotEqual(one[0].Hash, other[0].Hash);
        Assert.NotEqual(one[0].JournalId, other[0].JournalId);
        Assert.True(await ledger.IsWholeAsync());
        Assert.True((await sunset.CheckIntegrityGetAsync("F-1")).Whole);
    }
}
