using System.Collections.Concurrent;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting;

/// <summary>Puts one message on the bus and returns when the broker has confirmed it.</summary>
public interface IPublisher
{
    /// <summary>
    /// Publishes the words of a row, a message of this type; throws when the broker did not take it before the
    /// deadline.
    /// </summary>
    Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline);
}

internal sealed class BusPublisher(IBus bus) : IPublisher
{
    private const int FundsOfHeader = 1000;
    private static readonly ConcurrentDictionary<Type, object> Names = new();

    public Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline) =>
        // The bus asks for a message to know its type by; what travels are the row's own words, unread.
        bus.Publish(Names.GetOrAdd(type, RuntimeHelpers.GetUninitializedObject), type,
        Pipe.Execute<PublishContext>(context =>
        {
            context.Serializer = new PreSerializedBody(row.Body);
            context.MessageId = row.MessageId;
            context.Headers.Set(InboxDispatcher.HolderHeader, row.HolderId);
            context.Headers.Set(InboxDispatcher.FactHeader, row.Fact.ToString());
            // A header must fit one frame of the broker: of very many funds it says that it may be any.
            context.Headers.Set(InboxDispatcher.FundsHeader,
                row.Funds.Length > FundsOfHeader ? MessageTracker.AnyFund : string.Join(',', row.Funds));
            context.Headers.Set(InboxDispatcher.TraceHeader, System.Diagnostics.Activity.Current?.Id ?? row.Trace);
        }), deadline);

    /// <summary>Puts words that are JSON already into the bus's envelope as they are.</summary>
    private sealed class PreSerializedBody(byte[] words) : IMessageSerializer
    {
        private static readonly JsonSerializerOptions Envelope =
            new(SystemTextJsonMessageSerializer.Options) { Converters = { new RawJsonConverter() } };

        public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class =>
            new SystemTextJsonMessageBody<T>(context, Envelope,
                new JsonMessageEnvelope(context, this) { MessageType = MessageTypeCache<T>.MessageTypeNames });

        private sealed class RawJsonConverter : JsonConverter<PreSerializedBody>
        {
            public override PreSerializedBody Read(
                ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                throw new NotSupportedException("Words are only said here.");

            public override void Write(Utf8JsonWriter writer, PreSerializedBody value, JsonSerializerOptions options) =>
                writer.WriteRawValue(value.Words, skipInputValidation: true);
        }

        private byte[] Words => words;
    }
}

/// <summary>
/// Reads the bus's envelopes, and the message in each once, as the type that it says it is. The bus's own reader, which
/// knows no type yet, goes over all of it three times.
/// </summary>
internal sealed class MessageReader(ServiceMap map) : IMessageDeserializer, ISerializerFactory
{
    private static readonly SystemTextJsonMessageSerializer Otherwise = SystemTextJsonMessageSerializer.Instance;

    private readonly Dictionary<string, Type> types = map.All.SelectMany(service => service.Subscriptions)
        .Select(subscription => subscription.Message).Distinct().ToDictionary(MessageUrn.ForTypeString,
            StringComparer.Ordinal);

    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;

    public IMessageSerializer CreateSerializer() => Otherwise;

    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody(string text) => Otherwise.GetMessageBody(text);

    public void Probe(ProbeContext context) => Otherwise.Probe(context);

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(receiveContext,
        Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        var bytes = body.GetBytes();
        if (Message(bytes) is not var (start, end)
            || Without(bytes, start, end) is not { MessageType: { } urns } envelope
            || urns.Select(types.GetValueOrDefault).FirstOrDefault(type => type is not null) is not { } type)
        {
            return Otherwise.Deserialize(body, headers, destinationAddress);
        }
        var options = SystemTextJsonMessageSerializer.Options;
        var message = JsonSerializer.Deserialize(bytes.AsSpan(start..end), type, options)
            ?? throw new SerializationException($"A message of type {type.Name} says nothing.");
        return new SystemTextJsonSerializerContext(Otherwise, options, ContentType,
            new EnvelopeMessageContext(envelope, Otherwise), urns, envelope, message);
    }

    // Where the message stands in the envelope.
    internal static (int Start, int End)? Message(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMessage && reader.TokenType == JsonTokenType.EndObject)
                return (start, (int)reader.BytesConsumed);
        }
        return null;
    }

    internal static MessageEnvelope? Without(byte[] bytes, int start, int end)
    {
        byte[] rest = [.. bytes.AsSpan(..start), .. "{}"u8, .. bytes.AsSpan(end..)];
        return JsonSerializer.Deserialize<MessageEnvelope>(rest, SystemTextJsonMessageSerializer.Options);
    }
}

