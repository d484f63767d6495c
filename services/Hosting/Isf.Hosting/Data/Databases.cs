using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Isf.Hosting.Data;

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
