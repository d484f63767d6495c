using System.Diagnostics;
using Isf.Host;
using Isf.Hosting;
using Isf.Hosting.Messaging;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class Every_service_has_a_heartbeat
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task And_each_process_renews_those_of_its_own_services()
    {
        await using var funds = await TestHost.StartAsync(new() { Services = "funds", Settings = Frequently });
        await using var support = await TestHost.StartAsync(
            new() { Services = "support", Database = funds.Database, Settings = Frequently });
        var tracker = funds.Services.GetRequiredService<MessageTracker>();
        var first = await UntilAsync(tracker, beats => beats.Count == 2);
        await UntilAsync(tracker, beats => beats.All(beat =>
            beat.HeartbeatAt > first.Single(serviceHeartbeat => serviceHeartbeat.Service == beat.Service).HeartbeatAt));
        await support.StopAsync();
        var beats = await UntilAsync(tracker,
            beats => beats.Single(beat => beat.Service == "support").Age > Duration.FromSeconds(2));

        Assert.Equal(["funds", "support"], beats.Select(beat => beat.Service));
        Assert.True(beats[0].Age < beats[1].Age, string.Join(", ", beats));
    }

    [Fact]
    public async Task That_one_process_renews_for_all_six_at_once()
    {
        await using var host = await TestHost.StartAsync(new() { Settings = Rarely });
        await UntilAsync(host.Services.GetRequiredService<MessageTracker>(), beats => beats.Count == 6);
        await host.Services.GetRequiredService<Heartbeat>().RenewAsync(default);

        Assert.Equal(1L, await OneAsync(host, "select count(distinct xmin::text) from isf.heartbeats"));
    }

    [Fact]
    public async Task That_needs_room_on_the_servers_disk()
    {
        await using var host = await TestHost.StartAsync();
        var heartbeat = host.Services.GetRequiredService<Heartbeat>();
        await heartbeat.RenewAsync(default);

        var watch = Stopwatch.StartNew();
        while ((long)(await OneAsync(host,
            "select temp_bytes from pg_stat_database where datname = current_database()"))! < 500_000)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60));
            await heartbeat.RenewAsync(default);
            await Task.Delay(200);
        }
    }

    private static HostSettings Frequently(HostSettings settings) =>
        settings with { Health = settings.Health with { HeartbeatEvery = Interval } };

    private static HostSettings Rarely(HostSettings settings) =>
        settings with { Health = settings.Health with { HeartbeatEvery = TimeSpan.FromHours(1) } };

    private static Task<IReadOnlyList<ServiceHeartbeat>> UntilAsync(
        MessageTracker tracker, Func<IReadOnlyList<ServiceHeartbeat>, bool> enough) =>
        Until.AnswersAsync(() => tracker.HeartbeatsAsync(), enough, TimeSpan.FromSeconds(60));

    private static async Task<object?> OneAsync(TestHost host, string sql)
    {
        await using var connection = new NpgsqlConnection(host.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
