using Isf.Hosting.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Isf.Tests.Ledger.Facts;

namespace Isf.Tests.Ledger;

/// <summary>
/// Nobody, not even the owner, can change, delete or truncate journals, their copies and issued statements. The same
/// holds for partitions created later.
/// </summary>
public sealed class What_is_written_stays
{
    private static readonly string[] WrittenOnce =
    [
        "ledger.journals", "ledger.moves", "reconciliation.journals", "reconciliation.feed_files",
        "statements.journals", "statements.pages", "statements.mt_doc_issuedstatement",
    ];

    [Fact]
    public async Task Every_change_of_every_part_is_refused_for_the_owner()
    {
        await using var host = await TestHost.StartAsync();
        await using var owner = new NpgsqlConnection(host.Database);
        await owner.OpenAsync();
        var parts = await NamesAsync(owner, $"""
            select c.oid::regclass::text from pg_class c where c.oid = any(array[{Regclasses}]) or exists (
              select from pg_inherits where inhrelid = c.oid and inhparent = any(array[{Regclasses}]))
            """);
        Assert.Equal(WrittenOnce.Length + 16, parts.Count);
        foreach (var part in parts)
            await RefusedAsync(owner, part);
    }

    [Fact]
    public async Task A_part_that_is_made_later_is_guarded_too()
    {
        await using var ledger = await LedgerHost.StartAsync(Opened());
        await ledger.OwnerAsync("""
            set search_path = ledger;
            alter table journals detach partition journals_7; alter table moves detach partition moves_7;
            select add_part('journals', 'journals_7a', 16, 7); select add_part('journals', 'journals_7b', 16, 15);
            select add_part('moves', 'moves_7a', 16, 7);
            create table moves_7b partition of moves for values with (modulus 16, remainder 15);
            """);
        await ledger.ConsumeAsync([.. Enumerable.Range(10, 40).SelectMany(n => (Fact[])
            [.. Opened($"F-{n}"), Received($"R-{n}", "council", 100, "2026-04-06", $"F-{n}")])]);
        await using var owner = new NpgsqlConnection(ledger.Host.Database);
        await owner.OpenAsync();
        foreach (var part in new[] { "ledger.journals_7a", "ledger.journals_7b", "ledger.moves_7a" })
            await RefusedAsync(owner, part);
        // A partition created by hand has the same trigger on its rows.
        foreach (var change in new[] { "update ledger.moves_7b set amount = 1", "delete from ledger.moves_7b" })
            await RefusedAsync(owner, "ledger.moves_7b", change);
    }

    [Fact]
    public async Task The_role_of_Statements_may_not_touch_what_it_has_issued()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "statements" });
        await using var role =
            await host.Services.GetRequiredService<Databases>().Of("statements").OpenConnectionAsync();
        foreach (var table in WrittenOnce.Where(name => name.StartsWith("statements.", StringComparison.Ordinal)))
        {
            foreach (var change in Changes(table))
            {
                await using var command = new NpgsqlCommand(change, role);
                var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
                Assert.Equal((change, PostgresErrorCodes.InsufficientPrivilege), (change, refused.SqlState));
            }
        }
    }

    private static string Regclasses => string.Join(", ", WrittenOnce.Select(name => $"'{name}'::regclass"));

    private static string[] Changes(string table) =>
    [
        $"update {table} set {(table.Contains("mt_doc", StringComparison.Ordinal) ? "tenant_id" : "holder_id")} = 'x'",
        $"delete from {table}", $"truncate {table}",
    ];

    private static async Task RefusedAsync(NpgsqlConnection owner, string part)
    {
        foreach (var change in Changes(part))
            await RefusedAsync(owner, part, change);
    }

    private static async Task RefusedAsync(NpgsqlConnection owner, string part, string change)
    {
        await using var command = new NpgsqlCommand(change, owner);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal((change, PostgresErrorCodes.RestrictViolation), (change, refused.SqlState));
        Assert.Contains(part, refused.MessageText, StringComparison.Ordinal);
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection owner, string sql)
    {
        await using var command = new NpgsqlCommand(sql, owner);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}
