using System.Text;
using Isf.Client;
using Isf.Hosting.Data;
using Isf.Story.Tests.Telling;
using Isf.Tests;
using Npgsql;
using Xunit;

namespace Isf.Story.Tests.Chaos;

/// <summary>
/// After a kill, a message may be delivered twice. One delivery reads the file, and the other is deferred. If the
/// first delivery is lost, the deferred one must read the file to its end.
/// </summary>
public sealed class DeferredFileTests
{
    [Fact]
    public async Task A_file_whose_message_was_deferred_is_read_to_its_end()
    {
        await using var host = await TestHost.StartAsync();
        var office = StoryResult.OfficeOf(host);
        var source = host.Owner;
        await using (var reader = await source.OpenConnectionAsync())
        {
            // Another reader seems to hold the file until this connection ends.
            var file = DeterministicGuid.From("visit-file", "sunrise", "real", "parked").ToString("N");
            await using var turn = new NpgsqlCommand(
                $"select pg_advisory_lock(hashtextextended('support/reading/sunrise/{file}', 0))", reader);
            await turn.ExecuteNonQueryAsync();
            await office.UploadAsync(
                Encoding.UTF8.GetBytes("visitId,fundId,lineId,outcome\nv-1,F-none,L-1,delivered\n"), "parked");
            await office.AwaitAsync<Backlog>("/v1/backlog", backlog => backlog.Parked == 1);
            await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", reader);
            await release.ExecuteNonQueryAsync();
        }

        var done = await office.FileDoneAsync(
            DeterministicGuid.From("visit-file", "sunrise", "real", "parked").ToString("N"));

        Assert.Equal("done", done.State);
        await office.UntilIdleAsync();
    }
}
