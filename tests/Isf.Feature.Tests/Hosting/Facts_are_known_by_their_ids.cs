using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Tests.Servers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class Facts_are_known_by_their_ids(HostWithAFund fund) : IClassFixture<HostWithAFund>
{
    private static readonly object Receipt = new { source = "council", pence = 100, receivedOn = "2026-04-02" };

    public static TheoryData<string> NoFacts =>
    [
        "", "x", "1", "{8d2a0f0e-0000-8000-8000-000000000001}", "8d2a0f0e000080008000000000000001",
        "8d2a0f0e-0000-8000-8000-000000000001,8d2a0f0e-0000-8000-8000-000000000001",
    ];

    [Theory]
    [MemberData(nameof(NoFacts))]
    public async Task What_has_not_the_form_of_one_is_refused(string id)
    {
        foreach (var path in Paths(fund.Host))
        {
            var response = await fund.Host.As(Role.HolderAdmin)
                .GetAsync($"{path}?afterFact={Uri.EscapeDataString(id)}");
            Assert.Equal("not-a-fact", await (await response.NeedsAsync(400)).CodeAsync());
        }
    }

    [Fact]
    public async Task One_that_was_never_stored_is_unknown_and_so_is_another_holders()
    {
        var fact = await ReceiveAsync(fund.Host, "R-told");
        foreach (var path in Paths(fund.Host))
        {
            var made = await fund.Host.As(Role.HolderAdmin)
                .GetAsync($"{path}?afterFact={DeterministicGuid.From("nobody's")}");
            Assert.Equal("unknown-fact", await (await made.NeedsAsync(404)).CodeAsync());
            var others = await fund.Host.As(Role.HolderAdmin, "gamma").GetAsync($"{path}?afterFact={fact}");
            Assert.Equal("unknown-fact", await (await others.NeedsAsync(404)).CodeAsync());
        }
    }

    [Fact]
    public async Task One_is_known_long_after_it_has_arrived_and_when_its_request_comes_again()
    {
        var admin = fund.Host.As(Role.HolderAdmin);
        var fact = await ReceiveAsync(fund.Host, "R-again");
        await fund.Host.UntilIdleAsync();
        await UntilAsync(fund.Host, "select count(*) = 0 from funds.outbox");
        await admin.GetJsonAsync($"/v1/funds/F-1/balance?afterFact={fact}");
        var repeated = await (await admin.PutAsync("/v1/funds/F-1/receipts/R-again", Receipt)).NeedsAsync(200);
        Assert.Equal(fact, repeated.Headers.GetValues("Isf-Fact").Single());
    }

    [Fact]
    public async Task One_that_is_forgotten_is_not_returned_again()
    {
        var fact = await ReceiveAsync(fund.Host, "R-old");
        await RunAsync(fund.Host, $"delete from funds.facts where fact = '{fact}'");
        var admin = fund.Host.As(Role.HolderAdmin);
        var repeated = await (await admin.PutAsync("/v1/funds/F-1/receipts/R-old", Receipt)).NeedsAsync(200);
        Assert.False(repeated.Headers.Contains("Isf-Fact"));
        await (await admin.GetAsync($"/v1/funds/F-1/balance?afterFact={fact}")).NeedsAsync(404);
    }

    [Fact]
    public async Task They_are_forgotten_after_ninety_days_and_not_before()
    {
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            await using (var before = await TestHost.StartAsync(new() { Database = database }))
            {
                await RunAsync(before, """
                    insert into ledger.facts select 'sunrise', gen_random_uuid(), now() - interval '101 days';
                    insert into ledger.facts select 'sunrise', gen_random_uuid(), now() - interval '91 days'
                    """);
            }
            await using var host = await TestHost.StartAsync(new() { Database = database });
            await UntilAsync(host, "select count(*) = 0 from ledger.facts where said_at < now() - interval '100 days'");
            await UntilAsync(host, "select count(*) = 1 from ledger.facts");
        }
        finally
        {
            await TestServers.DropAsync(database);
        }
    }

    // Returns the paths of all GET routes that can wait for a fact, as the host declares them.
    private static List<string> Paths(TestHost host)
    {
        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<AcceptsAfterFact>() is not null)
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Where(route => route.Metadata.GetMetadata<Admitted>()!.Roles.Contains(Role.HolderAdmin))
            .Select(route => RouteText.With(route, "F-1")).ToList();
        Assert.True(routes.Count > 10, string.Join(" ", routes));
        return routes;
    }

    private static async Task<string> ReceiveAsync(TestHost host, string id)
    {
        var response = await host.As(Role.HolderAdmin).PutAsync($"/v1/funds/F-1/receipts/{id}", Receipt);
        return (await response.NeedsAsync(201)).Headers.GetValues("Isf-Fact").Single();
    }

    private static Task UntilAsync(TestHost host, string sql) =>
        Until.HoldsAsync(async () => (bool)(await RunAsync(host, sql))!, what: sql);

    private static async Task<object?> RunAsync(TestHost host, string sql)
    {
        await using var connection = new NpgsqlConnection(host.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
