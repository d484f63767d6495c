using System.Diagnostics;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// The keys of the locks that changes wait for. They lie in the schema of the service and under the holder.
/// </summary>
public static class LockKey
{
    /// <summary>A document's own: whoever may change it.</summary>
    public static string Document<T>(string id) => $"document/{typeof(T).Name}/{id}";

    /// <summary>A fund's: whoever decides by more than one document of it.</summary>
    public static string Fund(string fundId) => "fund/" + fundId;
}

/// <summary>The order that a change keeps to: it waits, then it locks, then it reads, then it decides.</summary>
public sealed partial class Session
{
    /// <summary>
    /// The document, looked for again for a few seconds: its fact may still be on its way from another service.
    /// </summary>
    public Task<T?> LoadEventuallyAsync<T>(string id) where T : class => LoadEventuallyAsync(() => LoadAsync<T>(id));

    /// <summary>
    /// What is looked for in rows, again for a few seconds. Between two looks it holds no connection: whoever names
    /// what does not exist takes nothing from the others.
    /// </summary>
    public async Task<T?> LoadEventuallyAsync<T>(Func<Task<T?>> find)
    {
        var watch = Stopwatch.StartNew();
        var found = await find();
        for (var pause = 25; found is null && watch.Elapsed < lookAgainFor; pause = Math.Min(2 * pause, 400))
        {
            await EndReadingAsync();
            await Task.Delay(pause, stop);
            found = await find();
        }
        return found;
    }

    /// <summary>
    /// Waits a few seconds for a document that may still be on its way. It answers nothing and holds nothing: what is
    /// decided on is read behind the locks that come after.
    /// </summary>
    public Task WaitForAsync<T>(string id) where T : class => WaitForAsync(() => LoadAsync<T>(id));

    /// <summary>The same for what is looked for in rows.</summary>
    public async Task WaitForAsync<T>(Func<Task<T?>> find)
    {
        await LoadEventuallyAsync(find);
        await EndReadingAsync();
    }

    /// <summary>
    /// Ends the transaction of what was only read, and gives its connection back. What follows is read anew.
    /// </summary>
    public async Task EndReadingAsync()
    {
        if (queued.Count > 0 || MessageId is not null || holds)
            throw new InvalidOperationException(
                "What was locked, written, said or heard here would be lost: wait first, or save it first.");
        await CloseAsync();
    }

    /// <summary>
    /// Waits for, and holds until the commit, what must not race; in one order, so none deadlock. It comes before
    /// anything is read: what was read before a lock may be another behind it, and would be decided on all the same.
    /// </summary>
    /// <exception cref="InvalidOperationException">This transaction has read something.</exception>
    public Task LockAsync(params string[] keys) => hasRead
        ? throw new InvalidOperationException($"{string.Join(", ", keys)}: lock first, then read.")
        : LockFoundAsync(keys);

    /// <summary>
    /// The same for keys that reading has found: what was read before says only what to lock, and whatever the locks
    /// guard is read behind them, for the first time or again.
    /// </summary>
    public Task LockFoundAsync(params string[] keys) => ExecuteAsync("""
        select pg_advisory_xact_lock(hashtextextended(key, 0))
        from (select distinct current_schema() || '/' || $1 || '/' || k as key from unnest($2) k order by 1) keys
        """, HolderId, keys);
}

/// <summary>How long a session waits for its database: who calls is told in time that it does not answer.</summary>
public sealed partial class Session
{
    private Task? atWork;

    /// <summary>
    /// A caller waits for as long as the database answers; what it waited for is then left to itself, with all that it
    /// uses. Work that no caller waits for is not cut off.
    /// </summary>
    private async Task<T> TimelyAsync<T>(Task<T> work)
    {
        atWork = work;
        return liveness is null ? await work : await liveness.WaitAsync(Service, work);
    }

    private Task<bool> TimelyAsync(Task work) => TimelyAsync(OfAsync(work));

    private static async Task<bool> OfAsync(Task work)
    {
        await work;
        return true;
    }

    /// <summary>The same for what is to be given back when it comes too late.</summary>
    private async Task<T> TakeTimelyAsync<T>(Task<T> taking) where T : class
    {
        try
        {
            return await TimelyAsync(taking);
        }
        catch (TimeoutException)
        {
            // It may come a moment after the wait for it ended.
            _ = GiveBackAsync(taking);
            throw;
        }
    }

    private static async Task GiveBackAsync<T>(Task<T> taking) where T : class
    {
        await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!taking.IsCompletedSuccessfully)
            return;
        var late = await taking;
        if (late is IAsyncDisposable connection)
            await connection.DisposeAsync();
        else
            (late as IDisposable)?.Dispose();
    }
}
