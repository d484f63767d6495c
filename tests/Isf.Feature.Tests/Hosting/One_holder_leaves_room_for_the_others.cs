using Isf.Hosting.Http;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class One_holder_leaves_room_for_the_others
{
    [Fact]
    public async Task Looking_for_what_is_not_known_holds_no_connection()
    {
        await using var host = await TestHost.StartAsync(
            new() { RequestConnectionsMax = 4, LookupRetryTime = TimeSpan.FromMinutes(10) });
        var alpha = host.As(Role.HolderAdmin, "alpha");
        var looking = Enumerable.Range(0, 20).Select(i => alpha.PutAsync($"/v1/visits/v-{i}", new
        {
            fundId = "F-none", lineId = "L-1", outcome = "delivered", start = "2026-05-04T09:00:00+01:00",
            end = "2026-05-04T10:00:00+01:00",
        })).ToList();

        var held = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            await (await host.As(Role.HolderAdmin, "beta").GetAsync("/v1/visit-files/none")).NeedsAsync(404);
            held.Add((long)(await RunAsync(host.Database, HeldBySupport))!);
        }

        Assert.DoesNotContain(looking, item => item.IsCompleted);
        Assert.Contains(0, held);
        alpha.CancelPendingRequests();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(looking));
    }

    private const string HeldBySupport = """
        select count(*) from pg_stat_activity where datname = current_database()
            and usename = 'isf_support' and state like 'idle in transaction%'
        """;

    [Fact]
    public async Task A_holder_whose_requests_hang_has_half_of_the_pool_and_is_told()
    {
        await using var host = await TestHost.StartAsync(
            new() { RequestConnectionsMax = 4, ConnectionWait = TimeSpan.FromSeconds(4) });
        await using var stopper = new NpgsqlConnection(host.Database);
        await stopper.OpenAsync();
        await RunAsync(stopper, WhateverAlphaRegistersHangs);
        var hanging = Enumerable.Range(0, 8).Select(i => PutPersonAsync(host, "alpha", $"P-{i}")).ToList();

        while (hanging.Count > 2)
        {
            var refused = await Task.WhenAny(hanging);
            hanging.Remove(refused);
            Assert.Equal("too-many", await (await (await refused).NeedsAsync(429)).CodeAsync());
            Assert.NotNull((await refused).Headers.RetryAfter);
        }
        await (await PutPersonAsync(host, "beta", "P-1")).NeedsAsync(201);
        await RunAsync(stopper, "select pg_advisory_unlock_all()");
        foreach (var response in await Task.WhenAll(hanging))
            await response.NeedsAsync(201);
    }

    private const string WhateverAlphaRegistersHangs = """
        create function funds.wait() returns trigger language plpgsql as
            $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
        create trigger wait before insert on funds.mt_doc_person for each row
            when (new.tenant_id = 'alpha') execute function funds.wait();
        select pg_advisory_lock(42)
        """;

    private static Task<HttpResponseMessage> PutPersonAsync(TestHost host, string holder, string id) =>
        host.As(Role.HolderAdmin, holder).PutAsync($"/v1/people/{id}", Sample.Person);

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        return await RunAsync(connection, sql);
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
