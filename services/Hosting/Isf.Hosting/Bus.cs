using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Isf.Hosting;

/// <summary>Puts one message on the bus and returns when the broker has confirmed it.</summary>
public interface IPublisher
{
    /// <summary>Publishes; throws when the broker did not take it before the deadline.</summary>
    Task PublishAsync(object message, Type type, OutboxRow row, CancellationToken deadline);
}

internal sealed class BusPublisher(IBus bus) : IPublisher
{
    public Task PublishAsync(object message, Type type, OutboxRow row, CancellationToken deadline) =>
        bus.Publish(message, type, Pipe.Execute<PublishContext>(context =>
        {
            context.MessageId = row.MessageId;
            context.Headers.Set(Pump.HolderHeader, row.HolderId);
            context.Headers.Set(Pump.FactHeader, row.Fact.ToString());
            context.Headers.Set(Pump.FundsHeader, string.Join(',', row.Funds));
            context.Headers.Set(Pump.TraceHeader, System.Diagnostics.Activity.Current?.Id ?? row.Trace);
        }), deadline);
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
        services.AddSingleton(settings).AddSingleton(map).AddSingleton<Databases>().AddSingleton<RelayBell>()
            .AddSingleton<Sessions>().AddSingleton<Pump>().AddSingleton<Watch>()
            .AddSingleton<IPublisher, BusPublisher>();
        services.AddHostedService<TelemetryExport>();
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
        foreach (var service in map.Here)
        {
            service.Register(services);
            services.AddSingleton<IHostedService>(host => new Relay(service, host.GetRequiredService<Databases>(), map,
                host.GetRequiredService<RelayBell>(), host.GetRequiredService<IPublisher>(), Log(host, "Relay")));
            services.AddSingleton<IHostedService>(host => new Parking(service, host.GetRequiredService<Databases>(),
                host.GetRequiredService<Pump>(), host.GetRequiredService<RelayBell>(), Log(host, "Parking")));
        }
        services.AddSingleton<IHostedService>(host => new Sweeper(map.Here, host, settings, Log(host, "Sweeper")));
    }

    private static ILogger Log(IServiceProvider host, string name) =>
        host.GetRequiredService<ILoggerFactory>().CreateLogger("Isf.Hosting." + name);

    private static void Configure(IBusFactoryConfigurator bus, IBusRegistrationContext context, HostSettings settings,
        ServiceMap map)
    {
        bus.ConfigureJsonSerializerOptions(IsfJson.ApplyToWire);
        foreach (var said in map.All.SelectMany(service => service.SaysAll))
        {
            said.NameOn(bus, settings.BusPrefix);
        }
        var pump = context.GetRequiredService<Pump>();
        foreach (var service in map.Here)
        {
            foreach (var queue in service.HearsAll.GroupBy(hearing => hearing.Queue))
            {
                bus.ReceiveEndpoint(settings.BusPrefix + queue.Key, endpoint =>
                {
                    endpoint.PrefetchCount = 8;
                    endpoint.ConcurrentMessageLimit = 2;
                    if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                    {
                        rabbit.SetQuorumQueue();
                    }
                    // Exponential pauses are jittered by a fifth each way.
                    endpoint.UseMessageRetry(retry => retry.Exponential(
                        8, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(8), TimeSpan.FromMilliseconds(100)));
                    foreach (var hearing in queue)
                    {
                        hearing.Connect(endpoint,
                            (consumed, message) => pump.HearAsync(service, hearing, consumed, message));
                    }
                });
            }
        }
    }
}
