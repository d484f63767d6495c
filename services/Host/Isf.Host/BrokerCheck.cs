using Isf.Hosting;
using RabbitMQ.Client;

namespace Isf.Host;

/// <summary>
/// Checks whether the broker answers a very small request on a connection of its own. The bus would take a minute to
/// notice that a paused broker no longer answers.
/// </summary>
public sealed class BrokerCheck(HostSettings settings) : IAsyncDisposable
{
    // Every RabbitMQ broker has this exchange.
    private const string Exchange = "amq.direct";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim alone = new(1);
    private IConnection? connection;

    /// <summary>Whether the broker answers within a second; always true for the transport in memory.</summary>
    public async Task<bool> AnswersAsync()
    {
        if (settings.Transport == "memory")
            return true;
        // An earlier check that still waits for its answer shows that the broker does not answer.
        if (!await alone.WaitAsync(Patience))
            return false;
        try
        {
            using var deadline = new CancellationTokenSource(Patience);
            connection ??= await new ConnectionFactory
            {
                Uri = new(settings.RabbitMq), AutomaticRecoveryEnabled = false,
                RequestedConnectionTimeout = Patience, HandshakeContinuationTimeout = Patience,
                ContinuationTimeout = Patience, ClientProvidedName = "isf-readiness",
            }.CreateConnectionAsync(deadline.Token);
            await using var channel = await connection.CreateChannelAsync(null, deadline.Token);
            await channel.ExchangeDeclarePassiveAsync(Exchange, deadline.Token);
            return true;
        }
        catch (Exception)
        {
            Leave();
            return false;
        }
        finally
        {
            alone.Release();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Leave();
        alone.Dispose();
        return ValueTask.CompletedTask;
    }

    // The connection to a paused broker closes slowly, so it is closed in the background.
    private void Leave()
    {
        if (Interlocked.Exchange(ref connection, null) is { } lost)
        {
            _ = Task.Run(() => lost.AbortAsync(Patience).ContinueWith(_ => lost.DisposeAsync().AsTask(),
                TaskScheduler.Default));
        }
    }
}
