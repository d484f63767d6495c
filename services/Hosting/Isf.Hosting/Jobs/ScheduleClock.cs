using System.Runtime.ExceptionServices;
using Hangfire;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Jobs;

/// <summary>
/// Requests the runs of one service's schedules, by the clock and by hand. Hangfire starts a night's job at least
/// once, on one of the hosts; the key of schedule_runs makes sure that exactly one run follows.
/// </summary>
internal sealed partial class ScheduleClock(
    Service service, HostSettings settings, Databases databases, Sessions sessions, IClock clock, IServiceProvider host,
    ILoggerFactory logs) : BackgroundService, INightRequests
{
    // The holder id of sessions that read the settings and the list of holders, which belong to no holder. No holder
    // has this id.
    private const string Nobody = "*";
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(3);
    private readonly ILogger log = logs.CreateLogger("Isf.Hosting.Schedules");
    private RecurringJobManager jobs = null!;
    private BackgroundJobServer? server;

    /// <summary>
    /// The schema of Hangfire's tables, separate from the service's own; Hangfire's scripts create and change it.
    /// </summary>
    public static string SchemaOf(string service) => service + "_jobs";

    /// <summary>The storage of a service's jobs.</summary>
    public static JobStorage StorageOf(string service, Databases databases, HostSettings settings) =>
        new PostgreSqlStorage(new JobConnections(databases.OfJobs(service)), new()
        {
            SchemaName = SchemaOf(service),
            PrepareSchemaIfNecessary = false,
            EnableTransactionScopeEnlistment = false,
            QueuePollInterval = settings.RunCheckInterval,
            UseSlidingInvisibilityTimeout = true,
            // After this time another host takes over the jobs and locks of a killed host.
            InvisibilityTimeout = TimeSpan.FromMinutes(1),
            DistributedLockTimeout = TimeSpan.FromSeconds(30),
        });

    /// <summary>
    /// Requests a new run by hand. Returns the run's id, such as asked-3 for the third of the holder's runs of the
    /// schedule, and the fact to wait for.
    /// </summary>
    public async Task<(string RunId, Guid? Fact)> RequestNowAsync(
        string name, string holderId, LocalDate upTo, string user, CancellationToken stop)
    {
        await using var session = sessions.OpenForRequest(service.Name, holderId, stop);
        await session.LockAsync("schedule/" + name);
        var before = await session.RowsAsync("select count(*) from schedule_runs where schedule = $1",
            row => row.GetInt64(0), name);
        var runId = $"asked-{before[0] + 1}";
        await RequestAsync(session, new(session.HolderId, name, upTo, runId), London.Today(clock), user);
        return (runId, session.Fact);
    }

    /// <summary>
    /// Requests a night's run for every holder that has no setting of its own. Each holder has one run, however many
    /// hosts request it. Does nothing if the installation's setting disables the schedule.
    /// </summary>
    public async Task RequestNightAsync(string name, Instant fired, CancellationToken stop)
    {
        if ((await SettingsAsync())[name] is not { Enabled: true } setting)
            return;
        var holders = await RowsAsync("""
            select holder_id from holders h where not exists (
              select from holder_schedules s where s.holder_id = h.holder_id and s.schedule = $1)
            """, row => row.GetString(0), name);
        // An error for one holder must not stop the runs of other holders. Hangfire then retries the whole job.
        var faults = new List<Exception>();
        foreach (var holder in holders)
        {
            try
            {
                await RequestNightAsync(name, holder, setting, fired, stop);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                faults.Add(fault);
            }
        }
        if (faults.Count > 0)
            ExceptionDispatchInfo.Throw(faults[0]);
    }

    /// <summary>
    /// Requests a night's run for a holder with a setting of its own; does nothing if the holder has removed or
    /// disabled that setting meanwhile.
    /// </summary>
    public async Task RequestOwnNightAsync(string name, string holderId, Instant fired, CancellationToken stop)
    {
        if ((await OwnAsync(name, holderId)).GetValueOrDefault((name, holderId)) is { Enabled: true } own)
            await RequestNightAsync(name, holderId, own, fired, stop);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // A thread that waits for a lock or for the database cannot be cancelled, so the host waits for it only a
        // short time. Another host takes over its work.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopsWithin);
        server?.SendStop();
        await base.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (server is { } running)
            await running.WaitForShutdownAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        server?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.RunsSchedules)
            return;
        await UntilItSucceedsAsync(StartClockAsync, stoppingToken);
        await foreach (var placing in placings.Reader.ReadAllAsync(stoppingToken))
        {
            await UntilItSucceedsAsync(
                stop => PlaceNowAsync(placing.Name, placing.HolderId, stop), stoppingToken);
            placing.Done.TrySetResult();
        }
    }

    private async Task UntilItSucceedsAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(stop);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning("Schedules of {Service} will be placed again: {Fault}", service.Name, fault.Message);
                await Task.Delay(2000, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StartClockAsync(CancellationToken stop)
    {
        LogProvider.SetCurrentLogProvider(new JobLog(log));
        var storage = StorageOf(service.Name, databases, settings);
        // If no schedule was ever registered with Hangfire, an earlier scheduler may have missed the last night, so
        // that night's runs are requested now. They are requested again after the registration, because a schedule's
        // time may come in between.
        var first = NothingIsPlaced(storage);
        if (first)
            await RequestLastNightsAsync(stop);
        // PlaceAllAsync reads all settings changed so far; later changes are registered one by one, after this method.
        jobs = new RecurringJobManager(storage);
        await PlaceAllAsync(jobs, storage, stop);
        if (first)
            await RequestLastNightsAsync(stop);
        server = new BackgroundJobServer(new()
        {
            WorkerCount = 1,
            SchedulePollingInterval = settings.RunCheckInterval,
            Activator = new FromContainer(host, this),
        }, storage);
    }

    private async Task RequestLastNightsAsync(CancellationToken stop)
    {
        foreach (var (name, _) in (await SettingsAsync()).Where(set => set.Value.Enabled))
            await RequestNightAsync(name, clock.GetCurrentInstant(), stop);
    }

    private async Task RequestNightAsync(
        string name, string holderId, Schedules.Setting setting, Instant fired, CancellationToken stop)
    {
        var night = Schedules.NightOf(setting, fired);
        await using var session = sessions.Open(service.Name, holderId, null, stop);
        await RequestAsync(session, new(holderId, name, night.PlusDays(-1),
            Schedules.NameOf(TermsOf(name), setting, fired)), night, null);
    }

    private async Task RequestAsync(Session session, RunRequest request, LocalDate night, string? user)
    {
        const string once = """
            insert into schedule_runs
              (holder_id, schedule, asked_by, up_to, night, asked_at, requested_by, message_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
            """;
        var (message, cause) = (TermsOf(request.Schedule).ToMessage(request), $"{request.Schedule}/{request.RunId}");
        if (await session.ExecuteAsync(once, request.HolderId, request.Schedule, request.RunId, request.UpTo, night,
            clock.GetCurrentInstant(), user, session.MessageIdOf(message, cause)) == 0)
        {
            return;
        }
        session.Publish(message, cause);
        await session.SaveChangesAsync();
    }

    private ScheduleTerms TermsOf(string name) => service.ScheduleTerms.Single(terms => terms.Name == name);

    // The installation's setting of each schedule, or the release's default if there is none or it cannot be read.
    private async Task<Dictionary<string, Schedules.Setting>> SettingsAsync()
    {
        var changed = (await RowsAsync("select cron, zone, enabled, schedule from schedules",
            row => (Name: row.GetString(3), Setting: SettingAt(row))))
            .ToDictionary(row => row.Name, row => row.Setting);
        foreach (var (name, set) in changed.Where(set => !Schedules.IsReadable(set.Value)))
        {
            log.LogWarning("{Schedule} runs as the release has it: its setting {Cron} in {Zone} cannot be read",
                name, set.Cron, set.Zone);
        }
        return service.ScheduleTerms.ToDictionary(
            terms => terms.Name, terms => Schedules.InForce(terms, changed.GetValueOrDefault(terms.Name)));
    }

    // All holders' own settings or, if a schedule and a holder are given, only that holder's setting of that schedule.
    private async Task<Dictionary<(string Name, string HolderId), Schedules.Setting>> OwnAsync(
        string? name = null, string? holderId = null) =>
        (await RowsAsync("""
            select cron, zone, enabled, schedule, holder_id from holder_schedules
            where $1 = '' or (schedule = $1 and holder_id = $2)
            """, row => (Name: row.GetString(3), HolderId: row.GetString(4), Setting: SettingAt(row)),
            name ?? "", holderId ?? ""))
        .Where(row => service.ScheduleTerms.Any(terms => terms.Name == row.Name))
        .ToDictionary(row => (row.Name, row.HolderId), row => Schedules.InForce(TermsOf(row.Name), row.Setting));

    private static Schedules.Setting SettingAt(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetBoolean(2));

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] args)
    {
        await using var session = sessions.Open(service.Name, Nobody);
        return await session.RowsAsync(sql, read, args);
    }
}
