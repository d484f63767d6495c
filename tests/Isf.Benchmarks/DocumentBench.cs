using Isf.Funds.Domain;
using Isf.Hosting;
using Isf.Tests;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Documents: store one a commit, five hundred a commit, load one by id; each held against plain prepared statements
/// that do the same to a table of the same layout.
/// </summary>
public static class DocumentBench
{
    private const string Row = """{"id":"P-1","details":{"name":"Ada Example"},"salt":"0123456789abcdef"}""";

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Figures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        await using var host = await TestHost.StartAsync(new() { Services = "support" });
        await using var source = Databases.Open(host.Database + ";Pooling=true");
        await using var plain = await source.OpenConnectionAsync();
        const string like = "create table barest (like funds.mt_doc_person including all)";
        await using (var make = new NpgsqlCommand(like, plain))
            await make.ExecuteNonQueryAsync();
        var sessions = host.Services.GetRequiredService<Sessions>();
        var made = 0;
        Person Next() => new($"P-{made++}", new()
        {
            Name = "Ada Example", Nation = Nation.England, Format = ReadingFormat.Plain, Language = Language.En,
        }, "0123456789abcdef");
        async Task<int> StoreAsync(int commits, int each)
        {
            for (var i = 0; i < commits; i++)
            {
                await using var session = sessions.Open("funds", "bench");
                for (var j = 0; j < each; j++)
                    session.Store(Next());
                await session.SaveChangesAsync();
            }
            return commits * each;
        }

        await figures.AgainstAsync("store one a commit", () => StoreAsync(200, 1), 1,
            "one row a commit, a prepared statement", () => InsertAsync(plain, 200, 1), 1);
        await figures.AgainstAsync("store 500 a commit", () => StoreAsync(4, 500), 1,
            "500 rows a commit, a batch of prepared statements", () => InsertAsync(plain, 4, 500), 1);
        await figures.AgainstAsync("load one by id", async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await using var session = sessions.Open("funds", "bench");
                _ = await session.LoadAsync<Person>($"P-{i}") ?? throw new InvalidOperationException("It was stored.");
            }
            return 500;
        }, 1, "select one row by id, a prepared statement", () => SelectAsync(plain, 500), 1);
    }

    private static int rows;

    private static async Task<int> InsertAsync(NpgsqlConnection plain, int commits, int each)
    {
        for (var i = 0; i < commits; i++)
        {
            await using var batch = new NpgsqlBatch(plain);
            for (var j = 0; j < each; j++)
            {
                batch.BatchCommands.Add(new("insert into barest (tenant_id, id, data) values ('b', $1, $2::jsonb)")
                {
                    Parameters = { new() { Value = $"P-{rows++}" }, new() { Value = Row } },
                });
            }
            await batch.PrepareAsync();
            await batch.ExecuteNonQueryAsync();
        }
        return commits * each;
    }

    private static async Task<int> SelectAsync(NpgsqlConnection plain, int times)
    {
        await using var select = new NpgsqlCommand(
            "select data::text, mt_version from barest where tenant_id = 'b' and id = $1", plain);
        select.Parameters.Add(new() { Value = "" });
        await select.PrepareAsync();
        for (var i = 0; i < times; i++)
        {
            select.Parameters[0].Value = $"P-{i}";
            await select.ExecuteScalarAsync();
        }
        return times;
    }
}
