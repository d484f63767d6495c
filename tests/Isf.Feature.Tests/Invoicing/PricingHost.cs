
namespace Isf.Tests.Invoicing;

/// <summary>
/// A host with Invoicing and the services upstream of it. The services downstream do not run, because they would wait
/// for facts that these tests omit. The tests of a class share the host, and each uses a holder of its own. Published
/// messages are copied, because the relay deletes them.
/// </summary>
public sealed class PricingHost : IAsyncLifetime
{
    private int scenes;

    /// <summary>The host.</summary>
    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await TestHost.StartAsync(new() { Services = "funds,support,invoicing" });
        var database = Host.Owner;
        await using var command = database.CreateCommand("""
            create table said (seq bigint generated always as identity, holder_id text, urn text, body bytea);
            create function keep_said() returns trigger language plpgsql security definer as $$
            begin
              insert into public.said (holder_id, urn, body) values (new.holder_id, new.urn, new.body);
              return new;
            end $$;
            create trigger keep_said after insert on invoicing.outbox for each row execute function keep_said();
            """);
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>A new holder for one test.</summary>
    internal PricingScene Scene() => new(Host, $"holder-{Interlocked.Increment(ref scenes)}");
}
