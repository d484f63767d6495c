using Isf.Hosting.Data;
using Isf.Statements;
using Isf.Statements.Statements;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Statements;

/// <summary>Each migration of Statements upgrades the data left by the one before it.</summary>
public sealed class Older_statements_are_brought_up_to_date
{
    [Fact]
    public async Task The_last_statement_of_a_fund_from_before_is_found()
    {
        await using var older = await OlderDatabase.AsOfAsync(StatementsService.Describe(), 1);
        foreach (var (id, fund, from, to) in new[]
        {
            ("S-1", "F-1", "2026-04-06", "2026-05-03"), ("S-2", "F-1", "2026-05-04", "2026-05-31"),
            ("S-3", "F-2", "2026-06-01", "2026-06-28"),
        })
        {
            await older.RunAsync($$"""
                insert into statements.mt_doc_issuedstatement (tenant_id, id, data, mt_dotnet_type) values ('sunrise',
                  '{{id}}', '{"id":"{{id}}","fundId":"{{fund}}","from":"{{from}}","to":"{{to}}","position":3,
                  "issuedAt":"2026-06-01T09:00:00Z","openingPence":0,"closingPence":1,"dueToDatePence":0,
                  "paidToDatePence":0}', 'IssuedStatement')
                """);
        }
        await older.UpgradeAsync();
        await using var host = await TestHost.StartAsync(new() { Services = "statements", Database = older.Owner });
        await using var session = host.Services.GetRequiredService<Sessions>().Open("statements", "sunrise");
        Assert.Equal("S-2", (await session.Query<IssuedStatement>().Where(statement => statement.FundId == "F-1")
            .OrderByDescending(statement => statement.From).FirstOrDefaultAsync())?.Id);
    }
}
