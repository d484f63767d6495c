namespace Isf.Hosting;

/// <summary>The host's configuration (the README's configuration table).</summary>
public sealed record HostSettings
{
    /// <summary>
    /// The connection string of the database; the roles' passwords are derived from the password in it (decision
    /// 0005).
    /// </summary>
    public required string Database { get; init; }

    /// <summary>The names of the services that run in this process.</summary>
    public IReadOnlySet<string> Services { get; init; } = new HashSet<string>();

    /// <summary>The transport of the bus: memory or rabbitmq.</summary>
    public string Transport { get; init; } = "memory";

    /// <summary>The broker's address: amqp://user:password@host:port/vhost.</summary>
    public string RabbitMq { get; init; } = "";

    /// <summary>The prefix of all queue and exchange names, so that installations can share a broker.</summary>
    public string BusPrefix { get; init; } = "";

    /// <summary>The port on the loopback address; 0 takes any free port.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>The URL of the OpenID Connect issuer; null for local mode.</summary>
    public string? AuthAuthority { get; init; }

    /// <summary>The audience (aud) that a token must contain; required with an issuer.</summary>
    public string? AuthAudience { get; init; }

    /// <summary>
    /// The timeout for fetching the issuer's keys; below the 5 seconds within which callers get an answer.
    /// </summary>
    public TimeSpan AuthAnswersWithin { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Token types (typ) accepted besides at+jwt.</summary>
    public IReadOnlyList<string> AuthTypes { get; init; } = [];

    /// <summary>The claim in which the issuer puts the role.</summary>
    public string AuthRoleClaim { get; init; } = "role";

    /// <summary>Maps the issuer's names of roles to our roles; empty if the issuer uses our names.</summary>
    public IReadOnlyDictionary<string, string> AuthRoles { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder that contains .isf/.</summary>
    public string Home { get; init; } = ".";

    /// <summary>How long a request retries a lookup of a document that has not arrived yet.</summary>
    public TimeSpan LookupRetryTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a query waits until the facts that it needs have arrived everywhere.</summary>
    public TimeSpan WaitForFactsFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay before a confirmed message that some consumer has not consumed is published again.</summary>
    public TimeSpan RepublishAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The pause before each retry of a message whose error is not transient. If the last retry fails too, the message
    /// has failed for good. Four pauses make five tries in ten minutes (decision 0015).
    /// </summary>
    public IReadOnlyList<TimeSpan> RetryPauses { get; init; } =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(150), TimeSpan.FromSeconds(420),
    ];

    /// <summary>The maximum number of database connections of each service in this process for requests.</summary>
    public int RequestConnectionsMax { get; init; } = 10;

    /// <summary>
    /// The maximum number of database connections of each service in this process for messages and other background
    /// work; reading a visit file takes four.
    /// </summary>
    public int BackgroundConnectionsMax { get; init; } = 10;

    /// <summary>
    /// The maximum size, in bytes, of the messages held in this process's memory for their holder's turn.
    /// </summary>
    public long HeldMessagesMax { get; init; } = 64 << 20;

    /// <summary>
    /// The maximum number of connections of the watch role in this process, for all services together.
    /// </summary>
    public int WatchConnectionsMax { get; init; } = 6;

    /// <summary>
    /// How long a request waits in all, for its holder's share and then for a connection of the pool, before it is
    /// refused with Retry-After. It is below the five seconds of api.md.
    /// </summary>
    public TimeSpan ConnectionWait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether this process runs schedules by the clock.</summary>
    public bool RunsSchedules { get; init; } = true;

    /// <summary>How often each service in this process checks whether a scheduled run is due.</summary>
    public TimeSpan RunCheckInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether operators see the jobs of scheduled runs at /admin/jobs.</summary>
    public bool ShowsJobs { get; init; }

    /// <summary>The limits on one holder's uploads.</summary>
    public UploadTerms Uploads { get; init; } = new();

    /// <summary>The settings of the installation's health checks.</summary>
    public HealthTerms Health { get; init; } = new();

    /// <summary>The OTLP endpoint for traces and metrics; if null, nothing is exported.</summary>
    public string? OtlpEndpoint { get; init; }
}

/// <summary>The settings of the installation's health checks.</summary>
public sealed record HealthTerms
{
    /// <summary>The services of the installation, here or on other hosts; empty means all of the platform.</summary>
    public IReadOnlySet<string> Installed { get; init; } = new HashSet<string>();

    /// <summary>How often each process renews the heartbeats of its services.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The timeout of a database's health query; after it, the database counts as hanging.</summary>
    public TimeSpan AnswersWithin { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The limits on one holder's uploads, so that they cannot use up the host.</summary>
public sealed record UploadTerms
{
    /// <summary>The maximum size of a body in bytes, without the framing of its chunks (api.md: 1 GiB).</summary>
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>The maximum number of concurrent uploads of one holder in this process.</summary>
    public int AtATime { get; init; } = 8;

    /// <summary>
    /// The minimum rate in bytes a second, averaged since the upload began, once the grace period is over.
    /// </summary>
    public int BytesASecond { get; init; } = 4096;

    /// <summary>The grace period during which an upload may be slower; more than a second.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The folder for bodies that do not fit into memory; the system's temporary folder by default.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}
