using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Isf.Hosting;

/// <summary>
/// One database, one schema and one role per service. Services go in as isf_{service}; the owner is known to
/// ops/migrate alone (decision 0005).
/// </summary>
public sealed class Databases(HostSettings settings) : IAsyncDisposable
{
    // Of Hangfire's threads for one service: what is due, what is tried again, the worker and what it notes beside, and
    // the sign of life.
    private const int JobConnectionsMost = 5;

    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new();
    // The other half of its patience a request has for its holder's place.
    private readonly int secondsForRequests = (int)Math.Ceiling(settings.WaitForPlaceFor.TotalSeconds / 2);

    /// <summary>Connections of a service's role, with its schema in front, for all that no caller waits for.</summary>
    public NpgsqlDataSource Of(string service) =>
        sources.GetOrAdd(service, name => Build(name, settings.BackgroundConnectionsMost));

    /// <summary>The same for requests: a pool of their own, so that neither starves the other.</summary>
    public NpgsqlDataSource OfRequests(string service) => sources.GetOrAdd(service + "/requests",
        _ => Build(service, settings.RequestConnectionsMost, secondsForRequests));

    /// <summary>
    /// The same for Hangfire's own tables: it waits on threads, and a full pool of the service's would hold them. It
    /// reads moments as the framework's, so these are the only connections that do not know NodaTime.
    /// </summary>
    internal NpgsqlDataSource OfJobs(string service) => sources.GetOrAdd(service + "/jobs",
        _ => NpgsqlDataSource.Create(Address(service, JobConnectionsMost)));

    /// <summary>Connections of the role that sees outboxes, inboxes and parked rows, and nothing else.</summary>
    public NpgsqlDataSource Watch => sources.GetOrAdd("watch",
        name => Build(name, settings.WatchConnectionsMost, secondsForRequests));

    /// <summary>
    /// Two connections to a service's database beside all pools, for heartbeats and for looking whether it answers.
    /// They sort in so little memory that what they ask for needs room on the server's disk.
    /// </summary>
    public NpgsqlDataSource OfHealth(string service)
    {
        var place = PlaceOf(service);
        var one = settings.Services.Order(StringComparer.Ordinal).FirstOrDefault(here => PlaceOf(here) == place)
            ?? service;
        var seconds = (int)Math.Ceiling(settings.Health.AnswersWithin.TotalSeconds);
        return sources.GetOrAdd(one + "/health", _ => Build(one, 2, seconds, builder =>
        {
            // Who asks does not wait for longer; a limit of Npgsql's own would block a thread while it cancels.
            builder.CommandTimeout = 0;
            builder.Options += " -c work_mem=64kB";
        }));
    }

    /// <summary>
    /// Looks whether the services here and the role that watches come into one database, by whatever address: what
    /// spans services is read there (decision 0003).
    /// </summary>
    /// <exception cref="InvalidOperationException">One of them comes into another.</exception>
    public async Task CheckAreOneAsync(CancellationToken stop = default)
    {
        var watched = await IdentityAsync(Watch, stop);
        foreach (var service in settings.Services)
        {
            if (await IdentityAsync(Of(service), stop) != watched)
            {
                throw new InvalidOperationException($"{service} would use another database than the role isf_watch. "
                    + "All services of an installation share one: let "
                    + $"ISF_DATABASE_{service.ToUpperInvariant()} name it, or leave that out.");
            }
        }
    }

