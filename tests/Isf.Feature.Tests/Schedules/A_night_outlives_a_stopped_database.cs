using Isf.Host;
using Isf.Hosting;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>
/// The database of a server of its own is stopped, or answers nothing, when a schedule's time comes: for 3 seconds
/// more, or a minute with ISF_TEST_LONG.
/// </summary>
public sealed class A_night_outlives_a_stopped_database : IAsyncLifetime
{
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 60 : 3);

    private OwnServer server = null!;
    private string database = "";

    public async Task InitializeAsync()
    {
        server = await OwnServer.NewAsync(ServerProgram.PostgreSql);
        await using (var source = NpgsqlDataSource.Create(server.Address + ";Pooling=false"))
        await using (var create = source.CreateCommand("create database night"))
            await create.ExecuteNonQueryAsync();
        database = new NpgsqlConnectionStringBuilder(server.Address) { Database = "night", Pooling = false }
            .ConnectionString;
        await IsfHost.MigrateAsync(database, new() { Database = database }, NullLogger.Instance);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("stopped")]
    [InlineData("held still")]
    public async Task It_is_asked_for_once_when_the_database_is_back(string how)
    {
        await using var host = await StartAsync(database);
        await UntilAsync(async () => await host.ValueAsync<long>(Clocks) > 0);
        await host.SayAsync("ledger", "sunrise", BooksScene.Stated("S-1", host.Clock.GetCurrentInstant()), "S-1");
        await host.QuietAsync();
        var soon = Now.PlusSeconds(5);
        await SetAsync(host, CronAt(soon));
        await (how == "stopped" ? server.CrashAsync() : server.PauseAsync());
        while (Now.ToInstant() < soon.ToInstant())
            await Task.Delay(100);
        await Task.Delay(Stopped);
        await (how == "stopped" ? server.StartAsync() : server.ResumeAsync());
        await ComesAsync(host, 1);
        await IdleAsync(host);
        Assert.Equal(OfNight(soon.Date), await AskedAsync(host, "sunrise"));
    }
}