/// <summary>A message as it travels: its headers, and its words unread.</summary>
internal sealed record SentMessage(
    Guid Id, string HolderId, string Urn, Guid Fact, string[] Funds, string? Trace, byte[] Body)
{
    /// <summary>Null for what is no message of the platform.</summary>
    public static SentMessage? Read(byte[] bytes)
    {
        try
        {
            if (MessageReader.Message(bytes) is not var (start, end)
                || MessageReader.Without(bytes, start, end) is not { MessageType: [{ } type, ..] } envelope)
            {
                return null;
            }
            string? Header(string name) =>
                envelope.Headers is { } all && all.TryGetValue(name, out var value) ? value?.ToString() : null;
            const string prefix = "urn:message:";
            return Guid.TryParse(envelope.MessageId, out var id)
                && Guid.TryParse(Header(InboxDispatcher.FactHeader), out var fact)
                && Header(InboxDispatcher.HolderHeader) is { } holder
                && type.StartsWith(prefix, StringComparison.Ordinal)
                ? new(id, holder, type[prefix.Length..], fact,
                    Header(InboxDispatcher.FundsHeader)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
                    Header(InboxDispatcher.TraceHeader), bytes[start..end])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// The bus: MassTransit on RabbitMQ (quorum queues) or in memory. Every exchange is named by hand in the contracts,
/// every queue by its service and consumer; nothing is scanned.
/// </summary>
public static class Bus
{
    /// <summary>Adds the floor and the services that run here to the container.</summary>
    public static void AddServices(this IServiceCollection services, HostSettings settings, ServiceMap map)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(map);
        services.AddSingleton(settings).AddSingleton(map).AddSingleton<Databases>().AddSingleton<Liveness>()
            .AddSingleton<DocumentStores>()
            .AddSingleton<OutboxSignal>().AddSingleton<Sessions>().AddSingleton<DeferredMessages>()
            .AddSingleton<OutboxDoor>().AddSingleton<HolderTurns>().AddSingleton<HeldMessages>()
            .AddSingleton<InboxDispatcher>()
            .AddSingleton<MessageTracker>()
            .AddSingleton<MessageDecisions>().AddSingleton<WatchedMessages>()
            .AddSingleton<Uploads>().AddSingleton<CopyCheck>().AddSingleton<WatchedFacts>()
            .AddSingleton<IPublisher, BusPublisher>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = settings.Transport == "memory";
            host.StopTimeout = TimeSpan.FromSeconds(5);
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            if (settings.Transport == "memory")
            {
                bus.UsingInMemory((context, memory) => Configure(memory, context, settings, map));
            }
            else
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(new Uri(settings.RabbitMq), host => host.PublisherConfirmation = true);
                    Configure(rabbit, context, settings, map);
                });
            }
        });
        services.AddSingleton<IHostedService>(host => host.GetRequiredService<HeldMessages>());
        foreach (var service in map.Here)
        {
            service.Register(services);
            services.AddSingleton<IHostedService>(host =>
                ActivatorUtilities.CreateInstance<OutboxRelay>(host, service, Log(host, "OutboxRelay")));
            services.AddSingleton<IHostedService>(host =>
                ActivatorUtilities.CreateInstance<DeferredDispatcher>(host, service, Log(host, "DeferredDispatcher")));
        }
        services.AddSingleton<IHostedService>(host =>
            new OutboxCleaner(map.Here, host, settings, Log(host, "OutboxCleaner")));
    }

    private static ILogger Log(IServiceProvider host, string name) =>
        host.GetRequiredService<ILoggerFactory>().CreateLogger("Isf.Hosting." + name);

    private static void Configure(IBusFactoryConfigurator bus, IBusRegistrationContext context, HostSettings settings,
        ServiceMap map)
    {
        bus.ConfigureJsonSerializerOptions(IsfJson.ApplyToWire);
        bus.AddDeserializer(new MessageReader(map), isDefault: true);
        foreach (var said in map.All.SelectMany(service => service.PublishedMessages))
        {
            said.NameOn(bus, settings.BusPrefix);
        }
        var dispatcher = context.GetRequiredService<InboxDispatcher>();
        var deferred = context.GetRequiredService<DeferredMessages>();
        foreach (var service in map.Here)
        {
            foreach (var queue in service.Subscriptions.GroupBy(subscription => subscription.Queue))
            {
                bus.ReceiveEndpoint(settings.BusPrefix + queue.Key, endpoint =>
                {
                    // How many are worked on HolderTurns decides: what came from the broker waits there a moment.
                    endpoint.PrefetchCount = 8;
                    endpoint.ConcurrentMessageLimit = 8;
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                    {
                        rabbit.SetQuorumQueue();
                    }
                    // What soon passes is tried again here, for some three seconds, with pauses jittered by a fifth
                    // each way. What does not is kept aside, so that the queue's next messages go on.
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Handle<Exception>(Faults.IsWorthAnInstant);
                        retry.Exponential(5, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2),
                            TimeSpan.FromMilliseconds(100));
                    });
                    endpoint.ConfigureError(error =>
                    {
                        error.UseFilter(new FaultFilter(service, queue.Key, deferred));
                        error.UseFilter(new ErrorTransportFilter());
                    });
                    foreach (var hearing in queue)
                    {
                        hearing.Connect(endpoint,
                            (consumed, message) => dispatcher.DispatchAsync(service, hearing, consumed, message));
                    }
                });
            }
        }
    }
}
