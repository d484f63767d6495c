namespace Isf.Hosting;

/// <summary>What a host is told from outside: see the README's configuration table.</summary>
public sealed record HostSettings
{
    /// <summary>Where the database is, with the passwords of its roles.</summary>
    public required string Database { get; init; }

    /// <summary>The services that run here.</summary>
    public IReadOnlySet<string> Services { get; init; } = new HashSet<string>();

    /// <summary>memory or rabbitmq.</summary>
    public string Transport { get; init; } = "memory";

    /// <summary>amqp://user:password@host:port/vhost</summary>
    public string RabbitMq { get; init; } = "";

    /// <summary>Put before the names of all queues and exchanges, so that installations can share a broker.</summary>
    public string BusPrefix { get; init; } = "";

    /// <summary>The port on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>The OpenID Connect issuer; null for local mode.</summary>
    public string? AuthAuthority { get; init; }

    /// <summary>What a token's aud must contain; needed with an issuer.</summary>
    public string? AuthAudience { get; init; }

    /// <summary>How long the issuer may take to tell its keys; a caller is answered within 5 seconds.</summary>
    public TimeSpan AuthAnswersWithin { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Types of token (typ) that are taken beside at+jwt.</summary>
    public IReadOnlyList<string> AuthTypes { get; init; } = [];

    /// <summary>The claim in which the issuer says the role.</summary>
    public string AuthRoleClaim { get; init; } = "role";

    /// <summary>The issuer's words for our roles; where none is listed, it uses ours.</summary>
    public IReadOnlyDictionary<string, string> AuthRoles { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder in which .isf/ lies.</summary>
    public string Home { get; init; } = ".";

    /// <summary>How long something not heard of yet is looked for again.</summary>
    public TimeSpan LookAgainFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a question waits for its fact to arrive.</summary>
    public TimeSpan WaitForFactsFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a message that was confirmed but not heard everywhere is said again.</summary>
    public TimeSpan RepublishAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a message whose error will not pass by itself is left before each further try; after the last one it is
    /// failed. Four pauses, five tries, ten minutes (decision 0015).
    /// </summary>
    public IReadOnlyList<TimeSpan> RetryPauses { get; init; } =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(150), TimeSpan.FromSeconds(420),
    ];

    /// <summary>The most database connections of each service in this process for requests.</summary>
    public int RequestConnectionsMost { get; init; } = 10;

    /// <summary>The same for messages and whatever else no caller waits for; a file being read takes four.</summary>
    public int BackgroundConnectionsMost { get; init; } = 10;

    /// <summary>The most bytes of messages that wait in this process's memory for their holder's turn.</summary>
    public long HeldMessagesMost { get; init; } = 64 << 20;

    /// <summary>The most connections that look for what is on its way, for all services together.</summary>
    public int WatchConnectionsMost { get; init; } = 6;

    /// <summary>
    /// How long a request waits for a connection, of its holder's share or at all, before it is told to come again:
    /// within the five seconds of api.md.
    /// </summary>
    public TimeSpan WaitForPlaceFor { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether scheduled runs happen by the clock here.</summary>
    public bool RunsSchedules { get; init; } = true;

    /// <summary>How often each service here looks whether a scheduled run is due.</summary>
    public TimeSpan LookForRunsEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether operators see the jobs of scheduled runs at /admin/jobs.</summary>
    public bool ShowsJobs { get; init; }

    /// <summary>What one holder's uploads may take.</summary>
    public UploadTerms Uploads { get; init; } = new();

    /// <summary>How the installation knows that all of it is well.</summary>
    public HealthTerms Health { get; init; } = new();

    /// <summary>Where traces and metrics go, by OTLP; null for nowhere.</summary>
    public string? OtlpEndpoint { get; init; }
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

/// <summary>How much of the host one holder's uploads may take, and for how long.</summary>
public sealed record UploadTerms
{
    /// <summary>The most bytes of a body, its framing not counted (api.md: 1 GiB).</summary>
    public long BytesMost { get; init; } = 1L << 30;

    /// <summary>The most uploads of one holder at a time in this process.</summary>
    public int AtATime { get; init; } = 8;

    /// <summary>The least rate, on average since the upload began, once the grace is over.</summary>
    public int BytesASecond { get; init; } = 4096;

    /// <summary>For how long an upload may be slower; more than a second.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where bodies that do not fit into memory wait; by default the system's folder for such files.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}
