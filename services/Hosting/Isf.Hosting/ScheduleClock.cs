using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using Quartz;
using Quartz.Extensibility;

namespace Isf.Hosting;

/// <summary>One service's schedules in this process: the asking for runs, by the clock and by hand.</summary>
internal sealed class ScheduleClock(
    Service service, HostSettings settings, Databases databases, Sessions sessions, ILoggerFactory logs)
    : BackgroundService, IJobFactory, IJob
{
    // Settings and the list of holders are nobody's: no holder is called *.
    private const string Nobody = "*";
    private readonly ILogger log = logs.CreateLogger("Isf.Hosting.Schedules");
    private IScheduler? quartz;

    /// <summary>How each schedule stands for one holder.</summary>
    public async Task<IEnumerable<object>> ShowAsync(string holderId, Instant now)
    {
        await using var session = sessions.Open(service.Name, holderId);
        var last = (await session.RowsAsync("select schedule, max(up_to) from schedule_runs group by schedule",
            row => (Name: row.GetString(0), UpTo: row.GetFieldValue<LocalDate>(1)))).ToDictionary(run => run.Name);
        return from set in await SettingsAsync()
               let comes = Schedules.CronOf(set.Value).GetNextValidTimeAfter(now.ToDateTimeOffset())
               let next = set.Value.Enabled ? comes : null
               select new
               {
                   name = set.Key, service = service.Name, set.Value.Cron, set.Value.Zone, set.Value.Enabled,
                   nextRunAt = next is { } at ? Instant.FromDateTimeOffset(at) : (Instant?)null,
                   lastUpTo = last.TryGetValue(set.Key, out var run) ? run.UpTo : (LocalDate?)null,
               };
    }

    /// <summary>Sets a schedule: in the settings, as the owner, and in the clock that all hosts share.</summary>
    public async Task SetAsync(string name, Schedules.Setting setting)
    {
        await using var owner = Databases.Open(settings.Database);
        await using var set = owner.CreateCommand($"""
            insert into {service.Name}.schedules (schedule, cron, zone, enabled) values ($1, $2, $3, $4)
            on conflict (schedule) do update set cron = excluded.cron, zone = excluded.zone, enabled = excluded.enabled
            """);
        object[] values = [name, setting.Cron, setting.Zone, setting.Enabled];
        set.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await set.ExecuteNonQueryAsync();
        if (quartz is { } clock)
            await PlaceAllAsync(clock);
    }

    /// <summary>Asks for a run by hand: always a new one, known by its number among the holder's runs.</summary>
    public async Task<(string AskedBy, Guid? Fact)> AskNowAsync(string name, string holderId, LocalDate upTo)
    {
        await using var session = sessions.Open(service.Name, holderId);
        await session.LockAsync("schedule/" + name);
        var before = await session.RowsAsync("select count(*) from schedule_runs where schedule = $1",
            row => row.GetInt64(0), name);
        var askedBy = $"asked-{before[0] + 1}";
        await AskAsync(session, name, upTo, askedBy);
        return (askedBy, session.Fact);
    }

    /// <summary>Asks, for every holder, for the run that stands for a night; each once, whoever comes first.</summary>
    public async Task AskForNightAsync(string name, Instant fired, CancellationToken stop)
    {
        for (var done = false; !done;)
            try
            {
                var (terms, setting) = (TermsOf(name), (await SettingsAsync())[name]);
                var night = Schedules.NightOf(setting, fired);
                foreach (var holder in await RowsAsync("select holder_id from holders", row => row.GetString(0)))
                    await using (var session = sessions.Open(service.Name, holder, null, stop))
                        await AskAsync(session, name, night.PlusDays(-1), Schedules.NameOf(terms, setting, fired));
                done = true;
            }
            catch (NpgsqlException fault)
            {
                log.LogWarning("{Schedule} will be asked for again: {Fault}", name, fault.Message);
                await Task.Delay(TimeSpan.FromSeconds(5), stop);
            }
    }

    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken stop) =>
        ValueTask.FromResult(new JobScope(this, this));
    public ValueTask ReturnJob(JobScope scope, CancellationToken stop) => ValueTask.CompletedTask;
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken stop) =>
        await AskForNightAsync(context.JobDetail.Key.Name, Instant.FromDateTimeOffset(context.FireTimeUtc), stop);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (quartz is { } clock)
            await clock.Shutdown(waitForJobsToComplete: false, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.RunsSchedules && quartz is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Migrations.MakeQuartzTablesAsync(settings.Database, service.Name, stoppingToken);
                await StartClockAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                quartz = null;
                log.LogWarning("Schedules of {Service} will be started again: {Fault}", service.Name, fault.Message);
                await Task.Delay(2000, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StartClockAsync(CancellationToken stop)
    {
        var clock = await QuartzSchedulerBuilder.Create(builder =>
        {
            builder.Services.AddSingleton(logs);
            builder.ConfigureScheduler(options => options.InstanceName = "isf-" + service.Name);
            builder.UseJobFactory(this);
            builder.UseDefaultThreadPool(2);
            builder.UsePersistentStore(store => store
                .UsePostgres(source => source.DataSourceFactory = _ => databases.Of(service.Name))
                .ConfigureStore(options => options.TablePrefix = service.Name + ".qrtz_")
                .UseClustering(_ => { }));
        }).BuildScheduler(stop);
        // From here on who sets a schedule places it; what was set before is read below. None falls between.
        quartz = clock;
        await PlaceAllAsync(clock);
        await clock.Start(stop);
    }

    /// <summary>
    /// Places every schedule as it is set now. One host at a time: else one that starts could put back what it had read
    /// before another set it.
    /// </summary>
    private async Task PlaceAllAsync(IScheduler clock)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        await session.LockAsync("schedules are placed");
        foreach (var (name, setting) in await SettingsAsync())
            await PlaceAsync(clock, name, setting);
    }

    /// <summary>A trigger that is there already and says the same is left alone: it may have missed a night.</summary>
    private static async Task PlaceAsync(IScheduler clock, string name, Schedules.Setting setting)
    {
        var there = await clock.GetTrigger(new TriggerKey(name)) as ICronTrigger;
        if (!setting.Enabled)
            await clock.UnscheduleJob(new TriggerKey(name));
        else if (there?.CronExpressionString != setting.Cron || there.TimeZone.Id != setting.Zone)
        {
            var job = JobBuilder.Create<ScheduleClock>().WithIdentity(name).StoreDurably(true).RequestRecovery(true)
                .DisallowConcurrentExecution(true).Build();
            var nightly = CronScheduleBuilder.Create(Schedules.CronOf(setting))
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed);
            var trigger = TriggerBuilder.Create().WithIdentity(name).ForJob(job).WithSchedule(nightly).Build();
            await clock.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing);
        }
    }

    private async Task AskAsync(Session session, string name, LocalDate upTo, string askedBy)
    {
        const string once = """
            insert into schedule_runs (holder_id, schedule, asked_by, up_to)
            values ($1, $2, $3, $4) on conflict do nothing
            """;
        if (await session.ExecuteAsync(once, session.HolderId, name, askedBy, upTo) == 0)
            return;
        session.Say(TermsOf(name).Ask(new ScheduleAsk(session.HolderId, name, upTo, askedBy)), $"{name}/{askedBy}");
        await session.SaveChangesAsync();
    }

    private ScheduleTerms TermsOf(string name) => service.SchedulesAll.Single(terms => terms.Name == name);

    private async Task<Dictionary<string, Schedules.Setting>> SettingsAsync()
    {
        var changed = (await RowsAsync("select schedule, cron, zone, enabled from schedules", row =>
            (row.GetString(0), new Schedules.Setting(row.GetString(1), row.GetString(2), row.GetBoolean(3)))))
            .ToDictionary(row => row.Item1, row => row.Item2);
        return service.SchedulesAll.ToDictionary(terms => terms.Name, terms =>
            changed.GetValueOrDefault(terms.Name) ?? new Schedules.Setting(terms.Cron, London.Zone.Id, true));
    }

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        return await session.RowsAsync(sql, read);
    }
}
