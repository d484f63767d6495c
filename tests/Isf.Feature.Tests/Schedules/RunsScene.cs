using System.Net.Http.Json;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Isf.Hosting.Http;
using Isf.Measures;
using Isf.Tests.Reconciliation;
using NodaTime;

namespace Isf.Tests.Schedules;

/// <summary>Steps for tests of scheduled runs, with one schedule on hosts that run it.</summary>
internal static class RunsScene
{
    public const string Schedule = "reconcile-books";

    /// <summary>SQL that counts the runs requested by the schedule and not by hand.</summary>
    public const string Runs =
        "select count(*) from reconciliation.schedule_runs where schedule = 'reconcile-books' and asked_by ~ '^2'";

    /// <summary>
    /// SQL that counts the hosts whose scheduler is running; each has registered its schedules by then.
    /// </summary>
    public const string Clocks = "select count(*) from reconciliation_jobs.server";

    /// <summary>
    /// SQL that selects the ids of the schedule's jobs. The service's other schedule is due every hour, so a test must
    /// not count its jobs.
    /// </summary>
    public const string Jobs = "select id from reconciliation_jobs.job where arguments::text like '%reconcile-books%'";

    /// <summary>SQL that selects the cron expression with which the schedule is registered.</summary>
    public const string Placed = """
        select value from reconciliation_jobs.hash where key = 'recurring-job:reconcile-books' and field = 'Cron'
        """;

#pragma warning disable RS0030 // Hangfire uses the machine's clock, and so do these tests.
    public static ZonedDateTime Now => SystemClock.Instance.GetCurrentInstant().InZone(London.Zone);
#pragma warning restore RS0030

    public static string CronAt(ZonedDateTime time) => $"{time.Second} {time.Minute} {time.Hour} * * ?";

    public static Task<TestHost> StartAsync(string? database) =>
        TestHost.StartAsync(new() { RunsSchedules = true, Database = database });

    /// <summary>
    /// Returns a stopped host on which the schedule has the given expression and the given holders exist.
    /// </summary>
    public static async Task<TestHost> StoppedAsync(string cron, params string[] holders)
    {
        var host = await StartAsync(null);
        await SetAsync(host, cron);
        foreach (var holder in holders)
            await host.PublishAsync("ledger", holder, BooksScene.Stated("S-1", host.Clock.GetCurrentInstant()), "S-1");
        await host.UntilIdleAsync();
        await host.StopAsync();
        return host;
    }

    public static async Task SetAsync(TestHost host, string cron)
    {
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(Clocks) > 0);
        await SetAsync(host.As(Role.Operator), "operator/schedules", cron);
    }

    /// <summary>Sets the schedule for the whole installation or for a holder, whatever the earlier setting.</summary>
    public static async Task SetAsync(HttpClient client, string schedules, string cron, bool enabled = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/{schedules}/{Schedule}")
        {
            Content = JsonContent.Create(new { cron, zone = "Europe/London", enabled }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        await (await client.SendAsync(request)).NeedsAsync(200, 201);
    }

    /// <summary>
    /// Sets the schedule to five seconds from now, and sets it again if a busy machine lets that moment pass. Returns
    /// the day of the moment.
    /// </summary>
    public static async Task<LocalDate> SoonAsync(TestHost host, Func<string, Task> setAsync)
    {
        ZonedDateTime soon;
        do
        {
            soon = Now.PlusSeconds(5);
            await setAsync(CronAt(soon));
            await IsPlacedAsync(host, CronAt(soon));
        }
        while (ZonedDateTime.Comparer.Instant.Compare(Now, soon) >= 0);
        return soon.Date;
    }

    /// <summary>Waits until Hangfire has a job with this expression.</summary>
    public static Task IsPlacedAsync(TestHost host, string cron) => Until.HoldsAsync(() => host.ValueAsync<bool>($"""
        select exists (select 1 from reconciliation_jobs.hash where field = 'Cron' and value = '{cron}')
        """));

    /// <summary>The names of the recurring jobs in Hangfire.</summary>
    public static Task<string> PlacedAsync(TestHost host) => host.ValueAsync<string>("""
        select coalesce(string_agg(value, ', ' order by value), '') from reconciliation_jobs.set
        where key = 'recurring-jobs'
        """);

    /// <summary>
    /// Makes a job older by this many nights. The job was then created earlier, and is due since the first of these
    /// nights.
    /// </summary>
    public static Task<int> MissedAsync(TestHost host, string job, int nights) => host.FalsifyAsync($"""
        with fields as (
          update reconciliation_jobs.hash set value = case
            when value ~ 'T' then to_char((value::timestamptz - interval '{nights} days') at time zone 'UTC',
              'YYYY-MM-DD"T"HH24:MI:SS.US"0Z"')
            else (value::bigint - {nights} * 86400000::bigint)::text end
          where key = 'recurring-job:{job}' and field in ('CreatedAt', 'NextExecution') returning 1)
        update reconciliation_jobs.set set score = score - {nights} * 86400
        where key = 'recurring-jobs' and value = '{job}'
        """);

    /// <summary>
    /// Creates the job as Hangfire does at the schedule's time. No host runs that would execute the job.
    /// </summary>
    public static void Trigger(TestHost host)
    {
        var options = new PostgreSqlStorageOptions
        { SchemaName = "reconciliation_jobs", PrepareSchemaIfNecessary = false };
        var storage = new PostgreSqlStorage(new NpgsqlConnectionFactory(host.Database, options), options);
        new RecurringJobManager(storage).TriggerJob(Schedule);
    }

    /// <summary>
    /// The runs that the schedule requested for this holder, each with its night and the last day that it covers.
    /// </summary>
    public static Task<string> RequestedAsync(TestHost host, string holder) => host.ValueAsync<string>($"""
        select coalesce(string_agg(asked_by || ' up to ' || up_to, ', ' order by asked_by), '')
        from reconciliation.schedule_runs
        where holder_id = '{holder}' and schedule = 'reconcile-books' and asked_by ~ '^2'
        """);

    /// <summary>The text that RequestedAsync returns for one run of this night.</summary>
    public static string OfNight(LocalDate night) => $"{night:uuuu-MM-dd} up to {night.PlusDays(-1):uuuu-MM-dd}";

    public static Task ComesAsync(TestHost host, long runs) =>
        Until.HoldsAsync(async () => await host.ValueAsync<long>(Runs) >= runs);

    /// <summary>Waits until no job is left.</summary>
    public static Task IdleAsync(TestHost host) => Until.HoldsAsync(async () => await host.ValueAsync<long>(
        "select count(*) from reconciliation_jobs.jobqueue") == 0);
}
