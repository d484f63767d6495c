using Isf.Contracts.Ledger;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Ledger.Books;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Hosting;

/// <summary>
/// A consumer loads a document, stores it, inserts another, adds a row and publishes a message. All of this is sent and
/// committed together with the inbox row, or none of it is.
/// </summary>
public sealed class What_a_consumer_does_is_one_transaction
{
    [Fact]
    public async Task In_two_commands()
    {
        await using var host = await StartAsync();
        using var commands = new CommandCount("consume ledger-decide");
        await ConsumeAsync(host, "F-1");
        Assert.Equal("second", await SaltAsync(host, "P-1"));
        Assert.Equal(2, commands.Count);
    }

    [Fact]
    public async Task That_stores_the_documents_the_row_the_message_published_and_the_note_of_the_one_consumed()
    {
        await using var host = await StartAsync();
        await NoteTransactionsAsync(host);
        await ConsumeAsync(host, "F-1");
        Assert.Equal(["holders inbox mt_doc_personsalt mt_doc_personsalt outbox", "outbox"],
            await TransactionsAsync(host));
    }

    [Fact]
    public async Task Of_which_nothing_is_stored_where_its_end_fails()
    {
        await using var host = await StartAsync();
        await NoteTransactionsAsync(host);
        await ConsumeAsync(host, "broken");
        // One transaction defers the failed message and writes its inbox row. The outbox row is from an earlier one,
        // in which the message was published.
        Assert.Equal(["inbox parked", "outbox"], await TransactionsAsync(host));
        Assert.Equal("first", await SaltAsync(host, "P-1"));
        Assert.EndsWith("broken at the end", await host.ValueAsync<string>("select last_error from ledger.parked"),
            StringComparison.Ordinal);
    }

    private static async Task<TestHost> StartAsync()
    {
        var host = await TestHost.StartAsync(new()
        {
            Services = "ledger", RetryPauses = [TimeSpan.FromHours(1)],
            Adjust = builder => ((ServiceMap)builder.Services
                    .Single(service => service.ServiceType == typeof(ServiceMap)).ImplementationInstance!)
                .All.Single(service => service.Name == "ledger").Consumes<FundOverdrawn, DecideConsumer>("decide"),
        });
        await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "sunrise");
        session.Insert(new PersonSalt("P-1", "first"));
        await session.SaveChangesAsync();
        return host;
    }

    private static async Task ConsumeAsync(TestHost host, string fundId)
    {
        await host.PublishAsync("ledger", "sunrise",
            new FundOverdrawn { HolderId = "sunrise", FundId = fundId, Position = 1, HeldPence = -1 }, fundId, fundId);
        await Until.HoldsAsync(async () => await host.ValueAsync<long>(
            "select count(*) from ledger.inbox where queue = 'ledger-decide'") == 1);
    }

    private static async Task<string?> SaltAsync(TestHost host, string id)
    {
        await using var session = host.Services.GetRequiredService<Sessions>().Open("ledger", "sunrise");
        return (await session.LoadAsync<PersonSalt>(id))?.Salt;
    }

    // The relay updates outbox rows later, so the test records the transaction of each row when the row is inserted.
    private static Task<string> NoteTransactionsAsync(TestHost host) => host.ValueAsync<string>("""
        create table public.noted (what text, transaction xid8 default pg_current_xact_id());
        create function public.note() returns trigger language plpgsql security definer as
          $$ begin insert into public.noted values (tg_table_name); return null; end $$;
        create function public.break_end() returns trigger language plpgsql as
          $$ begin raise exception 'broken at the end'; end $$;
        do $$ declare name text; begin
          foreach name in array array['mt_doc_personsalt', 'holders', 'outbox', 'inbox', 'parked'] loop
            execute format('create trigger noted after insert on ledger.%I for each row
              execute function public.note()', name);
          end loop;
        end $$;
        create trigger noted_too after update on ledger.mt_doc_personsalt for each row execute function public.note();
        create constraint trigger broken after insert on ledger.mt_doc_personsalt deferrable initially deferred
          for each row when (new.id = 'broken') execute function public.break_end();
        select 'noted from here on'
        """);

    // Returns the tables written by each committed transaction.
    private static async Task<string[]> TransactionsAsync(TestHost host) => await host.ValueAsync<string[]>("""
        select array_agg(together order by together) from (
          select string_agg(what, ' ' order by what) as together from public.noted group by transaction) noted
        """);

    private sealed class DecideConsumer : IConsume<FundOverdrawn>
    {
        public async Task<ConsumeResult> ConsumeAsync(FundOverdrawn message, Session session, CancellationToken stop)
        {
            var salt = await session.LoadAsync<PersonSalt>("P-1");
            session.Store(salt! with { Salt = "second" });
            session.Insert(new PersonSalt(message.FundId, "new"));
            session.RegisterHolder();
            session.Publish(new PromiseOverdrawn
            {
                HolderId = message.HolderId, FundId = message.FundId, AllocationId = "A-1", Position = 1,
                PromisedPence = 1, UsedPence = 2, LeftPence = -1,
            }, message.FundId, message.FundId);
            return ConsumeResult.Done;
        }
    }
}
