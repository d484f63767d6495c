using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Isf.Hosting;

/// <summary>
/// One service's schedules in this process: the asking for runs, by the clock and by hand. Hangfire begins a night's
/// job at least once, on one of the hosts; schedule_runs makes exactly one run of it.
/// </summary>
internal sealed class ScheduleClock(Service service, HostSettings settings, Databases databases, Sessions sessions,
    IClock clock, IServiceProvider host, ILoggerFactory logs) : BackgroundService
{
    // Settings and the list of holders are nobody's: no holder is called *.
    private const string Nobody = "*";
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(3);
    private readonly ILogger log = logs.CreateLogger("Isf.Hosting.Schedules");
    private RecurringJobManager? jobs;
    private BackgroundJobServer? server;

    /// <summary>The schema of Hangfire's tables, beside the service's own: Hangfire makes and changes it.</summary>
    public static string SchemaOf(string service) => service + "_jobs";

    /// <summary>How each schedule stands for one holder.</summary>
    public async Task<IEnumerable<object>> ShowAsync(string holderId, Instant now)
    {
        await using var session = sessions.Open(service.Name, holderId);
        var last = (await session.RowsAsync("select schedule, max(up_to) from schedule_runs group by schedule",
            row => (Name: row.GetString(0), UpTo: row.GetFieldValue<LocalDate>(1)))).ToDictionary(run => run.Name);
        return from set in await SettingsAsync()
               select new
               {
                   name = set.Key, service = service.Name, set.Value.Cron, set.Value.Zone, set.Value.Enabled,
                   nextRunAt = set.Value.Enabled ? Schedules.NextAfter(set.Value, now) : null,
                   lastUpTo = last.TryGetValue(set.Key, out var run) ? run.UpTo : (LocalDate?)null,
               };
    }

    /// <summary>
    /// Sets a schedule: in the settings, as nobody's, which alone may change them, and in the clock of all hosts.
    /// </summary>
    public async Task SetAsync(string name, Schedules.Setting setting)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        await session.ExecuteAsync("""
            insert into schedules (schedule, cron, zone, enabled) values ($1, $2, $3, $4)
            on conflict (schedule) do update set cron = excluded.cron, zone = excluded.zone, enabled = excluded.enabled
            """, name, setting.Cron, setting.Zone, setting.Enabled);
        await session.SaveChangesAsync();
        if (jobs is { } placing)
            await PlaceAllAsync(placing);
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
        var (terms, setting) = (TermsOf(name), (await SettingsAsync())[name]);
        var night = Schedules.NightOf(setting, fired);
        foreach (var holder in await RowsAsync("select holder_id from holders", row => row.GetString(0)))
            await using (var session = sessions.Open(service.Name, holder, null, stop))
                await AskAsync(session, name, night.PlusDays(-1), Schedules.NameOf(terms, setting, fired));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (server is { } running)
        {
            // A thread that waits for a lock or for the database hears nothing meanwhile; what it leaves is taken up.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StopsWithin);
            running.SendStop();
            await running.WaitForShutdownAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        server?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.RunsSchedules && server is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StartClockAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                jobs = null;
                log.LogWarning("Schedules of {Service} will be started again: {Fault}", service.Name, fault.Message);
                await Task.Delay(2000, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StartClockAsync(CancellationToken stop)
    {
        LogProvider.SetCurrentLogProvider(new JobLog(log));
        var storage = new PostgreSqlStorage(new JobConnections(databases.OfJobs(service.Name)), new()
        {
            SchemaName = SchemaOf(service.Name),
            PrepareSchemaIfNecessary = false,
            EnableTransactionScopeEnlistment = false,
            QueuePollInterval = settings.LookForRunsEvery,
            UseSlidingInvisibilityTimeout = true,
            // How long what a killed host had begun, or had locked, is left to it.
            InvisibilityTimeout = TimeSpan.FromMinutes(1),
            DistributedLockTimeout = TimeSpan.FromSeconds(30),
        });
        // Before anything was placed here, another scheduler may have missed a night. It is asked for once more after
        // the placing, because its time may come between.
        var first = NothingIsPlaced(storage);
        if (first)
            await AskForLastNightsAsync(stop);
        // From here on who sets a schedule places it; what was set before is read below. None falls between.
        jobs = new RecurringJobManager(storage);
        await PlaceAllAsync(jobs);
        if (first)
            await AskForLastNightsAsync(stop);
        server = new BackgroundJobServer(new()
        {
            WorkerCount = 1,
            SchedulePollingInterval = settings.LookForRunsEvery,
            Activator = new FromContainer(host, this),
        }, storage);
    }

    private static bool NothingIsPlaced(JobStorage storage)
    {
        using var connection = storage.GetConnection();
        return connection.GetRecurringJobs().Count == 0;
    }

    private async Task AskForLastNightsAsync(CancellationToken stop)
    {
        foreach (var (name, _) in (await SettingsAsync()).Where(set => set.Value.Enabled))
            await AskForNightAsync(name, clock.GetCurrentInstant(), stop);
    }

    /// <summary>
    /// Places every schedule as it is set now. One host at a time: else one that starts could put back what it had read
    /// before another set it. One that says what is placed already is left alone: it may have missed a night.
    /// </summary>
    private async Task PlaceAllAsync(RecurringJobManager placing)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        await session.LockAsync("schedules are placed");
        foreach (var (name, setting) in await SettingsAsync())
            if (setting.Enabled)
                placing.AddOrUpdate(name, Job.FromExpression<NightJob>(job => job.RunAsync(name, null!, default)),
                    setting.Cron, new RecurringJobOptions
                    {
                        TimeZone = Schedules.ZoneOf(setting), MisfireHandling = MisfireHandlingMode.Relaxed,
                    });
            else
                placing.RemoveIfExists(name);
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
        return service.SchedulesAll.ToDictionary(
            terms => terms.Name, terms => Readable(terms, changed.GetValueOrDefault(terms.Name)));
    }

    private Schedules.Setting Readable(ScheduleTerms terms, Schedules.Setting? set)
    {
        if (set is not null && Schedules.IsReadable(set))
            return set;
        if (set is not null)
            log.LogWarning("{Schedule} runs by {Own}: its setting {Cron} in {Zone} cannot be read",
                terms.Name, terms.Cron, set.Cron, set.Zone);
        return new(terms.Cron, London.Zone.Id, set?.Enabled ?? true);
    }

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        return await session.RowsAsync(sql, read);
    }
}

