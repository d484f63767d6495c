using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Isf.Host;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isf.Tests;

/// <summary>
/// A database before a migration of one service. The service's migrations up to a number are applied and recorded as
/// the host does it. A test inserts rows and then applies the migrations that follow.
/// </summary>
public sealed partial class OlderDatabase : IAsyncDisposable
{
    private OlderDatabase(string owner) => Owner = owner;

    /// <summary>The owner's connection string.</summary>
    public string Owner { get; }

    /// <summary>
    /// Creates a database with Hosting's tables and with the service's schema as the service's migration of this
    /// number leaves it. No other service has a schema.
    /// </summary>
    public static async Task<OlderDatabase> AsOfAsync(Service service, int number, int floor = 0)
    {
        var older = new OlderDatabase(await TestServers.NewDatabaseAsync(migrated: false));
        await older.CreateSchemaAsync(service);
        var files = FilesOf(typeof(Migrations).Assembly).Where(file => file.Number <= floor)
            .OrderBy(file => file.Number)
            .Select(file => (Series: file.Number == 0 ? service.Name : service.Name + "/floor", File: file))
            .Concat(FilesOf(service.Home).Where(file => file.Number <= number).OrderBy(file => file.Number)
                .Select(file => (Series: service.Name, File: file)));
        foreach (var (series, (n, name, sql)) in files)
        {
            await older.RunAsync($"set search_path = {service.Name};\n" + sql);
            await older.RunAsync(
                "insert into isf.migrations (service, number, name, sha256) values ($1, $2, $3, $4)",
                series, n, name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
        return older;
    }

    private Task<object?> CreateSchemaAsync(Service service) => RunAsync($"""
        do $$ begin
          if not exists (select 1 from pg_roles where rolname = 'isf_{service.Name}')
          then create role isf_{service.Name} login; end if;
        exception when duplicate_object or unique_violation then null; end $$;
        create schema isf;
        create table isf.migrations (
          service text, number int, name text not null, sha256 text not null,
          applied_at timestamptz not null default clock_timestamp(), primary key (service, number));
        create schema {service.Name};
        grant usage on schema {service.Name} to isf_{service.Name};
        """);

    /// <summary>Applies all missing migrations of all services.</summary>
    public Task UpgradeAsync() => IsfHost.MigrateAsync(Owner, new() { Database = Owner }, NullLogger.Instance);

    /// <summary>Runs SQL as the owner.</summary>
    public async Task<object?> RunAsync(string sql, params object?[] values)
    {
        await using var owner = Databases.Open(Owner);
        await using var command = owner.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(Columns.Parameter(value));
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync() => await TestServers.DropAsync(Owner);

    private static IEnumerable<(int Number, string Name, string Sql)> FilesOf(Assembly home)
    {
        foreach (var resource in home.GetManifestResourceNames())
        {
            if (FileName().Match(resource) is not { Success: true } match)
                continue;
            using var reader = new StreamReader(home.GetManifestResourceStream(resource)!);
            yield return (int.Parse(match.Groups[1].ValueSpan), match.Value, reader.ReadToEnd());
        }
    }

    [GeneratedRegex(@"(\d{4})_[a-z_]+\.sql$")]
    private static partial Regex FileName();
}