    private static async Task<(DateTime, uint)> IdentityAsync(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var command = source.CreateCommand(
            "select pg_postmaster_start_time(), oid from pg_database where datname = current_database()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetDateTime(0), reader.GetFieldValue<uint>(1));
    }

    /// <summary>Connections to a database whose days and moments go in and come out as NodaTime's.</summary>
    public static NpgsqlDataSource Open(string connection)
    {
        var builder = new NpgsqlDataSourceBuilder(connection);
        builder.UseNodaTime();
        return builder.Build();
    }

    /// <summary>
    /// How a service, or the role that watches, comes in: by ISF_DATABASE_{SERVICE}, else by ISF_DATABASE under its own
    /// name. A password that stands in ISF_DATABASE is no role's own: each has one that is derived from it. Without one
    /// PostgreSQL's password file (Passfile) has each role's.
    /// </summary>
    public static NpgsqlConnectionStringBuilder LoginOf(HostSettings settings, string service)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(service);
        if (Environment.GetEnvironmentVariable("ISF_DATABASE_" + service.ToUpperInvariant()) is { Length: > 0 } own)
            return new(own);
        var login = new NpgsqlConnectionStringBuilder(settings.Database) { Username = "isf_" + service };
        if (login.Password is { Length: > 0 } secret)
            login.Password = Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(login.Username)));
        return login;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
        {
            await source.DisposeAsync();
        }
    }

    private (string?, int, string?) PlaceOf(string service)
    {
        var login = LoginOf(settings, service);
        return (login.Host, login.Port, login.Database);
    }

    private NpgsqlDataSource Build(string service, int most, int? secondsToWait = null,
        Action<NpgsqlConnectionStringBuilder>? adjust = null) =>
        Open(Address(service, most, secondsToWait, adjust));

    private string Address(string service, int most, int? secondsToWait = null,
        Action<NpgsqlConnectionStringBuilder>? adjust = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(LoginOf(settings, service).ConnectionString)
        {
            SearchPath = service,
            MaxPoolSize = most,
            ConnectionIdleLifetime = 30,
            // Nothing that is set outlives its transaction, so there is nothing to reset: that was half of all
            // transactions where nobody asks for anything (a house test looks for what would).
            NoResetOnClose = true,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 3,
            // What is said of five hundred journals is larger than a socket takes at once by default: it would wait.
            WriteBufferSize = 64 * 1024,
            ApplicationName = "isf_" + service,
            // A day that is compared with a moment begins at midnight UTC, whatever the server's own zone is.
            Timezone = "UTC",
            // Statements are planned once, and kept. One that was planned while a table was empty would read all of it
            // for good, though every question here goes by an index.
            Options = "-c enable_seqscan=off -c jit=off",
        };
        if (secondsToWait is { } seconds)
            builder.Timeout = seconds;
        adjust?.Invoke(builder);
        return builder.ConnectionString;
    }
}

/// <summary>How the installation knows that all of it is well.</summary>
public sealed record HealthTerms
{
    /// <summary>The services of the installation, here or on other hosts; none named: all of the platform.</summary>
    public IReadOnlySet<string> Installed { get; init; } = new HashSet<string>();

    /// <summary>How often each process renews the heartbeats of its services.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a database may take to answer the least question before it is taken to hang.</summary>
    public TimeSpan AnswersWithin { get; init; } = TimeSpan.FromSeconds(2);
}

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
        ArgumentNullException.ThrowIfNull(work);
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

/// <summary>Opens sessions for one service after another; knows the databases.</summary>
public sealed class Sessions(
    Databases databases, DocumentStores stores, HostSettings settings, OutboxSignal signal, Liveness liveness)
{
    private readonly ConcurrentDictionary<string, HolderShare> shares = new();

    /// <summary>
    /// A session of a service for one holder; what it says follows from the fact, or starts one of its own.
    /// </summary>
    public Session Open(string service, string holderId, Guid? fact = null, CancellationToken stop = default) =>
        new(databases.Of(service), stores.Of(service), service, holderId, fact, settings.LookAgainFor, signal, stop);

    /// <summary>
    /// A session that a caller waits for: its connection comes from the pool of requests, of which no holder has all.
    /// </summary>
    internal Session OpenForRequest(string service, string holderId, CancellationToken stop) =>
        new(databases.OfRequests(service), stores.Of(service), service, holderId, null, settings.LookAgainFor, signal,
            stop, Share(service + "/requests", settings.RequestConnectionsMost), liveness);

    /// <summary>
    /// One of the messages of a holder that a service consumes at a time: they have at most half of its connections.
    /// </summary>
    internal ValueTask<IDisposable> EnterMessageAsync(string service, string holderId, CancellationToken stop) =>
        Share(service, settings.BackgroundConnectionsMost).EnterAsync(holderId, Timeout.InfiniteTimeSpan, stop);

    private HolderShare Share(string pool, int most) =>
        shares.GetOrAdd(pool, _ => new HolderShare(Math.Max(1, most / 2), settings.WaitForPlaceFor / 2));
}
