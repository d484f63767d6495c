using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// Stops callers from waiting for a database that hangs. A paused server, or one whose disk hangs, accepts requests
/// and sends no response. While the database responds, a statement may take as long as it needs (decision 0026).
/// </summary>
public sealed class Liveness(Databases databases, HostSettings settings)
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<NpgsqlDataSource, Probe> probes = new();

    /// <summary>Awaits work on a service's database; abandons the work if the database hangs.</summary>
    /// <exception cref="TimeoutException">The database does not respond.</exception>
    public async Task<T> WaitAsync<T>(string service, Task<T> work)
    {
        while (true)
        {
            await ((Task)work).WaitAsync(BetweenProbes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (work.IsCompleted)
                return await work;
            if (await FaultAsync(service) is TimeoutException hangs && !work.IsCompleted)
                throw hangs;
        }
    }

    /// <summary>
    /// The error that makes a service's database unusable, which is a <see cref="TimeoutException"/> if the database
    /// does not respond; null if the database can be used. Concurrent callers share one check.
    /// </summary>
    public async Task<Exception?> FaultAsync(string service)
    {
        var database = databases.OfHealth(service);
        var probe = probes.AddOrUpdate(
            database, StartProbe, (_, last) => last.IsOver(Fresh) ? StartProbe(database) : last);
        var left = settings.Health.AnswersWithin - Stopwatch.GetElapsedTime(probe.StartedAt);
        await ((Task)probe.Result).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return probe.Result.IsCompleted ? await probe.Result
            : new TimeoutException("The database does not answer.");
    }

    private static Probe StartProbe(NpgsqlDataSource database) =>
        new(Stopwatch.GetTimestamp(), new(() => ProbeAsync(database)));

    private static async Task<Exception?> ProbeAsync(NpgsqlDataSource database)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync();
            return null;
        }
        catch (Exception fault)
        {
            return fault.InnerException as TimeoutException ?? fault;
        }
    }

    // Lazy, so that of several checks created at once only one runs.
    private sealed record Probe(long StartedAt, Lazy<Task<Exception?>> Running)
    {
        public Task<Exception?> Result => Running.Value;

        public bool IsOver(TimeSpan fresh) => Result.IsCompleted && Stopwatch.GetElapsedTime(StartedAt) > fresh;
    }
}
