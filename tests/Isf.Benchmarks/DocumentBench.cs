using Isf.Funds.Domain;
using Isf.Hosting;
using Isf.Tests;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Benchmarks;

/// <summary>
/// Documents: store one a commit, five hundred a commit, load one by id; held against plain statements.
/// </summary>
public static class DocumentBench
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync()
    {
        await using var host = await TestHost.StartAsync();
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
                {
                    session.Store(Next());
                }
                await session.SaveChangesAsync();
            }
            return commits * each;
        }

        var one = await Figures.PerSecondAsync("documents: store one a commit", () => StoreAsync(1000, 1));
        var barest = await Figures.PerSecondAsync("  limit: one row a commit by a plain statement",
            () => BarestAsync(host, 1000));
        await Figures.PerSecondAsync("documents: store 500 a commit", () => StoreAsync(20, 500));
        await Figures.PerSecondAsync("documents: load one by id", async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                await using var session = sessions.Open("funds", "bench");
                _ = await session.LoadAsync<Person>($"P-{i}") ?? throw new InvalidOperationException("It was stored.");
            }
            return 2000;
        });
        Figures.Ratio("documents: one a commit, of the limit", one, barest);
    }

    private static async Task<int> BarestAsync(TestHost host, int rows)
    {
        await using var source = NpgsqlDataSource.Create(host.Database);
        await using var connection = await source.OpenConnectionAsync();
        await using (var make =
            new NpgsqlCommand("create table if not exists barest (id bigserial primary key, data jsonb)", connection))
        {
            await make.ExecuteNonQueryAsync();
        }
        await using var insert = new NpgsqlCommand("insert into barest (data) values ($1::jsonb)", connection)
        {
            Parameters =
            {
                new() { Value = """{"id":"P-1","details":{"name":"Ada Example"},"salt":"0123456789abcdef"}""" },
            },
        };
        await insert.PrepareAsync();
        for (var i = 0; i < rows; i++)
        {
            await insert.ExecuteNonQueryAsync();
        }
        return rows;
    }
}
