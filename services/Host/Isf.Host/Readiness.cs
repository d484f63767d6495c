using System.Diagnostics;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using MassTransit;

namespace Isf.Host;

/// <summary>A part of the installation that is missing, with an explanation in plain words.</summary>
/// <param name="Part">What is missing, such as database, broker or a service.</param>
/// <param name="PlainWords">What that means, in plain words.</param>
public sealed record MissingPart(string Part, string PlainWords);

/// <summary>
/// Tells whether the installation can do its work. It can if the database of this process answers and can be written
/// to, its broker answers, and every service of the installation runs somewhere. No service is called, because each
/// service renews a heartbeat in the database (decision 0026).
/// </summary>
public sealed class Readiness(HostSettings settings, ServiceMap map, Liveness liveness, MessageTracker tracker,
    Heartbeat heartbeat, BrokerCheck broker, IServiceProvider host)
{
    // A readiness request must be answered within two seconds, whatever hangs. nginx asks another host after 0.9
    // seconds (ops/nginx.conf.template), so a host that reports a hanging part must be quicker than that.
    private static readonly TimeSpan Within = TimeSpan.FromMilliseconds(700);
    private static readonly NodaTime.Duration HeartbeatLasts = NodaTime.Duration.FromSeconds(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private Task<IReadOnlyList<MissingPart>>? check;
    private long checkedAt;

    /// <summary>The missing parts; empty if all is ready. Callers at about the same time share one answer.</summary>
    public Task<IReadOnlyList<MissingPart>> MissingAsync()
    {
        lock (gate)
        {
            if (check is null || (check.IsCompleted && Stopwatch.GetElapsedTime(checkedAt) > Fresh))
                (checkedAt, check) = (Stopwatch.GetTimestamp(), LookAsync());
            return check;
        }
    }

    private async Task<IReadOnlyList<MissingPart>> LookAsync()
    {
        var (stored, sent, run) = (DatabaseAsync(), BrokerAsync(), ServicesAsync());
        var missing = new List<MissingPart>([.. await stored, .. await sent]);
        var services = await run;
        // Without the database it is not known which services run.
        if (missing.TrueForAll(missingPart => missingPart.Part != "database"))
            missing.AddRange(services);
        return missing;
    }

    private async Task<IEnumerable<MissingPart>> DatabaseAsync()
    {
        // Each database address of the services here is checked once, and services with the same address share the
        // result.
        var faults = await Task.WhenAll(map.Here.Select(service =>
            InTimeAsync(liveness.FaultAsync(service.Name), new TimeoutException())));
        if (faults.Any(fault => fault is not null))
            return [new("database", "The database does not answer, or takes no connection.")];
        return heartbeat.Trouble is null ? []
            : [new("database", "The database answers, but cannot be written to: see whether its disk is full, "
                + "or it only lets itself be read.")];
    }

    private async Task<IEnumerable<MissingPart>> BrokerAsync()
    {
        var isUp = host.GetRequiredService<IBusControl>().CheckHealth().Status != BusHealthStatus.Unhealthy
            && await InTimeAsync(broker.AnswersAsync(), false);
        return isUp ? []
            : [new("broker", "The message broker does not answer: facts do not reach the other services.")];
    }

    private async Task<IEnumerable<MissingPart>> ServicesAsync()
    {
        var beats = await InTimeAsync(HeartbeatsAsync(), null);
        if (beats is null)
            return [new("database", "The database does not tell which services run.")];
        var alive = beats.Where(beat => beat.Age < HeartbeatLasts).Select(beat => beat.Service).ToHashSet();
        return map.All.Select(service => service.Name).Where(name => !alive.Contains(name))
            .Where(name => settings.Health.Installed.Count == 0 || settings.Health.Installed.Contains(name))
            .Select(name => new MissingPart(name, $"The service {name} does not run, or cannot write to its database: "
                + "it has given no sign of life for 20 seconds."));
    }

    private async Task<IReadOnlyList<ServiceHeartbeat>?> HeartbeatsAsync() => await tracker.HeartbeatsAsync();

    // Work that fails or takes longer than Within counts as no answer; unfinished work goes on in the background.
    private static async Task<T> InTimeAsync<T>(Task<T> work, T otherwise)
    {
        await ((Task)work).WaitAsync(Within).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return work.IsCompletedSuccessfully ? await work : otherwise;
    }
}
