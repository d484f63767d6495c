using System.Diagnostics;

namespace Isf.Hosting.Data;

/// <summary>
/// The keys of the locks that changes take. A key is local to the service's schema and to the holder.
/// </summary>
public static class LockKey
{
    /// <summary>A document's lock, for every change of that document.</summary>
    public static string Document<T>(string id) => $"{DocumentStores.LockName<T>()}/{id}";

    /// <summary>A fund's lock, for decisions on more than one document of the fund.</summary>
    public static string Fund(string fundId) => "fund/" + fundId;
}

/// <summary>The waits and locks of a session. A change waits, locks, reads and decides, in this order.</summary>
public sealed partial class Session
{
    /// <summary>
    /// Loads the document, retrying for a few seconds, because its fact may still be on its way from another service.
    /// Null if it does not arrive in time.
    /// </summary>
    public Task<T?> LoadEventuallyAsync<T>(string id) where T : class => LoadEventuallyAsync(() => LoadAsync<T>(id));

    /// <summary>
    /// Finds rows, retrying for a few seconds; null if they do not arrive in time. Between two tries the session holds
    /// no connection, so that a request for a fund that does not exist keeps no connection from other requests.
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
    /// Waits a few seconds for a document that may still be on its way. The method returns nothing, and the session
    /// holds no connection afterwards, because a decision may read only after it has taken its locks.
    /// </summary>
    public Task WaitForAsync<T>(string id) where T : class => WaitForAsync(() => LoadAsync<T>(id));

    /// <summary>Waits for rows in the same way.</summary>
    public async Task WaitForAsync<T>(Func<Task<T?>> find)
    {
        await LoadEventuallyAsync(find);
        await EndReadingAsync();
    }

    /// <summary>Ends a read-only transaction and returns its connection. Later reads see a new snapshot.</summary>
    public async Task EndReadingAsync()
    {
        if (queued.Count > 0 || MessageId is not null || holds)
        {
            throw new InvalidOperationException(
                "What was locked, written, published or consumed here would be lost: wait first, or save it first.");
        }
        await CloseAsync();
    }

    /// <summary>
    /// Takes locks in a fixed order, so that sessions do not deadlock, and holds them until the commit. Locks come
    /// before any read, because a value that was read before the lock was taken may be outdated.
    /// </summary>
    /// <exception cref="InvalidOperationException">This transaction has already read something.</exception>
    public Task LockAsync(params string[] keys) => hasRead
        ? throw new InvalidOperationException($"{string.Join(", ", keys)}: lock first, then read.")
        : LockFoundAsync(keys);

    /// <summary>
    /// Takes locks whose keys a read has found. That read only determines the keys. Everything that the locks guard is
    /// read, or read again, once they are taken.
    /// </summary>
    public Task LockFoundAsync(params string[] keys) => ExecuteAsync("""
        select pg_advisory_xact_lock(hashtextextended(key, 0))
        from (select distinct current_schema() || '/' || $1 || '/' || k as key from unnest($2) k order by 1) keys
        """, HolderId, keys);
}

/// <summary>
/// Limits how long the session of a request waits for its database, so that the caller learns in time that the
/// database does not respond.
/// </summary>
public sealed partial class Session
{
    private Task? atWork;

    /// <summary>
    /// Awaits the work of a request for as long as the database responds. If the database stops responding, the work
    /// is abandoned with its connection. The work of other sessions is awaited without a limit.
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

    /// <summary>Awaits a resource in the same way; a resource that arrives too late is given back.</summary>
    private async Task<T> AcquireTimelyAsync<T>(Task<T> acquiring) where T : class
    {
        try
        {
            return await TimelyAsync(acquiring);
        }
        catch (TimeoutException)
        {
            // The resource may arrive a moment after the wait for it ended.
            _ = GiveBackAsync(acquiring);
            throw;
        }
    }

    private static async Task GiveBackAsync<T>(Task<T> acquiring) where T : class
    {
        await ((Task)acquiring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!acquiring.IsCompletedSuccessfully)
            return;
        var late = await acquiring;
        if (late is IAsyncDisposable connection)
            await connection.DisposeAsync();
        else
            (late as IDisposable)?.Dispose();
    }
}
