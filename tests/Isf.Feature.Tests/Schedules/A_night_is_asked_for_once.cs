using Isf.Hosting;
using Isf.Tests.Reconciliation;
using NodaTime;

namespace Isf.Tests.Schedules;

public sealed class A_night_is_asked_for_once
{
    private const string Runs =
        "select count(*) from reconciliation.schedule_runs where schedule = 'reconcile-books' and asked_by ~ '^2'";

    private const string Clocks = "select count(*) from reconciliation.qrtz_scheduler_state";

#pragma warning disable RS0030 // Quartz goes by the machine's real clock, and so do these tests of it.
    private static ZonedDateTime Now => SystemClock.Instance.GetCurrentInstant().InZone(London.Zone);
#pragma warning restore RS0030

    private static string CronAt(ZonedDateTime time) => $"{time.Second} {time.Minute} {time.Hour} * * ?";

    [Fact]
    public async Task By_two_hosts_together()
    {
        await using var first = await StartAsync(null);
        await using var second = await StartAsync(first.Database);
        await first.SayAsync("ledger", "sunrise", BooksScene.Stated("S-1", first.Clock.GetCurrentInstant()), "S-1");
        await first.QuietAsync();
        await TablesAsync(first);
        // A clock that has not started yet would come to the time too late.
        await UntilAsync(async () => await first.ValueAsync<long>(Clocks) == 2);
        ZonedDateTime soon;
        do
        {
            // Where the machine is so busy that the time had gone by when it was set, it is set again.
            soon = Now.PlusSeconds(5);
            await SetAsync(first, CronAt(soon));
        }
        while (ZonedDateTime.Comparer.Instant.Compare(Now, soon) >= 0);
        await ComesAsync(first, 1);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await first.QuietAsync();
        Assert.Equal(1, await first.ValueAsync<long>(Runs));
        var run = await first.As(Role.HolderAdmin).GetJsonAsync($"/v1/runs/reconcile-books-{soon.Date:uuuu-MM-dd}");
        Assert.Equal($"{soon.Date.PlusDays(-1):uuuu-MM-dd}", (string)run["upTo"]!);
        Assert.Equal(1, await first.ValueAsync<long>("select count(*) from reconciliation.mt_doc_run"));
        var listed = (await second.As(Role.Auditor).GetJsonAsync("/v1/schedules?holder=sunrise"))["items"]!.AsArray();
        Assert.Equal($"{soon.Date.PlusDays(-1):uuuu-MM-dd}",
            (string)listed.Single(item => (string)item!["name"]! == "reconcile-books")!["lastUpTo"]!);
    }

    [Fact]
    public async Task As_it_was_set_last_while_other_hosts_started()
    {
        await using var first = await StartAsync(null);
        await SetAsync(first, "0 0 2 * * ?");
        var (last, minute) = ("", 0);
        await using var second = await StartAsync(first.Database);
        await using var third = await StartAsync(first.Database);
        do
        {
            await SetAsync(first, last = $"0 {minute++ % 60} 3 * * ?");
        }
        while (await first.ValueAsync<long>(Clocks) < 3);
        Assert.Equal(last, await first.ValueAsync<string>(
            "select cron_expression from reconciliation.qrtz_cron_triggers where trigger_name = 'reconcile-books'"));
    }

    [Fact]
    public async Task When_it_was_missed_for_days_up_to_the_last_night_only()
    {
        var anHourAgo = Now.PlusHours(-1);
        await using var before = await StartAsync(null);
        await before.SayAsync("ledger", "sunrise", BooksScene.Stated("S-1", before.Clock.GetCurrentInstant()), "S-1");
        await before.QuietAsync();
        await SetAsync(before, CronAt(anHourAgo));
        await before.StopAsync();
        Assert.Equal(1, await before.FalsifyAsync($"""
            update reconciliation.qrtz_triggers set next_fire_time = next_fire_time - 4 * {TimeSpan.TicksPerDay}
            where trigger_name = 'reconcile-books'
            """));
        await using var first = await StartAsync(before.Database);
        await using var second = await StartAsync(before.Database);
        await ComesAsync(first, 1);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await first.QuietAsync();
        Assert.Equal(1, await first.ValueAsync<long>(Runs));
        var night = anHourAgo.Date;
        Assert.Equal($"{night:uuuu-MM-dd}/{night.PlusDays(-1):uuuu-MM-dd}", await first.ValueAsync<string>(
            "select asked_by || '/' || up_to from reconciliation.schedule_runs where schedule = 'reconcile-books'"));
    }

