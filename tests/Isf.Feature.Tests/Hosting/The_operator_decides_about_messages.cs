using System.Net.Http.Json;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using MessageDecision = Isf.Client.MessageDecision;

namespace Isf.Tests.Hosting;

/// <summary>
/// The operator sees ids and states of deferred and failed messages, never their bodies, and decides about the messages
/// (OperatorRoutes; api.md, Operator).
/// </summary>
public sealed class The_operator_decides_about_messages : IAsyncLifetime
{
    private const string Posted = "select count(*) from ledger.journals where cause_id in ('R-2', 'R-3')";
    private static readonly TimeSpan[] Shortly = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 4)];
    private TestHost host = null!;
    private HttpClient all = null!;

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync(new() { RetryPauses = Shortly });
        all = host.As(Role.Operator, user: "Kit");
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task One_that_failed_is_seen_without_its_body_and_tried_again()
    {
        var failed = await FailAsync();
        Assert.Equal(("ledger", 1), (failed.Service, failed.Failed));
        var text = await (await all.GetAsync("/v1/operator/ledger/messages?state=failed")).Content.ReadAsStringAsync();
        foreach (var word in new[] { "Ada", "F-1", "100", "council", "insert" })
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        var item = Assert.Single(await ListAsync("state=failed"));
        Assert.Equal(("sunrise", "money-received", "failed", 5), (item.HolderId, item.Message, item.State, item.Tries));
        Assert.Equal("PostgresException: the database refused what follows from it (SQLSTATE P0001).", item.LastError);
        await host.FalsifyAsync("drop trigger broken on ledger.journals");
        await RetryAsync(item.Id);
        await host.UntilIdleAsync();
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from ledger.journals where cause_id = 'R-2'"));
        Assert.Equal("put right by Kit", await host.ValueAsync<string>(
            "select why || ' by ' || decided_by from watch.decisions where decided = 'retry'"));
        await RetryAsync(item.Id);
        Assert.Equal(0, (await OfAsync("ledger")).Failed);
    }

    [Fact]
    public async Task One_that_is_discarded_is_stored_with_who_and_why_and_closes_its_exception()
    {
        await FailAsync();
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PostAsync("/v1/schedules/watch-facts/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await Until.HoldsAsync(async () => await CountAsync(admin, "open") == 1);
        var item = (await ListAsync("state=failed"))[0];
        host.Clock.Advance(Duration.FromMinutes(1));
        foreach (var _ in new[] { "first", "again" })
        {
            var response = await (await DiscardAsync(item.Id)).NeedsAsync(200);
            var decision = await response.ReadAsync<MessageDecision>();
            Assert.Equal(("discard", "entered twice", "Kit"), (decision.Decided, decision.Why, decision.By));
        }
        await Until.HoldsAsync(async () => await CountAsync(admin, "resolved") == 1);
        var closed = (await admin.ExceptionsAsync("kind=fact-failed"))[0].Resolution;
        Assert.Equal(("discarded", "entered twice", "Kit"), (closed?.Code, closed?.Note, closed?.By));
        await Until.HoldsAsync(async () => (await BacklogAsync()).Quiet);
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from watch.decisions"));
    }

    [Fact]
    public async Task One_that_is_discarded_when_it_was_about_to_be_tried_has_no_effect()
    {
        await FailAsync();
        await FailAsync("R-3", 2);
        var owner = host.Owner;
        await using var holding = await owner.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(42)", holding);
        await hold.ExecuteNonQueryAsync();
        await RetryUntilItHangsAsync();
        var last = await host.ValueAsync<Guid>(
            "select message_id from ledger.parked where convert_from(body, 'UTF8') like '%R-3%'");
        await (await DiscardAsync(last)).NeedsAsync(200);
        await holding.CloseAsync();

        await Until.HoldsAsync(async () => await host.ValueAsync<long>(Posted) == 1);
        await Until.HoldsAsync(async () => (await BacklogAsync()).Quiet);
        Assert.Equal((1L, 1L), (await host.ValueAsync<long>(Posted),
            await host.ValueAsync<long>("select count(*) from ledger.parked where discarded_at is not null")));
    }

    // Lets the messages be tried again, and the posting of R-2 wait for lock 42.
    private async Task RetryUntilItHangsAsync()
    {
        await host.FalsifyAsync("""
            create or replace function ledger.broken() returns trigger language plpgsql as $$ begin
              if new.cause_id = 'R-2' then perform pg_advisory_xact_lock(42); end if; return new; end $$
            """);
        await host.Services.GetRequiredService<MessageDecisions>().RetryAsync(null, "Kit", "put right");
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(
            """
            select count(*) from pg_locks where objid = 42 and not granted and locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())
            """) > 0);
    }

    [Fact]
    public async Task One_that_is_being_tried_is_not_decided_about_meanwhile()
    {
        await FailAsync();
        var item = (await ListAsync("state=failed"))[0];
        await using var trying = host.Services.GetRequiredService<Sessions>().Open("ledger", "sunrise");
        await trying.RowsAsync("select 1 from parked for update", row => row.GetInt32(0));
        var refused = await (await DiscardAsync(item.Id)).NeedsAsync(503);
        Assert.Equal("not-available", await refused.CodeAsync());
        await trying.DisposeAsync();
        await (await DiscardAsync(item.Id)).NeedsAsync(200);
    }

    [Fact]
    public async Task One_that_waits_is_listed_by_how_long()
    {
        await host.PublishAsync("funds", "sunrise", new Contracts.Funds.MoneyReceived
        {
            HolderId = "sunrise", FundId = "F-9", ReceiptId = "R-9", Source = "council", Pence = 100,
            ReceivedOn = new LocalDate(2026, 5, 4),
        }, "R-9", "F-9");
        await Until.HoldsAsync(async () => (await OfAsync("ledger")).Parked == 1);
        Assert.False((await BacklogAsync()).Quiet);
        Assert.Empty(await ListAsync("state=deferred&olderThanMinutes=60"));
        await host.FalsifyAsync("update ledger.parked set parked_at = parked_at - interval '61 minutes'");
        var item = Assert.Single(await ListAsync("state=deferred&olderThanMinutes=60"));
        Assert.Equal(("fund/F-9", null), (item.WaitsFor, item.LastError));
        Assert.Empty(await ListAsync("state=failed"));
    }

    [Theory]
    [InlineData("GET", "/v1/operator/no-such/messages", 404, "unknown-service")]
    [InlineData("GET", "/v1/operator/ledger/messages?state=lost", 400, "bad-state")]
    [InlineData("GET", "/v1/operator/ledger/messages?olderThanMinutes=-1", 400, "bad-number")]
    [InlineData("POST", "/v1/operator/ledger/messages/7b0e2f52-0000-4000-8000-000000000000/retry", 404,
        "unknown-message")]
    [InlineData("POST", "/v1/operator/ledger/messages/one/retry", 404, "unknown-message")]
    [InlineData("POST", "/v1/operator/no-such/messages/one/retry", 404, "unknown-service")]
    public async Task What_is_not_there_is_said_so(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "GET" ? null : JsonContent.Create(new { why = "put right" });
        var response = await all.SendAsync(request);
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Each_service_says_when_it_gave_its_last_sign_of_life()
    {
        const string last = """
            select to_json(heartbeat_at at time zone 'UTC') #>> '{}' || 'Z' from isf.heartbeats where service = 'ledger'
            """;
        await Until.HoldsAsync(async () => (await OfAsync("ledger")).HeartbeatAt is { } at
            && InstantPattern.ExtendedIso.Format(at) == await host.ValueAsync<string>(last));
    }

    [Fact]
    public async Task An_operator_has_no_holder()
    {
        var response = await host.With(("sub", "Kit"), ("role", Role.Operator), ("holder", "sunrise"))
            .GetAsync("/v1/operator/backlog");
        Assert.Equal((403, "not-your-role"), ((int)response.StatusCode, await response.CodeAsync()));
        var named = await all.GetAsync("/v1/operator/backlog?holder=sunrise");
        Assert.Equal((404, "unknown-holder"), ((int)named.StatusCode, await named.CodeAsync()));
    }

    // Records a receipt that the Ledger can never post; the error quotes a person's name.
    private async Task<OperatorBacklogOfService> FailAsync(string receipt = "R-2", int failed = 1)
    {
        await host.FalsifyAsync("""
            create or replace function ledger.broken() returns trigger language plpgsql as
                $$ begin raise exception 'Ada Example broke insert into journals' using errcode = 'P0001'; end $$;
            create or replace trigger broken before insert on ledger.journals for each row
                when (new.cause_id in ('R-2', 'R-3')) execute function ledger.broken();
            """);
        await (await host.As(Role.HolderAdmin).PutAsync("/v1/funds/F-1/receipts/" + receipt,
            new { source = "council", pence = 100, receivedOn = "2026-04-02" })).NeedsAsync(201);
        await Until.HoldsAsync(async () => (await OfAsync("ledger")).Failed == failed);
        return await OfAsync("ledger");
    }

    private Task<OperatorBacklogOfAll> BacklogAsync() => all.Typed().OperatorShowBacklogAsync();

    private async Task<OperatorBacklogOfService> OfAsync(string service) =>
        (await BacklogAsync()).Services.Single(backlog => backlog.Service == service);

    private async Task<IReadOnlyList<OperatorMessageBody>> ListAsync(string options)
    {
        var response = await all.GetAsync("/v1/operator/ledger/messages?" + options);
        return (await (await response.NeedsAsync(200)).ReadAsync<OperatorMessageBodyPage>()).Items;
    }

    private async Task RetryAsync(Guid id) => await (await all.PostAsync(
        $"/v1/operator/ledger/messages/{id}/retry", new { why = "put right" })).NeedsAsync(200);

    private Task<HttpResponseMessage> DiscardAsync(Guid id) =>
        all.PostAsync($"/v1/operator/ledger/messages/{id}/discard", new { why = "entered twice" });

    private static async Task<int> CountAsync(HttpClient admin, string state) =>
        (await admin.ExceptionsAsync($"kind=fact-failed&state={state}")).Count;
}
