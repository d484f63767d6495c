using Hangfire;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Jobs;

/// <summary>Creates a service's jobs from the host's container, with the service's clock as an argument.</summary>
internal sealed class FromContainer(IServiceProvider host, object clock) : JobActivator
{
    public override object ActivateJob(Type jobType) => ActivatorUtilities.CreateInstance(host, jobType, clock);
}

/// <summary>Creates Hangfire's connections from the service's own pool for jobs.</summary>
internal sealed class JobConnections(NpgsqlDataSource source) : IConnectionFactory
{
    public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
}

/// <summary>Writes Hangfire's warnings and errors to the host's log; omits the rest.</summary>
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
