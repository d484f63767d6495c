using Isf.Ledger;
using Isf.Ledger.Domain;
using Isf.Measures;
using NodaTime;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>Each migration of the Ledger upgrades books left by the one before it.</summary>
public sealed class Older_books_are_brought_up_to_date
{
    /// <summary>The number is that of the last migration applied to the older books.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Books_of_every_age_stay_whole_and_can_be_closed_and_posted_to(int number)
    {
        await using var older = await OlderDatabase.AsOfAsync(LedgerService.Describe(), number);
        await PutBooksAsync(older, number >= 4 ? ", '2026-03-30', 'to-holder'" : "");
        await older.UpgradeAsync();
        await using var ledger = await LedgerHost.StartOnAsync(older.Owner, Periods_are_closed.Calendar());
        Assert.True(await ledger.IsWholeAsync());
        await Periods_are_closed.CloseAsync(ledger, "april", "2026-05-03");
        await ledger.ConsumeAsync([Received("R-3", "council", 5, "2026-04-12")]);
        Assert.Equal(
            ["R-1 2026-04-06 ", "R-2 2026-04-07 ", "R-3 2026-05-04 2026-04-12"],
            (await ledger.JournalsAsync()).Select(journal =>
                $"{journal.Cause.Id} {journal.EffectiveOn:uuuu-MM-dd} {journal.CareOn:uuuu-MM-dd}"));
        Assert.Equal(105, (await ledger.MoneyAsync()).HeldPence);
        await ledger.ConsumeAsync([FundClosed("2026-05-20")]);
        Assert.Equal(105, (await ledger.MoneyAsync()).ToReturn[0].Pence);
        Assert.True(await ledger.IsWholeAsync());
    }

    /// <summary>
    /// Inserts a fund with two receipts, in the columns of the first migration. Since the fourth, an agreement has more
    /// columns, whose values are in agreesTo.
    /// </summary>
    private static async Task PutBooksAsync(OlderDatabase older, string agreesTo)
    {
        await older.RunAsync($"""
            insert into ledger.funds values ('F-1', 'sunrise', 'P-1', 'E10000009');
            insert into ledger.agreements values ('F-1', 'sunrise', 1, '2026-03-30', 'person-first', 0{agreesTo})
            """);
        var head = Head.New(LedgerHost.Holder, "F-1");
        foreach (var (id, pence, on) in new[] { ("R-1", 60L, "2026-04-06"), ("R-2", 40L, "2026-04-07") })
        {
            var entry = PostingRules.MoneyReceived("F-1", id, "council", Money.OfPence(pence), Day(on));
            var journal = HashChain.Append(head, entry, Instant.FromUtc(2026, 4, 8, 9, 0));
            head = head.After(journal);
            await PutReceiptAsync(older, entry, journal, pence);
        }
        await older.RunAsync(
            "insert into ledger.heads values ('F-1', 'sunrise', $1, $2, $3, 100)",
            head.Position, head.Hash.ToArray(), head.RecordedAt);
    }

    private static async Task PutReceiptAsync(OlderDatabase older, Entry entry, Journal journal, long pence)
    {
        await older.RunAsync(
            """
            insert into ledger.journals (holder_id, fund_id, position, journal_id, kind, effective_on, recorded_at,
              cause_message, cause_id, hash) values ('sunrise', 'F-1', $1, $2, $3, $4, $5, $6, $7, $8)
            """,
            journal.Position, journal.JournalId, entry.Kind, entry.EffectiveOn, journal.RecordedAt,
            entry.Cause.Message, entry.Cause.Id, journal.Hash.ToArray());
        await older.RunAsync(
            """
            insert into ledger.moves (holder_id, fund_id, position, n, book, effective_on, care_on, reversing,
              from_place, to_place, amount)
            values ('sunrise', 'F-1', $1, 0, 1, $2, $2, false, 'outside/council', 'held/council', $3)
            """,
            journal.Position, entry.EffectiveOn, pence);
    }
}
