using Isf.Client;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Isf.Tests.Support;

/// <summary>
/// Recorded visits are checked afterwards. These tests are about continuity, and about flags with their evidence and
/// answers; Isf.Domain.Tests tests the checks one by one.
/// </summary>
public sealed class Care_is_checked(SupportHost shared) : IClassFixture<SupportHost>
{
    private static object Visit(
        string start, string end, string worker, string fundId = "F-1", string day = "2026-04-06") => new
        {
            fundId, lineId = "L-1", workerId = worker, start = $"{day}T{start}:00+01:00", end = $"{day}T{end}:00+01:00",
            outcome = "delivered",
        };

    private static string TextOf(IEnumerable<CareFlagsResponse> flags) => string.Join(" | ", flags
        .Select(flag => $"{flag.Kind} {flag.State} {string.Join(' ', flag.Visits)}").Order(StringComparer.Ordinal));

    // Two people have the same worker at once, the second person's visit ends when a third visit begins, and the third
    // is outside the plan.
    private static async Task<HttpClient> OverlapAsync(Scene host)
    {
        var care = await Care.PlannedForTwoAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Visit("08:00", "08:45", "W-1"))).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-2", Visit("08:30", "09:15", "W-1", "F-2"))).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-3", Visit("09:15", "10:00", "W-1"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        return care;
    }

    [Fact]
    public async Task A_worker_with_two_people_at_once_is_asked_about_with_evidence()
    {
        var host = await shared.OpenAsync();
        var care = await OverlapAsync(host);
        Assert.Equal("no-travel-gap open V-3 V-2 | outside-plan open V-3 | worker-overlap open V-2 V-1",
            TextOf(await care.FlagsAsync()));
        var flag = (await care.FlagsAsync("kind=worker-overlap&fundId=F-2"))[0];
        Assert.Contains("15 of the same minutes", flag.Evidence, StringComparison.Ordinal);
        Assert.NotEmpty(flag.InnocentReadings);
        Assert.Empty(await host.Host.As(Role.HolderCare, "sunset").FlagsAsync());
    }

    private static async Task<(bool IsUnplanned, bool? Authorised, bool? InExpected)> AuthorisedAsync(HttpClient care)
    {
        var visit = await care.VisitAsync("V-3");
        var expected = await care.ExpectedAsync("2026-04-06", "2026-04-06");
        return (visit.IsUnplanned, visit.Authorised, Assert.Single(expected.Unplanned).Authorised);
    }

    private static async Task<string> ResolutionPathAsync(HttpClient care, string kind) =>
        $"/v1/care-flags/{(await care.FlagsAsync("kind=" + kind))[0].FlagId}/resolution";

    [Fact]
    public async Task A_flag_is_answered_once()
    {
        var care = await OverlapAsync(await shared.OpenAsync());
        var address = await ResolutionPathAsync(care, "outside-plan");
        var resolution = new { code = "authorised", note = "The family asked for an extra visit." };
        Assert.Equal((true, null, null), await AuthorisedAsync(care));
        await (await care.PostAsync(address, resolution)).NeedsAsync(200);
        await (await care.PostAsync(address, resolution)).NeedsAsync(200);
        Assert.Equal((true, true, true), await AuthorisedAsync(care));
        Assert.Single(await care.FlagsAsync("kind=outside-plan&code=authorised"));
        Assert.Empty(await care.FlagsAsync("kind=outside-plan&code=not-authorised"));
        var other = await care.PostAsync(address, new { code = "explained", note = "Something else." });
        Assert.Equal((409, "answered-in-other-words"), ((int)other.StatusCode, await other.CodeAsync()));
        var unknown = await care.PostAsync($"/v1/care-flags/{Guid.Empty}/resolution", resolution);
        Assert.Equal((404, "unknown-flag"), ((int)unknown.StatusCode, await unknown.CodeAsync()));
        Assert.Equal(400, (int)(await care.PostAsync(address, new { code = "no code", note = "x" })).StatusCode);
        Assert.Equal(400, (int)(await care.PostAsync(address, new { code = "explained", note = " " })).StatusCode);
    }

    [Fact]
    public async Task A_flag_is_gone_when_its_visits_are_put_right_and_open_again_when_that_is_undone()
    {
        var host = await shared.OpenAsync();
        var care = await OverlapAsync(host);
        await (await care.PostAsync(await ResolutionPathAsync(care, "outside-plan"),
            new { code = "authorised", note = "The family asked for an extra visit." })).NeedsAsync(200);
        // By the corrections, the first visit was over before the second began, and the third began an hour later.
        await (await care.PutAsync("/v1/visits/V-1", Visit("07:30", "08:15", "W-1"), version: 1)).NeedsAsync(200);
        await (await care.PutAsync("/v1/visits/V-3", Visit("10:15", "11:00", "W-1"), version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Equal("no-travel-gap gone V-3 V-2 | outside-plan resolved V-3 | worker-overlap gone V-2 V-1",
            TextOf(await care.FlagsAsync()));
        // The correction is undone, so the flag that was gone is open again. The flag that was answered stays
        // answered.
        await (await care.PutAsync("/v1/visits/V-1", Visit("08:00", "08:45", "W-1"), version: 2)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Equal("worker-overlap open V-2 V-1", TextOf(await care.FlagsAsync("state=open")));
        var csv = await care.GetStringAsync("/v1/care-flags?format=csv&state=open");
        Assert.Equal(2, csv.Trim().Split('\n').Length);
    }

    // The worker goes from the first person to the second in so many minutes.
    private static async Task PassAsync(Scene host, int first, int minutes)
    {
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync($"/v1/visits/V-{first}", Visit("08:00", "08:45", $"W-{first}"))).NeedsAsync(201);
        await (await care.PutAsync($"/v1/visits/V-{first + 1}",
            Visit($"08:{45 + minutes}", "09:15", $"W-{first}", "F-2"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task The_way_from_one_person_to_the_next_takes_as_long_as_the_holder_says()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedForTwoAsync(host);
        await PassAsync(host, 1, 5);
        Assert.Empty(await care.FlagsAsync("kind=no-travel-gap"));
        await (await care.PutAsync("/v1/check-terms", new { travelMinutes = 6 })).NeedsAsync(201);
        await PassAsync(host, 3, 5);
        await PassAsync(host, 5, 6);
        var flag = Assert.Single(await care.FlagsAsync("kind=no-travel-gap"));
        Assert.Equal(["V-4", "V-3"], flag.Visits);
        Assert.Contains("6 min are expected", flag.Evidence, StringComparison.Ordinal);
        // A worker who was elsewhere between two visits did not travel directly from the first to the second.
        await (await care.PutAsync("/v1/visits/V-9", Visit("08:46", "08:48", "W-3"))).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        Assert.Equal("no-travel-gap open V-4 V-9", TextOf(await care.FlagsAsync("kind=no-travel-gap")));
    }

    [Fact]
    public async Task What_the_holder_says_is_stored_and_changed_by_those_who_saw_it()
    {
        var care = (await shared.OpenAsync()).As(Role.HolderCare);
        Assert.Equal("""{"travelMinutes":0,"workerHoursADay":24,"equalTimesFewest":10}""",
            await care.GetStringAsync("/v1/check-terms"));
        await (await care.PutAsync("/v1/check-terms", new { travelMinutes = 6 })).NeedsAsync(201);
        await (await care.PutAsync("/v1/check-terms", new { travelMinutes = 6 })).NeedsAsync(200);
        foreach (var (terms, code) in new (object, string)[]
        {
            (new { travelMinutes = 121 }, "travel-out-of-range"), (new { workerHoursADay = 0 }, "hours-out-of-range"),
            (new { equalTimesFewest = 1 }, "fewest-out-of-range"),
        })
        {
            var refused = await (await care.PutAsync("/v1/check-terms", terms)).NeedsAsync(422);
            Assert.Equal(code, await refused.CodeAsync());
        }
        var unseen = await care.PutAsync("/v1/check-terms", new { travelMinutes = 7 });
        Assert.Equal(409, (int)unseen.StatusCode);
        await (await care.PutAsync("/v1/check-terms", new { travelMinutes = 7 }, version: 1)).NeedsAsync(200);
    }

    [Fact]
    public async Task A_look_at_a_correction_waits_for_those_before_it()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var moved = Visit("12:00", "12:45", "W-1", day: "2026-04-07");
        await (await care.PutAsync("/v1/visits/V-1", moved)).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        await using (var looking = host.Host.Services.GetRequiredService<Sessions>().Open("support", host.Holder))
        {
            // A check that still sees the earlier version of the visit holds this lock. The flag that this check
            // raises must not outlive the correction.
            await looking.ExecuteAsync("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))",
                "support/care-checks/" + host.Holder);
            await (await care.PutAsync("/v1/visits/V-1", Visit("08:00", "08:45", "W-1", day: "2026-04-08"),
                version: 1)).NeedsAsync(200);
            await Task.Delay(500);
            Assert.Equal("outside-plan open V-1", TextOf(await care.FlagsAsync()));
        }
        await Care.UntilIdleAsync(host);
        Assert.Equal("outside-plan gone V-1", TextOf(await care.FlagsAsync()));
    }

    [Fact]
    public async Task Care_inside_an_absence_is_asked_about_whichever_is_known_first()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await (await care.PutAsync("/v1/visits/V-1", Visit("08:00", "08:45", "W-1"))).NeedsAsync(201);
        var absence = new { from = "2026-04-06", to = "2026-04-08", kind = "hospital" };
        await (await care.PutAsync("/v1/funds/F-1/absences/AB-1", absence)).NeedsAsync(201);
        var later = Visit("08:00", "08:45", "W-1", day: "2026-04-08");
        await (await care.PutAsync("/v1/visits/V-2", later)).NeedsAsync(201);
        await Care.UntilIdleAsync(host);
        Assert.Equal("inside-absence open V-1 | inside-absence open V-2", TextOf(await care.FlagsAsync()));
        var shorter = new { from = "2026-04-06", to = "2026-04-07", kind = "hospital" };
        await (await care.PutAsync("/v1/funds/F-1/absences/AB-1", shorter, version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Equal("inside-absence gone V-2 | inside-absence open V-1", TextOf(await care.FlagsAsync()));
    }

    private static readonly object[] TwiceEachWeekday =
    [
        .. new[] { "08:00", "18:00" }.Select(start => new
        {
            days = new[] { "mon", "tue", "wed", "thu", "fri" }, start, minutes = 45,
        }),
    ];

    private static async Task CheckWeeksAsync(Scene host, string requestedBy)
    {
        await host.PublishAsync("support", new Isf.Contracts.Support.SupportRunAsked
        {
            HolderId = host.Holder, Schedule = "check-weeks", UpTo = new(2026, 4, 21), AskedBy = requestedBy,
        }, requestedBy);
        await Care.UntilIdleAsync(host);
    }

    [Fact]
    public async Task A_worker_whose_week_is_exactly_as_planned_is_asked_about_once()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.OneLine(TwiceEachWeekday))).NeedsAsync(201);
        for (var visit = 0; visit < 10; visit++)
        {
            if (visit == 9)
                await CheckWeeksAsync(host, "too few");
            await (await care.PutAsync($"/v1/visits/V-{visit}", Visit(visit % 2 == 0 ? "08:00" : "18:00",
                visit % 2 == 0 ? "08:45" : "18:45", "W-1", day: $"2026-04-{6 + (visit / 2):00}"))).NeedsAsync(201);
        }
        Assert.Empty(await care.FlagsAsync());
        await CheckWeeksAsync(host, "a");
        await CheckWeeksAsync(host, "b");
        var flag = Assert.Single(await care.FlagsAsync());
        Assert.Equal(("equal-times", "W-1", new(2026, 4, 6)), (flag.Kind, flag.WorkerId, flag.CareOn));
        // V-0 becomes a minute longer, so its times no longer equal those of other visits and the flag is gone.
        await (await care.PutAsync("/v1/visits/V-0", Visit("08:00", "08:46", "W-1"), version: 1)).NeedsAsync(200);
        await Care.UntilIdleAsync(host);
        Assert.Equal("gone", Assert.Single(await care.FlagsAsync()).State);
        await (await care.PutAsync("/v1/visits/V-0", Visit("08:00", "08:45", "W-1"), version: 2)).NeedsAsync(200);
        await CheckWeeksAsync(host, "c");
        Assert.Equal("open", Assert.Single(await care.FlagsAsync()).State);
    }

    [Theory]
    [InlineData("?state=new", "bad-state")]
    [InlineData("?kind=odd", "bad-kind")]
    [InlineData("?from=April", "bad-from")]
    [InlineData("?from=-0044-03-15", "date-out-of-range")]
    [InlineData("?format=xml", "bad-format")]
    public async Task A_question_that_cannot_be_read_says_why(string query, string code)
    {
        var response = await (await shared.OpenAsync()).As(Role.HolderCare).GetAsync("/v1/care-flags" + query);
        Assert.Equal((400, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Where_and_how_a_visit_was_recorded_is_stored_with_it()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        object At(string captured) => new
        {
            fundId = "F-1", lineId = "L-1", workerId = "W-1", start = "2026-04-06T08:00:00+01:00",
            end = "2026-04-06T08:45:00+01:00", outcome = "delivered", place = "UPRN 100023336956", captured,
        };
        var unknown = await care.PutAsync("/v1/visits/V-1", At("guess"));
        Assert.Equal((400, "out-of-range"), ((int)unknown.StatusCode, await unknown.CodeAsync()));
        await (await care.PutAsync("/v1/visits/V-1", At("tag"))).NeedsAsync(201);
        var visit = await care.VisitAsync("V-1");
        Assert.Equal(("UPRN 100023336956", "tag"), (visit.Place, visit.Captured));
        await (await care.PutAsync("/v1/visits/V-1", At("manual"), version: 1)).NeedsAsync(200);
    }

    [Fact]
    public async Task Continuity_is_by_the_workers_that_the_plan_names()
    {
        var host = await shared.OpenAsync();
        var care = host.As(Role.HolderCare);
        await (await care.PutAsync("/v1/funds/F-1/plans/PL-1", Care.OneLine(
        [
            new { days = new[] { "mon", "wed" }, start = "08:00", minutes = 45, except = new[] { "2026-04-13" } },
            new { dates = new[] { "2026-04-14" }, start = "10:00", minutes = 45 },
        ], workers: ["W-1"]))).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-1", Visit("08:00", "08:45", "W-1"))).NeedsAsync(201);
        var (second, third) = (Visit("08:20", "08:45", "W-2", day: "2026-04-08"),
            Visit("10:00", "10:45", "W-1", day: "2026-04-14"));
        await (await care.PutAsync("/v1/visits/V-2", second)).NeedsAsync(201);
        await (await care.PutAsync("/v1/visits/V-3", third)).NeedsAsync(201);
        var line = (await care.Typed().ShowContinuityGetAsync("F-1", new(2026, 4, 6), new(2026, 4, 30))).Items[0];
        Assert.Equal("3 2 2 66 1 20 1 20", $"{line.Visits} {line.Workers} {line.WantedVisits} {line.WantedPercent} "
            + $"{line.LateVisits} {line.LateMinutes} {line.ShortVisits} {line.ShortMinutes}");
        var expected = await care.ExpectedAsync("2026-04-13", "2026-04-15");
        Assert.Equal([Instant.FromUtc(2026, 4, 14, 9, 0), Instant.FromUtc(2026, 4, 15, 7, 0)],
            expected.Items.Select(item => item.PlannedStart));
        var backwards = await care.GetAsync("/v1/funds/F-1/continuity?from=2026-04-13&to=2026-04-01");
        Assert.Equal(400, (int)backwards.StatusCode);
    }
}
