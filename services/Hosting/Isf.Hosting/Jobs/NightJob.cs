using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Isf.Hosting.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

#pragma warning disable IDE0130 // Hangfire's tables hold the full name of the type, so its namespace stays.
namespace Isf.Hosting;

/// <summary>What is to do when a schedule's time has come.</summary>
internal sealed class NightJob(ScheduleClock clock)
{
    /// <summary>
    /// Asks for the run. The time at which the job was made goes with it through every try, so that a run that is late
    /// stands for its own night. It is tried for a day; then the next night's run takes its place.
    /// </summary>
    [AutomaticRetry(Attempts = 300, DelaysInSeconds = [5, 15, 60, 300])]
    public Task RunAsync(string name, PerformContext context, CancellationToken stop) => clock.AskForNightAsync(
        name, MadeAt(context), stop);

    /// <summary>The same, of a holder that has set the schedule for itself.</summary>
    [AutomaticRetry(Attempts = 300, DelaysInSeconds = [5, 15, 60, 300])]
    public Task RunOwnAsync(string name, string holderId, PerformContext context, CancellationToken stop) =>
        clock.AskForOwnNightAsync(name, holderId, MadeAt(context), stop);

    private static Instant MadeAt(PerformContext context) =>
        Instant.FromDateTimeUtc(JobHelper.FromTimestamp(context.GetJobParameter<long>("Time")));
}
