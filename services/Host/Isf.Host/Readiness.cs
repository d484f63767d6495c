using Isf.Hosting;
using MassTransit;
using Npgsql;

namespace Isf.Host;

/// <summary>Whether this process can do its work: each service's database answers, and the bus is up.</summary>
public static class Readiness
{
    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    public static async Task<IReadOnlyList<string>> TroublesAsync(
        Databases databases, ServiceMap map, IServiceProvider host, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(map);
        var troubles = new List<string>();
        foreach (var service in map.Here)
        {
            try
            {
                await using var command = databases.Of(service.Name).CreateCommand("select 1");
                await command.ExecuteScalarAsync(stop);
            }
            catch (NpgsqlException)
            {
                troubles.Add($"The database of {service.Name} does not answer.");
            }
        }
        var bus = host.GetRequiredService<IBusControl>().CheckHealth();
        if (bus.Status == BusHealthStatus.Unhealthy)
        {
            troubles.Add("The message broker does not answer.");
        }
        return troubles;
    }
}
