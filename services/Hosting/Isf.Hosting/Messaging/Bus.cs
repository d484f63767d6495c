using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Configures the bus, which is MassTransit on RabbitMQ (quorum queues) or in memory. The contracts name every
/// exchange and the services name every queue by hand; nothing is scanned.
/// </summary>
public static class Bus
{
    /// <summary>Adds Hosting and the services that run here to the container.</summary>
    public static void AddServices(this IServiceCollection services, HostSettings settings, ServiceMap map)
    {
        services.AddSingleton(settings).AddSingleton(map).AddSingleton<Databases>().AddSingleton<Liveness>()
            .AddSingleton(host => new DocumentStores(host.GetRequiredService<Databases>(), map.All, map.Here))
            .AddSingleton<OutboxSignal>().AddSingleton<Sessions>().AddSingleton<DeferredMessages>()
            .AddSingleton<OutboxGate>().AddSingleton<HolderTurns>().AddSingleton<HeldMessages>()
            .AddSingleton<InboxDispatcher>()
            .AddSingleton<MessageTracker>()
            .AddSingleton<MessageDecisions>().AddSingleton<WatchedMessages>()
            .AddSingleton<CopyCheck>().AddSingleton<WatchedFacts>()
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
        foreach (var published in map.All.SelectMany(service => service.PublishedMessages))
            published.NameOn(bus, settings.BusPrefix);
        var dispatcher = context.GetRequiredService<InboxDispatcher>();
        var deferred = context.GetRequiredService<DeferredMessages>();
        foreach (var service in map.Here)
        {
            foreach (var queue in service.Subscriptions.GroupBy(subscription => subscription.Queue))
            {
                bus.ReceiveEndpoint(settings.BusPrefix + queue.Key, endpoint =>
                {
                    // HolderTurns decides how many messages are consumed at once. A message that the broker has
                    // delivered waits a moment for its turn there.
                    endpoint.PrefetchCount = 8;
                    endpoint.ConcurrentMessageLimit = 8;
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                        rabbit.SetQuorumQueue();
                    // Transient errors are retried here for some three seconds, with pauses jittered by a fifth each
                    // way. After that the message is deferred, so that the next messages of the queue go on.
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Handle<Exception>(ErrorClassifier.IsWorthRetryingNow);
                        retry.Exponential(5, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2),
                            TimeSpan.FromMilliseconds(100));
                    });
                    endpoint.ConfigureError(error =>
                    {
                        error.UseFilter(new FaultFilter(service, queue.Key, deferred));
                        error.UseFilter(new ErrorTransportFilter());
                    });
                    foreach (var subscription in queue)
                    {
                        subscription.Connect(endpoint,
                            (consumed, message) => dispatcher.DispatchAsync(service, subscription, consumed, message));
                    }
                });
            }
        }
    }
}
