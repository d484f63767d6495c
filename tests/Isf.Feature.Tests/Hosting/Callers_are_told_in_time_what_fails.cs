using System.Diagnostics;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Hosting;

/// <summary>
/// If the database is stopped, paused, full, read-only or out of connections, every route answers within five seconds
/// that it is not available, readiness names the missing part within two, and nothing is lost or refused for good.
/// </summary>
public sealed class Callers_are_told_in_time_what_fails(FailingServers servers) : IClassFixture<FailingServers>
{
    private static int people;
    private static readonly TimeSpan Paused =
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("ISF_TEST_LONG") == "1" ? 75 : 1);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Answered = TimeSpan.FromSeconds(5), Ready = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_paused_database()
    {
        await using var host = await servers.HostAsync();
        await WritesAsync(host);
        await IsReadyAsync(host, null);
        await servers.Postgres.PauseAsync();
        try
        {
            await Task.WhenAll(EveryRouteAsync(host, 60), IsReadyAsync(host, "database"));
            // Readiness responds in time even while background work runs into its own time limits.
            for (var since = Stopwatch.StartNew(); since.Elapsed < Paused; await Task.Delay(500))
                await IsReadyAsync(host, "database");
        }
        finally
        {
            await servers.Postgres.ResumeAsync();
        }
        await IsReadyAsync(host, null);
        await WritesAsync(host);
    }

    [Fact]
    public async Task A_stopped_database()
    {
        await using var host = await servers.HostAsync();
        await WritesAsync(host);
        await servers.Postgres.StopAsync();
        try
        {
            await Task.WhenAll(EveryRouteAsync(host, 60), IsReadyAsync(host, "database"));
        }
        finally
        {
            await servers.Postgres.StartAsync();
        }
        await IsReadyAsync(host, null);
        await WritesAsync(host);
    }

    [Fact]
    public async Task A_database_without_connections()
    {
        await servers.SqlAsync("alter database failing connection limit 0");
        await using var host = await servers.HostAsync();
        try
        {
            await Task.WhenAll(EveryRouteAsync(host, 60), IsReadyAsync(host, "database"));
        }
        finally
        {
            await servers.SqlAsync("alter database failing connection limit -1");
        }
        await IsReadyAsync(host, null);
        await WritesAsync(host);
    }

    [Fact]
    public Task A_database_that_only_lets_itself_be_read() => CannotBeWrittenToAsync(
        servers, () => servers.SetReadOnlyAsync(true), () => servers.SetReadOnlyAsync(false));

    [Fact]
    public async Task A_database_that_is_full()
    {
        if (await FailingServers.WithLittleRoomAsync() is not { } small)
            return;
        try
        {
            await CannotBeWrittenToAsync(small, small.FillAsync, small.MakeRoomAsync);
        }
        finally
        {
            await small.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_that_goes_away_while_it_commits()
    {
        await using var host = await servers.HostAsync();
        await WritesAsync(host);
        var (admin, path) = (host.As(Role.HolderAdmin), NewPerson());
        await servers.DawdleAtCommitsOfPeopleAsync();
        var sending = admin.PutAsync(path, Sample.Person);
        await servers.DawdlesAsync();
        await servers.Postgres.PauseAsync();
        try
        {
            var refused = await InTimeAsync(host, Answered, "a write", () => sending);
            await IsNotAvailableAsync(refused);
            Assert.Contains("whether that was done", (string)(await refused.JsonAsync())["title"]!);
        }
        finally
        {
            await servers.Postgres.ResumeAsync();
            await servers.StopDelayAsync();
        }
        await IsReadyAsync(host, null);
        // The commit had reached the database, so the repeated request changes nothing and gets 200.
        await (await admin.PutAsync(path, Sample.Person)).NeedsAsync(200);
    }

    [Fact]
    public async Task What_only_takes_long_is_not_cut_off()
    {
        await using var host = await servers.HostAsync();
        await WritesAsync(host);
        await using var other = host.Services.GetRequiredService<Sessions>().Open("funds", "sunrise");
        await other.LockAsync(LockKey.Document<Isf.Funds.Domain.Person>("P-long"));
        var sending = host.As(Role.HolderAdmin).PutAsync("/v1/people/P-long", Sample.Person);
        await Task.Delay(Answered + Ready);
        Assert.False(sending.IsCompleted);
        await other.DisposeAsync();
        await (await sending).NeedsAsync(201);
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("stopped")]
    [InlineData("out of connections")]
    public async Task A_broker_that_is_unavailable(string how)
    {
        var broker = await servers.RabbitMqAsync();
        await using var host = await servers.HostAsync(broker);
        await IsReadyAsync(host, null);
        await (how == "paused" ? broker.PauseAsync() : how == "stopped" ? broker.StopAsync() : ExhaustAsync(broker));
        try
        {
            await IsReadyAsync(host, "broker");
            await WritesAsync(host);
        }
        finally
        {
            await (how == "paused" ? broker.ResumeAsync() : how == "stopped" ? broker.StartAsync()
                : broker.RunAsync("rabbitmqctl", "-q", "clear_vhost_limits", "-p", "/"));
        }
        await IsReadyAsync(host, null);
        await FailingServers.HasAllQueuesAsync(host);
        await host.UntilIdleAsync();
    }

    private static async Task ExhaustAsync(OwnServer broker)
    {
        await broker.RunAsync("rabbitmqctl", "-q", "set_vhost_limits", "-p", "/", "{\"max-connections\": 0}");
        await broker.RunAsync("rabbitmqctl", "-q", "close_all_connections", "None are left.");
    }

    // Written messages wait in the outboxes, and no caller waits for them.
    [Fact]
    public async Task A_broker_that_is_full()
    {
        var broker = await servers.RabbitMqAsync();
        await using var host = await servers.HostAsync(broker);
        await IsReadyAsync(host, null);
        await broker.RunAsync("rabbitmqctl", "-q", "set_vm_memory_high_watermark", "0");
        try
        {
            await WritesAsync(host);
            await Task.Delay(1000);
            Assert.True((await host.Services.GetRequiredService<MessageTracker>().BacklogAsync()).Outbox > 0);
        }
        finally
        {
            await broker.RunAsync("rabbitmqctl", "-q", "set_vm_memory_high_watermark", "0.4");
        }
        await FailingServers.HasAllQueuesAsync(host);
        await host.UntilIdleAsync();
    }

    private static async Task CannotBeWrittenToAsync(FailingServers servers, Func<Task> breakIt, Func<Task> mendIt)
    {
        await using var host = await servers.HostAsync();
        await WritesAsync(host);
        await breakIt();
        try
        {
            await IsReadyAsync(host, "database");
            await RefusesWritesAsync(host);
            await EveryRouteAsync(host, 5);
        }
        finally
        {
            await mendIt();
        }
        await IsReadyAsync(host, null);
        await WritesAsync(host);
    }

    // Sends a request to every route that needs the database, several at a time.
    private static async Task EveryRouteAsync(TestHost host, int least)
    {
        var refusals = new System.Collections.Concurrent.ConcurrentBag<string>();
        var routes = host.Routes.Where(route =>
            route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal));
        await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (route, _) =>
        {
            var response = await InTimeAsync(host, Answered, route.Named(),
                () => host.SendAsync(route, route.Body() is null ? null : RouteRequests.BodyOf(route), fund: "F-2"));
            if ((int)response.StatusCode < 500)
                return;
            await IsNotAvailableAsync(response);
            refusals.Add(route.Named());
        });
        Assert.True(refusals.Count > least, string.Join("\n", refusals.Order()));
    }

    private static async Task IsNotAvailableAsync(HttpResponseMessage response)
    {
        Assert.Equal("not-available", await (await response.NeedsAsync(503)).CodeAsync());
        Assert.NotNull(response.Headers.RetryAfter);
    }

    // Polls readiness until it names the given part as missing; null means no part. Each response must be in time.
    private static async Task IsReadyAsync(TestHost host, string? missing)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var response = await InTimeAsync(host, Ready, "readiness", () => host.Http.GetAsync("/health/ready"));
            var readiness = await response.ReadAsync<PlatformReady>();
            Assert.Equal((int)response.StatusCode == 200, readiness.Ready);
            var named = readiness.Missing.Any(part => part.Part == missing && part.PlainWords.Length > 20);
            if (missing is null ? readiness.Ready : named)
                return;
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(90), string.Join(", ", readiness.Missing));
        }
    }

    // Writes a person; a request refused with Retry-After is sent again until it succeeds.
    private static async Task WritesAsync(TestHost host)
    {
        var (admin, path) = (host.As(Role.HolderAdmin), NewPerson());
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var response = await admin.PutAsync(path, Sample.Person);
            if ((int)response.StatusCode is 200 or 201)
                break;
            await IsNotAvailableAsync(response);
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(60));
        }
        await admin.GetJsonAsync(path);
    }

    private static string NewPerson() => $"/v1/people/P-{Interlocked.Increment(ref people)}";

    // Sends writes until one is refused, because the database may still have space for some rows.
    private static async Task RefusesWritesAsync(TestHost host)
    {
        var admin = host.As(Role.HolderAdmin);
        for (var n = 0; n < 500; n++)
        {
            var response = await InTimeAsync(host, Answered, "a write",
                () => admin.PutAsync(NewPerson(), Sample.Person));
            if ((int)response.StatusCode == 201)
                continue;
            await IsNotAvailableAsync(response);
            await admin.GetJsonAsync("/v1/people?limit=1");
            return;
        }
        Assert.Fail("It took all of them.");
    }

    // The time limits grow if the machine is so busy that even the smallest request is slow.
    private static async Task<HttpResponseMessage> InTimeAsync(
        TestHost host, TimeSpan max, string what, Func<Task<HttpResponseMessage>> send)
    {
        var (watch, sending, lost) = (Stopwatch.StartNew(), send(), TimeSpan.Zero);
        while (!sending.IsCompleted)
        {
            var least = Stopwatch.StartNew();
            await Task.Delay(20);
            await host.Http.GetAsync("/health/live");
            lost += least.Elapsed > Least ? least.Elapsed - Least : TimeSpan.Zero;
        }
        var elapsed = watch.Elapsed;
        Assert.True(elapsed < max + (2 * lost), $"{what} took {elapsed}, of which the machine took {lost}");
        return await sending;
    }
}
