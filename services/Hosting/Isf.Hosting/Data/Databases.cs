using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// Opens the pools of connections to the database, in which each service has a schema and a role of its own. Services
/// log in as isf_{service}; only ops/migrate knows the owner (decision 0005).
/// </summary>
public sealed class Databases(HostSettings settings) : IAsyncDisposable
{
    // Hangfire needs five connections for one service, one each for due jobs, retries, the worker, the worker's own
    // notes and the heartbeat.
    private const int JobConnectionsMax = 5;

    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new();
    // A request waits up to half of its time for its holder's share of the pool, and up to the other half for a
    // connection.
    private readonly int secondsForRequests = (int)Math.Ceiling(settings.ConnectionWait.TotalSeconds / 2);

    /// <summary>
    /// The pool for a service's background work. Its connections use the service's role, and search only the service's
    /// schema.
    /// </summary>
    public NpgsqlDataSource Of(string service) =>
        sources.GetOrAdd(service, name => Build(name, settings.BackgroundConnectionsMax));

    /// <summary>
    /// The pool for a service's requests. It is separate from the pool for background work, so that neither starves
    /// the other.
    /// </summary>
    public NpgsqlDataSource OfRequests(string service) => sources.GetOrAdd(service + "/requests",
        _ => Build(service, settings.RequestConnectionsMax, secondsForRequests));

    /// <summary>
    /// The pool for Hangfire's tables. It is separate because Hangfire blocks a thread while it waits for a
    /// connection, which may take long in a pool that the service fills. Hangfire reads timestamps as DateTime, so
    /// only these connections do not use NodaTime.
    /// </summary>
    internal NpgsqlDataSource OfJobs(string service) => sources.GetOrAdd(service + "/jobs",
        _ => NpgsqlDataSource.Create(Address(service, JobConnectionsMax)));

    /// <summary>
    /// The pool of the watch role, which can read only the views of the schema watch, such as messages on their way,
    /// schedules and their runs, heartbeats and differences of copies.
    /// </summary>
    public NpgsqlDataSource Watch => sources.GetOrAdd("watch",
        name => Build(name, settings.WatchConnectionsMax, secondsForRequests));

    /// <summary>
    /// The pool for heartbeats and health checks, with two connections. Services of this process with the same
    /// database address share one such pool. The work_mem of its connections is so small that the query of a heartbeat
    /// spills to the server's disk and shows whether the disk is full.
    /// </summary>
    public NpgsqlDataSource OfHealth(string service)
    {
        var place = PlaceOf(service);
        var one = settings.Services.Order(StringComparer.Ordinal).FirstOrDefault(here => PlaceOf(here) == place)
            ?? service;
        var seconds = (int)Math.Ceiling(settings.Health.AnswersWithin.TotalSeconds);
        return sources.GetOrAdd(one + "/health", _ => Build(one, 2, seconds, builder =>
        {
            // Liveness bounds the wait; Npgsql's own timeout would block a thread while it cancels.
            builder.CommandTimeout = 0;
            builder.Options += " -c work_mem=64kB";
        }));
    }

    /// <summary>
    /// Checks that the services here and the watch role connect to one database, by whatever address, because queries
    /// across services read only the database of the watch role (decision 0003).
    /// </summary>
    /// <exception cref="InvalidOperationException">One of them connects to another database.</exception>
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

    /// <summary>A pool whose connections map dates and timestamps to NodaTime.</summary>
    public static NpgsqlDataSource Open(string connection)
    {
        var builder = new NpgsqlDataSourceBuilder(connection);
        builder.UseNodaTime();
        return builder.Build();
    }

    /// <summary>
    /// The login of a service or of the watch role, which is ISF_DATABASE_{SERVICE} if set, and otherwise ISF_DATABASE
    /// with the role's own name. In the second case the role's password is derived from the password in ISF_DATABASE.
    /// If that has none, PostgreSQL's password file (Passfile) holds each role's password.
    /// </summary>
    public static NpgsqlConnectionStringBuilder LoginOf(HostSettings settings, string service)
    {
        if (Environment.GetEnvironmentVariable("ISF_DATABASE_" + service.ToUpperInvariant()) is { Length: > 0 } own)
            return new(own);
        var login = new NpgsqlConnectionStringBuilder(settings.Database) { Username = "isf_" + service };
        if (login.Password is { Length: > 0 } secret)
        {
            login.Password = Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(login.Username)));
        }
        return login;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.DisposeAsync();
    }

    private (string?, int, string?) PlaceOf(string service)
    {
        var login = LoginOf(settings, service);
        return (login.Host, login.Port, login.Database);
    }

    private NpgsqlDataSource Build(string service, int max, int? secondsToWait = null,
        Action<NpgsqlConnectionStringBuilder>? adjust = null) =>
        Open(Address(service, max, secondsToWait, adjust));

    private string Address(string service, int max, int? secondsToWait = null,
        Action<NpgsqlConnectionStringBuilder>? adjust = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(LoginOf(settings, service).ConnectionString)
        {
            SearchPath = service,
            MaxPoolSize = max,
            ConnectionIdleLifetime = 30,
            // No setting outlives its transaction, so a connection needs no reset; a house test would find such a
            // setting. In an idle process, resets were half of all transactions.
            NoResetOnClose = true,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 3,
            // The messages of five hundred journals exceed the default buffer, and the write would have to wait.
            WriteBufferSize = 64 * 1024,
            ApplicationName = "isf_" + service,
            // Comparisons of a date with a timestamp use midnight UTC, whatever the server's own zone is.
            Timezone = "UTC",
            // PostgreSQL caches plans. A plan made while a table was empty would scan the whole table even after it
            // has grown, so the planner avoids scans; every query here has an index.
            Options = "-c enable_seqscan=off -c jit=off",
        };
        if (secondsToWait is { } seconds)
            builder.Timeout = seconds;
        adjust?.Invoke(builder);
        return builder.ConnectionString;
    }
}
