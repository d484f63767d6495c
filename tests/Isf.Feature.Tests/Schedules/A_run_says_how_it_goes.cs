using Isf.Client;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Tests.Reconciliation;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Isf.Tests.Schedules.RunsScene;

namespace Isf.Tests.Schedules;

/// <summary>GET /v1/schedules/{name}/runs shows the progress of a requested run.</summary>
public sealed class A_run_says_how_it_goes
{
    private static readonly TimeSpan[] Shortly = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 4)];
    private static readonly LocalDate Night = new(2026, 6, 1);

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
            Assert.Equal((name, "done", "Kim", Night, Night.PlusDays(-1)),
                (name, run.State, run.AskedBy, run.Night, run.UpTo));
            Assert.Equal(Instant.FromUtc(2026, 6, 1, 9, 0), run.EndedAt);
            Assert.StartsWith("It was made: ", run.PlainWords, StringComparison.Ordinal);
            var lastRun = (await admin.Typed().ScheduleShowAsync(name)).LastRun;
            Assert.Equal(("done", Night), (lastRun?.State, lastRun?.Night));
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
        Task<ScheduleRunOfHolderPage> PageAsync(string? after) => host.As(Role.Auditor).Typed()
            .ScheduleListRunsAsync("state-books", new(2026, 5, 10), new(2026, 5, 20), limit: 8, after);
        var page = await PageAsync(null);
        var rest = await PageAsync(page.Next);
        Assert.Null(rest.Next);
        Assert.Equal(Enumerable.Range(10, 11).Reverse().Select(day => new LocalDate(2026, 5, day)),
            page.Items.Concat(rest.Items).Select(run => run.Night));
        Assert.Equal(("the schedule", "done"), (page.Items[0].AskedBy, page.Items[0].State));
    }

    [Fact]
    public async Task That_it_waits_and_then_that_it_failed_until_it_is_tried_again()
    {
        await using var host = await TestHost.StartAsync(new() { RetryPauses = Shortly });
        var admin = host.As(Role.HolderAdmin);
        await (await admin.PostAsync("/v1/schedules/reconcile-books/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await Until.HoldsAsync(
            async () => (await OnlyAsync(admin, Schedule)).PlainWords.Contains("waits for facts"));
        Assert.Equal("running", (await OnlyAsync(admin, Schedule)).State);
        await host.FalsifyAsync("alter table ledger.heads rename to heads_away");
        await (await admin.PostAsync("/v1/schedules/state-books/run", new { upTo = "2026-05-31" })).NeedsAsync(202);
        await Until.HoldsAsync(async () => (await OnlyAsync(admin, "state-books")).State == "failed");
        await host.FalsifyAsync("alter table ledger.heads_away rename to heads");
        var decisions = host.Services.GetRequiredService<MessageDecisions>();
        Assert.Equal(1, await decisions.RetryAsync(null, "Kit", "the table is back"));
        await host.UntilIdleAsync();
        foreach (var name in new[] { "state-books", Schedule })
            Assert.Equal((name, "done"), (name, (await OnlyAsync(admin, name)).State));
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
        Assert.Equal(("asked", "It was asked for, and has not begun."), (run.State, run.PlainWords));
    }

    private static async Task<ScheduleRunOfHolder> OnlyAsync(HttpClient client, string schedule) =>
        (await client.Typed().ScheduleListRunsAsync(schedule)).Items.Single();
}
