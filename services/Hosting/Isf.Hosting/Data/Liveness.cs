using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// Lets no caller wait for a database that hangs: a server that is paused, or whose disk is, takes what is sent and
/// says nothing. While it answers, a statement may take as long as it needs (decision 0026).
/// </summary>
public sealed class Liveness(Databases databases, HostSettings settings)
{
    private static readonly TimeSpan Unasked = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<NpgsqlDataSource, Question> questions = new();

    /// <summary>
    /// The outcome of some work on a service's database. Where that hangs, the work is left to itself.
    /// </summary>
    /// <exception cref="TimeoutException">The database does not answer.</exception>
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
    /// Why a service's database cannot be used: a <see cref="TimeoutException"/> where it does not answer; null where
    /// it does. Who asks while others do gets their answer.
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

    // Lazy: of several that are made at once, one is asked.
    private sealed record Question(long Began, Lazy<Task<Exception?>> Asking)
    {
        public Task<Exception?> Answer => Asking.Value;

        public bool IsOver(TimeSpan fresh) => Answer.IsCompleted && Stopwatch.GetElapsedTime(Began) > fresh;
    }
}
