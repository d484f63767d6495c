using NodaTime;
using static Isf.Tests.Support.PlannedWeeks;

namespace Isf.Tests.Support;

/// <summary>Weeks are closed through the whole chain. Support's decision is priced, posted and shown.</summary>
public sealed class Weeks_are_closed
{
    [Fact]
    public async Task Forty_hours_planned_34_and_a_half_given_bank_5_and_a_half_and_expire_after_12_weeks()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 8, 3, 9, 0), "2026-04-06", Line(weeklyMinutes: 2400), banking: Minutes);
        await using var _ = host;
        for (var week = 0; week <= 12; week++)
        {
            foreach (var day in Enumerable.Range(0, 6))
            {
                var start = new LocalDate(2026, 4, 6).PlusDays((week * 7) + day).At(new LocalTime(9, 0));
                await (await GivenAsync(admin, $"V-{week}-{day}", start, week == 0 ? 345 : 400)).NeedsAsync(201);
            }
        }
        foreach (var (id, outcome, minutes) in new[]
        {
            ("N-1", "missed-by-provider", 120), ("N-2", "cancelled-by-person", 210),
        })
        {
            await (await admin.PutAsync("/v1/visits/" + id, new
            {
                fundId = "F-1", lineId = "L-1", outcome, plannedStart = "2026-04-12T09:00:00+01:00",
                plannedMinutes = minutes,
            })).NeedsAsync(201);
        }
        await CloseAsync(host, admin, "2026-04-18");
        Assert.Equal("planned 2400 extra 0 delivered 2070 missed 0 charged 0 banked 0 released 0 outstanding 330",
            TextOf((await HoursAsync(admin, "2026-04-06", "2026-04-12"))["totals"]!));
        await CloseAsync(host, admin, "2026-04-19");
        var hours = await HoursAsync(admin, "2026-04-06", "2026-04-12");
        Assert.Equal("planned 2400 extra 0 delivered 2070 missed 0 charged 0 banked 330 released 0 outstanding 0",
            TextOf(hours["totals"]!));
        Assert.Equal([("cancelled-by-person", 210), ("missed-by-provider", 120)],
            hours["weeks"]![0]!["lines"]![0]!["missed"]!.AsArray()
                .Select(missed => ((string)missed!["reason"]!, (int)missed["minutes"]!)).Order());
        // After days of downtime one run makes up for all of them, and a second run has nothing to do.
        await CloseAsync(host, admin, "2026-07-05");
        Assert.Equal(330, (int)(await HoursAsync(admin, "2026-04-06", "2026-06-28"))["totals"]!["bankedMinutes"]!);
        await CloseAsync(host, admin, "2026-08-02");
        await CloseAsync(host, admin, "2026-08-02");
        var all = (await HoursAsync(admin, "2026-04-06", "2026-07-05"))["totals"]!;
        Assert.Equal(
            "planned 31200 extra 0 delivered 30870 missed 0 charged 0 banked 0 released 330 outstanding 0",
            TextOf(all));
    }

    [Fact]
    public async Task In_hospital_14_days_are_charged_at_672_00_and_the_others_are_released()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 11, 20, 9, 0), "2026-10-05", Line(Daily), banking: Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 10, 5, 9, 0), 120)).NeedsAsync(201);
        await CloseAsync(host, admin, "2026-10-18");
        var stay = new { from = "2026-10-06", to = (string?)null, kind = "hospital" };
        var response = await (await admin.PutAsync("/v1/funds/F-1/absences/AB-1", stay)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/absences/AB-1", stay)).NeedsAsync(200);
        var ended = new { from = "2026-10-06", to = "2026-10-25", kind = "hospital" };
        Assert.Equal("id-used-for-something-else",
            await (await admin.PutAsync("/v1/funds/F-1/absences/AB-1", ended)).CodeAsync());
        await (await admin.PutAsync("/v1/funds/F-1/absences/AB-1", ended, version: 1)).NeedsAsync(200);
        Assert.Equal("hospital", (string)(await admin.GetJsonAsync("/v1/funds/F-1/absences/AB-1"))["kind"]!);
        Assert.Single((await admin.GetJsonAsync("/v1/funds/F-1/absences"))["items"]!.AsArray());
        Assert.NotEmpty(response.Headers.GetValues("Isf-Fact"));
        await CloseAsync(host, admin, "2026-11-02");
        var hours = (await HoursAsync(admin, "2026-10-05", "2026-10-25"))["totals"]!;
        Assert.Equal("planned 2520 extra 0 delivered 120 missed 1680 charged 1680 banked 0 released 720 outstanding 0",
            TextOf(hours));
        var money = (await admin.GetJsonAsync("/v1/funds/F-1/balance?effectiveOn=2026-10-25"))["money"]!;
        Assert.Equal(67_200 + 4_800, (long)money["accruedPence"]!);
        // The person was home for a day after all, so the charged visit is delivered instead, at the same price.
        await (await GivenAsync(admin, "V-2", new(2026, 10, 8, 9, 0), 120)).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal("planned 2520 extra 0 delivered 240 missed 1560 charged 1560 banked 0 released 720 outstanding 0",
            TextOf((await HoursAsync(admin, "2026-10-05", "2026-10-25"))["totals"]!));
        Assert.Equal(72_000, (long)(await admin.GetJsonAsync("/v1/funds/F-1/balance?effectiveOn=2026-10-25"))["money"]!
            ["accruedPence"]!);
        Assert.Contains("hospital", (await admin.GetJsonAsync("/v1/funds/F-1/expected?from=2026-10-07&to=2026-10-07"))
            ["items"]!.AsArray().Select(node => (string)node!["became"]!));
        // The hospital stay was another person's, so its charge is reversed, and the minutes of its days are banked as
        // missed.
        Assert.Equal("no-reason", await (await admin.PostAsync("/v1/funds/F-1/absences/AB-1/withdraw",
            new { why = " " })).CodeAsync());
        Assert.Equal("unknown-absence", await (await admin.PostAsync("/v1/funds/F-1/absences/AB-2/withdraw",
            new { why = "another person" })).CodeAsync());
        foreach (var note in new[] { "another person", "once more" })
        {
            var withdrawn = await (await admin.PostAsync("/v1/funds/F-1/absences/AB-1/withdraw", new { why = note }))
                .NeedsAsync(200);
            Assert.Equal("another person", (string)(await withdrawn.JsonAsync())["withdrawnBecause"]!);
        }
        await host.UntilIdleAsync();
        Assert.Equal("planned 2520 extra 0 delivered 240 missed 0 charged 0 banked 2280 released 0 outstanding 0",
            TextOf((await HoursAsync(admin, "2026-10-05", "2026-10-25"))["totals"]!));
        await (await admin.PutAsync("/v1/funds/F-1/absences/AB-3", ended)).NeedsAsync(201);
    }

    [Theory]
    [InlineData("set-off", 33_600, 36_000)]
    [InlineData("minimum", 36_000, 50_000)]
    [InlineData("rounding", 14_760, 14_753)]
    public async Task What_visits_come_to_together_is_settled_when_their_week_closes(
        string name, long before, long after)
    {
        var isRounding = name == "rounding";
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13",
            isRounding ? Line(weeklyMinutes: 400) : Line(WeekDays(300, "mon", "wed", "fri")),
            isRounding ? HourlyPrices(2213, new() { ["round"] = new { at = "invoice" } })
                : name == "minimum" ? HourlyPrices(2400, new()
                {
                    ["minimum"] = new { per = "week", pence = 50_000 },
                    ["basis"] = "planned"
                })
                : HourlyPrices(2400, new() { ["basis"] = "actual-capped-at-planned", ["weeklySetOff"] = true }));
        await using var _ = host;
        var monday = new LocalDate(2026, 4, 13);
        var visits = isRounding
            ? Enumerable.Range(0, 20).Select(i => (monday.PlusDays(i / 4).At(new LocalTime(8 + (2 * (i % 4)), 0)), 20))
            : [(monday.At(new(9, 0)), 240), (monday.PlusDays(2).At(new(9, 0)), 420),
                (monday.PlusDays(4).At(new(9, 0)), 360)];
        foreach (var (visit, i) in visits.Select((visit, i) => (visit, i)))
            await (await GivenAsync(admin, $"V-{i}", visit.Item1, visit.Item2)).NeedsAsync(201);
        await host.UntilIdleAsync();
        async Task<long> AccruedAsync() => (long)(await admin.GetJsonAsync(
            "/v1/funds/F-1/balance?effectiveOn=2026-04-19"))["money"]!["accruedPence"]!;
        Assert.Equal(before, await AccruedAsync());
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal(after, await AccruedAsync());
    }

    [Theory]
    [InlineData("weekly", 28_800, 24_000, 26_400)] // 12 hours given, 10 planned, and 11 by the revised plan
    [InlineData("days", 21_600, 26_400, 24_000)] // 4 + 7 hours given, 3 × 5 planned, later 2 × 5
    public async Task A_set_off_is_bounded_by_the_plan_of_the_week_whatever_was_recorded_of_it(
        string name, long before, long after, long replanned)
    {
        var isWeekly = name == "weekly";
        var list = new Dictionary<string, object> { ["weeklySetOff"] = true };
        if (!isWeekly)
            list["basis"] = "actual-capped-at-planned";
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13",
            isWeekly ? Line(weeklyMinutes: 600) : Line(WeekDays(300, "mon", "wed", "fri")), HourlyPrices(2400, list));
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 13, 9, 0), isWeekly ? 360 : 240)).NeedsAsync(201);
        await (await GivenAsync(admin, "V-2", new(2026, 4, 15, 9, 0), isWeekly ? 360 : 420)).NeedsAsync(201);
        await host.UntilIdleAsync();
        async Task<long> AccruedAsync() => (long)(await admin.GetJsonAsync(
            "/v1/funds/F-1/balance?effectiveOn=2026-04-19"))["money"]!["accruedPence"]!;
        Assert.Equal(before, await AccruedAsync());
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal(after, await AccruedAsync());
        // The plan is revised afterwards, so the week is closed again and settled by the new plan.
        var other = isWeekly ? Line(weeklyMinutes: 660) : Line(WeekDays(300, "wed"));
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1",
            new { from = isWeekly ? "2026-04-13" : "2026-04-14", lines = new[] { other } }, version: 1))
            .NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Equal(replanned, await AccruedAsync());
    }

    [Fact]
    public async Task A_late_cancellation_costs_its_percentage_and_its_minutes_are_charged_whole()
    {
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13",
            Line(WeekDays(60, "mon", "tue", "wed")),
            HourlyPrices(2400, new() { ["cancellation"] = new[] { new { noticeHoursUnder = 48, percent = 50 } } }),
            Minutes);
        await using var _ = host;
        foreach (var (day, notice) in new[] { (13, 24), (14, 72) })
        {
            await (await admin.PutAsync($"/v1/visits/V-{day}", new
            {
                fundId = "F-1", lineId = "L-1", outcome = "cancelled-by-person", noticeHours = notice,
                plannedStart = $"2026-04-{day}T09:00:00+01:00",
            })).NeedsAsync(201);
        }
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal("planned 180 extra 0 delivered 0 missed 60 charged 60 banked 120 released 0 outstanding 0",
            TextOf((await HoursAsync(admin, "2026-04-13", "2026-04-19"))["totals"]!));
        Assert.Equal(1_200, (long)(await admin.GetJsonAsync("/v1/funds/F-1/balance?effectiveOn=2026-04-19"))["money"]!
            ["accruedPence"]!);
        Assert.Equal(60, (int)(await admin.GetJsonAsync("/v1/visits/V-13"))["chargedNotGivenMinutes"]!);
        Assert.Equal(["cancelled-by-person", "cancelled-by-person", "no-record", "outstanding"],
            (await admin.GetJsonAsync("/v1/funds/F-1/expected?from=2026-04-13&to=2026-04-27"))["items"]!.AsArray()
                .Where(node => node!["plannedStart"]!.ToString()[8..10] is not ("20" or "21" or "22"))
                .Select(node => (string)node!["became"]!));
    }
}
