using System.Reflection;
using Isf.Host;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>Documents written by the last release before Marten can be read, and are written again unchanged.</summary>
public sealed class Older_documents_are_kept
{
    private const string Insert = "insert into ";

    /// <summary>
    /// The number of Hosting's last migration in the release before Marten; LastOf has the number for each service.
    /// </summary>
    private const int LastOfFloor = 4;
    private static readonly Dictionary<string, int> LastOf = new()
    {
        ["funds"] = 5, ["support"] = 12, ["invoicing"] = 6, ["ledger"] = 14, ["reconciliation"] = 6,
        ["statements"] = 3,
    };

    /// <summary>
    /// The tables of documents that a service may insert and never change. Grants enforce this, and for statements a
    /// trigger does too.
    /// </summary>
    private static readonly string[] WrittenOnce =
    [
        "mt_doc_adjustment", "mt_doc_adjustmentreversal", "mt_doc_approval", "mt_doc_closedperiod",
        "mt_doc_issuedstatement",
    ];

    public static TheoryData<string> Services => [.. IsfHost.AllServices().Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task In_a_database_of_that_release_they_are_upgraded_read_and_stored_as_they_were(string name)
    {
        var service = IsfHost.AllServices().Single(allService => allService.Name == name);
        await using var older = await OlderDatabase.AsOfAsync(service, LastOf[name], LastOfFloor);
        await using var owner = Databases.Open(older.Owner);
        var inserts = Inserts().Where(insert => insert.StartsWith($"{Insert}{name}.", StringComparison.Ordinal))
            .ToList();
        foreach (var insert in inserts)
            await older.RunAsync(insert);
        var before = await DocumentsAsync(owner, name, "sunrise");
        Assert.Equal(inserts.Count, before.Count);
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = name, Database = older.Owner });
        var after = new Dictionary<(string, string), StoredDocument>();
        foreach (var ((table, id), document) in before)
        {
            await using var session = host.Services.GetRequiredService<Sessions>().Open(name, "sunrise");
            var storing = RunAsync(nameof(StoreAsync), TypeOf(service, table), session, id);
            var isRefused = WrittenOnce.Contains(table);
            await (isRefused ? RefusedAsync(storing) : storing);
            after.Add((table, id), document with { Version = document.Version + (isRefused ? 0 : 1) });
        }
        Assert.Equal(after, await DocumentsAsync(owner, name, "sunrise"));
    }

    [Fact]
    public async Task There_is_one_of_every_type()
    {
        var database = await TestServers.NewDatabaseAsync();
        await using (var owner = Databases.Open(database))
        {
            var tables = new List<string>();
            foreach (var service in IsfHost.AllServices())
                tables.AddRange((await TablesAsync(owner, service.Name)).Select(table => $"{service.Name}.{table}"));
            Assert.Equal(tables.Order(), Inserts().Select(insert => insert.Split(' ')[2]).Distinct().Order());
        }
        await TestServers.DropAsync(database);
    }

    [Fact]
    public async Task Read_by_Marten_and_written_with_the_same_content()
    {
        await using var host = await TestHost.StartAsync();
        var owner = host.Owner;
        await using (var insert = owner.CreateCommand(string.Concat(Inserts())))
            await insert.ExecuteNonQueryAsync();
        foreach (var service in IsfHost.AllServices())
        {
            var before = await DocumentsAsync(owner, service.Name, "sunrise");
            var sessions = host.Services.GetRequiredService<Sessions>();
            foreach (var (table, id) in before.Keys)
            {
                await using var from = sessions.Open(service.Name, "sunrise");
                await using var to = sessions.Open(service.Name, "moonrise");
                await RunAsync(nameof(CopyAsync), TypeOf(service, table), from, to, id);
            }
            Assert.Equal(before.ToDictionary(pair => pair.Key, pair => pair.Value with { Version = 1 }),
                await DocumentsAsync(owner, service.Name, "moonrise"));
        }
    }

    private static IEnumerable<string> Inserts() => File.ReadAllText(Path.Combine(
            TestServers.Root, "tests", "Isf.Feature.Tests", "Hosting", "documents-before-marten.sql"))
        .Split("\n" + Insert).Skip(1).Select(insert => Insert + insert);

    private static Task RunAsync(string method, Type document, params object[] arguments) =>
        (Task)typeof(Older_documents_are_kept).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(document).Invoke(null, arguments)!;

    private static async Task StoreAsync<T>(Session session, string id) where T : class
    {
        session.Store((await session.LoadAsync<T>(id))!);
        await session.SaveChangesAsync();
    }

    private static async Task RefusedAsync(Task storing) => Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
        (await Assert.ThrowsAsync<PostgresException>(() => storing)).SqlState);

    // Copies a document to another holder instead of storing it again, because some documents may never be changed.
    private static async Task CopyAsync<T>(Session from, Session to, string id) where T : class
    {
        to.Insert((await from.LoadAsync<T>(id))!);
        await to.SaveChangesAsync();
    }

    private static Type TypeOf(Service service, string table) =>
        service.Documents.Single(document => "mt_doc_" + document.Value == table).Key;

    private static async Task<Dictionary<(string Table, string Id), StoredDocument>> DocumentsAsync(
        NpgsqlDataSource owner, string service, string holder)
    {
        var documents = new Dictionary<(string, string), StoredDocument>();
        foreach (var table in await TablesAsync(owner, service))
        {
            foreach (var (id, one) in await RowsAsync(owner, $"""
                select id, data::text, mt_version from {service}.{table} where tenant_id = '{holder}'
                """, row => (row.GetString(0), new StoredDocument(row.GetString(1), row.GetInt64(2)))))
            {
                documents.Add((table, id), one);
            }
        }
        return documents;
    }

    private static Task<List<string>> TablesAsync(NpgsqlDataSource owner, string service) => RowsAsync(owner, $"""
        select table_name from information_schema.tables
        where table_schema = '{service}' and table_type = 'BASE TABLE' and table_name like 'mt_doc_%'
        """, row => row.GetString(0));

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataSource owner, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private sealed record StoredDocument(string Json, long Version);
}
