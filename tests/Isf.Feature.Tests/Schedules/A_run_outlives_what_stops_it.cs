using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Tests.Reconciliation;
using NodaTime;
using NodaTime.Text;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

public sealed class A_run_outlives_what_stops_it
{
    [Fact]
    public async Task Begun_before_midnight_and_made_up_after_it_stands_for_its_own_night()
    {
        await using var before = await StoppedAsync("0 50 23 * * ?", "sunrise");
        var night = Now.Date.PlusDays(-3);
        var begun = night.At(new LocalTime(23, 50, 7)).InZoneLeniently(London.Zone).ToInstant();
        Trigger(before);
        Assert.Equal(1, await before.FalsifyAsync($"""
            update reconciliation_jobs.jobparameter set value = '{begun.ToUnixTimeSeconds()}'
            where name = 'Time' and jobid in ({Jobs})
            """));
        await using var after = await StartAsync(before.Database);
        await ComesAsync(after, 1);
        Assert.StartsWith(OfNight(night), await RequestedAsync(after, "sunrise"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_host_that_was_killed_while_it_requested_the_rest_is_requested_by_another()
    {
        var anHourAgo = Now.PlusHours(-1);
        await using var before = await StoppedAsync(CronAt(anHourAgo), "moonlight", "sunrise");
        Trigger(before);
        // A killed host leaves this row. The host had started the job and requested the run of one holder only.
        Assert.Equal(1, await before.FalsifyAsync($"""
            insert into reconciliation.schedule_runs values ('moonlight', 'reconcile-books',
              '{anHourAgo.Date:uuuu-MM-dd}', '{anHourAgo.Date.PlusDays(-1):uuuu-MM-dd}')
            """));
        Assert.Equal(1, await before.FalsifyAsync($"""
            update reconciliation_jobs.jobqueue set fetchedat = now() - interval '50 seconds' where jobid in ({Jobs})
            """));
        await using var after = await StartAsync(before.Database);
        await ComesAsync(after, 2);
        await IdleAsync(after);
        foreach (var holder in new[] { "sunrise", "moonlight" })
            Assert.Equal(OfNight(anHourAgo.Date), await RequestedAsync(after, holder));
        Assert.Equal(1, await after.ValueAsync<long>($"select count(*) from ({Jobs}) jobs"));
    }

    [Fact]
    public async Task After_an_error_it_is_tried_again()
    {
        await using var host = await StartAsync(null);
        await SetAsync(host, CronAt(Now.PlusHours(-1)));
        await host.PublishAsync("ledger", "sunrise", BooksScene.Stated("S-1", host.Clock.GetCurrentInstant()), "S-1");
        await host.UntilIdleAsync();
        await host.FalsifyAsync("alter table reconciliation.schedule_runs rename to runs_away");
        Trigger(host);
        await Until.HoldsAsync(() => host.ValueAsync<bool>($"""
            select exists (
              select 1 from reconciliation_jobs.jobparameter where name = 'RetryCount' and jobid in ({Jobs}))
            """));
        await host.FalsifyAsync("alter table reconciliation.runs_away rename to schedule_runs");
        await ComesAsync(host, 1);
        Assert.Equal(OfNight(Now.PlusHours(-1).Date), await RequestedAsync(host, "sunrise"));
    }

    [Theory]
    // Half past one is skipped on one night and repeated on the other; the run comes once on each.
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    public async Task On_both_nights_when_the_clocks_change_it_comes_once(string now, string next)
    {
        await using var host = await TestHost.StartAsync(
            new() { Services = "ledger", Now = InstantPattern.General.Parse(now).Value });
        var listed = await host.As(Role.Auditor).Typed().ScheduleShowAsync("state-books", "sunrise");
        Assert.Equal(("0 30 1 * * ?", InstantPattern.General.Parse(next).Value), (listed.Cron, listed.NextRunAt));
    }
}
