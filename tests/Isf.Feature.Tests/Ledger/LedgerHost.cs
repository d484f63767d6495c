using System.Text.Json;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Ledger;

/// <summary>
/// Runs the Ledger alone, on a database of its own. Tests put messages on the bus as their publishers would.
/// </summary>
public sealed class LedgerHost : IAsyncDisposable
{
    public const string Holder = "sunrise";

    // The outbox deletes consumed rows, so a copy of published messages is kept beside it.
    private const string CopyOutbox = """
        create table if not exists ledger.said (seq bigint, urn text, body bytea);
        create or replace function ledger.keep_said() returns trigger language plpgsql security definer as $$
          begin insert into ledger.said values (new.seq, new.urn, new.body); return null; end $$;
        create or replace trigger keep_said after insert on ledger.outbox
          for each row execute function ledger.keep_said();
        """;

    private LedgerHost(TestHost host) => Host = host;

    public HttpClient Finance => Host.As(Role.HolderFinance);

    /// <summary>The typed client of Finance.</summary>
    public IsfClient Client => Finance.Typed();

    public TestHost Host { get; }

    /// <summary>Starts a Ledger and has it consume these facts, one after another.</summary>
    public static Task<LedgerHost> StartAsync(params Fact[] facts) => StartOnAsync(null, facts);

    /// <summary>Starts a Ledger on an existing database, beside others that use it.</summary>
    public static Task<LedgerHost> StartOnAsync(string? database, params Fact[] facts) =>
        StartAsync(new() { Services = "ledger", Database = database }, facts);

    /// <summary>Starts a Ledger that looks up unknown documents only once.</summary>
    public static Task<LedgerHost> StartImpatientAsync() =>
        StartAsync(new() { Services = "ledger", LookupRetryTime = TimeSpan.Zero }, []);

    private static async Task<LedgerHost> StartAsync(TestHostTerms terms, Fact[] facts)
    {
        var ledger = new LedgerHost(await TestHost.StartAsync(terms));
        await ledger.OwnerAsync(CopyOutbox);
        foreach (var fact in facts)
            await ledger.ConsumeAsync([fact]);
        return ledger;
    }

