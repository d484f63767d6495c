using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Isf.Host;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Described;
using Isf.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Isf.Tests;

/// <summary>The settings that a test chooses for its host.</summary>
public sealed record TestHostTerms
{
    public string Transport { get; init; } = "memory";
    public Instant Now { get; init; } = Instant.FromUtc(2026, 6, 1, 9, 0);
    public string Services { get; init; } = "all";
    public TimeSpan LookupRetryTime { get; init; } = TimeSpan.FromSeconds(5);
    public string? Database { get; init; }
    public string? RabbitMq { get; init; }
    public string? BusPrefix { get; init; }
    public bool RunsSchedules { get; init; }
    public TimeSpan RepublishAfter { get; init; } = TimeSpan.FromSeconds(3);
    public IReadOnlyList<TimeSpan> RetryPauses { get; init; } =
    [
        TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
    ];
    public int RequestConnectionsMax { get; init; } = 6;
    // Tests send many requests of one holder on busy machines, so the wait for a turn is long. Tests of the limit set
    // their own wait.
    public TimeSpan ConnectionWait { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan WaitForFactsFor { get; init; } = TimeSpan.FromSeconds(10);
    public UploadTerms Uploads { get; init; } = new();
    // A benchmark measures the host and not the comparison with its description.
    public bool ChecksAnswers { get; init; } = true;
    public Action<WebApplicationBuilder>? Adjust { get; init; }
    public Func<HostSettings, HostSettings> Settings { get; init; } = settings => settings;
}

/// <summary>
/// The whole platform for one test: a real host on a free port, with a database of its own, in memory or on RabbitMQ
/// with names of its own. Disposing it removes everything.
/// </summary>
public sealed class TestHost : IAsyncDisposable
{
    private static int made;
    private readonly TestHostTerms terms;
    private readonly WebApplication app;
    private readonly HostSettings settings;
    // All clients share these connections, because a test that sends requests for seconds must not open thousands.
    private readonly SocketsHttpHandler connections = new() { UseCookies = false };
    private readonly ConcurrentBag<HttpClient> clients = [];

    private TestHost(
        TestHostTerms terms, WebApplication app, HostSettings settings, FakeClock clock, string database)
    {
        (this.terms, this.app, this.settings, Clock, Database) = (terms, app, settings, clock, database);
        Http = Client(null);
        Owner = Databases.Open(new NpgsqlConnectionStringBuilder(database)
        {
            Pooling = terms.Database is null,
        }.ConnectionString);
    }

    public string Home => settings.Home;

    /// <summary>The host's clock, which only the test moves.</summary>
    public FakeClock Clock { get; }

    /// <summary>The owner's connection string, for a test's own connections, each closed after its use.</summary>
    public string Database { get; }

    /// <summary>
    /// The owner's connections for a test's own questions. They are kept open where nobody stops the server, because a
    /// test asks every few milliseconds, and opening a connection takes longer than the answer.
    /// </summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>The host's URL.</summary>
    public Uri Address =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IServiceProvider Services => app.Services;

    /// <summary>A client without a token.</summary>
    public HttpClient Http { get; }

    public static async Task<TestHost> StartAsync(TestHostTerms? terms = null)
    {
        terms ??= new();
        var database = terms.Database ?? await TestServers.NewDatabaseAsync();
        var broker = terms.RabbitMq ?? (terms.Transport == "rabbitmq" ? await TestServers.RabbitMqAsync() : "");
        var settings = terms.Settings(SettingsFrom(terms, database, broker));
        var clock = new FakeClock(terms.Now);
        var app = IsfHost.Build(settings, clock, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(new TestLog());
            terms.Adjust?.Invoke(builder);
        });
        await app.StartAsync();
        return new TestHost(terms, app, settings, clock, database);
    }

