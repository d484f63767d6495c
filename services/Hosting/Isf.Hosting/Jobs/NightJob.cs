using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Isf.Hosting.Jobs;
using NodaTime;

#pragma warning disable IDE0130 // Hangfire's tables hold the full name of the type, so its namespace stays.
namespace Isf.Hosting;

/// <summary>The job that Hangfire runs when the time of a schedule has come.</summary>
internal sealed class NightJob(INightRequests clock)
{
    /// <summary>
    /// Requests a night's run for the holders without a setting of their own. Every retry uses the job's creation
    /// time, so that a late run belongs to its own night. Retries end after a day, when the next night's run makes up
    /// for this one.
    /// </summary>
    [AutomaticRetry(Attempts = 300, DelaysInSeconds = [5, 15, 60, 300])]
    public Task RunAsync(string name, PerformContext context, CancellationToken stop) => clock.RequestNightAsync(
        name, MadeAt(context), stop);

    /// <summary>Requests a night's run for a holder with a setting of its own.</summary>
    [AutomaticRetry(Attempts = 300, DelaysInSeconds = [5, 15, 60, 300])]
    public Task RunOwnAsync(string name, string holderId, PerformContext context, CancellationToken stop) =>
        clock.RequestOwnNightAsync(name, holderId, MadeAt(context), stop);

    private static Instant MadeAt(PerformContext context) =>
        Instant.FromDateTimeUtc(JobHelper.FromTimestamp(context.GetJobParameter<long>("Time")));
}
