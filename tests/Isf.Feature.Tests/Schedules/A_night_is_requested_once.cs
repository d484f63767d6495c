using Isf.Client;
using Isf.Hosting;
using Isf.Hosting.Http;
using Isf.Tests.Reconciliation;
using static Isf.Tests.Schedules.RunsScene;
using Why = Isf.Hosting.Jobs.Schedules.Refusal;

namespace Isf.Tests.Schedules;

public sealed class A_night_is_requested_once
{
    [Fact]
    public async Task By_two_hosts_together()
    {
        await using var first = await StartAsync(null);
        await using var second = await StartAsync(first.Database);
        // A scheduler that has not started yet would miss the schedule's time.
        await Until.HoldsAsync(async () => await first.ValueAsync<long>(Clocks) == 2);
        await first.PublishAsync("ledger", "sunrise", BooksScene.Stated("S-1", first.Clock.GetCurrentInstant()), "S-1");
        await first.UntilIdleAsync();
        var night = await SoonAsync(first, cron => SetAsync(first, cron));
        await ComesAsync(first, 1);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await first.UntilIdleAsync();
        Assert.Equal(1, await first.ValueAsync<long>(Runs));
        var run = await first.As(Role.HolderAdmin).Typed().CheckBooksGetAsync($"reconcile-books-{night:uuuu-MM-dd}");
        Assert.Equal(night.PlusDays(-1), run.UpTo);
        Assert.Equal(1, await first.ValueAsync<long>("select count(*) from reconciliation.mt_doc_run"));
        var listed = (await second.As(Role.Auditor).Typed().ScheduleListAsync("sunrise")).Items;
        Assert.Equal(night.PlusDays(-1), listed.Single(schedule => schedule.Name == Schedule).LastRun?.UpTo);
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
            await SetAsync(first, last = $"0 {minute++ % 60} 3 * * ?");
        while (await first.ValueAsync<long>(Clocks) < 3);
        await Until.HoldsAsync(async () => await first.ValueAsync<string>(Placed) == last);
    }

    [Fact]
    public async Task When_it_was_missed_for_days_up_to_the_last_night_only()
    {
        var anHourAgo = Now.PlusHours(-1);
        await using var before = await StoppedAsync(CronAt(anHourAgo), "sunrise", "moonlight");
        Assert.Equal(1, await MissedAsync(before, Schedule, nights: 5));
        await using var first = await StartAsync(before.Database);
        await using var second = await StartAsync(before.Database);
        await ComesAsync(first, 2);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await first.UntilIdleAsync();
        foreach (var holder in new[] { "sunrise", "moonlight" })
            Assert.Equal(OfNight(anHourAgo.Date), await RequestedAsync(first, holder));
    }

    [Fact]
    public async Task By_hand_a_run_is_always_a_new_one_and_its_fact_can_be_waited_for()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        foreach (var number in new[] { 1, 2 })
        {
            var response = await admin.PostAsync("/v1/schedules/state-books/run", new { upTo = "2026-05-31" });
            await response.NeedsAsync(202);
            Assert.Equal($"asked-{number}", (await response.ReadAsync<ScheduleRequestedRun>()).AskedBy);
            var fact = response.Headers.GetValues("Isf-Fact").Single();
            await admin.ExceptionsAsync($"afterFact={fact}");
            Assert.Equal(number, await host.ValueAsync<long>("select count(*) from reconciliation.statings"));
        }
    }

    [Theory]
    [InlineData("state-books", "0 0 1 * * ?", "Europe/London", 200, null)]
    [InlineData("state-books", "0 0 1 * * ?", "Europe/Nowhere", 422, Why.UnknownZone)]
    [InlineData("state-books", "at one", "Europe/London", 422, Why.BadCron)]
    [InlineData("state-books", "0 0 1,2 * * ?", "Europe/London", 422, Why.MoreThanOnceADay)]
    [InlineData("no-such", "0 0 1 * * ?", "Europe/London", 404, Why.UnknownSchedule)]
    public async Task A_schedule_is_set_within_bounds(
        string name, string cron, string zone, int status, Why? why)
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin);
        var set = await host.As(Role.Operator).PutAsync(
            $"/v1/operator/schedules/{name}", new { cron, zone, enabled = false }, version: 1);
        Assert.Equal(status, (int)set.StatusCode);
        if (why is { } refusal)
        {
            Assert.Equal(ProblemException.CodeOf(refusal), await set.CodeAsync());
            return;
        }
        var items = (await admin.Typed().ScheduleListAsync()).Items;
        var listed = items.Single(schedule => schedule.Name == name);
        Assert.Equal((cron, false, null), (listed.Cron, listed.Enabled, listed.NextRunAt));
        Assert.NotNull(items.Single(schedule => schedule.Name == Schedule).NextRunAt);
    }
}
