using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class Messages_that_fail_are_set_aside
{
    private static readonly TimeSpan[] Shortly = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 4)];

    [Theory]
    [InlineData("memory")]
    [InlineData("rabbitmq")]
    public async Task One_that_no_consumer_can_read_fails_in_each_and_holds_up_nobody(string transport)
    {
        await using var host = await TestHost.StartAsync(new() { Transport = transport, RetryPauses = Shortly });
        var map = host.Services.GetRequiredService<ServiceMap>();
        var urns = map.All.SelectMany(service => service.PublishedMessages)
            .Select(published => MessageNames.UrnOf(published.Message)).ToList();
        foreach (var urn in urns)
            await PutIntoOutboxAsync(host, urn.Split(':')[1], urn, "{}");
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await UntilAsync(host, "select count(*) from ledger.journals where holder_id = 'sunrise'", count => count > 0);

        var consumers = map.Consumers.Where(consumer => urns.Contains(consumer.Urn)).ToHashSet();
        await UntilAsync(host, "select count(*) from watch.messages where state = 'failed'",
            failed => failed == consumers.Count);

        Assert.Equal(consumers.Order(), (await FailedAsync(host)).Order());
        await UntilIdleAsync(host, "sunrise", failed: 0);
        await UntilIdleAsync(host, "poison", failed: consumers.Count);
        Assert.Equal(5 * consumers.Count,
            await CountAsync(host, "select sum(faults)::bigint from watch.messages where failed_at is not null"));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("rabbitmq")]
    public async Task Its_funds_later_facts_go_on_and_tried_again_it_counts_once(string transport)
    {
        await using var host = await TestHost.StartAsync(new() { Transport = transport, RetryPauses = Shortly });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await BreakAsync(host, "R-2", "P0001");
        await ReceiveAsync(admin, "R-2");
        var last = await ReceiveAsync(admin, "R-3");

        await FailedOnceAsync(host);
        await admin.GetJsonAsync($"/v1/funds/F-1/balance?afterFact={last}");
        Assert.Equal(0, await PostedAsync(host, "R-2"));
        Assert.Equal(1, await PostedAsync(host, "R-3"));
        var decisions = host.Services.GetRequiredService<MessageDecisions>();
        await RunAsync(host, "drop trigger broken on ledger.journals");
        Assert.Equal(1, await decisions.RetryAsync(null, "Kit", "the trigger is gone"));
        await host.UntilIdleAsync();
        Assert.Equal(0, await decisions.RetryAsync(null, "Kit", "once more"));
        await host.UntilIdleAsync();
        Assert.Equal(1, await PostedAsync(host, "R-2"));
    }

    [Fact]
    public async Task No_statement_and_no_answer_after_it_leaves_it_out_until_it_is_discarded()
    {
        await using var host = await TestHost.StartAsync(new() { RetryPauses = Shortly });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await BreakAsync(host, "R-2", "P0001");
        var fact = await ReceiveAsync(admin, "R-2");
        var id = await FailedOnceAsync(host);

        await WaitsForAsync(await IssueAsync(admin), id);
        await WaitsForAsync(await admin.GetAsync($"/v1/funds/F-1/balance?afterFact={fact}"), id);

        var decisions = host.Services.GetRequiredService<MessageDecisions>();
        Assert.Equal(1, await decisions.DiscardAsync(id, "Kit", "was entered twice"));
        await (await IssueAsync(admin)).NeedsAsync(201);
        Assert.Equal(1, await CountAsync(host, $"""
            select count(*) from watch.decisions where message_id = '{id}' and decided = 'discard'
                and decided_by = 'Kit' and why = 'was entered twice' and decided_at is not null
            """));
    }

    private static async Task WaitsForAsync(HttpResponseMessage response, Guid messageId)
    {
        var refused = await response.NeedsAsync(503);
        var problem = await refused.JsonAsync();
        Assert.Equal("facts-on-their-way", (string)problem["code"]!);
        Assert.Contains(messageId.ToString(), (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("53100")]
    [InlineData("57014")]
    public async Task What_passes_is_tried_as_often_as_it_takes(string state)
    {
        await using var host = await TestHost.StartAsync(new() { RetryPauses = Shortly });
        var admin = host.As(Role.HolderAdmin);
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        await BreakAsync(host, "R-2", state);
        await ReceiveAsync(admin, "R-2");

        await UntilAsync(host, "select coalesce(max(tries), 0)::bigint from watch.messages", tries => tries > 5);
        Assert.Equal(0, await CountAsync(host, "select count(*) from watch.messages where state = 'failed'"));
        Assert.Equal(1, await CountAsync(host, "select count(*) from watch.messages where last_error like '%broken%'"));
        await RunAsync(host, "drop trigger broken on ledger.journals");
        await host.UntilIdleAsync();
        Assert.Equal(1, await PostedAsync(host, "R-2"));
    }

    [Theory]
    [InlineData("isf:funds:of-another-release:v9", "{}")]
    [InlineData("isf:funds:money-received:v1", "no JSON")]
    [InlineData("isf:funds:money-received:v1", "[]")]
    public async Task One_that_cannot_be_published_leaves_the_outbox_to_the_others(string urn, string body)
    {
        await using var host = await TestHost.StartAsync(new()
        {
            RetryPauses = Shortly, RepublishAfter = TimeSpan.FromMilliseconds(100),
        });
        await PutIntoOutboxAsync(host, "funds", urn, body);
        await FailedOnceAsync(host);
        Assert.Equal("outbox", await RunAsync(host, "select queue from watch.messages"));
        Assert.Equal(0, await CountAsync(host, "select count(*) from funds.outbox where holder_id = 'poison'"));
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await UntilIdleAsync(host, "sunrise", failed: 0);
        Assert.Equal("funds outbox", await RunAsync(host, """
            select string_agg(service || ' ' || queue, ', ' || last_error) from watch.messages where state = 'failed'
            """));

        await MendAsync(host);
        var retrying = host.Services.GetRequiredService<MessageDecisions>()
            .RetryAsync(null, "Kit", "the words are mended");
        Assert.Equal(1, await retrying);
        await UntilAsync(host, "select count(*) from funds.parked", left => left == 0);
    }

    // Puts a message that can be published in the place of the one that cannot.
    private static Task<object?> MendAsync(TestHost host) => RunAsync(host, """
        update funds.parked set urn = 'isf:funds:holder-set:v1', body = convert_to('{"holderId":"poison","name":"H",
          "version":1,"address":"A","phone":"P","email":"E","complaints":"C","periodsEvery":"4-weeks",
          "periodsFirstOn":"2026-04-06","toleranceMinutes":15,"tolerancePence":100,"tolerancePercent":2}', 'utf8')
        """);

    private static Task<object?> PutIntoOutboxAsync(
        TestHost host, string service, string urn, string body) => RunAsync(host, $"""
        insert into {service}.outbox (message_id, holder_id, urn, fact, funds, body)
        values ('{DeterministicGuid.From(urn, body)}', 'poison', '{urn}', '{DeterministicGuid.From(urn, body)}',
            array['F-1'], convert_to('{body}', 'utf8'))
        """);

    // Makes every attempt to post the receipt fail with the given SQL state, as a broken rule of the database would.
    private static Task<object?> BreakAsync(TestHost host, string receiptId, string state) =>
        RunAsync(host, $"""
        create function ledger.broken() returns trigger language plpgsql as
            $$ begin raise exception 'broken' using errcode = '{state}'; end $$;
        create trigger broken before insert on ledger.journals for each row
            when (new.cause_id = '{receiptId}') execute function ledger.broken();
        """);

    private static async Task<string> ReceiveAsync(HttpClient admin, string id)
    {
        var response = await admin.PutAsync($"/v1/funds/F-1/receipts/{id}",
            new { source = "council", pence = 100, receivedOn = "2026-04-02" });
        return (await response.NeedsAsync(201)).Headers.GetValues("Isf-Fact").Single();
    }

    private static Task<HttpResponseMessage> IssueAsync(HttpClient admin) =>
        admin.PutAsync("/v1/funds/F-1/statements/S-1", new { from = "2026-04-06", to = "2026-05-03" });

    private static async Task<Guid> FailedOnceAsync(TestHost host)
    {
        await UntilAsync(host, "select count(*) from watch.messages where state = 'failed'", failed => failed == 1);
        return (Guid)(await RunAsync(host, "select message_id from watch.messages where state = 'failed'"))!;
    }

    private static async Task<List<(string Urn, string Service, string Queue)>> FailedAsync(TestHost host)
    {
        var messages = await host.Services.GetRequiredService<MessageDecisions>().ListAsync(DateTime.UnixEpoch);
        return [.. messages.Where(message => message.State == "failed")
            .Select(message => (message.Urn, message.Service, message.Queue))];
    }

    private static Task<long> PostedAsync(TestHost host, string receiptId) =>
        CountAsync(host, $"select count(*) from ledger.journals where cause_id = '{receiptId}'");

    private static async Task UntilIdleAsync(TestHost host, string holder, int failed)
    {
        var admin = host.As(Role.HolderAdmin, holder);
        await Until.AnswersAsync(() => admin.Typed().PlatformGetBacklogAsync(),
            backlog => backlog.Quiet && backlog.Failed == failed);
    }

    private static Task<long> UntilAsync(TestHost host, string sql, Func<long, bool> holds) =>
        Until.AnswersAsync(() => CountAsync(host, sql), holds, what: sql);

    private static async Task<long> CountAsync(TestHost host, string sql) => (long)(await RunAsync(host, sql))!;

    private static async Task<object?> RunAsync(TestHost host, string sql)
    {
        await using var connection = new NpgsqlConnection(host.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
