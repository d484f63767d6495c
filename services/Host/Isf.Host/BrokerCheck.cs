using Isf.Hosting;
using RabbitMQ.Client;

namespace Isf.Host;

/// <summary>
/// Asks the broker the least question there is, on a connection of its own: the bus notices only after a minute that a
/// broker which is paused no longer answers.
/// </summary>
public sealed class BrokerCheck(HostSettings settings) : IAsyncDisposable
{
    // Every broker has it.
    private const string Exchange = "amq.direct";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim alone = new(1);
    private IConnection? connection;

    /// <summary>Whether it answers within a second. In memory there is nothing to ask.</summary>
    public async Task<bool> AnswersAsync()
    {
        if (settings.Transport == "memory")
            return true;
        // One that still waits for an answer is an answer.
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

    // A connection to a broker that is paused takes its time to close: nobody waits for it.
    private void Leave()
    {
        if (Interlocked.Exchange(ref connection, null) is { } lost)
            _ = Task.Run(() => lost.AbortAsync(Patience).ContinueWith(_ => lost.DisposeAsync().AsTask(),
                TaskScheduler.Default));
    }
}
