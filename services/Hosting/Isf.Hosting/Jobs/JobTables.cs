using System.Text.RegularExpressions;
using Hangfire.PostgreSql;
using Npgsql;

namespace Isf.Hosting.Jobs;

/// <summary>Creates the tables in which Hangfire keeps a service's jobs.</summary>
public static partial class JobTables
{
    /// <summary>
    /// Runs Hangfire's own scripts, which create what is missing in a schema of their own. The scripts change the
    /// state of their connection, so they do not use the connection that holds the migrations' lock. The scripts hide
    /// their errors, so the version of the tables is checked afterwards. The service's role gets the rights to use the
    /// tables.
    /// </summary>
    public static async Task MakeAsync(NpgsqlDataSource source, string service, CancellationToken stop)
    {
        var schema = ScheduleClock.SchemaOf(service);
        await using var connection = await source.OpenConnectionAsync(stop);
        PostgreSqlObjectsInstaller.Install(connection, schema);
        await using var made = new NpgsqlCommand($"select version from {schema}.schema", connection);
        var newest = typeof(PostgreSqlObjectsInstaller).Assembly.GetManifestResourceNames()
            .Select(name => JobScript().Match(name)).Where(script => script.Success)
            .Max(script => int.Parse(script.Groups[1].ValueSpan));
        if (await made.ExecuteScalarAsync(stop) is not int version || version != newest)
        {
            throw new InvalidOperationException($"The tables in {schema} are not as Hangfire's scripts would leave "
                + $"them at version {newest}: see that the owner may make schemas, and migrate again.");
        }
        await using var grants = new NpgsqlCommand($"""
            grant usage on schema {schema} to isf_{service};
            grant select, insert, update, delete on all tables in schema {schema} to isf_{service};
            grant usage, select, update on all sequences in schema {schema} to isf_{service};
            """, connection);
        await grants.ExecuteNonQueryAsync(stop);
    }

    [GeneratedRegex(@"\.v(\d+)\.sql$")]
    private static partial Regex JobScript();
}
