using System.Diagnostics;
using Isf.Tests.Servers;
using Npgsql;

namespace Isf.Tests.Hosting;

/// <summary>
/// Once created, a private database survives any failure at a start, and no other program is mistaken for it.
/// </summary>
public sealed class Private_servers_keep_their_data : IAsyncLifetime
{
    private readonly string home = Directory.CreateTempSubdirectory("isf-private-").FullName;
    private string Folder => Path.Combine(home, "server");
    private string Data => Path.Combine(Folder, "place", "data");
    private string PidFile => Path.Combine(Data, "postmaster.pid");

    public async Task InitializeAsync()
    {
        await RunAsync("start");
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        await RunAsync("remove");
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Also_where_the_port_was_lost_and_the_start_fails()
    {
        await RunAsync("stop");
        var (port, terms) = (Path.Combine(Folder, "port"), Path.Combine(Data, "postgresql.conf"));
        var whole = await File.ReadAllTextAsync(terms);
        await File.WriteAllTextAsync(port, "");
        await File.AppendAllTextAsync(terms, "no_such_setting = on\n");
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("start"));

        await File.WriteAllTextAsync(terms, whole);
        await RunAsync("start");
        await HasDataAsync();
    }

    [Fact]
    public async Task Also_where_the_port_was_lost_while_the_server_runs()
    {
        var where = await RunAsync("where");
        File.Delete(Path.Combine(Folder, "port"));
        Assert.Equal(where, await RunAsync("start"));
        await HasDataAsync();
    }

    [Fact]
    public async Task And_leave_a_program_alone_whose_number_was_once_the_servers()
    {
        var left = await File.ReadAllLinesAsync(PidFile);
        await RunAsync("stop");
        using var other = StartOther();
        try
        {
            await File.WriteAllLinesAsync(PidFile, [$"{other.Id}", .. left[1..]]);
            foreach (var verb in new[] { "pause", "resume", "stop", "kill" })
            {
                await RunAsync(verb);
                Assert.Contains("\nState:\tS", await File.ReadAllTextAsync($"/proc/{other.Id}/status"));
            }
            await RunAsync("start");
            await HasDataAsync();
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task Also_in_memory_and_leave_nothing_there_once_removed()
    {
        await RunAsync("remove");
        await StartInMemoryAsync();
        var place = Directory.ResolveLinkTarget(Path.Combine(Folder, "place"), returnFinalTarget: true)?.FullName;
        await FillAsync();
        await RunAsync("restart");
        await HasDataAsync();
        await RunAsync("remove");
        Assert.False(Directory.Exists(place) || Directory.Exists(Folder));
    }

    // The other process runs as the server's user, who may be the same user that runs the tests.
    private static Process StartOther() => Process.Start(Environment.UserName == "root"
        ? new ProcessStartInfo("setpriv",
            ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "sleep", "300"])
        : new ProcessStartInfo("sleep", ["300"]))!;

    private async Task StartInMemoryAsync()
    {
        using var start = Process.Start("env", ["ISF_SERVER_IN=memory",
            Path.Combine(TestServers.Root, "ops", "lib", "private-server"), "postgres", "start", Folder]);
        await start.WaitForExitAsync();
        Assert.Equal(0, start.ExitCode);
    }

    private Task<object?> FillAsync() => ScalarAsync("create table kept (number int); insert into kept values (1)");

    private Task<string> RunAsync(string verb) => TestServers.ScriptAsync("postgres", verb, Folder);

    private async Task HasDataAsync() => Assert.Equal(1, await ScalarAsync("select number from kept"));

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await RunAsync("where") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
