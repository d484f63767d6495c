using Isf.Ledger;

namespace Isf.Tests.Hosting;

/// <summary>
/// Hosting's migration 0010: a row that names no holder belongs to the holder of the session that writes it.
/// </summary>
public sealed class Rows_know_their_holder
{
    // The tables with a holder of their own whose column has another default, or none.
    private const string Without = """
        select string_agg(c.table_schema || '.' || c.table_name, ', ' order by 1) from information_schema.columns c
        join pg_class t on t.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
        where c.column_name = 'holder_id' and t.relkind in ('r', 'p') and t.relrowsecurity and not t.relispartition
          and c.column_default is distinct from 'current_setting(''isf.holder''::text)'
        """;

    [Fact]
    public async Task In_every_table_of_a_new_database()
    {
        await using var host = await TestHost.StartAsync();
        var owner = host.Owner;
        await using var command = owner.CreateCommand(Without);
        Assert.Equal(DBNull.Value, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task In_every_table_of_an_older_database_beside_the_rows_that_are_there()
    {
        await using var older = await OlderDatabase.AsOfAsync(LedgerService.Describe(), 15, floor: 9);
        await older.RunAsync("""
            insert into ledger.fund_providers (holder_id, fund_id, provider_id) values ('sunrise', 'F-1', 'V-1')
            """);
        await older.UpgradeAsync();
        Assert.Equal(DBNull.Value, await older.RunAsync(Without));
        await older.RunAsync("""
            select set_config('isf.holder', 'moonrise', false);
            insert into ledger.fund_providers (fund_id, provider_id) values ('F-2', 'V-1');
            """);
        Assert.Equal("moonrise F-2, sunrise F-1", await older.RunAsync("""
            select string_agg(holder_id || ' ' || fund_id, ', ' order by holder_id) from ledger.fund_providers
            """));
    }
}
