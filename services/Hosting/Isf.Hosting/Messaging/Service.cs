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

/// <summary>The result of consuming a message: it is done, or has to be deferred until another fact arrives.</summary>
public readonly record struct ConsumeResult(string? AwaitedKey)
{
    /// <summary>The message has had its effect; the session's changes are committed with the inbox row.</summary>
    public static ConsumeResult Done => default;

    /// <summary>Nothing is saved; the message is deferred until a commit releases this key.</summary>
    public static ConsumeResult DeferUntil(string key) => new(key);
}

/// <summary>Consumes one type of message. A consumer never saves: its changes are committed when it returns.</summary>
public interface IConsume<in TMessage>
{
    /// <summary>Does the work that follows from the message, in the session's one transaction.</summary>
    Task<ConsumeResult> ConsumeAsync(TMessage message, Session session, CancellationToken stop);
}

/// <summary>
/// A consumer of one message: its queue, the number of messages of the queue that a process consumes at once, and the
/// call.
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
    /// Joins several messages of a holder into one, in their order; null if they are not joined. A consumer of joined
    /// messages publishes nothing, because it could not tell from which of them that follows.
    /// </summary>
    public Func<IEnumerable<object>, object>? Join { get; init; }

    /// <summary>The limit for one holder: the last place always belongs to another.</summary>
    public int ConcurrencyLimitOfHolder => ConcurrencyLimit - 1;

    /// <summary>
    /// Deserializes a message leniently, like the bus: one from a later release may have more fields.
    /// </summary>
    /// <exception cref="JsonException">The body is not such a message.</exception>
    public object Read(ReadOnlySpan<byte> words) =>
        JsonSerializer.Deserialize(words, Message, SystemTextJsonMessageSerializer.Options)
            ?? throw new JsonException($"The {MessageNames.UrnOf(Message)} has a null body.");
}

/// <summary>A message that a service may publish, and how its exchange is named on the bus.</summary>
public sealed record PublishedMessage(Type Message, Action<IBusFactoryConfigurator, string> NameOn);

/// <summary>The request for a scheduled run: for a holder, up to and including a day.</summary>
public sealed record ScheduleAsk(string HolderId, string Schedule, LocalDate UpTo, string AskedBy);

/// <summary>
/// A named schedule: its times (cron with seconds, Europe/London) and the message that asks for the run. A run belongs
/// to a night, or to an hour.
/// </summary>
public sealed record ScheduleTerms(string Name, string Cron, Func<ScheduleAsk, object> Ask, bool Hourly);

/// <summary>
/// A service's table of contents: the messages it publishes and consumes, its schedules and its routes, listed by hand.
/// The name is also its schema, the end of its database role and the start of its queues.
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
    /// Declares a consumer of this message, with its limit for a process, of which one holder may have all but one.
    /// Waiting messages of a holder may be joined and consumed as one.
    /// </summary>
    /// <param name="queue">The queue's name after the service's, written by hand: inbox rows and deferred messages
    /// refer to it, so it stays when the consumer is renamed.</param>
    /// <param name="atOnce">How many messages of the queue a process consumes at once.</param>
    /// <param name="join">Joins several messages of a holder into one, in their order.</param>
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

    /// <summary>Declares a run at set times, for every holder registered in the service.</summary>
    public Service Schedules(string schedule, string cron, Func<ScheduleAsk, object> ask, bool hourly = false)
    {
        schedules.Add(new(schedule, cron, ask, hourly));
        return this;
    }

    /// <summary>
    /// Declares a document type, stored in the table of this name, which the migrations create. The table keeps its
    /// name when the type is renamed.
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

    /// <summary>Registers the dependencies of its features in the container.</summary>
    public Service Uses(Action<IServiceCollection> register)
    {
        uses.Add(register);
        return this;
    }

    /// <summary>Maps its routes.</summary>
    public Service Routes(Action<IEndpointRouteBuilder> map)
    {
        routes.Add(map);
        return this;
    }

    internal void Register(IServiceCollection services) => uses.ForEach(use => use(services));

    internal void Map(IEndpointRouteBuilder endpoints) => routes.ForEach(map => map(endpoints));
}

/// <summary>All six services in the order in which facts flow, with lookups derived from their lists.</summary>
public sealed class ServiceMap
{
    private readonly Dictionary<string, Type> byUrn;
    private readonly Dictionary<string, (string Service, string Queue)[]> consumers;

    /// <summary>Takes every service of the platform, and the names of those that run in this process.</summary>
    public ServiceMap(IReadOnlyList<Service> all, IReadOnlySet<string> here)
    {
        All = all;
        Here = [.. all.Where(service => here.Contains(service.Name))];
        byUrn = all.SelectMany(service => service.PublishedMessages).Select(published => published.Message)
            .ToDictionary(MessageNames.UrnOf);
        consumers = all
            .SelectMany(service =>
                service.Subscriptions.Select(subscription =>
                    (Urn: MessageNames.UrnOf(subscription.Message), service.Name,
                    subscription.Queue)))
            .GroupBy(hearing => hearing.Urn)
            .ToDictionary(same => same.Key,
                same => same.Select(hearing => (hearing.Name, hearing.Queue)).Distinct().ToArray());
    }

    /// <summary>Every service, left to right.</summary>
    public IReadOnlyList<Service> All { get; }

    /// <summary>The services that run in this process.</summary>
    public IReadOnlyList<Service> Here { get; }

    /// <summary>The message type for a name on the wire.</summary>
    public Type TypeOf(string urn) => byUrn[urn];

    /// <summary>Whether a service of this release publishes the message of this name on the wire.</summary>
    public bool Knows(string urn) => byUrn.ContainsKey(urn);

    /// <summary>
    /// Every (name on the wire, service, queue) that must have consumed a message before its outbox row can be deleted.
    /// </summary>
    public IEnumerable<(string Urn, string Service, string Queue)> Consumers =>
        consumers.SelectMany(entry => entry.Value.Select(hearer => (entry.Key, hearer.Service, hearer.Queue)));
}
