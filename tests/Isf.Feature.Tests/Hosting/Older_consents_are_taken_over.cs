using Isf.Host;
using Isf.Hosting.Http;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isf.Tests.Hosting;

public sealed class Older_consents_are_taken_over
{
    [Theory]
    [InlineData("ledger", "/v1/funds/F-1/balance")]
    [InlineData("support", "/v1/funds/F-1/plans")]
    public async Task By_the_migration_that_makes_the_copy(string service, string opened)
    {
        await using var host = await TestHost.StartAsync();
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        foreach (var supporter in new[] { "her-son", "a-friend" })
        {
            await (await host.As(Role.Person, person: "P-1").PutAsync($"/v1/funds/F-1/consents/C-{supporter}",
                new { supporter, sees = new[] { "statements", "visits" } })).NeedsAsync(201);
        }
        await (await host.As(Role.HolderAdmin).PostAsync("/v1/funds/F-1/consents/C-a-friend/withdraw", new { }))
            .NeedsAsync(200);
        await host.UntilIdleAsync();
        // Restores the earlier state, with consents in Funds and no copies elsewhere.
        await host.FalsifyAsync($"""
            drop table {service}.consents;
            delete from isf.migrations where service = '{service}' and name like '%consents.sql'
            """);
        await IsfHost.MigrateAsync(host.Database, new() { Database = host.Database }, NullLogger.Instance);
        await (await host.As(Role.Supporter, user: "her-son").GetAsync(opened)).NeedsAsync(200);
        await (await host.As(Role.Supporter, user: "a-friend").GetAsync(opened)).NeedsAsync(404);
    }
}
