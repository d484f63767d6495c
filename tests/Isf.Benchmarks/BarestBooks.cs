using Isf.Hosting.Data;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Double entry in bare SQL, with which the Ledger is compared. This ledger has no holders, days, hashes, messages or
/// reasons. A transfer inserts one row for itself and one for each of its two entries, and updates two balances.
/// </summary>
public sealed class BarestBooks(string database) : IAsyncDisposable
{
    private const int Batch = 500;
    private readonly NpgsqlDataSource source = Databases.Open(database + ";Pooling=true");
    private int made;

    /// <summary>The number of rows that a transfer inserts.</summary>
    public const int RowsOfATransfer = 3;

    /// <summary>Creates the tables, 10,000 accounts, and the function for one transfer at a time.</summary>
    public async Task MakeAsync()
    {
        await using var make = source.CreateCommand("""
            create table barest_accounts (id int primary key, balance bigint not null default 0);
            create table barest_transfers (id bigserial primary key,
                from_id int not null, to_id int not null, amount bigint not null);
            create table barest_entries (transfer bigint not null, account int not null, amount bigint not null,
                before bigint, after bigint, primary key (transfer, account));
            insert into barest_accounts (id) select generate_series(0, 9999);
            create function barest_transfer(f int, t int, m bigint) returns bigint language plpgsql as $$
            declare made bigint; had bigint;
            begin
              insert into barest_transfers (from_id, to_id, amount) values (f, t, m) returning id into made;
              perform from barest_accounts where id in (f, t) order by id for update;
              update barest_accounts set balance = balance - m where id = f returning balance into had;
              insert into barest_entries values (made, f, -m, had + m, had);
              update barest_accounts set balance = balance + m where id = t returning balance into had;
              insert into barest_entries values (made, t, m, had - m, had);
              return made;
            end $$;
            """);
        await make.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Posts 500 transfers in one statement and transaction, repeatedly and on several connections at once.
    /// </summary>
    public Task<int> SetBasedAsync(int batches, int connections, bool hot) => ByConnectionAsync(connections, async (
        connection, number) =>
    {
        await using var post = new NpgsqlCommand("""
            with asked as (select * from unnest($1::int[], $2::int[], $3::bigint[]) a(f, t, m)),
            made as (insert into barest_transfers (from_id, to_id, amount) select f, t, m from asked returning *),
            entries as (insert into barest_entries (transfer, account, amount)
                select id, from_id, -amount from made union all select id, to_id, amount from made
                returning account, amount),
            sums as (select account, sum(amount)::bigint as amount from entries group by account),
            locked as (select a.id, s.amount from barest_accounts a join sums s on s.account = a.id
                order by a.id for update of a)
            update barest_accounts a set balance = balance + l.amount from locked l where a.id = l.id
            """, connection);
        var (from, to, amount) = (new int[Batch], new int[Batch], new long[Batch]);
        post.Parameters.Add(new() { Value = from });
        post.Parameters.Add(new() { Value = to });
        post.Parameters.Add(new() { Value = amount });
        for (var i = number; i < batches; i += connections)
        {
            for (var j = 0; j < Batch; j++)
                (from[j], to[j], amount[j]) = Next(hot);
            await post.ExecuteNonQueryAsync();
        }
        return (batches - number + connections - 1) / connections * Batch;
    });

    /// <summary>Posts each transfer by one function call and one commit, like row-at-a-time ledgers in SQL.</summary>
    public Task<int> OneByOneAsync(int each, int connections) => ByConnectionAsync(connections, async (connection, _) =>
    {
        await using var post = new NpgsqlCommand("select barest_transfer($1, $2, $3)", connection);
        post.Parameters.Add(new() { Value = 0 });
        post.Parameters.Add(new() { Value = 0 });
        post.Parameters.Add(new() { Value = 0L });
        await post.PrepareAsync();
        for (var i = 0; i < each; i++)
        {
            (post.Parameters[0].Value, post.Parameters[1].Value, post.Parameters[2].Value) = Next(false);
            await post.ExecuteNonQueryAsync();
        }
        return each;
    });

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await source.DisposeAsync();

    private (int From, int To, long Amount) Next(bool hot)
    {
        var n = Interlocked.Increment(ref made);
        return (hot ? 0 : (int)(n * 7919L % 5000), 5000 + (int)(n * 104_729L % 5000), 1 + (n % 100));
    }

    private async Task<int> ByConnectionAsync(int connections, Func<NpgsqlConnection, int, Task<int>> work)
    {
        var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(async number =>
        {
            await using var connection = await source.OpenConnectionAsync();
            return await work(connection, number);
        }));
        return done.Sum();
    }
}
