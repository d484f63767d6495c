using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Hosting;
using Isf.Ledger.Features;
using Isf.Tests;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Posting priced visits through the Ledger's own code, outbox row and inbox row included, held against the barest
/// set-based double-entry posting in SQL on the same server, both in rows inserted a second.
/// </summary>
public static class BooksBench
{
    private const int Funds = 10_000;
    private const int Batch = 500;

    /// <summary>Rows of a priced visit: a journal, and its moves of time, promise and money.</summary>
    private const int RowsOfAVisit = 4;

    private static int made;

    /// <summary>Runs it.</summary>
    public static async Task RunAsync()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "ledger" });
        await OpenFundsAsync(host);
        var limit = await Figures.PerSecondAsync("books: limit, barest transfers (1 connection, 3 rows each)",
            () => BarestAsync(host, 40));
        var one = await Figures.PerSecondAsync("books: priced visits posted, 10,000 funds, 1 consumer",
            () => PostAsync(host, 20, 1, Funds));
        await Figures.PerSecondAsync("books: priced visits posted, 10,000 funds, 2 consumers",
            () => PostAsync(host, 20, 2, Funds));
        await Figures.PerSecondAsync("books: priced visits posted, one hot fund, 1 consumer",
            () => PostAsync(host, 20, 1, 1));
        Figures.Ratio("books: rows a second, of the limit", one * RowsOfAVisit, limit * 3);
    }

    private static async Task OpenFundsAsync(TestHost host)
    {
        var keep = new KeepFundsConsumer(host.Clock);
        foreach (var ids in Enumerable.Range(0, Funds).Chunk(500))
        {
            await InOneAsync(host, ids, (id, session) => keep.HearAsync(new FundOpened
            {
                HolderId = "bench", FundId = $"F-{id}", PersonId = $"P-{id}", CouncilId = "E1", Kind = "isf",
                OpensOn = new(2026, 3, 30), Nation = "england",
            }, session, default));
            await InOneAsync(host, ids, (id, session) => keep.HearAsync(new AgreementSigned
            {
                HolderId = "bench", FundId = $"F-{id}", Version = 1, SignedOn = new(2026, 3, 30), PaymentEvery = "week",
                PaymentFirstOn = new(2026, 4, 6), Contribution = "to-council", SpendOrder = "person-first",
            }, session, default));
        }
    }

    private static async Task InOneAsync(TestHost host, IEnumerable<int> ids, Func<int, Session, Task<Heard>> hear)
    {
        await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench");
        foreach (var id in ids)
        {
            await hear(id, session);
        }
        await session.SaveChangesAsync();
    }

    private static async Task<int> PostAsync(TestHost host, int batches, int consumers, int funds)
    {
        var post = new PostVisitsConsumer(host.Clock);
        await Task.WhenAll(Enumerable.Range(0, consumers).Select(async consumer =>
        {
            for (var i = consumer; i < batches; i += consumers)
            {
                var start = Interlocked.Add(ref made, Batch);
                await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "bench");
                await post.HearAsync(new VisitsPriced
                {
                    HolderId = "bench",
                    Visits = [.. Enumerable.Range(start, Batch).Select(n => Visit(n, (int)(n * 7919L % funds)))],
                }, session, default);
                await session.SaveChangesAsync();
            }
        }));
        return batches * Batch;
    }

    private static PricedVisit Visit(int number, int fund) => new()
    {
        VisitId = $"W-{number}", Version = 1, FundId = $"F-{fund}", LineId = "L-1", AllocationId = "A-1",
        ProviderId = "V-1",
        CareOn = new LocalDate(2026, 4, 6).PlusDays(number % 56), Outcome = "delivered", AnswersMinutes = 60,
        ExtraMinutes = 0,
        Carers = 1, ChargedMinutes = 60, Pence = 2400, NetPence = 2400, VatPence = 0, VatCode = "exempt",
        Parts = [new("weekday", 60, 2400)], Because = "60 minutes at £24.00 an hour.", Claim = "on-delivery",
    };

    /// <summary>
    /// A transfer and two entries for each of 500 transfers, and 10,000 balances kept, in one statement a
    /// transaction.
    /// </summary>
    private static async Task<int> BarestAsync(TestHost host, int batches)
    {
        await using var source = NpgsqlDataSource.Create(host.Database);
        await using var connection = await source.OpenConnectionAsync();
        await using (var make = new NpgsqlCommand("""
            create table if not exists barest_accounts (id int primary key, balance bigint not null default 0);
            create table if not exists barest_transfers (id bigserial primary key,
                from_id int not null, to_id int not null, amount bigint not null);
            create table if not exists barest_entries (transfer bigint not null,
                account int not null, amount bigint not null,
                primary key (transfer, account));
            insert into barest_accounts (id) select generate_series(0, 9999) on conflict do nothing;
            """, connection))
        {
            await make.ExecuteNonQueryAsync();
        }
        await using var post = new NpgsqlCommand("""
            with asked as (select * from unnest($1, $2, $3) a(f, t, m)),
            made as (insert into barest_transfers (from_id, to_id, amount) select f, t, m from asked returning *),
            entries as (insert into barest_entries
                select id, from_id, -amount from made union all select id, to_id, amount from made
                returning account, amount)
            update barest_accounts a set balance = balance + s.amount
            from (select account, sum(amount)::bigint as amount from entries group by account order by account) s
                where a.id = s.account
            """, connection);
        var (from, to, amount) = (new int[Batch], new int[Batch], new long[Batch]);
        post.Parameters.Add(new() { Value = from });
        post.Parameters.Add(new() { Value = to });
        post.Parameters.Add(new() { Value = amount });
        for (var i = 0; i < batches; i++)
        {
            for (var j = 0; j < Batch; j++)
            {
                var n = Interlocked.Increment(ref made);
                (from[j], to[j], amount[j]) = ((int)(n * 7919L % 5000), 5000 + (int)(n * 104_729L % 5000), 1 + n % 100);
            }
            await post.ExecuteNonQueryAsync();
        }
        return batches * Batch;
    }
}