    [Fact]
    public async Task By_hand_a_run_is_always_a_new_one_and_its_fact_can_be_waited_for()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        foreach (var number in new[] { 1, 2 })
        {
            var asked = await admin.PostAsync("/v1/schedules/state-books/run", new { upTo = "2026-05-31" });
            await asked.NeedsAsync(202);
            Assert.Equal($"asked-{number}", (string)(await asked.JsonAsync())["askedBy"]!);
            var fact = asked.Headers.GetValues("Isf-Fact").Single();
            await admin.GetJsonAsync($"/v1/exceptions?afterFact={fact}");
            Assert.Equal(number, await host.ValueAsync<long>("select count(*) from reconciliation.statings"));
        }
    }

    [Theory]
    [InlineData("state-books", "0 0 1 * * ?", "Europe/London", 200, null)]
    [InlineData("state-books", "0 0 1 * * ?", "Europe/Nowhere", 422, Isf.Hosting.Schedules.Refusal.UnknownZone)]
    [InlineData("state-books", "at one", "Europe/London", 422, Isf.Hosting.Schedules.Refusal.BadCron)]
    [InlineData("state-books", "0 0 1,2 * * ?", "Europe/London", 422, Isf.Hosting.Schedules.Refusal.MoreThanOnceADay)]
    [InlineData("no-such", "0 0 1 * * ?", "Europe/London", 404, Isf.Hosting.Schedules.Refusal.UnknownSchedule)]
    public async Task A_schedule_is_set_within_bounds(
        string name, string cron, string zone, int status, Isf.Hosting.Schedules.Refusal? why)
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        var set = () => Isf.Hosting.Schedules.SetAsync(
            host.Services, name, new(cron, zone, false), host.Clock.GetCurrentInstant());
        if (why is { } refusal)
        {
            var refused = await Assert.ThrowsAsync<Refused>(set);
            Assert.Equal((status, Refused.CodeOf(refusal)), (refused.Status, refused.Code));
            return;
        }
        await set();
        var items = (await admin.GetJsonAsync("/v1/schedules"))["items"]!.AsArray();
        var listed = items.Single(item => (string)item!["name"]! == name)!;
        Assert.Equal((cron, false), ((string)listed["cron"]!, (bool)listed["enabled"]!));
        Assert.Null(listed["nextRunAt"]);
        Assert.NotNull(items.Single(item => (string)item!["name"]! == "reconcile-books")!["nextRunAt"]);
    }

    private static Task<TestHost> StartAsync(string? database) =>
        TestHost.StartAsync(new() { RunsSchedules = true, Database = database });

    private static async Task SetAsync(TestHost host, string cron)
    {
        await TablesAsync(host);
        await UntilAsync(() => host.ValueAsync<bool>(
            "select exists (select 1 from reconciliation.qrtz_triggers where trigger_name = 'reconcile-books')"));
        await UntilAsync(async () => await host.ValueAsync<long>(Clocks) > 0);
        await Isf.Hosting.Schedules.SetAsync(
            host.Services, "reconcile-books", new(cron, "Europe/London", true), Now.ToInstant());
    }

    private static Task TablesAsync(TestHost host) =>
        UntilAsync(() => host.ValueAsync<bool>("select to_regclass('reconciliation.qrtz_triggers') is not null"));

    private static Task ComesAsync(TestHost host, long runs) =>
        UntilAsync(async () => await host.ValueAsync<long>(Runs) >= runs);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 600, $"It did not come: {string.Join(" | ", TestLog.Lately)}");
            await Task.Delay(100);
        }
    }
}
