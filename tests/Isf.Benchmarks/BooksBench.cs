using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Ledger.Copies;
using Isf.Ledger.Export;
using Isf.Ledger.Posting;
using Isf.Tests;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Benchmarks;

/// <summary>
/// Measures how many rows a second the Ledger inserts when it posts priced visits. Each posting also writes inbox rows
/// and a message, which do not count. The barest double entry in SQL, on the same server, is measured beside it. Also
/// measures the latency of a balance, the balances of a nation's funds, and the storage of a visit.
/// </summary>
public static class BooksBench
{
    private const int Funds = 10_000, NationsFunds = 120_000;
    private const int Batch = 500;

    /// <summary>A priced visit inserts one journal and three moves, in the books of time, promise and money.</summary>
    private const int RowsOfAVisit = 4;

    private static int made;

    /// <summary>Runs the benchmark.</summary>
    public static async Task RunAsync(Figures figures)
    {
        // The host runs another service, so that no relay publishes the Ledger's messages during the measurement.
        await using var host = await TestHost.StartAsync(new() { Services = "funds" });
        await using var barest = new BarestBooks(host.Database);
        await barest.MakeAsync();
        await OpenFundsAsync(host, 0, Funds);
        await PostingAsync(figures, host, barest);
        await RoomAsync(figures, host);
        await BalancesAsync(figures, host);
        await OpenFundsAsync(host, Funds, NationsFunds - Funds);
        await StateAsync(figures, host);
    }

    private static async Task PostingAsync(Figures figures, TestHost host, BarestBooks barest)
    {
        foreach (var (connections, hot) in new[] { (1, false), (2, false), (1, true), (2, true) })
        {
            var where = hot ? "one hot" : "10,000";
            await figures.AgainstAsync(
                $"priced visits, {where} fund{(hot ? "" : "s")}, {connections} consumer{(connections > 1 ? "s" : "")}",
                () => PostAsync(host, 20, connections, hot ? 1 : Funds), RowsOfAVisit,
                $"barest transfers, 500 at once, {where} account{(hot ? "" : "s")}, {connections} at a time",
                () => barest.SetBasedAsync(40, connections, hot), BarestBooks.RowsOfATransfer);
        }
        await figures.PerSecondAsync("transfers one by one by a function, 20 workers",
            () => barest.OneByOneAsync(100, 20));
    }

    private static async Task RoomAsync(Figures figures, TestHost host)
    {
        await using var source = Databases.Open(host.Database + ";Pooling=true");
        await using var room = source.CreateCommand("""
            select sum(pg_total_relation_size(c.oid)) / (select count(*) from ledger.journals)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'ledger' and c.relkind = 'r' and c.relname ~ '^(journals|moves)_[0-9]+$'
            """);
        figures.Counted("room of a posted visit, indexes included", "bytes",
            (long)(decimal)(await room.ExecuteScalarAsync())!);
    }

    private static async Task BalancesAsync(Figures figures, TestHost books)
    {
        var sizes = new[] { 100, 2_000, 20_000 };
        var visits = new Dictionary<int, int>();
        foreach (var moves in sizes)
        {
            var batches = ((moves / 3) + Batch - 1) / Batch;
            visits[moves] = await PostAsync(books, batches, 1, 1, $"M-{moves}", moves / 3 / batches);
        }
        await using var host = await TestHost.StartAsync(new()
        {
            Services = "ledger", Database = books.Database, RepublishAfter = TimeSpan.FromHours(1),
            ChecksAnswers = false,
        });
        var client = host.As(Role.HolderAdmin, "bench");
        await using var source = Databases.Open(host.Database + ";Pooling=true");
        await figures.LatencyAsync("select 1", 200, async _ =>
        {
            await using var one = source.CreateCommand("select 1");
            await one.ExecuteScalarAsync();
        });
        await figures.LatencyAsync("an answer without the books", 200, _ => client.GetStringAsync("/health/live"));
        foreach (var moves in sizes)
        {
            await figures.LatencyAsync($"balance on both axes, {moves:N0} moves", 200, i => client.GetStringAsync(
                $"/v1/funds/M-{moves}/balance?effectiveOn=2026-05-{1 + (i % 28):00}"
                + $"&position={visits[moves] - (i % 20)}"));
        }
        await CloseAsync(figures, host, client);
        foreach (var moves in sizes)
        {
            await figures.LatencyAsync($"balance after a closing, {moves:N0} moves", 200, i => client.GetStringAsync(
                $"/v1/funds/M-{moves}/balance?effectiveOn=2026-06-{1 + (i % 28):00}"));
        }
    }