/// <summary>What is to do when a schedule's time has come.</summary>
internal sealed class NightJob(ScheduleClock clock)
{
    /// <summary>
    /// Asks for the run. The time at which the job was made goes with it through every try, so that a run that is late
    /// stands for its own night. It is tried for a day; then the next night's run takes its place.
    /// </summary>
    [AutomaticRetry(Attempts = 300, DelaysInSeconds = [5, 15, 60, 300])]
    public Task RunAsync(string name, PerformContext context, CancellationToken stop) => clock.AskForNightAsync(
        name, Instant.FromDateTimeUtc(JobHelper.FromTimestamp(context.GetJobParameter<long>("Time"))), stop);
}

/// <summary>Makes jobs of what the host's container holds, for one service.</summary>
internal sealed class FromContainer(IServiceProvider host, ScheduleClock clock) : JobActivator
{
    public override object ActivateJob(Type jobType) => ActivatorUtilities.CreateInstance(host, jobType, clock);
}

/// <summary>Hangfire's connections are of a pool that is the service's own.</summary>
internal sealed class JobConnections(NpgsqlDataSource source) : IConnectionFactory
{
    public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
}

/// <summary>Troubles that Hangfire has go into the host's log; what else it tells is left out.</summary>
internal sealed class JobLog(ILogger log) : ILogProvider, ILog
{
    public ILog GetLogger(string name) => this;

    public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
    {
        if (logLevel < Hangfire.Logging.LogLevel.Warn)
            return false;
        if (messageFunc is not null)
            log.LogWarning("Schedules: {What} {Fault}", messageFunc(), exception?.Message);
        return true;
    }
}
