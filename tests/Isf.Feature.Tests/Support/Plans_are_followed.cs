using Isf.Contracts.Support;
using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Support;

public sealed class Plans_are_followed(SupportHost shared) : IClassFixture<SupportHost>
{
    private static async Task<List<(string On, int Revision, string Lines)>> AnnouncedAsync(Scene host)
    {
        var source = host.Host.Owner;
        await using var command = source.CreateCommand("""
            select on_day::text, revision, lines::text || minutes::text from support.planned_day
            where holder_id = $1 order by on_day
            """);
        command.Parameters.Add(new() { Value = host.Holder });
        await using var reader = await command.ExecuteReaderAsync();
        var days = new List<(string, int, string)>();
        while (await reader.ReadAsync())
            days.Add((reader.GetString(0), reader.GetInt32(1), reader.GetString(2)));
        return days;
    }

    [Fact]
    public async Task A_plan_publishes_its_days_from_its_first_until_twelve_weeks_ahead()
    {
        var host = await shared.OpenAsync();
        await Care.PlannedAsync(host);
        var announced = await AnnouncedAsync(host);
        Assert.Equal(("2026-04-06", 1, "{L-1,L-2}{45,600}"), announced[0]);
        Assert.Equal(("2026-04-08", 1, "{L-1}{45}"), announced[1]);
        Assert.Equal("2026-08-24", announced[^1].On);
        Assert.Equal(61, announced.Count);
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task The_nightly_run_publishes_the_days_that_come_into_sight_and_once_only()
    {
        var host = await shared.OpenAsync();
        await Care.PlannedAsync(host);
        foreach (var (night, requestedBy) in new[] { (2, "a"), (2, "b"), (4, "c") })
        {
            await host.PublishAsync("support", new SupportRunAsked
            {
                HolderId = host.Holder, Schedule = "plan-ahead", UpTo = new LocalDate(2026, 6, night),
                AskedBy = requestedBy,
            }, requestedBy);
            await Care.UntilIdleAsync(host);
        }
        var announced = await AnnouncedAsync(host);
        Assert.Equal(("2026-08-26", 1, "{L-1}{45}"), announced[^1]);
        Assert.All(announced, day => Assert.Equal(1, day.Revision));
    }

    private static readonly object LongerOnFewerDays = new
    {
        from = "2026-04-06", to = "2027-04-04",
        lines = new object[]
        {
            new
            {
                lineId = "L-1", allocationId = "A-1", purpose = "to get up and out",
                schedule = new[] { new { days = new[] { "mon", "wed" }, start = "09:00", minutes = 60 } },
            },
            new { lineId = "L-2", allocationId = "A-1", purpose = "company", weeklyMinutes = 600 },
        },
    };

    [Fact]
    public async Task A_change_of_plan_publishes_only_what_changed_and_leaves_what_was_answered()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Care.Visit())).NeedsAsync(201);
        var longer = LongerOnFewerDays;
        Assert.Equal("id-used-for-something-else",
            await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", longer)).CodeAsync());
        Assert.Equal(412, (int)(await care.PutAsync("/v1/funds/F-1/plans/PL-1", longer, version: 7)).StatusCode);
        var changed = await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", longer, version: 1)).NeedsAsync(200);
        Assert.Equal("\"2\"", changed.Headers.ETag!.Tag);
        var announced = await AnnouncedAsync(host);
        Assert.Equal(("2026-04-06", 1, "{L-1,L-2}{45,600}"), announced[0]);     // already fulfilled, so unchanged
        Assert.Equal(("2026-04-08", 2, "{L-1}{60}"), announced[1]);             // 15 minutes more
        Assert.Equal(("2026-04-10", 2, "{}{}"), announced[2]);                  // no visit on Fridays any more
        Assert.Equal(2, (await care.Typed().ShowPlansGetAsync("F-1", "PL-1")).Version);
        Assert.Single((await care.Typed().ShowPlansListAsync("F-1")).Items);
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task An_open_plan_follows_its_allocation_when_that_ends_on_another_day()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.OneLine(
            [new { days = new[] { "mon" }, start = "09:00", minutes = 60 }], to: null))).NeedsAsync(201);
        foreach (var (version, to, last) in new[]
        {
            (2, new LocalDate(2026, 7, 5), "2026-06-29 {L-1}{60}"),
            (3, new LocalDate(2026, 7, 13), "2026-07-13 {L-1}{60}"),
        })
        {
            await host.PublishAsync("funds", Care.Revised(host, version, to), $"A-1/{version}", "F-1");
            await Care.UntilIdleAsync(host);
            Assert.Equal(last, (await AnnouncedAsync(host)).Where(day => day.Lines != "{}{}")
                .Select(day => $"{day.On} {day.Lines}").Last());
        }
    }

    [Fact]
    public async Task The_same_plan_again_is_already_done()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        var first = await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(201);
        var repeated = await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.Plan())).NeedsAsync(200);
        Assert.Equal(first.Headers.GetValues("Isf-Fact"), repeated.Headers.GetValues("Isf-Fact"));
    }

    [Theory]
    [InlineData("/v1/funds/F-9/plans/PL-1", "A-1", "2026-04-06", 404, "unknown-fund")]
    [InlineData("/v1/funds/F-1/plans/PL-1", "A-9", "2026-04-06", 422, "unknown-allocation")]
    [InlineData("/v1/funds/F-1/plans/PL-1", "A-1", "2026-04-05", 422, "outside-allocation")]
    [InlineData("/v1/funds/F-1/plans/PL-1", "A-1", "2026-03-29", 422, "day-too-early")]
    public async Task A_plan_that_cannot_hold_is_refused_and_changes_nothing(
        string path, string allocationId, string from, int status, string code)
    {
        var host = await shared.OpenAsync();
        await Care.UntilIdleAsync(host);
        var response = await host.As(Role.HolderCare).PutAsync(path, Care.Plan(allocationId: allocationId, from: from));
        Assert.Equal((status, code), ((int)response.StatusCode, await response.CodeAsync()));
        Assert.Empty(await AnnouncedAsync(host));
    }

    [Fact]
    public async Task What_is_expected_is_shown_with_what_became_of_it()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Care.Visit(end: "2026-04-06T08:30:00+01:00"))).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-2",
            Care.Visit("2026-04-07T10:00:00+01:00", "2026-04-07T11:00:00+01:00", lineId: "L-2")))
            .NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-3",
            Care.Visit("2026-04-07T10:00:00+01:00", "2026-04-07T10:20:00+01:00")))
            .NeedsAsync(201);
        var shown = await care.ExpectedAsync("2026-04-06", "2026-04-12");
        Assert.Equal(["delivered 45 30", "outstanding 45 0", "outstanding 45 0"],
            shown.Items.Select(item => $"{item.Became} {item.CarerMinutes} {item.AnsweredMinutes}"));
        var week = Assert.Single(shown.Weeks);
        Assert.Equal(("L-2", 600, 60), (week.LineId, week.CarerMinutes, week.AnsweredMinutes));
        Assert.Equal("V-3", Assert.Single(shown.Unplanned).VisitId);
        Assert.Equal("to-come", (await care.BecameAsync("2026-10-25", "2026-10-31")).First());
        var stranger = host.As(Role.Person, person: "P-F-9");
        Assert.Equal(404,
            (int)(await stranger.GetAsync("/v1/funds/F-1/expected?from=2026-04-06&to=2026-04-12")).StatusCode);
    }

    [Theory]
    [InlineData("", "bad-range")]
    [InlineData("?from=2026-01-01&to=2028-01-01", "range-too-long")]
    public async Task What_is_expected_needs_a_range_that_can_be_shown(string query, string code)
    {
        var care = (await shared.OpenAsync()).As(Role.HolderCare);
        Assert.Equal(code, await (await care.GetAsync("/v1/funds/F-1/expected" + query)).CodeAsync());
    }
}
