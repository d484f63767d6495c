using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Isf.Hosting.Data;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Hosting.Messaging;

/// <summary>
/// The result of consuming a message. AwaitedKey is the key for which the message has to be deferred; null if the
/// message has had its effect.
/// </summary>
public readonly record struct ConsumeResult(string? AwaitedKey)
{
    /// <summary>The message has had its effect; the session's changes are committed with the inbox row.</summary>
    public static ConsumeResult Done => default;

    /// <summary>Nothing is saved; the message is deferred until a commit releases this key.</summary>
    public static ConsumeResult DeferUntil(string key) => new(key);
}

/// <summary>
/// Consumes one type of message. A consumer never saves, because its changes are committed after it has returned.
/// </summary>
public interface IConsume<in TMessage>
{
    /// <summary>Does the work that follows from the message, in the session's one transaction.</summary>
    Task<ConsumeResult> ConsumeAsync(TMessage message, Session session, CancellationToken stop);
}

/// <summary>
/// A consumer of one type of message, with its queue. ConcurrencyLimit is the number of the queue's messages that a
/// process consumes at once, Consume calls the consumer, and Connect attaches the dispatcher to the queue's endpoint.
/// </summary>
public sealed record Subscription(
    Type Message,
    Type Consumer,
    string Queue,
    int ConcurrencyLimit,
    Func<IServiceProvider, object, Session, CancellationToken, Task<ConsumeResult>> Consume,
    Action<IReceiveEndpointConfigurator, Func<ConsumeContext, object, Task>> Connect)
{
    /// <summary>
    /// The function that joins several messages of one holder, in their order, into one; null if each message is
    /// consumed by itself. A consumer of joined messages must publish nothing, because what it publishes would follow
    /// from several facts.
    /// </summary>
    public Func<IEnumerable<object>, object>? Join { get; init; }

    /// <summary>
    /// The largest number of one holder's messages that a process consumes from the queue at once. It is one less than
    /// the queue's limit, so that one place is always left to other holders.
    /// </summary>
    public int ConcurrencyLimitOfHolder => ConcurrencyLimit - 1;

    /// <summary>
    /// Deserializes a message leniently, as the bus does, because a message from a later release may have more fields.
    /// </summary>
    /// <exception cref="JsonException">The body is not a message of this type.</exception>
    public object Read(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, Message, SystemTextJsonMessageSerializer.Options)
            ?? throw new JsonException($"The {MessageNames.UrnOf(Message)} has a null body.");
}

/// <summary>
/// A type of message that a service may publish, and the function that names its exchange on the bus.
/// </summary>
public sealed record PublishedMessage(Type Message, Action<IBusFactoryConfigurator, string> NameOn);

/// <summary>
/// A request for one holder's run of a schedule. UpTo is the last day that the run covers. AskedBy is the id of the
/// run, unique among the holder's runs of that schedule.
/// </summary>
public sealed record RunRequest(string HolderId, string Schedule, LocalDate UpTo, string RunId);

/// <summary>
/// A named schedule, with its times (cron with seconds, Europe/London) and the function that makes the message that
/// requests a run. A run belongs to a night or, if Hourly is set, to an hour.
/// </summary>
public sealed record ScheduleTerms(string Name, string Cron, Func<RunRequest, object> ToMessage, bool Hourly);

/// <summary>
/// A service's table of contents, which lists by hand the messages that it publishes and consumes, its schedules and
/// its routes. The service's name is also the name of its schema, the end of its database role's name and the start of
/// its queues' names.
/// </summary>
public sealed class Service(string name, Assembly home) : ServiceSchema(name, home)
{
    private readonly List<PublishedMessage> publishedMessages = [];
    private readonly List<Subscription> subscriptions = [];
    private readonly List<ScheduleTerms> schedules = [];
    private readonly List<Action<IServiceCollection>> uses = [];
    private readonly List<Action<IEndpointRouteBuilder>> routes = [];

    /// <summary>The messages that the service publishes.</summary>
    public IReadOnlyList<PublishedMessage> PublishedMessages => publishedMessages;

    /// <summary>The service's consumers.</summary>
    public IReadOnlyList<Subscription> Subscriptions => subscriptions;

    /// <summary>The service's schedules.</summary>
    public IReadOnlyList<ScheduleTerms> ScheduleTerms => schedules;

    /// <summary>Declares a message that the service publishes.</summary>
    public Service Publishes<TMessage>() where TMessage : class
    {
        var entity = typeof(TMessage).GetCustomAttribute<EntityNameAttribute>()?.EntityName
            ?? throw new InvalidOperationException($"{typeof(TMessage).Name} needs an [EntityName].");
        publishedMessages.Add(new(typeof(TMessage),
            (bus, prefix) => bus.Message<TMessage>(topology => topology.SetEntityName(prefix + entity))));
        return this;
    }

