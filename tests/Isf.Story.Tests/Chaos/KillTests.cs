using Isf.Story.Tests.Telling;
using Isf.Tests.Servers;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// No message is published before its commit, and every committed message is published. So if a host or a server is
/// killed while visits are imported, the books end as if nothing had happened (design §5).
/// </summary>
[Collection(OwnServers.Name)]
public sealed class KillTests(OwnServers servers)
{
    [Fact]
    public async Task Twenty_kills_at_random_moments_of_an_import_over_rabbitmq_leave_the_same_books() =>
        await Killing.AssertSameBooksAsync(await servers.NewInstallationAsync("rabbitmq"));

    [Fact]
    public async Task A_broker_that_stops_and_crashes_and_a_database_that_restarts_leave_the_same_books()
    {
        var undisturbed = await Undisturbed.OnceAsync();
        var at = await servers.NewInstallationAsync("rabbitmq");
        using var desk = new ProcessOffice(at);
        await using var host = await HostProcess.StartAsync(at);
        await SampleLife.EnterAsync(desk.Office);

        var import = Importing.UploadAllAsync(desk.Office, SampleLife.Files(Undisturbed.Files));
        await Task.Delay(300);
        await servers.StopAndStartBrokerAsync();
        await servers.CrashDatabaseAsync();
        await servers.CrashBrokerAsync();
        // Commits that did not wait for the disk are lost with the server, and their messages are consumed again
        // (decision 0013).
        for (var crash = 0; crash < 3; crash++)
        {
            await Task.Delay(400);
            await servers.CrashDatabaseAsync();
        }
        await import;

        Assert.Equal(undisturbed.Books, await Undisturbed.BooksOfAsync(desk.Office));
    }
}

/// <summary>The same kills with the transport in memory, where only the outbox remembers published messages.</summary>
public sealed class MemoryKillTests
{
    [Fact]
    public async Task Twenty_kills_at_random_moments_of_an_import_in_memory_leave_the_same_books()
    {
        var home = Directory.CreateTempSubdirectory("isf-kills-").FullName;
        var database = await TestServers.NewDatabaseAsync();
        try
        {
            await Killing.AssertSameBooksAsync(new(home, database, "memory", null, "", Installation.FreePort()));
        }
        finally
        {
            await TestServers.DropAsync(database);
            Directory.Delete(home, recursive: true);
        }
    }
}

/// <summary>Imports files into a host that is killed again and again.</summary>
internal static class Killing
{
    private const int Kills = Undisturbed.Files;

    public static async Task AssertSameBooksAsync(Installation at)
    {
        var undisturbed = await Undisturbed.OnceAsync();
        var files = SampleLife.Files(Kills);
        var dice = new Random(20260406);
        using var desk = new ProcessOffice(at);
        await using (await HostProcess.StartAsync(at))
            await SampleLife.EnterAsync(desk.Office);
        for (var i = 0; i < Kills; i++)
        {
            await using var host = await HostProcess.StartAsync(at);
            var upload = Importing.TryUploadAsync(desk.Office, files[i], i);
            await Task.Delay(dice.Next(5, 700));
            await host.KillAsync();
            await upload;
        }
        await using (await HostProcess.StartAsync(at))
        {
            await Importing.UploadAllAsync(desk.Office, files);
            Assert.Equal(undisturbed.Books, await Undisturbed.BooksOfAsync(desk.Office));
        }
    }
}

/// <summary>
/// Sends files like a careful client: again and again under the same reference, until they are accepted.
/// </summary>
internal static class Importing
{
    /// <summary>Sends one file once; the outcome is unknown if the host is killed meanwhile.</summary>
    public static async Task TryUploadAsync(Office office, byte[] file, int number)
    {
        try
        {
            await office.UploadAsync(file, $"part-{number}");
        }
        catch (Exception unreachable) when (unreachable
            is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            // The file is sent again later, under the same reference.
        }
    }

    /// <summary>
    /// Sends every file until it is accepted and read, and waits until everything that follows has happened.
    /// </summary>
    public static async Task UploadAllAsync(Office office, IReadOnlyList<byte[]> files)
    {
        for (var i = 0; i < files.Count; i++)
            await office.FileDoneAsync(await UploadAsync(office, files[i], i));
        await office.UntilIdleAsync();
    }

    private static async Task<string> UploadAsync(Office office, byte[] file, int number)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await office.UploadAsync(file, $"part-{number}");
            }
            catch (Exception unreachable) when (tries < 100 && unreachable
                is HttpRequestException or TaskCanceledException
                or InvalidOperationException)
            {
                await Task.Delay(300);
            }
        }
    }
}
