using Isf.Hosting.Data;
using Isf.Tests.Servers;
using Npgsql;

namespace Isf.Tests.Support;

/// <summary>
/// A file with similar rows is checked message by message, and the checks read and write rows of the database. The
/// number of these database rows grows in proportion to the rows of the file, not to the pairs of its rows or to rows
/// times messages.
/// </summary>
public sealed class Rows_alike_are_checked_in_their_time
{
    private const string Header = "visitId,fundId,lineId,workerId,start,end,outcome\n";

    private static readonly int[] Sizes =
        Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? [500, 5_000, 50_000] : [500, 5_000];

    private static string Row(int n, string fund, string worker) =>
        $"V-{n},{fund},L-1,{worker},2026-04-06T08:00,2026-04-06T08:45,delivered\n";

    public static readonly TheoryData<string, Func<int, string>> Alike = new()
    {
        { "one fund, one worker", n => Row(n, "F-1", "W-1") },
        { "two people at once", n => Row(n, $"F-{1 + (n % 2)}", "W-1") },
        { "one fund, many workers", n => Row(n, "F-1", $"W-{n}") },
        { "one fund, on all days", n => $"V-{n},F-1,L-1,W-{n},2026-04-{6 + (n % 20):00}T08:00,"
            + $"2026-04-{6 + (n % 20):00}T08:45,delivered\n" },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public async Task What_they_read_grows_with_the_rows(string what, Func<int, string> row)
    {
        var touched = new List<long>();
        foreach (var size in Sizes)
            touched.Add(await TouchedAsync(size, row));
        Assert.All(touched.Zip(touched.Skip(1)), step => Assert.True(step.Second <= 12 * step.First,
            $"{what}: {string.Join(", ", touched)} rows touched for {string.Join(", ", Sizes)} rows"));
    }

    // Returns the number of rows of visits and flags that all of Support's work for a file reads and writes.
    private static async Task<long> TouchedAsync(int size, Func<int, string> row)
    {
        var database = await TestServers.NewDatabaseAsync();
        await using (var host = await TestHost.StartAsync(new() { Services = "funds,support", Database = database }))
        {
            var scene = new Scene(host, "h-1");
            await Care.OpenAsync(scene, "F-1", "A-1");
            var care = await Care.PlannedForTwoAsync(scene);
            await care.ImportAsync("R-1", Header + string.Concat(Enumerable.Range(0, size).Select(row)));
            await Care.UntilIdleAsync(scene);
            Assert.Equal(size, await scene.CountAsync("support.visit"));
        }
        // A connection's statistics are visible once it has ended.
        NpgsqlConnection.ClearAllPools();
        await using var source = Databases.Open(database);
        await using var command = source.CreateCommand("""
            select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read + n_tup_ins + n_tup_upd)::bigint
            from pg_stat_user_tables
            where schemaname = 'support' and relname like any ('{visit,visit\_left,care\_flag%}')
            """);
        var touched = (long)(await command.ExecuteScalarAsync())!;
        await TestServers.DropAsync(database);
        return touched;
    }
}
