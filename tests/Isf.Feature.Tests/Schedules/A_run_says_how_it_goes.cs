using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>GET /v1/schedules/{name}/runs shows the progress of a requested run.</summary>
public sealed class A_run_says_how_it_goes
{
    private static readonly TimeSpan[] Shortly = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 4)];

    [Fact]
    public async Task Of_every_schedule_by_hand_that_it_is_done()
    {
        await using var host = await TestHost.StartAsync();
        var admin = host.As(Role.HolderAdmin, user: "Kim");
        await Sample.OpenAsync(admin);
        await host.UntilIdleAsync();
        // The check needs the stated books, so the run of state-books comes first.
        var names = Isf.Host.IsfHost.AllServices().SelectMany(service => service.ScheduleTerms)
            .Select(scheduleTerms => scheduleTerms.Name)
            .OrderByDescending(name => name == "state-books").ToList();
        foreach (var name in names)
            await (await admin.PostAsync($"/v1/schedules/{name}/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await host.UntilIdleAsync();
        foreach (var name in names)
        {
            var run = await OnlyAsync(admin, name);
            Assert.Equal((name, "done", "Kim", "2026-06-01", "2026-05-31"), (name, Text(run, "state"),
                Text(run, "askedBy"), Text(run, "night"), Text(run, "upTo")));
            Assert.Equal("2026-06-01T09:00:00Z", Text(run, "endedAt"));
            Assert.StartsWith("It was made: ", Text(run, "plainWords"), StringComparison.Ordinal);
            var schedule = await admin.GetJsonAsync($"/v1/schedules/{name}");
            var lastRun = schedule["lastRun"]!;
            Assert.Equal(("done", "2026-06-01"), (Text(lastRun, "state"), Text(lastRun, "night")));
        }
    }

    [Fact]
    public async Task By_the_night_and_of_one_holder_alone()
    {
        await using var host = await TestHost.StartAsync();
        await host.FalsifyAsync("""
            insert into ledger.schedule_runs (holder_id, schedule, asked_by, up_to, night, asked_at)
            select holder, 'state-books', night::date::text, night::date - 1, night::date, night
            from generate_series('2026-05-01'::timestamptz, '2026-05-31', '1 day') night,
              unnest(array['sunrise', 'moonlight']) holder
            """);
        var auditor = host.As(Role.Auditor);
        const string path = "/v1/schedules/state-books/runs?from=2026-05-10&to=2026-05-20";
        var page = await auditor.GetJsonAsync(path + "&limit=8");
        var rest = await auditor.GetJsonAsync($"{path}&limit=8&after={page["next"]}");
        Assert.Null(rest["next"]);
        Assert.Equal(Enumerable.Range(10, 11).Reverse().Select(day => $"2026-05-{day}"),
            page["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(run => Text(run!, "night")));
        Assert.Equal(("the schedule", "done"),
            (Text(page["items"]![0]!, "askedBy"), Text(page["items"]![0]!, "state")));
    }

    [Fact]
    public async Task That_it_waits_and_then_that_it_failed_until_it_is_tried_again()
    {
        await using var host = await TestHost.StartAsync(new() { RetryPauses = Shortly });
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PostAsync("/v1/schedules/reconcile-books/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await Until.HoldsAsync(
            async () => Text(await OnlyAsync(admin, Schedule), "plainWords").Contains("waits for facts"));
        Assert.Equal("running", Text(await OnlyAsync(admin, Schedule), "state"));
        await host.FalsifyAsync("alter table ledger.heads rename to heads_away");
        await (await admin.PostAsync("/v1/schedules/state-books/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await Until.HoldsAsync(async () => Text(await OnlyAsync(admin, "state-books"), "state") == "failed");
        await host.FalsifyAsync("alter table ledger.heads_away rename to heads");
        var decisions = host.Services.GetRequiredService<MessageDecisions>();
        Assert.Equal(1, await decisions.RetryAsync(null, "Kit", "the table is back"));
        await host.UntilIdleAsync();
        foreach (var name in new[] { "state-books", Schedule })
            Assert.Equal((name, "done"), (name, Text(await OnlyAsync(admin, name), "state")));
    }

    [Fact]
    public async Task That_it_is_requested_while_nobody_begins_it()
    {
        await using var host = await TestHost.StartAsync();
        await host.FalsifyAsync("""
            insert into ledger.schedule_runs (holder_id, schedule, asked_by, up_to, message_id)
            values ('sunrise', 'state-books', '2026-06-01', '2026-05-31', gen_random_uuid())
            """);
        var run = await OnlyAsync(host.As(Role.HolderCare), "state-books");
        Assert.Equal(("asked", "It was asked for, and has not begun."), (Text(run, "state"), Text(run, "plainWords")));
    }

    private static async Task<JsonNode> OnlyAsync(HttpClient client, string schedule) =>
        (await client.GetJsonAsync($"/v1/schedules/{schedule}/runs"))["items"]!.AsArray().Single()!;

    private static string Text(JsonNode of, string name) => (string)of[name]!;
}
