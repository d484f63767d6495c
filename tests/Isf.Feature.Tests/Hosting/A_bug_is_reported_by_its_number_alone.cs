using Isf.Hosting.Http;
using Npgsql;

namespace Isf.Tests.Hosting;

public sealed class A_bug_is_reported_by_its_number_alone
{
    [Fact]
    public async Task Neither_the_statement_nor_the_table_is_named()
    {
        await using var host = await TestHost.StartAsync(new() { Services = "reconciliation" });
        await using (var owner = NpgsqlDataSource.Create(host.Database))
        {
            await using var command = owner.CreateCommand("alter table reconciliation.exceptions rename to lost");
            await command.ExecuteNonQueryAsync();
        }

        var response = await (await host.As(Role.HolderAdmin).GetAsync("/v1/exceptions")).NeedsAsync(500);

        var problem = await response.JsonAsync();
        Assert.Equal("internal", (string)problem["code"]!);
        Assert.Matches("^Nothing was changed. Please report it with this number: [0-9a-f]{32}$",
            (string)problem["detail"]!);
    }
}