    /// <summary>
    /// Delivers messages in the given order, each as often as given, and waits until all are consumed and none is
    /// deferred.
    /// </summary>
    public async Task ConsumeAsync(IReadOnlyCollection<Fact> facts, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            foreach (var fact in facts)
                await DeliverAsync(fact);
        }
        await UntilAsync(
            """
            select (select count(*) from ledger.inbox where message_id = any($1)) = cardinality($1)
              and not exists (select 1 from ledger.parked)
            """,
            facts.Select(fact => fact.MessageId).Distinct().ToArray());
    }

    /// <summary>Delivers a message without waiting for its consumption.</summary>
    public Task DeliverAsync(Fact fact) => Host.Services.GetRequiredService<IPublisher>()
        .PublishAsync(fact.Message.GetType(), RowOf(fact), CancellationToken.None);

    /// <summary>Returns a fact as the outbox row of its publisher.</summary>
    public static OutboxRow RowOf(Fact fact) => new(
        0, fact.MessageId, Holder, MessageNames.UrnOf(fact.Message.GetType()),
        fact.MessageId, fact.Funds, null,
        JsonSerializer.SerializeToUtf8Bytes(fact.Message, fact.Message.GetType(), IsfJson.Options));

    /// <summary>Has one consumer consume a message now, in one transaction; its exceptions reach the test.</summary>
    public async Task<ConsumeResult> ConsumeNowAsync(Fact fact, string holder = Holder)
    {
        var service = Host.Services.GetRequiredService<ServiceMap>().Here.Single();
        var subscription = service.Subscriptions.Single(item => item.Message == fact.Message.GetType());
        await using var session = Session(holder);
        session.MessageId = fact.MessageId;
        var result = await subscription.Consume(Host.Services, fact.Message, session, CancellationToken.None);
        if (result.AwaitedKey is null)
            await session.SaveChangesAsync();
        return result;
    }

    /// <summary>
    /// Proposes a posting as one person and approves it as another; returns the response to the approval, or to a
    /// refused proposal.
    /// </summary>
    public async Task<HttpResponseMessage> ByHandAsync(string path, object body)
    {
        var proposed = await Finance.PutAsync($"/v1/funds/{path}", body);
        return proposed.IsSuccessStatusCode ? await ApproveAsync(path) : proposed;
    }

    /// <summary>Approves a proposal as a person who has proposed nothing.</summary>
    public Task<HttpResponseMessage> ApproveAsync(string path, string user = "approver") =>
        Host.As(Role.HolderAdmin, user: user).PostAsync($"/v1/funds/{path}/approve", (HttpContent?)null);

    /// <summary>
    /// Makes a provider known to funds as if an allocation existed, but without the allocation's journals.
    /// </summary>
    public async Task AddProviderAsync(string providerId, params string[] funds)
    {
        foreach (var fund in funds)
        {
            await OwnerAsync(
                "insert into ledger.fund_providers (holder_id, fund_id, provider_id) values ($1, $2, $3)",
                Holder, fund, providerId);
        }
    }

    /// <summary>Runs SQL with the triggers that protect the books disabled, as only a superuser can.</summary>
    public Task<object?> FalsifyAsync(string sql) => OwnerAsync("set session_replication_role = replica; " + sql);

    public Session Session(string holder = Holder) =>
        Host.Services.GetRequiredService<Sessions>().Open("ledger", holder);

    /// <summary>The fund's balance as at a day, by default today.</summary>
    public Task<Balance> BalanceAsync(string? on = null, string fund = "F-1") =>
        Client.ShowBalanceGetAsync(fund, effectiveOn: on is null ? null : Facts.Day(on));

    /// <summary>The money of the fund's balance as at a day, by default today.</summary>
    public async Task<MoneyBalance> MoneyAsync(string? on = null, string fund = "F-1") =>
        (await BalanceAsync(on, fund)).Money;

    /// <summary>The hours of F-1 over a range of days of care.</summary>
    public Task<ShowHoursResponse> HoursAsync(string? from = null, string? to = null, long? position = null) =>
        Client.ShowHoursGetAsync("F-1", (int?)position, from: from is null ? null : Facts.Day(from),
            to: to is null ? null : Facts.Day(to));

    /// <summary>The hours of F-1 over a range of days of care, all lines together.</summary>
    public async Task<ShowHoursLineFigures> TotalsAsync(string from, string to) => (await HoursAsync(from, to)).Totals;

    public async Task<IReadOnlyList<ListJournalsItem>> JournalsAsync() =>
        (await Client.ListJournalsGetAsync("F-1", limit: 500)).Items;

    /// <summary>Whether the chain of the fund's journals holds.</summary>
    public async Task<bool> IsWholeAsync(string fund = "F-1") => (await Client.CheckIntegrityGetAsync(fund)).Whole;

    /// <summary>The messages of one type that the Ledger has published, in order.</summary>
    public async Task<List<T>> PublishedAsync<T>()
    {
        var published = new List<T>();
        await using var connection = await OwnerAsync();
        await using var command =
            new NpgsqlCommand("select body from ledger.said where urn = $1 order by seq", connection);
        command.Parameters.Add(new() { Value = MessageNames.UrnOf(typeof(T)) });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            published.Add(JsonSerializer.Deserialize<T>(reader.GetFieldValue<byte[]>(0), IsfJson.Options)!);
        return published;
    }

    /// <summary>Runs SQL as the database's owner.</summary>
    public async Task<object?> OwnerAsync(string sql, params object[] values)
    {
        await using var connection = await OwnerAsync();
        // Some queries sum the books by brute force, which takes time on a busy machine.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync();
    }

    public Task UntilAsync(string sql, params object[] values) =>
        Until.HoldsAsync(async () => await OwnerAsync(sql, values) is true, what: sql);

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    private async Task<NpgsqlConnection> OwnerAsync() => await Host.Owner.OpenConnectionAsync();
}

/// <summary>A message with the cause under which its service publishes it.</summary>
public sealed record Fact(object Message, string Cause, params string[] Funds)
{
    public Guid MessageId =>
        Isf.Hosting.Data.DeterministicGuid.From(MessageNames.UrnOf(Message.GetType()), LedgerHost.Holder, Cause);
}
