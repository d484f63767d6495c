using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Reconciliation;
using Isf.Tests.Reconciliation;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>Hosting's migration 0006 takes over the schedules of a database that still used Quartz.</summary>
public sealed class Older_schedules_are_taken_over
{
    // Each earlier cron expression, with the unambiguous expression that replaces it.
    private static readonly (string Was, string Is)[] Settings =
    [
        ("0 30 1 * * ?", "0 30 1 * * ?"),
        ("0 30 1 ? * MON", "0 30 1 ? * MON"),
        ("0 30 1 ? * 2", "0 30 1 ? * MON"),
        ("0 30 1 ? * 1", "0 30 1 ? * SUN"),
        ("0 30 1 ? * 7", "0 30 1 ? * SAT"),
        ("0 30 1 ? * 2,4,6", "0 30 1 ? * MON,WED,FRI"),
        ("0 30 1 ? * 2-6", "0 30 1 ? * MON,TUE,WED,THU,FRI"),
        ("0 30 1 ? * 6-2", "0 30 1 ? * SUN,MON,FRI,SAT"),
        ("0 30 1 ? * tue,5-6", "0 30 1 ? * TUE,THU,FRI"),
        ("0 30 1 ? * 6#3", "0 30 1 ? * FRI#3"),
        ("0 30 1 ? * 6L", "0 30 1 ? * FRIL"),
        ("0 30 1 ? * L", "0 30 1 ? * SAT"),
        ("0 30 1 ? * 2/2", "0 30 1 ? * MON,WED,FRI"),
        ("0 30 1 ? * MON/2", "0 30 1 ? * MON,WED,FRI"),
        ("0 30 1 ? * */3", "0 30 1 ? * SUN,WED,SAT"),
        ("0  30 1 L-2 * ? *", "0 30 1 L-2 * ?"),
        ("0 30 1 ? * 3 2026-2030", "0 30 1 ? * TUE"),
        ("0 30 1 1 JAN 2", "0 30 1 * JAN ?"),
        ("0 30 1 * * 2", "0 30 1 * * MON"),
        ("0 30 1 1 * *", "0 30 1 1 * *"),
        ("0 30 1 /2 * ?", "0 30 1 */2 * ?"),
    ];

    [Fact]
    public async Task Weekdays_by_number_become_names()
    {
        await using var older = await OlderAsync();
        foreach (var (setting, n) in Settings.Select((setting, n) => (setting, n)))
        {
            await older.RunAsync("insert into reconciliation.schedules values ($1, $2, 'Europe/London', true)",
                $"s{n:00}", setting.Was);
        }
        await older.UpgradeAsync();
        var now = (string)(await older.RunAsync(
            "select string_agg(cron, '; ' order by schedule) from reconciliation.schedules"))!;
        Assert.Equal(Settings.Select(setting => setting.Is), now.Split("; "));
        var terms = new ScheduleTerms("any", "0 30 1 * * ?", request => request, Hourly: false);
        Assert.All(now.Split("; "), cron => Assert.Null(Isf.Hosting.Jobs.Schedules.Decide(
            terms, new(cron, "Europe/London", true), Now.ToInstant()).Refusal));
    }

    [Fact]
    public async Task The_night_of_the_change_is_neither_lost_nor_doubled()
    {
        await using var older = await OlderAsync();
        await older.RunAsync("""
            insert into reconciliation.holders values ('sunrise'), ('moonlight');
            insert into reconciliation.schedules values ('watch-facts', '0 7 * * * ?', 'Europe/London', false);
            insert into reconciliation.schedule_runs values ('sunrise', 'reconcile-books', '2026-06-01', '2026-05-31');
            """);
        await older.UpgradeAsync();
        Assert.Equal(0L, await older.RunAsync("select count(*) from pg_tables where tablename ~ '^qrtz_'"));
        await using (var host = await StartAsync(older.Owner))
        {
            await ComesAsync(host, 2);
            await Until.HoldsAsync(async () => await host.ValueAsync<long>(Clocks) == 1);
        }
        await using var restarted = await StartAsync(older.Owner);
        await Until.HoldsAsync(async () => await restarted.ValueAsync<long>(Clocks) == 1);
        Assert.Equal("moonlight 2026-06-01 2026-05-31, sunrise 2026-06-01 2026-05-31",
            await restarted.ValueAsync<string>("""
                select string_agg(concat_ws(' ', holder_id, asked_by, up_to), ', ' order by holder_id)
                from reconciliation.schedule_runs
                """));
    }

    [Fact]
    public async Task One_that_cannot_be_read_runs_as_the_release_has_it()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "reconciliation" });
        await host.FalsifyAsync("""
            insert into reconciliation.schedules values ('reconcile-books', '0 H 1 * * ?', 'Europe/London', true)
            """);
        var items = (await host.As(Role.HolderAdmin).Typed().ScheduleListAsync()).Items;
        Assert.Equal("0 30 2 * * ?", items.Single(schedule => schedule.Name == Schedule).Cron);
    }

    /// <summary>
    /// Creates a database from before Hosting's migration 0006, with the tables that Quartz had created when it
    /// started.
    /// </summary>
    private static async Task<OlderDatabase> OlderAsync()
    {
        var older = await OlderDatabase.AsOfAsync(ReconciliationService.Describe(), 7, floor: 5);
        await older.RunAsync("""
            create table reconciliation.qrtz_job_details (
              sched_name text, job_name text, primary key (sched_name, job_name));
            create table reconciliation.qrtz_triggers (
              sched_name text, trigger_name text, job_name text, primary key (sched_name, trigger_name),
              foreign key (sched_name, job_name) references reconciliation.qrtz_job_details);
            create table reconciliation.qrtz_cron_triggers (
              sched_name text, trigger_name text, primary key (sched_name, trigger_name),
              foreign key (sched_name, trigger_name) references reconciliation.qrtz_triggers on delete cascade);
            """);
        return older;
    }
}
