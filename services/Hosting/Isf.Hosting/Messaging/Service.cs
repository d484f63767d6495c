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

/// <summary>What came of hearing a message: it is done, or it must wait for something not heard of yet.</summary>
public readonly record struct ConsumeResult(string? AwaitedKey)
{
    /// <summary>
    /// The message has had its effect; what the session holds is committed with the note that it was heard.
    /// </summary>
    public static ConsumeResult Done => default;

    /// <summary>Nothing is kept; the message is parked under this key until a commit takes the key up.</summary>
    public static ConsumeResult DeferUntil(string key) => new(key);
}

/// <summary>Hears one kind of message. A consumer never saves: what it did is committed when it returns.</summary>
public interface IConsume<in TMessage>
{
    /// <summary>Does what follows from the message, in the session's one transaction.</summary>
    Task<ConsumeResult> ConsumeAsync(TMessage message, Session session, CancellationToken stop);
}

/// <summary>
/// A consumer of one message: its queue, how many messages of the queue are worked on at once in a process, and how to
/// call it.
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
    /// One message that says what several of a holder say, in their order; null where they are not joined. A consumer
    /// whose messages are joined says nothing itself: nobody could tell from which of them it follows.
    /// </summary>
    public Func<IEnumerable<object>, object>? Join { get; init; }

    /// <summary>How many of one holder's: the last place is always another's.</summary>
    public int ConcurrencyLimitOfHolder => ConcurrencyLimit - 1;

    /// <summary>
    /// Reads a message as the bus does: one of a later release may say more than is known here.
    /// </summary>
    /// <exception cref="JsonException">The words are no such message.</exception>
    public object Read(ReadOnlySpan<byte> words) =>
        JsonSerializer.Deserialize(words, Message, SystemTextJsonMessageSerializer.Options)
            ?? throw new JsonException($"The {MessageNames.UrnOf(Message)} says nothing.");
}

/// <summary>A message that a service may say, and how its exchange is named on the bus.</summary>
public sealed record PublishedMessage(Type Message, Action<IBusFactoryConfigurator, string> NameOn);

/// <summary>What a schedule asks for when its time comes: a run for a holder, up to and including a day.</summary>
public sealed record ScheduleAsk(string HolderId, string Schedule, LocalDate UpTo, string AskedBy);

/// <summary>
/// A named schedule: when it runs (cron with seconds, Europe/London) and the message that asks for the run. A run
/// stands for a night, or for an hour.
/// </summary>
public sealed record ScheduleTerms(string Name, string Cron, Func<ScheduleAsk, object> Ask, bool Hourly);

/// <summary>
/// A service's table of contents: all it says, hears, schedules and answers, listed by hand. The name is also its
/// schema, the end of its database role and the start of its queues.
/// </summary>
public sealed class Service(string name, Assembly home) : ServiceSchema(name, home)
{
    private readonly List<PublishedMessage> publishedMessages = [];
    private readonly List<Subscription> subscriptions = [];
    private readonly List<ScheduleTerms> schedules = [];
    private readonly List<Action<IServiceCollection>> uses = [];
    private readonly List<Action<IEndpointRouteBuilder>> routes = [];

    /// <summary>The messages it says.</summary>
    public IReadOnlyList<PublishedMessage> PublishedMessages => publishedMessages;

    /// <summary>Its consumers.</summary>
    public IReadOnlyList<Subscription> Subscriptions => subscriptions;

    /// <summary>Its schedules.</summary>
    public IReadOnlyList<ScheduleTerms> ScheduleTerms => schedules;

    /// <summary>It may say this message.</summary>
    public Service Publishes<TMessage>() where TMessage : class
    {
        var entity = typeof(TMessage).GetCustomAttribute<EntityNameAttribute>()?.EntityName
            ?? throw new InvalidOperationException($"{typeof(TMessage).Name} needs an [EntityName].");
        publishedMessages.Add(new(typeof(TMessage),
            (bus, prefix) => bus.Message<TMessage>(topology => topology.SetEntityName(prefix + entity))));
        return this;
    }

    /// <summary>
    /// Consumes this message with this consumer: so many at once in a process, of which a holder may have all but one.
    /// Waiting messages of a holder may be joined and consumed as one.
    /// </summary>
    /// <param name="queue">
    /// The queue's name after the service's, written by hand: inbox rows and waiting messages keep it, so it stays when
    /// the consumer gets another name.
    /// </param>
    /// <param name="atOnce">How many messages of the queue a process works on at once.</param>
    /// <param name="join">Makes one message of several of a holder, in their order.</param>
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

    /// <summary>A run that it asks of itself at set times, for every holder it knows.</summary>
    public Service Schedules(string schedule, string cron, Func<ScheduleAsk, object> ask, bool hourly = false)
    {
        schedules.Add(new(schedule, cron, ask, hourly));
        return this;
    }

    /// <summary>
    /// Stores documents of this type in the table of this name, which the migrations make. The table keeps its name
    /// when the type gets another.
    /// </summary>
    public Service Document<TDocument>(string name)
    {
        AddDocument(typeof(TDocument), name);
        return this;
    }

    /// <summary>A member of a document type lies in a column of its own, which the migrations make.</summary>
    public Service Column<TDocument>(Expression<Func<TDocument, object?>> member, string column)
    {
        AddColumn(new(member, column));
        return this;
    }

    /// <summary>What its features need from the container.</summary>
    public Service Uses(Action<IServiceCollection> register)
    {
        uses.Add(register);
        return this;
    }

    /// <summary>The routes it answers.</summary>
    public Service Routes(Action<IEndpointRouteBuilder> map)
    {
        routes.Add(map);
        return this;
    }

    internal void Register(IServiceCollection services) => uses.ForEach(use => use(services));

    internal void Map(IEndpointRouteBuilder endpoints) => routes.ForEach(map => map(endpoints));
}

/// <summary>All six services in the order in which facts flow, and what follows from their lists.</summary>
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

    /// <summary>Those that run in this process.</summary>
    public IReadOnlyList<Service> Here { get; }

    /// <summary>The message type that this name on the wire stands for.</summary>
    public Type TypeOf(string urn) => byUrn[urn];

    /// <summary>Whether a service of this release says the message of this name on the wire.</summary>
    public bool Knows(string urn) => byUrn.ContainsKey(urn);

    /// <summary>Every (name on the wire, service, queue) that must hear a message before it is over.</summary>
    public IEnumerable<(string Urn, string Service, string Queue)> Consumers =>
        consumers.SelectMany(entry => entry.Value.Select(hearer => (entry.Key, hearer.Service, hearer.Queue)));
}