    private static HostSettings SettingsFrom(TestHostTerms terms, string database, string broker) => new()
    {
        Database = new NpgsqlConnectionStringBuilder(database) { Pooling = true }.ConnectionString,
        Transport = terms.Transport,
        RabbitMq = broker,
        BusPrefix = terms.BusPrefix ?? $"t{Environment.ProcessId}-{Interlocked.Increment(ref made)}.",
        Services = terms.Services == "all" ? new HashSet<string>() : terms.Services.Split(',').ToHashSet(),
        Port = 0,
        Home = Path.Combine(Path.GetTempPath(), "isf-test-home"),
        LookupRetryTime = terms.LookupRetryTime,
        RepublishAfter = terms.RepublishAfter,
        RetryPauses = terms.RetryPauses,
        RequestConnectionsMax = terms.RequestConnectionsMax,
        ConnectionWait = terms.ConnectionWait,
        BackgroundConnectionsMax = 8,
        WatchConnectionsMax = 4,
        WaitForFactsFor = terms.WaitForFactsFor,
        Uploads = terms.Uploads,
        RunsSchedules = terms.RunsSchedules,
        RunCheckInterval = TimeSpan.FromSeconds(1),
        // A database or broker that is slow on a busy machine must not count as not available.
        Health = new() { AnswersWithin = TimeSpan.FromMinutes(1) },
    };

    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>A client with a token for the role.</summary>
    public HttpClient As(string role, string holder = "sunrise", string? user = null, string? person = null,
        string? council = null) => Client(() =>
            Callers.LocalToken(settings.Home, Clock, role, user ?? role, role == Role.Operator ? null : holder, person,
                council));

    /// <summary>A token for the role, for callers that use no client.</summary>
    public string TokenOf(string role, string holder) => Callers.LocalToken(settings.Home, Clock, role, role, holder);

    public HttpClient Sending(string token) => Client(() => token);

    public HttpClient With(params (string Name, object Value)[] claims) => Client(() => Callers.LocalToken(
        settings.Home, Clock, claims.ToDictionary(claim => claim.Name, claim => claim.Value)));

    /// <summary>Inserts a message into a service's outbox, as if that service had published it.</summary>
    public async Task PublishAsync<T>(string service, string holder, T message, string cause, params string[] fundIds)
        where T : class
    {
        await using var session = Services.GetRequiredService<Sessions>().Open(service, holder);
        session.Publish(message, cause, fundIds);
        await session.SaveChangesAsync();
    }

    /// <summary>Waits until no message is on its way. Fails if a message failed for good.</summary>
    public async Task UntilIdleAsync(TimeSpan? timeout = null)
    {
        var tracker = Services.GetRequiredService<MessageTracker>();
        await Until.AnswersAsync(async () =>
        {
            var backlog = await tracker.BacklogAsync();
            return backlog.Failed == 0 ? backlog
                : throw new TimeoutException($"Not idle: {backlog}. {string.Join(" | ", TestLog.Lately)}");
        }, backlog => backlog.IsIdle, timeout ?? TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops the host in an orderly way, as for a restart, and keeps its database.</summary>
    public async Task StopAsync() => await app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        connections.Dispose();
        var map = app.Services.GetRequiredService<ServiceMap>();
        // A host that cannot stop fails its own test and not all later ones.
        await app.StopAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await app.DisposeAsync();
        await Owner.DisposeAsync();
        if (terms.Database is null)
            await TestServers.DropAsync(Database);
        if (terms.Transport == "rabbitmq" && terms.BusPrefix is null)
            await SweepBrokerAsync(map);
    }

    private HttpClient Client(Func<string>? token)
    {
        HttpMessageHandler checks = terms.ChecksAnswers ? new DescribedAnswers(connections) : connections;
        var client = new HttpClient(new Bearer(token, checks), disposeHandler: false)
        {
            BaseAddress = Address, Timeout = TimeSpan.FromSeconds(120),
        };
        clients.Add(client);
        return client;
    }

    /// <summary>Removes the test's queues and exchanges from a shared broker.</summary>
    private async Task SweepBrokerAsync(ServiceMap map)
    {
        var factory = new ConnectionFactory { Uri = new Uri(settings.RabbitMq) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in map.Here.SelectMany(service => service.Subscriptions)
            .Select(subscription => subscription.Queue).Distinct())
        {
            foreach (var name in new[] { queue, queue + "_error", queue + "_skipped" })
            {
                await channel.QueueDeleteAsync(settings.BusPrefix + name);
                await channel.ExchangeDeleteAsync(settings.BusPrefix + name);
            }
        }
        foreach (var published in map.All.SelectMany(service => service.PublishedMessages))
        {
            var urn = MessageNames.UrnOf(published.Message);
            await channel.ExchangeDeleteAsync(settings.BusPrefix + urn.Replace(':', '.'));
        }
    }
}

/// <summary>
/// Sends each request with a token of its own, issued at the current time of the host's clock. So the token is valid
/// even if the test has moved the clock.
/// </summary>
internal sealed class Bearer(Func<string>? token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= token is null ? null : new AuthenticationHeaderValue("Bearer", token());
        return base.SendAsync(request, cancellationToken);
    }
}
