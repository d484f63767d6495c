using System.Diagnostics;
using System.Globalization;
using Isf.Host;
using Isf.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// A database server and a broker that nobody else uses, to be stopped, paused and filled. The database lies in a
/// small space of its own where the system lets one be made, so that it can run full.
/// </summary>
public sealed class FailingServers : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"isf-failing-{Environment.ProcessId}");
    private readonly Lazy<Task<string>> broker;
    private string brokerPid = "";
    private Func<Task> makeRoom = () => Task.CompletedTask;

    public FailingServers() => broker = new(() => TestServers.ScriptAsync("rabbitmq", "start", Of("rabbitmq")));

    /// <summary>The owner's connection string.</summary>
    public string Database { get; private set; } = "";

    /// <summary>Whether the database lies in a space that can be filled.</summary>
    public bool CanBeFilled { get; private set; }

    private string Space => Of("space");

    private string Of(string kind) => Path.Combine(folder, kind);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Space);
        var server = await TestServers.ScriptAsync("postgres", "start", Of("postgres"));
        CanBeFilled = await RunAsync("mount", "-t", "tmpfs", "-o", "size=96m,mode=700,uid=postgres", "tmpfs", Space);
        await SqlAsync(server, CanBeFilled ? $"create tablespace small location '{Space}'" : "select 1");
        await SqlAsync(server, "create database failing" + (CanBeFilled ? " tablespace small" : ""));
        Database = new NpgsqlConnectionStringBuilder(server) { Database = "failing" }.ConnectionString;
        await IsfHost.MigrateAsync(Database, new() { Database = Database }, NullLogger.Instance);
    }

    public async Task DisposeAsync()
    {
        if (broker.IsValueCreated)
            await TestServers.ScriptAsync("rabbitmq", "remove", Of("rabbitmq"));
        await TestServers.ScriptAsync("postgres", "remove", Of("postgres"));
        if (CanBeFilled)
            await RunAsync("umount", "-l", Space);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A host of all services on the servers, which soon notices what fails.</summary>
    public async Task<TestHost> HostAsync(string transport = "memory")
    {
        // Who it is cannot be asked while it stands still.
        if (transport != "memory" && await broker.Value is not null)
            brokerPid = (await TestServers.ScriptAsync(
                "rabbitmq", "ctl", Of("rabbitmq"), "-q", "eval", "os:getpid().")).Trim('"');
        return await TestHost.StartAsync(Terms(transport, transport == "memory" ? null : await broker.Value));
    }

    private TestHostTerms Terms(string transport, string? address) => new()
    {
        Database = Database, Transport = transport, RabbitMq = address,
        BusPrefix = "failing.", WaitForPlaceFor = TimeSpan.FromSeconds(4),
        Settings = settings => settings with
        {
            Health = new()
            {
                HeartbeatEvery = TimeSpan.FromMilliseconds(500), AnswersWithin = TimeSpan.FromSeconds(1),
            },
        },
    };

    /// <summary>Ends the server, or starts it again.</summary>
    public Task StopAsync(string kind) => TestServers.ScriptAsync(kind, "stop", Of(kind));

    public Task StartAsync(string kind) => TestServers.ScriptAsync(kind, "start", Of(kind));

    /// <summary>Has every process of the server stand still: it keeps its connections, and says nothing.</summary>
    public async Task PauseAsync(string kind) => await SignalAsync(kind, "STOP");

    public async Task ResumeAsync(string kind) => await SignalAsync(kind, "CONT");

    /// <summary>
    /// Takes all room that the database has, and what it gives back meanwhile, until there is to be room again.
    /// </summary>
    public void Fill()
    {
        var (stop, filler) = (new CancellationTokenSource(), Path.Combine(Space, "filler"));
        var filling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await RunAsync("dd", "if=/dev/zero", "of=" + filler, "bs=4k", "oflag=append", "conv=notrunc");
                await Task.Delay(50);
            }
        });
        makeRoom = async () =>
        {
            await stop.CancelAsync();
            await filling;
            File.Delete(filler);
        };
    }

    public Task MakeRoomAsync() => makeRoom();

    /// <summary>Lets the database be read alone, or be written to again, in all connections.</summary>
    public Task SetReadOnlyAsync(bool readOnly) => SqlAsync($"""
        alter database failing set default_transaction_read_only = {(readOnly ? "on" : "off")};
        select pg_terminate_backend(pid) from pg_stat_activity where datname = 'failing' and pid <> pg_backend_pid()
        """);

    /// <summary>Runs SQL as the owner.</summary>
    public Task SqlAsync(string sql) => SqlAsync(Database, sql);

    private static async Task SqlAsync(string server, string sql)
    {
        // Also where the database only lets itself be read.
        await using var source = Databases.Open(server + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task SignalAsync(string kind, string signal)
    {
        var first = kind == "postgres"
            ? File.ReadLines(Path.Combine(Of(kind), "place", "data", "postmaster.pid")).First()
            : brokerPid;
        var pid = int.Parse(first, CultureInfo.InvariantCulture);
        var others = (await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(await RunAsync("kill", ["-" + signal, first, .. kind == "postgres" ? others : []]));
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
