using System.Diagnostics;
using Isf.Host;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// A separate database server that requires passwords, with a database whose owner is not a superuser.
/// </summary>
public sealed class ServerWithPasswords : IAsyncLifetime
{
    private const string OwnersPassword = "owners";
    private NpgsqlConnectionStringBuilder server = [];

    /// <summary>The server's folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("isf-passwords-").FullName;

    /// <summary>The connection string of the database's owner.</summary>
    public string Owner => Login(login => (login.Username, login.Password) = ("isf_owner", OwnersPassword));

    public string Login(Action<NpgsqlConnectionStringBuilder> terms)
    {
        var login = new NpgsqlConnectionStringBuilder
        { Host = server.Host, Port = server.Port, Database = "isf", Pooling = false };
        terms(login);
        return login.ConnectionString;
    }

    /// <summary>Writes a password file with a new password for each service's role, and returns its path.</summary>
    public string NewPasswords()
    {
        var file = Path.Combine(Folder, Path.GetRandomFileName());
        File.WriteAllLines(file, [.. IsfHost.AllServices().Select(service => service.Name).Append("watch")
            .Select(name => $@"127.0.0.1:*:isf:isf_{name}:{Path.GetRandomFileName()}\:{name}\\")]);
        return file;
    }

    public async Task InitializeAsync()
    {
        server = new(await TestServers.ScriptAsync("postgres", "start", Path.Combine(Folder, "server")));
        await using var source = Databases.Open(server.ConnectionString);
        foreach (var sql in new[]
        {
            $"create role isf_owner login createrole password '{OwnersPassword}'",
            "create database isf owner isf_owner",
        })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await TestServers.ScriptAsync("postgres", "remove", Path.Combine(Folder, "server"));
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>
/// Each role has a password of its own, and hosts run without the owner's password. On a server for the platform no
/// superuser can log in over the network (decision 0005).
/// </summary>
public sealed class Nobody_comes_in_without_a_password(ServerWithPasswords server) : IClassFixture<ServerWithPasswords>
{
    [Fact]
    public async Task A_host_runs_on_its_roles_passwords_and_never_hears_the_owners()
    {
        var file = server.NewPasswords();
        var database = server.Login(login => login.Passfile = file);
        await IsfHost.MigrateAsync(server.Owner, new() { Database = database }, NullLogger.Instance);
        await using var host = await TestHost.StartAsync(new() { Database = database });
        await Sample.OpenAsync(host.As(Role.HolderAdmin));
        await host.UntilIdleAsync();
        await (await host.As(Role.Operator).PutAsync("/v1/operator/schedules/state-books",
            new { cron = "0 0 2 * * ?", zone = "Europe/London", enabled = true }, version: 1)).NeedsAsync(200);
        var shown = await host.As(Role.HolderAdmin).Typed().ScheduleListAsync();
        Assert.Contains(shown.Items, schedule => schedule.Cron == "0 0 2 * * ?");
    }

    [Fact]
    public async Task The_owner_gives_the_roles_the_passwords_that_the_hosts_have_and_no_log_holds_one()
    {
        var (first, second) = (server.NewPasswords(), server.NewPasswords());
        foreach (var file in new[] { first, second })
            await MigrateAsync(server.Login(login => login.Passfile = file));
        foreach (var role in new[] { "isf_funds", "isf_ledger", "isf_watch" })
        {
            Assert.Null(await RefusedAsync(login => (login.Username, login.Passfile) = (role, second)));
            Assert.Equal("28P01", await RefusedAsync(login => (login.Username, login.Passfile) = (role, first)));
            Assert.NotNull(await RefusedAsync(login => (login.Username, login.Passfile) = (role, "/dev/null")));
        }
        // The password in ISF_DATABASE belongs to no role. The password of each role is derived from it.
        var derived = server.Login(login => login.Password = "one for all");
        await MigrateAsync(derived);
        await IsfHost.CheckDatabaseAsync(new() { Database = derived, Services = new HashSet<string> { "funds" } });
        Assert.Equal("28P01", await RefusedAsync(
            login => (login.Username, login.Password) = ("isf_funds", "one for all")));

        var log = await File.ReadAllTextAsync(Path.Combine(server.Folder, "server", "place", "log"));
        Assert.DoesNotContain("SCRAM-SHA-256$", log, StringComparison.Ordinal);
        Assert.All(File.ReadLines(first).Concat(File.ReadLines(second)), line => Assert.DoesNotContain(
            line.Split(':')[4].TrimEnd('\\'), log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_an_older_release_left_open_is_closed_and_keeps_its_data()
    {
        var folder = Path.Combine(server.Folder, "server");
        await TestServers.ScriptAsync("postgres", "stop", folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "place", "data", "pg_hba.conf"), "host all all all trust\n");
        await TestServers.ScriptAsync("postgres", "start", folder);
        Assert.Null(await RefusedAsync(login => login.Username = "postgres"));

        await RunAsync("env", "ISF_SERVER_FOR=platform", Script, "postgres", "start", folder);
        Assert.Equal("28000", await RefusedAsync(login => login.Username = "postgres"));
        Assert.NotNull(await RefusedAsync(login => login.Username = "isf_owner"));
        Assert.Equal("isf_owner", await RunAsync(Script, "postgres", "ctl", folder, "psql", "-XAtc",
            "select rolname from pg_database d join pg_roles r on r.oid = datdba where datname = 'isf'"));
    }

    private static string Script => Path.Combine(TestServers.Root, "ops", "lib", "private-server");

    private Task MigrateAsync(string database) =>
        IsfHost.MigrateAsync(server.Owner, new() { Database = database }, NullLogger.Instance);

    // Returns the SQL state with which the login is refused; null if it succeeds.
    private async Task<string?> RefusedAsync(Action<NpgsqlConnectionStringBuilder> terms)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.Login(terms));
            await connection.OpenAsync();
            return null;
        }
        catch (NpgsqlException refused)
        {
            return refused.SqlState ?? "no password";
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }
}
