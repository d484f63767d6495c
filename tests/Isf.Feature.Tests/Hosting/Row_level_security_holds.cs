using Isf.Host;
using Isf.Hosting.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// Another holder's row can be neither read nor written, through any service's role, on any table with a tenant
/// column.
/// </summary>
public sealed class Row_level_security_holds(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    private const string Documents = "_documents";

    private readonly TestHost host = shared.Host;

    public static TheoryData<string> Services => [.. IsfHost.AllServices().Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task For_every_table_of(string service)
    {
        var owner = host.Owner;
        var tables = await TablesAsync(owner, service);
        Assert.NotEmpty(tables);
        foreach (var (table, tenant) in tables)
        {
            await LetAnyValueInAsync(owner, service, table);
            await PlantAsync(owner, service, table, tenant);
            var role = host.Services.GetRequiredService<Databases>().Of(service);
            await using var connection = await role.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await RunAsync(connection, "select set_config('isf.holder', 'moonrise', true)");
            Assert.Equal(0L, await RunAsync(connection, $"select count(*) from {table} where {tenant} = 'sunrise'"));
            await RefusedAsync(connection, transaction, await CopySqlAsync(owner, service, table, tenant));
            Assert.Equal(0L, await AffectedAsync(connection, transaction,
                $"update {table} set {tenant} = 'moonrise' where {tenant} = 'sunrise'"));
            Assert.Equal(0L,
                await AffectedAsync(connection, transaction, $"delete from {table} where {tenant} = 'sunrise'"));
        }
    }

    [Fact]
    public async Task Through_every_view_it_is_that_of_who_asks()
    {
        var owner = host.Owner;
        var views = await ViewsAsync(owner);
        Assert.NotEmpty(views);
        Assert.All(views, view => Assert.True(view.IsInvokers, $"{view.Service}.{view.Name} asks as its owner."));
    }

    [Fact]
    public async Task Through_a_view_of_documents_no_other_holders_are_read()
    {
        var owner = host.Owner;
        var views = (await ViewsAsync(owner)).Where(view => view.Name.EndsWith(Documents, StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(views);
        foreach (var (service, view, _) in views)
        {
            await PlantAsync(owner, service, "mt_doc_" + view[..^Documents.Length], "tenant_id");
            Assert.True(await SeenAsync(service, view, "sunrise") > 0, $"{service}.{view} shows nobody anything.");
            Assert.Equal(0, await SeenAsync(service, view, "moonrise"));
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_other_schema_can_be_read_as(string service)
    {
        await using var connection = await host.Services.GetRequiredService<Databases>().Of(service)
            .OpenConnectionAsync();
        foreach (var other in IsfHost.AllServices().Select(allService => allService.Name).Append("watch")
            .Where(name => name != service))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                RunAsync(connection, $"select 1 from {other}.outbox"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    private static async Task<List<(string, string)>> TablesAsync(NpgsqlDataSource owner, string service)
    {
        await using var command = owner.CreateCommand("""
            select c.relname, a.attname, c.relrowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname in ('holder_id', 'tenant_id')
            where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
              and c.relname <> 'holders' order by 1
            """);
        command.Parameters.Add(new() { Value = service });
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            Assert.True(reader.GetBoolean(2), $"{service}.{reader.GetString(0)} has no row-level security.");
            tables.Add((reader.GetString(0), reader.GetString(1)));
        }
        return tables;
    }

    /// <summary>
    /// The services' own views. The views of the watch role are left out, because they cover every holder's rows.
    /// </summary>
    private static async Task<List<(string Service, string Name, bool IsInvokers)>> ViewsAsync(NpgsqlDataSource owner)
    {
        await using var command = owner.CreateCommand("""
            select n.nspname, c.relname, coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'],
              false)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any($1) and c.relkind in ('v', 'm')
            """);
        command.Parameters.Add(new() { Value = IsfHost.AllServices().Select(service => service.Name).ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        var views = new List<(string, string, bool)>();
        while (await reader.ReadAsync())
            views.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return views;
    }

    private async Task<long> SeenAsync(string service, string view, string holder)
    {
        await using var session = host.Services.GetRequiredService<Sessions>().Open(service, holder);
        return (await session.RowsAsync(
            $"select count(*) from {view} where holder_id = 'sunrise'", row => row.GetInt64(0))).Single();
    }

    /// <summary>
    /// Drops the check constraints of a table. They are not under test, and the planted values have the right type but
    /// no meaning.
    /// </summary>
    private static async Task LetAnyValueInAsync(NpgsqlDataSource owner, string service, string table)
    {
        await using var command = owner.CreateCommand($"""
            do $$ declare name text; begin
              for name in select conname from pg_constraint
                where contype = 'c' and conrelid = '{service}.{table}'::regclass
              loop execute format('alter table {service}.{table} drop constraint %I', name); end loop;
            end $$
            """);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task PlantAsync(NpgsqlDataSource owner, string service, string table, string tenant)
    {
        await using var command = owner.CreateCommand(
            await CopySqlAsync(owner, service, table, tenant) + " on conflict do nothing");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Returns an insert of one row of holder sunrise, with a value of the right type in every required column.
    /// </summary>
    private static async Task<string> CopySqlAsync(NpgsqlDataSource owner, string service, string table, string tenant)
    {
        await using var command = owner.CreateCommand("""
            select column_name, udt_name from information_schema.columns
            where table_schema = $1 and table_name = $2 and is_nullable = 'NO' and is_identity = 'NO'
              and column_default is null
            """);
        command.Parameters.Add(new() { Value = service });
        command.Parameters.Add(new() { Value = table });
        await using var reader = await command.ExecuteReaderAsync();
        var (columns, values) = (new List<string> { tenant }, new List<string> { "'sunrise'" });
        while (await reader.ReadAsync())
        {
            if (reader.GetString(0) != tenant)
            {
                columns.Add(reader.GetString(0));
                values.Add(ValueOf(reader.GetString(1)));
            }
        }
        return $"insert into {service}.{table} ({string.Join(", ", columns)}) values ({string.Join(", ", values)})";
    }

    private static string ValueOf(string type) => type switch
    {
        "uuid" => "gen_random_uuid()",
        "bytea" => "'\\x00'",
        "jsonb" => "'{}'",
        "date" => "date '2026-04-06'",
        "timestamptz" => "now()",
        "bool" => "false",
        "int2" or "int4" or "int8" or "numeric" => "1",
        _ when type.StartsWith('_') => "'{}'",
        _ => "'x'",
    };

    private static async Task RefusedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql)
    {
        await transaction.SaveAsync("before");
        try
        {
            await RunAsync(connection, sql);
            Assert.Fail($"This was let through: {sql}");
        }
        catch (PostgresException refused)
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            await transaction.RollbackAsync("before");
        }
    }

    /// <summary>The number of rows affected; 0 if the role has no permission.</summary>
    private static async Task<long> AffectedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        string sql)
    {
        await transaction.SaveAsync("before");
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await transaction.RollbackAsync("before");
            return 0;
        }
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
