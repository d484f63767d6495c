using Isf.Hosting.Data;
using Isf.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Tests.Support;

/// <summary>The database, on a server of its own, is stopped while a file is read.</summary>
public sealed class A_file_outlives_a_stopped_database
{
    [Fact]
    public async Task The_file_ends_done_with_all_of_its_rows()
    {
        await using var database = await OwnDatabase.NewAsync();
        await using var host = await TestHost.StartAsync(
            new() { Services = "funds,support", Database = database.Owner });
        var scene = new Scene(host, "sunrise");
        await Care.OpenAsync(scene, "F-1", "A-1");
        await Care.OpenAsync(scene, "F-2", "A-2");
        await Care.UntilIdleAsync(scene);
        var care = await Care.PlannedAsync(scene);
        await (await care.PutAsync("/v1/funds/F-2/plans/PL-2", Care.Plan(allocationId: "A-2"))).NeedsAsync(201);
        // The lock makes the import wait at the second fund, so that the database goes down in the middle of the file.
        await using var gate = host.Services.GetRequiredService<Sessions>().Open("support", "sunrise");
        await gate.LockAsync("fund/F-2");
        var sent = await (await care.SendFileAsync("R-1",
            Care.File(Care.Rows(1000).Concat(Care.Rows(1000, "F-2", "W"))))).NeedsAsync(202);
        await Care.ReadsAsync(care, sent, file => file.Read >= 1000);
        await database.Server.CrashAsync();
        await Task.Delay(OwnDatabase.Stopped);
        await database.Server.StartAsync();
        var read = await Care.ReadsAsync(care, sent, file => file.State != "reading");
        Assert.Equal("done 2000: 2000 0 0 0", Care.Counts(read));
        Assert.Equal(2000, await scene.CountAsync("support.visit"));
    }
}
