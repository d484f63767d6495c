using Isf.Host;
using Isf.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Support;

/// <summary>
/// The database of a server of its own is stopped while a file is read: 3 seconds, or a minute with ISF_TEST_LONG.
/// </summary>
public sealed class A_file_outlives_a_stopped_database : IAsyncLifetime
{
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 60 : 3);

    private OwnServer server = null!;
    private string database = "";

    public async Task InitializeAsync()
    {
        server = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        await using (var source = Databases.Open(server.Address + ";Pooling=false"))
        await using (var create = source.CreateCommand("create database stopped"))
            await create.ExecuteNonQueryAsync();
        database = new NpgsqlConnectionStringBuilder(server.Address) { Database = "stopped" }.ConnectionString;
        await IsfHost.MigrateAsync(database, new() { Database = database }, NullLogger.Instance);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_file_ends_done_with_all_of_its_rows()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "funds,support", Database = database });
        var scene = new Scene(host, "sunrise");
        await Care.OpenAsync(scene, "F-1", "A-1");
        await Care.OpenAsync(scene, "F-2", "A-2");
        await Care.QuietAsync(scene);
        var care = await Care.PlannedAsync(scene);
        await (await care.PutAsync("/v1/funds/F-2/plans/PL-2", Care.Plan(allocationId: "A-2"))).NeedsAsync(201);
        // Held where the second fund begins, so that the database stops in the middle and not before or after.
        await using var gate = host.Services.GetRequiredService<Sessions>().Open("support", "sunrise");
        await gate.LockAsync("fund/F-2");
        var sent = await (await care.SendFileAsync("R-1",
            Care.File(Care.Rows(1000).Concat(Care.Rows(1000, "F-2", "W"))))).NeedsAsync(202);
        await Care.ReadsAsync(care, sent, file => (int)file["read"]! >= 1000);
        await server.CrashAsync();
        await Task.Delay(Stopped);
        await server.StartAsync();
        var read = await Care.ReadsAsync(care, sent, file => (string)file["state"]! != "reading");
        Assert.Equal("done 2000: 2000 0 0 0", Care.Counts(read));
        Assert.Equal(2000, await scene.CountAsync("support.visit"));
    }
}
