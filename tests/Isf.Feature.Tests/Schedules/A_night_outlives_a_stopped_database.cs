using Isf.Tests.Reconciliation;
using Isf.Tests.Servers;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>The database, on a server of its own, is stopped or hangs when a schedule's time comes.</summary>
public sealed class A_night_outlives_a_stopped_database
{
    [Theory]
    [InlineData("stopped")]
    [InlineData("held still")]
    public async Task It_is_requested_once_when_the_database_is_back(string how)
    {
        await using var database = await OwnDatabase.NewAsync();
        await using var host = await StartAsync(database.Owner + ";Pooling=false");
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(Clocks) > 0);
        await host.PublishAsync("ledger", "sunrise", BooksScene.Stated("S-1", host.Clock.GetCurrentInstant()), "S-1");
        await host.UntilIdleAsync();
        var soon = Now.PlusSeconds(5);
        await SetAsync(host, CronAt(soon));
        await IsPlacedAsync(host, CronAt(soon));
        await (how == "stopped" ? database.Server.CrashAsync() : database.Server.PauseAsync());
        while (Now.ToInstant() < soon.ToInstant())
            await Task.Delay(100);
        await Task.Delay(OwnDatabase.Stopped);
        await (how == "stopped" ? database.Server.StartAsync() : database.Server.ResumeAsync());
        await ComesAsync(host, 1);
        await IdleAsync(host);
        Assert.Equal(OfNight(soon.Date), await RequestedAsync(host, "sunrise"));
    }
}
