using System.Globalization;
using Isf.Contracts.Ledger;
using NodaTime;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// Eight writers post at once to one fund, or to a hundred, while periods close one after another. Nothing is lost or
/// posted twice, no caller sees a deadlock, and no position is left out. ISF_RACE_SECONDS sets the duration, 30 by
/// default.
/// </summary>
public sealed class Writers_race_on_the_books
{
    private const int WriterCount = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Nothing_is_lost_or_posted_twice_and_no_position_is_left_out(int funds)
    {
        var ids = Enumerable.Range(0, funds).Select(n => $"F-{n}").ToList();
        await using var ledger = await LedgerHost.StartAsync([.. ids.SelectMany(id => Opened(id)),
            Periods_are_closed.Calendar(), Adjustments_are_made_by_hand.Person()]);
        await ledger.AddProviderAsync("V-1", [.. ids]);
        ledger.Host.Clock.Reset(Instant.FromUtc(2039, 6, 1, 9, 0));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable("ISF_RACE_SECONDS"), CultureInfo.InvariantCulture,
                out var seconds) ? seconds : 30));
        var writers = Enumerable.Range(0, WriterCount).Select(n => new Race(ledger, funds, n)).ToList();
        var closing = CloseAsync(ledger, stop.Token);
        await Task.WhenAll([closing, .. writers.Select(writer => Task.Run(() => writer.RunAsync(stop.Token)))]);
        Assert.True(await closing > 1, "Too few periods were closed while the others wrote.");

        await CountsAreRightAsync(ledger, writers);
        foreach (var id in ids)
        {
            await SumsAreRightAsync(ledger, id, writers);
            var integrity = await ledger.Client.CheckIntegrityGetAsync(id);
            Assert.True(integrity.Whole, $"The chain of {id} breaks: {integrity}");
            Assert.Empty(integrity.WrongClosings);
        }
        await PublishedEqualsPostedAsync(ledger);
    }

    // Closes the holder's periods one after another; each closing waits for postings under way.
    private static async Task<int> CloseAsync(LedgerHost ledger, CancellationToken stop)
    {
        var closed = 0;
        for (var to = Day("2026-05-03"); !stop.IsCancellationRequested && closed < 150; to = to.PlusWeeks(4))
        {
            await Periods_are_closed.CloseAsync(ledger, $"period-{++closed}", $"{to:uuuu-MM-dd}");
            await Task.Delay(2_500, CancellationToken.None);
        }
        return closed;
    }

    private static async Task CountsAreRightAsync(LedgerHost ledger, List<Race> writers)
    {
        await using var session = ledger.Session();
        var kinds = await session.RowsAsync("select kind, count(*) from journals group by kind order by kind",
            row => (Kind: row.GetString(0), Count: row.GetInt64(1)));
        var expected = writers.SelectMany(writer => writer.Posted).GroupBy(pair => pair.Key)
            .Select(item => (item.Key, item.Sum(pair => pair.Value)))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal);
        Assert.Equal(expected, kinds.OrderBy(kind => kind.Kind, StringComparer.Ordinal));
        Assert.Equal(0L, await ledger.OwnerAsync("""
            select count(*) from ledger.heads h where h.position <> (
              select count(*) from ledger.journals j
              where j.fund_id = h.fund_id and j.position between 1 and h.position)
            """));
    }

    private static async Task SumsAreRightAsync(LedgerHost ledger, string fund, List<Race> writers)
    {
        long SumOf(string what) => writers.Sum(writer => writer.Pence.GetValueOrDefault((fund, what)));
        var money = await ledger.MoneyAsync("2041-01-01", fund);
        Assert.Equal((SumOf("received"), 0, SumOf("charged"), SumOf("by hand")),
            (money.ReceivedPence, money.ReturnedPence, money.AccruedPence, money.OwedPence));
        Assert.Equal(SumOf("received") - SumOf("charged") - SumOf("by hand"), money.HeldPence);
    }

    // Each journal was published once, and the last published head of each fund is the fund's head in the books.
    private static async Task PublishedEqualsPostedAsync(LedgerHost ledger)
    {
        var published = await ledger.PublishedAsync<JournalsPosted>();
        var count = (long)(await ledger.OwnerAsync("select count(*) from ledger.journals"))!;
        Assert.Equal(count, published.Sum(message => (long)message.Journals.Count));
        Assert.Equal(count, published.SelectMany(message => message.Journals)
            .DistinctBy(journal => (journal.FundId, journal.Position)).LongCount());
        var heads = published.SelectMany(message => message.Heads).GroupBy(head => head.FundId)
            .Select(item => item.MaxBy(head => head.Position)!);
        foreach (var head in heads)
        {
            Assert.Equal(head.Hash, await ledger.OwnerAsync(
                "select encode(hash, 'hex') from ledger.heads where fund_id = $1 and position = $2", head.FundId,
                head.Position));
        }
    }
}
