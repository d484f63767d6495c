using System.Diagnostics;
using Npgsql;

namespace Isf.Tests.Servers;

/// <summary>
/// The PostgreSQL and RabbitMQ servers of the tests. ISF_TEST_POSTGRES and ISF_TEST_RABBITMQ name them; without these
/// settings they are containers if a container engine responds, else private instances. Servers started here end with
/// the test process. Each test has its own database, copied from one migrated template.
/// </summary>
public static class TestServers
{
    private static readonly Lazy<Task<string>> Server =
        new(() => StartAsync(ServerProgram.PostgreSql, "ISF_TEST_POSTGRES"));
    private static readonly Lazy<Task<string>> Broker =
        new(() => StartAsync(ServerProgram.RabbitMq, "ISF_TEST_RABBITMQ"));
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static readonly SemaphoreSlim Copying = new(1);
    private static int made;

    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The broker's address.</summary>
    public static Task<string> RabbitMqAsync() => Broker.Value;

    /// <summary>
    /// Creates a database, by default with all migrations of all services; returns its owner's connection string.
    /// </summary>
    public static async Task<string> NewDatabaseAsync(bool migrated = true)
    {
        var server = await Server.Value;
        var template = migrated ? await Template.Value : null;
        var name = $"isf_t{Environment.ProcessId}_{Interlocked.Increment(ref made)}";
        await Copying.WaitAsync();
        try
        {
            await RunAsync(server, $"create database {name} {(template is null ? "" : "template " + template)}");
        }
        finally
        {
            Copying.Release();
        }
        return new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
    }

    /// <summary>Drops a test's database.</summary>
    public static async Task DropAsync(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await RunAsync(await Server.Value, $"drop database if exists {name} with (force)");
    }

    /// <summary>Runs the private-server script and returns its output.</summary>
    public static async Task<string> ScriptAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "ops", "lib", "private-server"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"private-server {string.Join(' ', arguments)}: {output} {await errors}");
    }

    private static async Task<string> StartAsync(ServerProgram program, string name)
    {
        if (!ContainerServer.Must && Environment.GetEnvironmentVariable(name) is { Length: > 0 } given)
        {
            ServersUsed.Note($"{OwnServer.Named(program)} as given");
            return given;
        }
        var server = await OwnServer.StartAsync(program, staysInPlace: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(30));
        ServersUsed.Note($"{OwnServer.Named(program)} {server.Kind}");
        return server.Address;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = $"isf_template_{Environment.ProcessId}";
        var server = await Server.Value;
        await RunAsync(server, $"create database {name}");
        var database = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
        await Host.IsfHost.MigrateAsync(database, new() { Database = database },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAsync(database).Wait(TimeSpan.FromSeconds(10));
        return name;
    }

    private static async Task RunAsync(string server, string sql)
    {
        // Databases are copied file by file and dropped after a checkpoint, which takes minutes on a busy machine.
        var builder = new NpgsqlConnectionStringBuilder(server)
        {
            Pooling = false,
            Timeout = 120,
            CommandTimeout = 300,
        };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "IsfPlatform.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
