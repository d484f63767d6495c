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
    private static readonly TimeSpan Unasked = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<NpgsqlDataSource, Question> questions = new();

    /// <summary>Awaits work on a service's database; abandons the work if the database hangs.</summary>
    /// <exception cref="TimeoutException">The database does not respond.</exception>
    public async Task<T> WaitAsync<T>(string service, Task<T> work)
    {
        while (true)
        {
            await ((Task)work).WaitAsync(Unasked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        var question = questions.AddOrUpdate(database, Ask, (_, last) => last.IsOver(Fresh) ? Ask(database) : last);
        var left = settings.Health.AnswersWithin - Stopwatch.GetElapsedTime(question.Began);
        await ((Task)question.Answer).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return question.Answer.IsCompleted ? await question.Answer
            : new TimeoutException("The database does not answer.");
    }

    private static Question Ask(NpgsqlDataSource database) =>
        new(Stopwatch.GetTimestamp(), new(() => AskAsync(database)));

    private static async Task<Exception?> AskAsync(NpgsqlDataSource database)
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
    private sealed record Question(long Began, Lazy<Task<Exception?>> Asking)
    {
        public Task<Exception?> Answer => Asking.Value;

        public bool IsOver(TimeSpan fresh) => Answer.IsCompleted && Stopwatch.GetElapsedTime(Began) > fresh;
    }
}
