using Hangfire;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

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
