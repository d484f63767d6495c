using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Hosting;

/// <summary>
/// However many messages of one holder wait, and for whatever reason, another holder's messages are consumed, because
/// one holder never has the last place of a queue. A message that waits for its turn counts as on its way and not as
/// missing a fact.
/// </summary>
public sealed class Messages_of_one_holder_leave_room
{
    private const string Header = "visitId,fundId,lineId,workerId,start,end,outcome\n";

    private static readonly int[] Unplanned = [1, 3, 5, 6];

    // Returns rows of visits on days without a plan.
    private static string Rows(int count) => Header + string.Concat(
        from n in Enumerable.Range(0, count)
        let day = new LocalDate(2026, 4, 6).PlusDays((n % 32 / 4 * 7) + Unplanned[n % 4])
        let start = day + new LocalTime(6, 0).PlusMinutes(n / 32 * 10)
        select $"V-{n},F-1,L-1,K-{n % 17},{start:uuuu-MM-dd'T'HH:mm},{start.PlusMinutes(5):uuuu-MM-dd'T'HH:mm},"
            + "delivered\n");

    private static async Task<Scene> OpenAsync(TestHost host, string holder)
    {
        var scene = new Scene(host, holder);
        await Care.OpenAsync(scene, "F-1", "A-1");
        await Care.UntilIdleAsync(scene);
        await Care.PlannedAsync(scene);
        await Care.UntilIdleAsync(scene);
        return scene;
    }

    private const string InTurn = "(select * from support.parked where in_turn) it";
    private const string Outside =
        "(select * from support.care_flag where kind = 'outside-plan' and state = 'open') it";

    private static Session Gate(TestHost host) => host.Services.GetRequiredService<Sessions>().Open("support", "alpha");

    private static Task<TestHost> StartAsync(string transport, bool inMemory) => TestHost.StartAsync(new()
    {
        Transport = transport, Services = "funds,support", RepublishAfter = TimeSpan.FromMinutes(1),
        Settings = settings => inMemory ? settings : settings with { HeldMessagesMax = 0 },
    });

    private static Task<long> InTurnAsync(Scene scene, int fewest) => Until.AnswersAsync(
        () => scene.CountAsync(InTurn), inTurn => inTurn >= fewest, what: $"{fewest} wait for their turn");

    [Theory]
    [InlineData("memory", false)]
    [InlineData("rabbitmq", false)]
    [InlineData("rabbitmq", true)]
    public async Task While_files_of_one_holder_are_held_anothers_is_read(string transport, bool inMemory)
    {
        await using var host = await StartAsync(transport, inMemory);
        var (alpha, beta) = (await OpenAsync(host, "alpha"), await OpenAsync(host, "beta"));
        await using (var gate = Gate(host))
        {
            await gate.LockAsync("fund/F-1");
            for (var n = 1; n <= 3; n++)
                await (await alpha.As(Role.HolderCare).SendFileAsync($"R-{n}", Rows(10 * n))).NeedsAsync(202);
            await beta.As(Role.HolderCare).ImportAsync("R-1", Rows(10));
            await Care.UntilIdleAsync(beta);
            await InTurnAsync(alpha, inMemory ? 0 : 2);
            await WaitsForItsTurnAsync(host);
        }
        await Care.UntilIdleAsync(alpha);
        Assert.Equal(30, await alpha.CountAsync("support.visit"));
    }

    [Theory]
    [InlineData("memory", false)]
    [InlineData("rabbitmq", false)]
    [InlineData("rabbitmq", true)]
    public async Task While_checks_of_one_holder_are_held_anothers_facts_arrive(string transport, bool inMemory)
    {
        await using var host = await StartAsync(transport, inMemory);
        var (alpha, beta) = (await OpenAsync(host, "alpha"), await OpenAsync(host, "beta"));
        await using (var gate = Gate(host))
        {
            await gate.ExecuteAsync(
                "select pg_advisory_xact_lock(hashtextextended('support/care-checks/alpha', 0))");
            await alpha.As(Role.HolderCare).ImportAsync("R-1", Rows(2_600));
            await beta.As(Role.HolderCare).ImportAsync("R-1", Rows(10));
            await Care.UntilIdleAsync(beta);
            await InTurnAsync(alpha, inMemory ? 0 : 2);
            await WaitsForItsTurnAsync(host);
        }
        await Care.UntilIdleAsync(alpha);
        Assert.Equal(0, await alpha.CountAsync("support.parked"));
        Assert.Equal(2_600, await alpha.CountAsync(Outside));
    }

    // A message that waits for its turn is on its way, so the backlog is not idle. However long the message waits, it
    // does not count as missing a fact.
    private static async Task WaitsForItsTurnAsync(TestHost host)
    {
        var source = host.Owner;
        await using var earlier = source.CreateCommand(
            "update support.parked set parked_at = parked_at - interval '3 h' where in_turn");
        await earlier.ExecuteNonQueryAsync();
        var backlog = await host.Services.GetRequiredService<MessageTracker>().BacklogAsync("alpha");
        Assert.True(backlog is { IsIdle: false, Parked: 0, Queued: > 0 }, $"{backlog}");
        Assert.Empty(await host.Services.GetRequiredService<WatchedFacts>()
            .DeferredAsync("alpha", Duration.FromHours(1)));
    }
}