    /// <summary>
    /// Declares a consumer of this message. One holder's messages never take all places of the queue, so that other
    /// holders' messages go on.
    /// </summary>
    /// <param name="queue">The part of the queue's name after the service's name. It is written by hand, because inbox
    /// rows and deferred messages refer to it, and it stays the same when the consumer is renamed.</param>
    /// <param name="atOnce">How many messages of the queue a process consumes at once.</param>
    /// <param name="join">The function that joins messages of one holder that wait for their turn, in their order,
    /// into one; null if each message is consumed by itself.</param>
    public Service Consumes<TMessage, TConsumer>(
        string queue, int atOnce = 3, Func<IEnumerable<TMessage>, TMessage>? join = null)
        where TMessage : class where TConsumer : class, IConsume<TMessage>
    {
        var create = ActivatorUtilities.CreateFactory<TConsumer>([]);
        subscriptions.Add(new(typeof(TMessage), typeof(TConsumer), $"{Name}-{queue}", atOnce,
            (services, message, session, stop) =>
                create(services, null).ConsumeAsync((TMessage)message, session, stop),
            (endpoint, dispatcher) => endpoint.Handler<TMessage>(context => dispatcher(context, context.Message)))
        {
            Join = join is null ? null : messages => join(messages.Cast<TMessage>()),
        });
        return this;
    }

    /// <summary>
    /// Declares a schedule with its default times, at which each holder registered in the service has a run.
    /// </summary>
    public Service Schedules(string schedule, string cron, Func<RunRequest, object> toMessage, bool hourly = false)
    {
        schedules.Add(new(schedule, cron, toMessage, hourly));
        return this;
    }

    /// <summary>
    /// Declares a document type. The migrations create its table, whose name is Marten's prefix and the given name.
    /// The table's name stays the same when the type is renamed.
    /// </summary>
    public Service Document<TDocument>(string name)
    {
        AddDocument(typeof(TDocument), name);
        return this;
    }

    /// <summary>
    /// Declares that a member of a document type has a column of its own, which the migrations create.
    /// </summary>
    public Service Column<TDocument>(Expression<Func<TDocument, object?>> member, string column)
    {
        AddColumn(new(member, column));
        return this;
    }

    /// <summary>Adds a function that registers the dependencies of the service's features in the container.</summary>
    public Service Uses(Action<IServiceCollection> register)
    {
        uses.Add(register);
        return this;
    }

    internal Service Maps(Action<IEndpointRouteBuilder> map)
    {
        routes.Add(map);
        return this;
    }

    internal void Register(IServiceCollection services) => uses.ForEach(use => use(services));

    internal void Map(IEndpointRouteBuilder endpoints) => routes.ForEach(map => map(endpoints));
}

/// <summary>
/// All six services in the order in which facts flow, and the messages that they publish and consume.
/// </summary>
public sealed class ServiceMap
{
    private readonly Dictionary<string, Type> byUrn;
    private readonly Dictionary<string, (string Service, string Queue)[]> consumers;

    /// <summary>Takes every service of the platform, and the names of those that run in this process.</summary>
    public ServiceMap(IReadOnlyList<Service> all, IReadOnlySet<string> ownNames)
    {
        All = all;
        Here = [.. all.Where(service => ownNames.Contains(service.Name))];
        byUrn = all.SelectMany(service => service.PublishedMessages).Select(published => published.Message)
            .ToDictionary(MessageNames.UrnOf);
        consumers = all
            .SelectMany(service =>
                service.Subscriptions.Select(subscription =>
                    (Urn: MessageNames.UrnOf(subscription.Message), service.Name,
                    subscription.Queue)))
            .GroupBy(consumer => consumer.Urn)
            .ToDictionary(same => same.Key,
                same => same.Select(consumer => (consumer.Name, consumer.Queue)).Distinct().ToArray());
    }

    /// <summary>Every service, in the order in which facts flow.</summary>
    public IReadOnlyList<Service> All { get; }

    /// <summary>The services that run in this process.</summary>
    public IReadOnlyList<Service> Here { get; }

    /// <summary>
    /// The type of the messages with this name on the wire; throws if no service of this release publishes them.
    /// </summary>
    public Type TypeOf(string urn) => byUrn[urn];

    /// <summary>Whether a service of this release publishes the message of this name on the wire.</summary>
    public bool Publishes(string urn) => byUrn.ContainsKey(urn);

    /// <summary>
    /// Every consumer, as the name of its message on the wire, its service and its queue. A message's outbox row is
    /// deleted only when all consumers of the message have consumed it.
    /// </summary>
    public IEnumerable<(string Urn, string Service, string Queue)> Consumers =>
        consumers.SelectMany(entry => entry.Value.Select(consumer => (entry.Key, consumer.Service, consumer.Queue)));
}
