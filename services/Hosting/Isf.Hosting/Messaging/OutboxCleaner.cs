using Isf.Hosting.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Messaging;

/// <summary>
/// Cleans the outboxes of this process's services. It deletes messages that every consumer has consumed, and
/// republishes messages that some consumer has not consumed in time. Once an hour it deletes old rows of the table
/// facts.
/// </summary>
internal sealed class OutboxCleaner(
    IReadOnlyList<Service> services, IServiceProvider host, HostSettings settings, ILogger log) : BackgroundService
{
    private const int RoundsAnHour = 7200;

    /// <summary>
    /// Deletes facts older than 100 days; api.md promises that a fact stays on record for at least 90 days.
    /// </summary>
    internal async Task ForgetFactsAsync(CancellationToken stop)
    {
        foreach (var service in services)
        {
            await using var connection =
                await host.GetRequiredService<Databases>().Of(service.Name).OpenConnectionAsync(stop);
            await using var transaction = await RelayTransaction.BeginAsync(connection, stop);
            await using var forget = new NpgsqlCommand(
                "delete from facts where said_at < clock_timestamp() - interval '100 days'", connection, transaction);
            await forget.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
        }
    }

    private async Task SweepAsync(OutboxRelay relay, bool republishes, CancellationToken stop)
    {
        await relay.CleanAsync(stop);
        if (republishes)
            await relay.RepublishAsync(settings.RepublishAfter, afresh: false, stop);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogWarning("The sweep will try again: {Fault}", fault.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var relays = host.GetServices<IHostedService>().OfType<OutboxRelay>().ToArray();
        for (var round = 0; !stoppingToken.IsCancellationRequested && services.Count > 0; round++)
        {
            if (round % RoundsAnHour == 0)
                await TryAsync(() => ForgetFactsAsync(stoppingToken));
            // An error in one service must not keep the outboxes of the other services from being cleaned.
            foreach (var relay in relays.Where(relay => relay.HoldsRows))
                await TryAsync(() => SweepAsync(relay, round % 4 == 0, stoppingToken));
            await Task.Delay(500, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
