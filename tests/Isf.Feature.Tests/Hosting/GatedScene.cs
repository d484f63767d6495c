using System.Globalization;
using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// A Ledger with a test consumer. Messages of the holder alpha wait in the consumer until the test opens the gate. On
/// request, waiting messages are joined into one.
/// </summary>
internal sealed class GatedScene : IAsyncDisposable
{
    /// <summary>The consumer fails on messages of this fund.</summary>
    public const string Broken = "broken";

    /// <summary>The consumer defers messages of this fund until a fact that never arrives.</summary>
    public const string Early = "early";

    private readonly TestHostTerms terms;
    private readonly bool joined;
    private readonly NpgsqlConnection owner;
    private TestHost? host;

    private GatedScene(TestHostTerms terms, bool joined, string database)
    {
        (this.joined, owner) = (joined, new NpgsqlConnection(database));
        this.terms = terms with { Services = "ledger", Database = database, Adjust = Listen };
    }

    public static async Task<GatedScene> StartAsync(TestHostTerms terms, bool joined)
    {
        var scene = new GatedScene(terms, joined, await TestServers.NewDatabaseAsync());
        await scene.owner.OpenAsync();
        await scene.RunAsync("""
            create table public.heard (
              holder_id text, n text, transaction xid8 default pg_current_xact_id(), primary key (holder_id, n));
            grant insert on public.heard to public;
            select pg_advisory_lock(42)
            """);
        await scene.RestartAsync();
        return scene;
    }

    public async Task RestartAsync() => host = await TestHost.StartAsync(terms);

    public async Task StopAsync()
    {
        await host!.DisposeAsync();
        host = null;
    }

    /// <summary>Opens the gate.</summary>
    public Task OpenAsync() => RunAsync("select pg_advisory_unlock(42)");

    /// <summary>
    /// Publishes this many messages of a holder, for funds 1, 2, 3 and so on; one of them may be for another fund.
    /// </summary>
    public async Task PublishAsync(string holder, int many, int odd = 0, string called = Broken)
    {
        for (var n = 1; n <= many; n++)
        {
            var fund = n == odd ? called : n.ToString(CultureInfo.InvariantCulture);
            await host!.PublishAsync("ledger", holder,
                new FundOverdrawn { HolderId = holder, FundId = fund, Position = n, HeldPence = -1 }, fund, fund);
        }
    }

    public Task UntilConsumedAsync(string holder, int many) =>
        UntilAsync($"select count(*) from public.heard where holder_id = '{holder}'", many);

    /// <summary>
    /// Waits until this many messages are published and have arrived. Two of them are then being consumed, and the
    /// others wait.
    /// </summary>
    public async Task UntilWaitingAsync(int many)
    {
        await UntilAsync("select count(*) from ledger.outbox where confirmed_at is not null", many);
        // The bus delivers most messages within this time, and has no event for their delivery.
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    public Task UntilAsync(string count, long atLeast) =>
        Until.AnswersAsync(() => ValueAsync(count), found => found >= atLeast, what: $"at least {atLeast}: {count}");

    public Task<long> CountAsync(string from) => ValueAsync("select count(*) from " + from);

    public async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, owner);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await StopAsync();
        await owner.DisposeAsync();
        await TestServers.DropAsync(terms.Database!);
    }

    private async Task<long> ValueAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, owner);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private void Listen(WebApplicationBuilder builder)
    {
        var map = (ServiceMap)builder.Services.Single(service => service.ServiceType == typeof(ServiceMap))
            .ImplementationInstance!;
        map.All.Single(service => service.Name == "ledger").Consumes<FundOverdrawn, GatedConsumer>(
            "gated", join: joined ? Joined : null);
    }

    private static FundOverdrawn Joined(IEnumerable<FundOverdrawn> messages)
    {
        var all = messages.ToList();
        return all[0] with { FundId = string.Join(' ', all.Select(message => message.FundId)) };
    }

    private sealed class GatedConsumer : IConsume<FundOverdrawn>
    {
        public async Task<ConsumeResult> ConsumeAsync(FundOverdrawn message, Session session, CancellationToken stop)
        {
            if (session.HolderId == "alpha")
                await session.ExecuteAsync("select pg_advisory_xact_lock_shared(42)");
            var funds = message.FundId.Split(' ');
            if (funds.Contains(Broken))
                throw new InvalidOperationException("It is broken.");
            await session.ExecuteAsync("insert into public.heard select $1, unnest($2)", session.HolderId, funds);
            return funds.Contains(Early) ? ConsumeResult.DeferUntil("what never comes") : ConsumeResult.Done;
        }
    }
}