    // Closes two periods of four weeks. Together they cover everything that the benchmark has posted.
    private static async Task CloseAsync(Figures figures, TestHost host, HttpClient client)
    {
        host.Clock.Reset(Instant.FromUtc(2026, 6, 29, 9, 0));
        await using (var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench"))
        {
            await ActivatorUtilities.CreateInstance<CopyCalendarConsumer>(host.Services).ConsumeAsync(new HolderSet
            {
                HolderId = "bench", Version = 1, Name = "Bench", Address = "1 High Street", Phone = "01632 960001",
                Email = "office@bench.example", Complaints = "Write to us.", PeriodsEvery = "4-weeks",
                PeriodsFirstOn = new LocalDate(2026, 4, 6), ToleranceMinutes = 15, TolerancePence = 100,
                TolerancePercent = 2,
            }, session, default);
            await session.SaveChangesAsync();
        }
        foreach (var to in new[] { "2026-05-03", "2026-05-31" })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await (await client.PutAsync($"/v1/periods/to-{to}/close", new { to })).NeedsAsync(201);
            figures.Counted($"closing 10,000 funds to {to}", "ms", watch.ElapsedMilliseconds);
        }
    }

    private static async Task StateAsync(Figures figures, TestHost host)
    {
        await PostAsync(host, NationsFunds * 2 / Batch, 2, NationsFunds);
        var state = ActivatorUtilities.CreateInstance<StateBooksConsumer>(host.Services);
        var turn = 0;
        await figures.PerSecondAsync("balances of 120,000 funds stated", async () =>
        {
            await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench");
            await state.ConsumeAsync(new()
            {
                HolderId = "bench", Schedule = StateBooks.Schedule, UpTo = new LocalDate(2026, 6, 1),
                AskedBy = $"bench-{turn++}",
            }, session, default);
            await session.SaveChangesAsync();
            return NationsFunds;
        });
    }

    private static async Task OpenFundsAsync(TestHost host, int from, int count)
    {
        var ids = Enumerable.Range(from, count).Select(id => $"F-{id}");
        foreach (var some in (from == 0 ? ids.Concat(["M-100", "M-2000", "M-20000"]) : ids).Chunk(500))
        {
            await InOneAsync(host, some, (consumer, id, session) => consumer.ConsumeAsync(new FundOpened
            {
                HolderId = "bench", FundId = id, PersonId = "P-" + id, CouncilId = "E1", Kind = "isf",
                OpensOn = new(2026, 3, 30), Nation = "england",
            }, session, default));
            await InOneAsync(host, some, (consumer, id, session) => consumer.ConsumeAsync(new AgreementSigned
            {
                HolderId = "bench", FundId = id, Version = 1, SignedOn = new(2026, 3, 30), PaymentEvery = "week",
                PaymentFirstOn = new(2026, 4, 6), Contribution = "to-council", SpendOrder = "person-first",
            }, session, default));
        }
    }

    private static async Task InOneAsync(
        TestHost host, string[] ids, Func<PostFundTermsConsumer, string, Session, Task<ConsumeResult>> consume)
    {
        var consumer = ActivatorUtilities.CreateInstance<PostFundTermsConsumer>(host.Services);
        await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench");
        foreach (var id in ids)
            await consume(consumer, id, session);
        await session.SaveChangesAsync();
    }

    private static async Task<int> PostAsync(
        TestHost host, int batches, int consumers, int funds, string? fundId = null, int batch = Batch)
    {
        var post = new PostVisitsConsumer(host.Clock);
        await Task.WhenAll(Enumerable.Range(0, consumers).Select(async consumer =>
        {
            for (var i = consumer; i < batches; i += consumers)
            {
                var start = Interlocked.Add(ref made, batch);
                var message = DeterministicGuid.From("bench", "bench", $"{start}");
                await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench");
                session.MessageId = message;
                session.Queue("insert into inbox (queue, message_id) values ($1, $2)", "ledger-post-visits", message);
                await post.ConsumeAsync(new VisitsPriced
                {
                    HolderId = "bench",
                    Visits = [.. Enumerable.Range(start, batch)
                        .Select(n => Visit(n, fundId ?? $"F-{(int)(n * 7919L % funds)}"))],
                }, session, default);
                await session.SaveChangesAsync();
            }
        }));
        return batches * batch;
    }

    private static PricedVisit Visit(int number, string fundId) => new()
    {
        VisitId = $"W-{number}", Version = 1, FundId = fundId, LineId = "L-1", AllocationId = "A-1",
        ProviderId = "V-1",
        CareOn = new LocalDate(2026, 4, 6).PlusDays(number % 56), Outcome = "delivered", AnswersMinutes = 60,
        ExtraMinutes = 0,
        Carers = 1, ChargedMinutes = 60, Pence = 2400, NetPence = 2400, VatPence = 0, VatCode = "exempt",
        Parts = [new("weekday", 60, 2400)], Because = "60 minutes at £24.00 an hour.", Claim = "on-delivery",
    };
}
