using Isf.Host;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// A service's database role can write only rows of the session's holder, except in the tables listed in Reasons. The
/// first test checks this against the grants and policies of a migrated database. The others check that neither a
/// caller nor a session of one holder can change the installation's schedules.
/// </summary>
public sealed class What_is_everybodys_is_written_by_nobody(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    /// <summary>Tables that a service's role may write without a tenant policy, and why.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["outbox"] = "the relay carries every holder's messages, as holder *, which no token can be",
        ["parked"] = "messages that wait are taken up as holder *, which no token can be",
        ["message_decisions"] = "what was decided about a failed message is written as holder *, by a command",
        ["facts"] = "old ids of facts are swept as holder *, which no token can be",
        ["inbox"] = "which messages were consumed: ids that derive from their causes, nobody's words",
        ["schedules"] = "the installation's settings are changed as holder *, by the operator's route",
        ["holder_schedules"] = "written as the holder alone; read as holder *, which places them all together",
        ["holders"] = "for whom scheduled runs are requested: ids alone, which are only ever added",
        ["heartbeats"] = "when each service last ran: the services' names, and one process runs many of them",
        ["_jobs"] = "Hangfire's own schema: schedules' names and times, which are placed anew from schedules at start",
    };

    [Fact]
    public async Task Whatever_the_table()
    {
        var owner = shared.Host.Owner;
        var found = new HashSet<string>();
        foreach (var service in IsfHost.AllServices().Select(service => service.Name).Append("watch"))
        {
            foreach (var table in await UnboundAsync(owner, "isf_" + service))
            {
                var (schema, name) = (table.Split('.')[0], table.Split('.')[1]);
                name = schema == service + "_jobs" ? "_jobs" : name;
                found.Add(name);
                Assert.True(Reasons.ContainsKey(name) && (name == "_jobs" || schema == service || schema == "isf"),
                    $"isf_{service} may write {table}, where no tenant binds it: take the grant away, give the table a "
                    + "tenant (select tenant_table(…)), or give a reason here.");
            }
        }
        Assert.Equal(Reasons.Keys.Order(), found.Order());
    }

    [Fact]
    public async Task A_holder_sets_no_schedule_for_others()
    {
        foreach (var role in Role.All.Where(role => role != Role.Operator))
        {
            var response = await shared.Host.As(role, person: "P-1").PutAsync("/v1/operator/schedules/state-books",
                new { cron = "0 0 1 * * ?", zone = "Europe/London", enabled = false });
            Assert.Equal((403, "not-your-role"), ((int)response.StatusCode, await response.CodeAsync()));
        }
    }

    [Fact]
    public async Task A_session_of_a_holder_sets_no_schedule()
    {
        await using var session = shared.Host.Services.GetRequiredService<Sessions>().Open("ledger", "sunrise");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync("""
            insert into schedules (schedule, cron, zone, enabled) values ('state-books', '0 0 1 * * ?', 'UTC', false)
            """));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    // Returns the tables that the role may change in any way, except tables on which every policy binds the role to
    // the session's holder.
    private static async Task<List<string>> UnboundAsync(NpgsqlDataSource owner, string role)
    {
        await using var command = owner.CreateCommand("""
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
              and (has_table_privilege($1, c.oid, 'insert, update, delete, truncate')
                or has_any_column_privilege($1, c.oid, 'insert, update'))
              and has_schema_privilege($1, n.oid, 'usage') and not c.relispartition
              and not (c.relrowsecurity
                and not has_table_privilege($1, c.oid, 'truncate')
                and exists (select from pg_policy p where p.polrelid = c.oid)
                and not exists (select from pg_policy p where p.polrelid = c.oid
                  and pg_get_expr(p.polqual, p.polrelid)
                    !~ '^\((holder_id|\(?tenant_id\)?(::text)?) = current_setting\(''isf.holder''::text, true\)\)$'))
            order by 1
            """);
        command.Parameters.Add(new() { Value = role });
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
            tables.Add(reader.GetString(0));
        return tables;
    }
}
