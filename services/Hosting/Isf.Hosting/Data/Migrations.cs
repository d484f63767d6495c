using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// Applies each service's numbered SQL files in order, under an advisory lock. Each file has a transaction of its own,
/// which also records the file with its hash. An applied file that was edited later is refused.
/// </summary>
public static partial class Migrations
{
    private const int NamedMax = 12;

    private sealed record Step(string Service, string Series, int Number, string Name, string Sql)
    {
        public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    /// <summary>
    /// Brings the schemas of all services up to date; the services' roles must exist. Safe to run from several
    /// processes at once.
    /// </summary>
    /// <exception cref="InvalidOperationException">An applied file was edited, or a number is missing.</exception>
    /// <param name="owner">The connection string of the database's owner.</param>
    /// <param name="services">The services whose schemas are brought up to date.</param>
    /// <param name="makeJobTables">Creates the tables of a service's jobs, whose scripts come with Hangfire.</param>
    /// <param name="log">The log of applied files.</param>
    /// <param name="stop">Cancels the run; a file that is being applied is rolled back.</param>
    public static async Task RunAsync(
        string owner, IReadOnlyList<ServiceSchema> services,
        Func<NpgsqlDataSource, string, CancellationToken, Task> makeJobTables, ILogger log,
        CancellationToken stop = default)
    {
        // Commands have no timeout, because another process may be migrating, and a file may change millions of rows.
        await using var source = Databases.Open(
            new NpgsqlConnectionStringBuilder(owner) { CommandTimeout = 0 }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(stop);
        await ExecuteAsync(connection, "select pg_advisory_lock(hashtextextended('isf migrations', 0))", stop);
        await ExecuteAsync(connection, """
            create schema if not exists isf;
            create table if not exists isf.migrations (
              service text, number int, name text not null, sha256 text not null,
              applied_at timestamptz not null default clock_timestamp(), primary key (service, number));
            """, stop);
        // Services may read the record of applied files, because a host checks that record with their roles.
        await ExecuteAsync(connection, string.Join(";\n", services.Select(service =>
            $"grant usage on schema isf to isf_{service.Name}; grant select on isf.migrations to isf_{service.Name}")),
            stop);
        foreach (var step in services.SelectMany(StepsOf))
            await ApplyAsync(connection, step, log, stop);
        foreach (var service in services)
            await makeJobTables(source, service.Name, stop);
        await MakeWatchAsync(connection, services, stop);
        await ExecuteAsync(connection, "select pg_advisory_unlock_all()", stop);
    }

    /// <summary>
    /// Checks, with the roles of the services, that the owner has applied every migration that the services need.
    /// </summary>
    /// <exception cref="InvalidOperationException">A migration is missing or was edited.</exception>
    public static async Task CheckAsync(Databases databases, IEnumerable<ServiceSchema> services,
        CancellationToken stop = default)
    {
        var missing = new List<string>();
        foreach (var service in services)
        {
            var applied = await AppliedAsync(databases.Of(service.Name), stop);
            foreach (var step in StepsOf(service).Where(step => !IsApplied(step, applied)))
                missing.Add($"{step.Name} of {step.Series}");
        }
        if (missing.Count > 0)
        {
            throw new InvalidOperationException("The database is older than this release. Run ops/migrate, then start "
                + $"again. Not applied: {string.Join(", ", missing.Take(NamedMax))}"
                + (missing.Count > NamedMax ? $" and {missing.Count - NamedMax} more." : "."));
        }
    }

    private static bool IsApplied(Step step, Dictionary<(string, int), string> applied)
    {
        if (!applied.TryGetValue((step.Series, step.Number), out var sha256))
            return false;
        RefuseEdited(step, sha256);
        return true;
    }

    private static void RefuseEdited(Step step, string applied)
    {
        if (applied != step.Sha256)
        {
            throw new InvalidOperationException($"Migration {step.Name} of {step.Service} was edited after it was "
                + "applied. Put it back, and write a new one.");
        }
    }

    private static async Task<Dictionary<(string, int), string>> AppliedAsync(
        NpgsqlDataSource database, CancellationToken stop)
    {
        var applied = new Dictionary<(string, int), string>();
        try
        {
            await using var command = database.CreateCommand("select service, number, sha256 from isf.migrations");
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                applied[(reader.GetString(0), reader.GetInt32(1))] = reader.GetString(2);
        }
        catch (PostgresException none) when (none.SqlState is PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
        {
            // No migration was ever applied, or only migrations of a release whose services could not read the record
            // yet.
        }
        return applied;
    }

    /// <summary>
    /// The files to apply for a service, first those of Hosting and then the service's own. The first file of Hosting
    /// is number 0 of the service's own series. Later files of Hosting form a second series for each service, because
    /// the service's own series had already used the next numbers.
    /// </summary>
    private static IEnumerable<Step> StepsOf(ServiceSchema service)
    {
        var floor = Read(typeof(Migrations).Assembly, service.Name, service.Name + "/floor").ToLookup(
            step => step.Number == 0);
        var first = floor[true].Select(step => step with { Series = service.Name });
        var own = InOrder([.. first, .. Read(service.Home, service.Name, service.Name)], 0);
        return [own[0], .. InOrder([.. floor[false]], 1), .. own[1..]];
    }

    private static Step[] InOrder(IReadOnlyList<Step> steps, int first)
    {
        var ordered = steps.OrderBy(step => step.Number).ToArray();
        for (var i = 0; i < ordered.Length; i++)
        {
            if (ordered[i].Number != first + i)
            {
                throw new InvalidOperationException(
                    $"Migrations of {ordered[i].Series} must be numbered without gaps: "
                    + $"expected {first + i:0000}, found {ordered[i].Name}.");
            }
        }
        return ordered;
    }

    private static IEnumerable<Step> Read(Assembly home, string service, string series)
    {
        foreach (var resource in home.GetManifestResourceNames())
        {
            if (FileName().Match(resource) is { Success: true } match)
            {
                using var reader = new StreamReader(home.GetManifestResourceStream(resource)!);
                yield return
                    new(service, series, int.Parse(match.Groups[1].ValueSpan), match.Value, reader.ReadToEnd());
            }
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Step step, ILogger log, CancellationToken stop)
    {
        await using var select = new NpgsqlCommand(
            "select sha256 from isf.migrations where service = $1 and number = $2", connection)
        {
            Parameters = { new() { Value = step.Series }, new() { Value = step.Number } },
        };
        if (await select.ExecuteScalarAsync(stop) is string applied)
        {
            RefuseEdited(step, applied);
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ExecuteAsync(connection, $"""
            create schema if not exists {step.Service};
            grant usage on schema {step.Service} to isf_{step.Service};
            set local search_path = {step.Service};
            """, stop);
        await ExecuteAsync(connection, step.Sql, stop);
        await using var record = new NpgsqlCommand(
            "insert into isf.migrations (service, number, name, sha256) values ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = step.Series }, new() { Value = step.Number }, new() { Value = step.Name },
                new() { Value = step.Sha256 },
            },
        };
        await record.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        log.LogInformation("Applied migration {Name} of {Service}", step.Name, step.Service);
    }

    private static async Task MakeWatchAsync(NpgsqlConnection connection, IReadOnlyList<ServiceSchema> services,
        CancellationToken stop)
    {
        // PostgreSQL can add columns to an existing view only at the end, so a new column comes last. watch.messages
        // holds deferred, queued (for their holder's turn) and failed messages, but no discarded messages.
        string Union(string columns, string table) => string.Join(" union all ",
            services.Select(service =>
                $"select '{service.Name}'::text as service, {columns} from {service.Name}.{table}"));
        await ExecuteAsync(connection, $"""
            create schema if not exists watch;
            grant usage on schema watch to isf_watch;
            create or replace view watch.outbox as
              {Union("""
                seq, message_id, holder_id, urn, fact, funds, confirmed_at is not null as confirmed, said_at
                """, "outbox")};
            create or replace view watch.inbox as {Union("queue, message_id", "inbox")};
            create or replace view watch.parked as
              select * from ({Union("queue, holder_id, fact, funds, failed_at, discarded_at", "parked")}) parked
              where failed_at is null and discarded_at is null;
            create or replace view watch.messages as {Union("""
                holder_id, message_id, queue, urn, fact, funds,
                case when failed_at is not null then 'failed' when in_turn then 'queued' else 'deferred' end as state,
                needs as waits_for,
                parked_at as since, tries + 1 as tries, faults, last_error, error_type, failed_at
                """, "parked where discarded_at is null")};
            create or replace view watch.copy_differences as {Union("""
                holder_id, fund_id, kind, id, field, stated_version, copy_version, certain
                """, "copy_differences")};
            create or replace view watch.decisions as {Union("""
                holder_id, message_id, queue, urn, fact, decided, why, decided_by, decided_at
                """, "message_decisions")};
            create or replace view watch.facts as {Union("holder_id, fact, said_at", "facts")};
            create or replace view watch.heartbeats as select service, heartbeat_at from isf.heartbeats;
            create or replace view watch.schedules as {Union("schedule, cron, zone, enabled, version", "schedules")};
            create or replace view watch.holder_schedules as {Union("""
                holder_id, schedule, cron, zone, enabled
                """, "holder_schedules")};
            create or replace view watch.schedule_changes as {Union("""
                holder_id, schedule, version, changed_by, changed_at, was, became
                """, "schedule_changes")};
            create or replace view watch.schedule_runs as {RunsOf(services)};
            grant select on all tables in schema watch to isf_watch;
            """, stop);
    }

    // An unfinished run shows whether its message is deferred, has failed or was discarded.
    private static string RunsOf(IReadOnlyList<ServiceSchema> services) => string.Join(" union all ",
        services.Select(service => $"""
            select '{service.Name}'::text as service, r.holder_id, r.schedule, r.asked_by,
              coalesce(r.night, (r.asked_at at time zone 'Europe/London')::date) as night, r.up_to, r.asked_at,
              r.requested_by, r.message_id is not null as is_followed, r.started_at, r.ended_at, r.checked,
              r.differences, m.given_up_at, m.waits_for
            from {service.Name}.schedule_runs r left join lateral (
              select max(coalesce(p.discarded_at, p.failed_at)) as given_up_at,
                max(p.needs) filter (where p.discarded_at is null and p.failed_at is null) as waits_for
              from {service.Name}.parked p
              where r.ended_at is null and p.holder_id = r.holder_id and p.message_id = r.message_id) m on true
            """));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    [GeneratedRegex(@"(\d{4})_[a-z_]+\.sql$")]
    private static partial Regex FileName();
}
