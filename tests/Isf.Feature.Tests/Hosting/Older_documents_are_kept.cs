using System.Reflection;
using Isf.Host;
using Isf.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>Documents that the release before Marten wrote are read, and written again as they were.</summary>
public sealed class Older_documents_are_kept
{
    [Fact]
    public async Task Read_by_Marten_and_written_with_the_same_words()
    {
        await using var host = await TestHost.StartAsync();
        await using var owner = Databases.Open(host.Database);
        await using (var insert = owner.CreateCommand(await File.ReadAllTextAsync(Path.Combine(
            TestServers.Root, "tests", "Isf.Feature.Tests", "Hosting", "documents-before-marten.sql"))))
            await insert.ExecuteNonQueryAsync();
        foreach (var service in IsfHost.AllServices())
        {
            var before = await DocumentsAsync(owner, service.Name, "sunrise");
            var sessions = host.Services.GetRequiredService<Sessions>();
            foreach (var ((_, id), document) in before)
            {
                await using var from = sessions.Open(service.Name, "sunrise");
                await using var to = sessions.Open(service.Name, "moonrise");
                await (Task)GetType().GetMethod(nameof(CopyAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(TypeOf(service, document.Type)).Invoke(null, [from, to, id])!;
            }
            Assert.Equal(before, await DocumentsAsync(owner, service.Name, "moonrise"));
        }
    }

    // To another holder, because some may never be changed.
    private static async Task CopyAsync<T>(Session from, Session to, string id) where T : class
    {
        to.Insert((await from.LoadAsync<T>(id))!);
        await to.SaveChangesAsync();
    }

    private static Type TypeOf(Service service, string name) => service.Home.GetType(name)
        ?? Assembly.Load(service.Home.GetName().Name + ".Domain").GetType(name, throwOnError: true)!;

    private static async Task<Dictionary<(string Table, string Id), Kept>> DocumentsAsync(
        NpgsqlDataSource owner, string service, string holder)
    {
        var kept = new Dictionary<(string, string), Kept>();
        foreach (var table in await RowsAsync(owner, $"""
            select table_name from information_schema.tables
            where table_schema = '{service}' and table_type = 'BASE TABLE' and table_name like 'mt_doc_%'
            """, row => row.GetString(0)))
        {
            foreach (var (id, one) in await RowsAsync(owner,
                $"select id, data::text, mt_dotnet_type from {service}.{table} where tenant_id = '{holder}'",
                row => (row.GetString(0), new Kept(row.GetString(1), row.GetString(2)))))
                kept.Add((table, id), one);
        }
        return kept;
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataSource owner, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private sealed record Kept(string Words, string Type);
}
