using System.Collections.Concurrent;
using Isf.Contracts.Funds;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NodaTime;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class Messages_are_published_once_and_consumed_once
{
    [Fact]
    public async Task Nothing_is_published_before_its_commit_and_nothing_after_a_rollback()
    {
        await using var host = await TestHost.StartAsync();
        var sessions = host.Services.GetRequiredService<Sessions>();
        await using (var session = sessions.Open("funds", "sunrise"))
        {
            session.Publish(Received("R-1"), "R-1", "F-1");
            Assert.Equal(0L, await CountAsync(host, "select count(*) from funds.outbox"));
        }
        await Task.Delay(200);
        Assert.Equal(0L, await CountAsync(host, "select count(*) from funds.outbox"));
        Assert.Equal(0L, await CountAsync(host, "select count(*) from ledger.inbox"));
    }

    [Fact]
    public async Task What_comes_too_early_is_deferred_and_consumed_when_what_it_needs_arrives()
    {
        await using var host = await TestHost.StartAsync();
        await host.PublishAsync("funds", "sunrise", Received("R-1"), "R-1", "F-1");
        await Until.HoldsAsync(async () => await CountAsync(host, "select count(*) from ledger.parked") == 1);
        var backlog = await host.Services.GetRequiredService<MessageTracker>().BacklogAsync();
        Assert.False(backlog.IsIdle);
        await host.PublishAsync("funds", "sunrise", Signed("F-1"), "F-1/1", "F-1");
        await host.PublishAsync("funds", "sunrise", Opened("F-1"), "F-1", "F-1");
        await host.UntilIdleAsync();
        Assert.Equal(1L, await CountAsync(host, "select count(*) from ledger.journals where fund_id = 'F-1'"));
    }

    [Fact]
    public async Task An_outbox_row_goes_when_every_listed_consumer_has_consumed_it()
    {
        await using var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await Until.HoldsAsync(async () => await CountAsync(host, "select count(*) from watch.outbox") == 0);
    }

    [Fact]
    public async Task A_message_that_was_not_consumed_is_published_again_after_a_restart()
    {
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            await using (var funds = await TestHost.StartAsync(new() { Database = database, Services = "funds" }))
            {
                await Sample.OpenAsync(funds.As(Role.HolderAdmin));
                await Until.HoldsAsync(async () =>
                    await CountAsync(funds, "select count(*) from watch.outbox where not confirmed") == 0);
                Assert.True(await CountAsync(funds, "select count(*) from watch.outbox") > 0);
            }
            await using var all = await TestHost.StartAsync(new() { Database = database });
            await all.UntilIdleAsync();
            Assert.True(await CountAsync(all, "select count(*) from ledger.journals") > 0);
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    [Fact]
    public async Task Two_relays_share_the_work_and_publish_nothing_twice()
    {
        var published = new ConcurrentBag<Guid>();
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            await using var one = await TestHost.StartAsync(RelayOf(database, published));
            await using var two = await TestHost.StartAsync(RelayOf(database, published));
            await Sample.OpenAsync(one.As(Role.HolderAdmin));
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? one : two).As(Role.HolderAdmin)
                .PutAsync($"/v1/funds/F-1/receipts/R-{i + 10}",
                    new { source = "council", pence = 1, receivedOn = "2026-04-06" })));
            await Until.HoldsAsync(async () =>
                await CountAsync(one, "select count(*) from watch.outbox where not confirmed") == 0);
            Assert.Equal(published.Count, published.Distinct().Count());
            Assert.Equal(67, published.Count);
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    private static TestHostTerms RelayOf(string database, ConcurrentBag<Guid> published) =>
        new()
        {
            // No consumer runs here, so after a while the messages would rightly be republished.
            Database = database, Services = "funds", RepublishAfter = TimeSpan.FromHours(1),
            Adjust = builder =>
                builder.Services.Replace(ServiceDescriptor.Singleton<IPublisher>(new Counting(published))),
        };

    internal static async Task<long> CountAsync(TestHost host, string sql)
    {
        await using var connection = new NpgsqlConnection(host.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static MoneyReceived Received(string id) => new()
    {
        HolderId = "sunrise", FundId = "F-1", ReceiptId = id, Source = "council", Pence = 100,
        ReceivedOn = new LocalDate(2026, 4, 6),
    };

    private static FundOpened Opened(string id) => new()
    {
        HolderId = "sunrise", FundId = id, PersonId = "P-1", CouncilId = "E1", Kind = "isf",
        OpensOn = new LocalDate(2026, 3, 30),
        Nation = "england",
    };

    private static AgreementSigned Signed(string id) => new()
    {
        HolderId = "sunrise", FundId = id, Version = 1, SignedOn = new LocalDate(2026, 3, 30), PaymentEvery = "week",
        PaymentFirstOn = new LocalDate(2026, 4, 6), Contribution = "to-holder", SpendOrder = "person-first",
    };

    private sealed class Counting(ConcurrentBag<Guid> published) : IPublisher
    {
        public Task PublishAsync(Type type, OutboxRow row, CancellationToken deadline)
        {
            published.Add(row.MessageId);
            return Task.Delay(1, deadline);
        }
    }
}
