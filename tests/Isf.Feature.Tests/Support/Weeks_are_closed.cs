using Isf.Client;
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
        await GiveThirteenWeeksAsync(admin);
        await NotGivenAsync(admin, "N-1", "missed-by-provider", 120);
        await NotGivenAsync(admin, "N-2", "cancelled-by-person", 210);
        await CloseAsync(host, admin, "2026-04-18");
        Assert.Equal("planned 2400 extra 0 delivered 2070 missed 0 charged 0 banked 0 released 0 outstanding 330",
            await TotalsAsync(admin, new(2026, 4, 6), new(2026, 4, 12)));
        await CloseAsync(host, admin, "2026-04-19");
        var hours = await HoursAsync(admin, new(2026, 4, 6), new(2026, 4, 12));
        Assert.Equal("planned 2400 extra 0 delivered 2070 missed 0 charged 0 banked 330 released 0 outstanding 0",
            TextOf(hours.Totals));
        Assert.Equal([("cancelled-by-person", 210), ("missed-by-provider", 120)], MissedInFirstWeek(hours));
        // After days of downtime one run makes up for all of them, and a second run has nothing to do.
        await CloseAsync(host, admin, "2026-07-05");
        Assert.Equal(330, (await HoursAsync(admin, new(2026, 4, 6), new(2026, 6, 28))).Totals.BankedMinutes);
        await CloseAsync(host, admin, "2026-08-02");
        await CloseAsync(host, admin, "2026-08-02");
        Assert.Equal("planned 31200 extra 0 delivered 30870 missed 0 charged 0 banked 0 released 330 outstanding 0",
            await TotalsAsync(admin, new(2026, 4, 6), new(2026, 7, 5)));
    }

    private static IEnumerable<(string Reason, long Minutes)> MissedInFirstWeek(ShowHoursResponse hours) =>
        hours.Weeks[0].Lines[0].Missed.Select(missed => (missed.Reason, missed.Minutes)).Order();

    // Six visits a week: 34½ hours in the first week, and 40 hours in each of the others.
    private static async Task GiveThirteenWeeksAsync(HttpClient admin)
    {
        for (var week = 0; week <= 12; week++)
        {
            foreach (var day in Enumerable.Range(0, 6))
            {
                var start = new LocalDate(2026, 4, 6).PlusDays((week * 7) + day).At(new LocalTime(9, 0));
                await (await GivenAsync(admin, $"V-{week}-{day}", start, week == 0 ? 345 : 400)).NeedsAsync(201);
            }
        }
    }

    private static async Task NotGivenAsync(HttpClient admin, string id, string outcome, int plannedMinutes) =>
        await (await admin.PutAsync("/v1/visits/" + id, new
        {
            fundId = "F-1", lineId = "L-1", outcome, plannedStart = "2026-04-12T09:00:00+01:00", plannedMinutes,
        })).NeedsAsync(201);

    private static object Hospital(string? to) => new { from = "2026-10-06", to, kind = "hospital" };

    [Fact]
    public async Task In_hospital_14_days_are_charged_at_672_00_and_the_others_are_released()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 11, 20, 9, 0), "2026-10-05", Line(Daily), banking: Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 10, 5, 9, 0), 120)).NeedsAsync(201);
        await CloseAsync(host, admin, "2026-10-18");
        await RecordStayAsync(admin);
        await CloseAsync(host, admin, "2026-11-02");
        Assert.Equal("planned 2520 extra 0 delivered 120 missed 1680 charged 1680 banked 0 released 720 outstanding 0",
            await ThreeWeeksAsync(admin));
        Assert.Equal(67_200 + 4_800, await AccruedAsync(admin, new(2026, 10, 25)));
        // The person was home for a day after all, so the charged visit is delivered instead, at the same price.
        await (await GivenAsync(admin, "V-2", new(2026, 10, 8, 9, 0), 120)).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal("planned 2520 extra 0 delivered 240 missed 1560 charged 1560 banked 0 released 720 outstanding 0",
            await ThreeWeeksAsync(admin));
        Assert.Equal(72_000, await AccruedAsync(admin, new(2026, 10, 25)));
        Assert.Contains("hospital", await ExpectedOn7OctoberAsync(admin));
        // The stay was another person's, so its charge is reversed, and the minutes of its days are banked as missed.
        await WithdrawStayAsync(host, admin);
        Assert.Equal("planned 2520 extra 0 delivered 240 missed 0 charged 0 banked 2280 released 0 outstanding 0",
            await ThreeWeeksAsync(admin));
        await (await admin.PutAsync("/v1/funds/F-1/absences/AB-3", Hospital("2026-10-25"))).NeedsAsync(201);
    }

    private static Task<string> ThreeWeeksAsync(HttpClient admin) =>
        TotalsAsync(admin, new(2026, 10, 5), new(2026, 10, 25));

    private static Task<IEnumerable<string>> ExpectedOn7OctoberAsync(HttpClient admin) =>
        admin.BecameAsync("2026-10-07", "2026-10-07");

    // The stay is recorded before its end is known, and then corrected.
    private static async Task RecordStayAsync(HttpClient admin)
    {
        const string path = "/v1/funds/F-1/absences/AB-1";
        var response = await (await admin.PutAsync(path, Hospital(to: null))).NeedsAsync(201);
        Assert.NotEmpty(response.Headers.GetValues("Isf-Fact"));
        await (await admin.PutAsync(path, Hospital(to: null))).NeedsAsync(200);
        Assert.Equal("id-used-for-something-else",
            await (await admin.PutAsync(path, Hospital("2026-10-25"))).CodeAsync());
        await (await admin.PutAsync(path, Hospital("2026-10-25"), version: 1)).NeedsAsync(200);
        Assert.Equal("hospital", (await admin.Typed().RecordAbsenceGetAsync("F-1", "AB-1")).Kind);
        Assert.Single((await admin.Typed().RecordAbsenceListAsync("F-1")).Items);
    }

    private static async Task WithdrawStayAsync(TestHost host, HttpClient admin)
    {
        Assert.Equal("no-reason", await (await admin.PostAsync("/v1/funds/F-1/absences/AB-1/withdraw",
            new { why = " " })).CodeAsync());
        Assert.Equal("unknown-absence", await (await admin.PostAsync("/v1/funds/F-1/absences/AB-2/withdraw",
            new { why = "another person" })).CodeAsync());
        foreach (var note in new[] { "another person", "once more" })
        {
            var withdrawn = await (await admin.PostAsync("/v1/funds/F-1/absences/AB-1/withdraw", new { why = note }))
                .NeedsAsync(200);
            Assert.Equal("another person", (await withdrawn.ReadAsync<RecordAbsenceResponse>()).WithdrawnBecause);
        }
        await host.UntilIdleAsync();
    }

    /// <summary>The plan and the prices of a week, and the start and minutes of its visits.</summary>
    public sealed record PricedWeek(object Plan, object Prices, params (LocalDateTime Start, int Minutes)[] Visits);

    private static readonly LocalDate Monday = new(2026, 4, 13);

    private static readonly (LocalDateTime Start, int Minutes)[] ThreeOfFiveHoursPlanned =
        [(Monday.At(new(9, 0)), 240), (Monday.PlusDays(2).At(new(9, 0)), 420), (Monday.PlusDays(4).At(new(9, 0)), 360)];

    private static readonly (LocalDateTime Start, int Minutes)[] TwentyOfTwentyMinutes =
        [.. Enumerable.Range(0, 20).Select(i => (Monday.PlusDays(i / 4).At(new LocalTime(8 + (2 * (i % 4)), 0)), 20))];

    private static readonly object FiveHoursOnThreeDays = Line(WeekDays(300, "mon", "wed", "fri"));

    public static readonly TheoryData<string, PricedWeek, long, long> Settled = new()
    {
        { "set-off", new(FiveHoursOnThreeDays,
            HourlyPrices(2400, new() { ["basis"] = "actual-capped-at-planned", ["weeklySetOff"] = true }),
            ThreeOfFiveHoursPlanned), 33_600, 36_000 },
        { "minimum", new(FiveHoursOnThreeDays, HourlyPrices(2400, new()
        {
            ["minimum"] = new { per = "week", pence = 50_000 }, ["basis"] = "planned",
        }), ThreeOfFiveHoursPlanned), 36_000, 50_000 },
        { "rounding", new(Line(weeklyMinutes: 400), HourlyPrices(2213, new() { ["round"] = new { at = "invoice" } }),
            TwentyOfTwentyMinutes), 14_760, 14_753 },
    };

    [Theory]
    [MemberData(nameof(Settled))]
    public async Task What_visits_come_to_together_is_settled_when_their_week_closes(
        string name, PricedWeek week, long before, long after)
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", week.Plan, week.Prices);
        await using var _ = host;
        foreach (var ((start, minutes), i) in week.Visits.Select((visit, i) => (visit, i)))
            await (await GivenAsync(admin, $"V-{i}", start, minutes)).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal((name, before), (name, await AccruedAsync(admin, new(2026, 4, 19))));
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal((name, after), (name, await AccruedAsync(admin, new(2026, 4, 19))));
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
        Assert.Equal(before, await AccruedAsync(admin, new(2026, 4, 19)));
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal(after, await AccruedAsync(admin, new(2026, 4, 19)));
        // The plan is revised afterwards, so the week is closed again and settled by the new plan.
        var other = isWeekly ? Line(weeklyMinutes: 660) : Line(WeekDays(300, "wed"));
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1",
            new { from = isWeekly ? "2026-04-13" : "2026-04-14", lines = new[] { other } }, version: 1))
            .NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Equal(replanned, await AccruedAsync(admin, new(2026, 4, 19)));
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
            await TotalsAsync(admin, new(2026, 4, 13), new(2026, 4, 19)));
        Assert.Equal(1_200, await AccruedAsync(admin, new(2026, 4, 19)));
        Assert.Equal(60, (await admin.VisitAsync("V-13")).ChargedNotGivenMinutes);
        Assert.Equal(["cancelled-by-person", "cancelled-by-person", "no-record", "outstanding"],
            (await admin.ExpectedAsync("2026-04-13", "2026-04-27")).Items
                .Where(item => item.PlannedStart.InUtc().Day is not (20 or 21 or 22)).Select(item => item.Became));
    }
}
