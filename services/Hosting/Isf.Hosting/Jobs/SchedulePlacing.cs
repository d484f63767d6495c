using System.Threading.Channels;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Isf.Hosting.Data;

namespace Isf.Hosting.Jobs;

/// <summary>
/// Registers schedules as Hangfire's recurring jobs, which all hosts share. The tables of settings are authoritative
/// (decision 0001).
/// </summary>
internal sealed partial class ScheduleClock
{
    // Hangfire's name for the set of its recurring jobs.
    private const string Jobs = "recurring-jobs";
    private static readonly TimeSpan PlacedWithin = TimeSpan.FromSeconds(3);
    private readonly Channel<Placing> placings = Channel.CreateUnbounded<Placing>();

    /// <summary>
    /// Registers a changed setting of the given holder or, if the holder is null, of the installation. The change is
    /// already committed, so the registration is retried until it succeeds, and the caller waits for it only a moment.
    /// </summary>
    public async Task PlaceAsync(string name, string? holderId)
    {
        if (!settings.RunsSchedules)
            return;
        var placing = new Placing(name, holderId, new(TaskCreationOptions.RunContinuationsAsynchronously));
        placings.Writer.TryWrite(placing);
        Task done = placing.Done.Task;
        await done.WaitAsync(PlacedWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PlaceNowAsync(string name, string? holderId, CancellationToken stop)
    {
        await using var session = await PlacesAsync(stop);
        if (holderId is null)
            Place(jobs, name, null, (await SettingsAsync())[name]);
        else
            Place(jobs, name, holderId, (await OwnAsync(name, holderId)).GetValueOrDefault((name, holderId)));
    }

    private static bool NothingIsPlaced(JobStorage storage)
    {
        using var connection = storage.GetConnection();
        return connection.GetRecurringJobs().Count == 0;
    }

    /// <summary>
    /// Registers the installation's and the holders' own settings of every schedule. Removes the jobs of holders that
    /// have no setting of their own any more. Hangfire leaves an unchanged registration alone, so that a missed night
    /// is still made up for.
    /// </summary>
    private async Task PlaceAllAsync(RecurringJobManager placing, JobStorage storage, CancellationToken stop)
    {
        await using var session = await PlacesAsync(stop);
        foreach (var (name, setting) in await SettingsAsync())
            Place(placing, name, null, setting);
        var own = await OwnAsync();
        foreach (var ((name, holderId), setting) in own)
            Place(placing, name, holderId, setting);
        var placed = own.Keys.Select(key => JobOf(key.Name, key.HolderId)).ToHashSet();
        using var connection = storage.GetConnection();
        foreach (var obsolete in connection.GetAllItemsFromSet(Jobs).Where(IsAHolders).Except(placed))
            placing.RemoveIfExists(obsolete);
    }

    // Opens a session with the lock on registrations. Only one host registers at a time, because another could
    // otherwise restore a setting that it had read before a change.
    private async Task<Session> PlacesAsync(CancellationToken stop)
    {
        var session = sessions.Open(service.Name, Nobody, null, stop);
        await session.LockAsync("schedules are placed");
        return session;
    }

    private static void Place(
        RecurringJobManager placing, string name, string? holderId, Schedules.Setting? setting)
    {
        if (setting is not { Enabled: true })
        {
            placing.RemoveIfExists(JobOf(name, holderId));
            return;
        }
        var job = holderId is null
            ? Job.FromExpression<NightJob>(night => night.RunAsync(name, null!, default))
            : Job.FromExpression<NightJob>(night => night.RunOwnAsync(name, holderId, null!, default));
        placing.AddOrUpdate(JobOf(name, holderId), job, setting.Cron, new RecurringJobOptions
        {
            TimeZone = Schedules.ZoneOf(setting), MisfireHandling = MisfireHandlingMode.Relaxed,
        });
    }

    // Neither a schedule's name nor a holder's id contains a slash.
    private static string JobOf(string name, string? holderId) => holderId is null ? name : $"{name}/{holderId}";

    private static bool IsAHolders(string job) => job.Contains('/', StringComparison.Ordinal);

    private sealed record Placing(string Name, string? HolderId, TaskCompletionSource Done);
}
