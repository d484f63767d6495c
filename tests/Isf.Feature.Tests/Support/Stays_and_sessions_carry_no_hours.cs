using Isf.Client;
using NodaTime;
using static Isf.Tests.Support.PlannedWeeks;

namespace Isf.Tests.Support;

/// <summary>Care priced by the week, day or session costs what its quote says, and does not change the hours.</summary>
public sealed class Stays_and_sessions_carry_no_hours
{
    private const string NoHours =
        "planned 0 extra 0 delivered 0 missed 0 charged 0 banked 0 released 0 outstanding 0";

    private static Dictionary<string, object> List(params object[] rates) => new() { ["rates"] = rates };

    private static object At(string unit, int pence, string? from = null, string? to = null, string code = "rate") =>
        new { code, unit, pence, from, to };

    private static object Given(string start, string end) =>
        new { fundId = "F-1", lineId = "L-1", outcome = "delivered", start, end };

    private static Task<long> AccruedAsync(HttpClient admin) => PlannedWeeks.AccruedAsync(admin, new(2026, 6, 1));

    private static async Task<long> QuoteAsync(HttpClient admin, object priceList, params object[] visits) =>
        (await (await (await admin.PostAsync("/v1/quotes", new { nation = "england", priceList, visits }))
            .NeedsAsync(200)).ReadAsync<QuotePriceQuote>()).TotalPence;

    [Fact]
    public async Task Four_weeks_of_shared_lives_are_one_record_of_1788_pounds()
    {
        var list = List(At("week", 42_000, to: "2026-04-15", code: "until"), At("week", 46_200, from: "2026-04-16"));
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-06", Line(Daily), list, Minutes);
        await using var _ = host;
        var (start, end) = ("2026-04-06T09:00:00+01:00", "2026-05-04T00:00:00+01:00");
        await (await admin.PutAsync("/v1/visits/S-1", Given(start, end))).NeedsAsync(201);
        Assert.Equal("before-fund-opens",
            await (await admin.PutAsync("/v1/visits/S-2", Given("2026-03-04T09:00:00Z", end))).CodeAsync());
        await CloseAsync(host, admin, "2026-05-10");
        Assert.Equal(178_800, await AccruedAsync(admin));
        Assert.Equal(178_800, await QuoteAsync(admin, list, new { id = "S-1", start, end }));
        Assert.Equal(NoHours, await TotalsAsync(admin, new(2026, 4, 6), new(2026, 5, 3)));
        await EachDayIsDeliveredAsync(admin);
        // A day that the stay covers cannot be fulfilled twice, so a flag asks about the second visit.
        await (await admin.PutAsync(
            "/v1/visits/S-3", Given("2026-04-20T09:00:00+01:00", "2026-04-20T17:00:00+01:00"))).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal(["S-3"], await FlaggedAsync(admin, "outside-plan"));
        // The stay and the visit count as two carers on that day, though the stay began earlier.
        Assert.Equal(["S-1", "S-3"], await FlaggedAsync(admin, "more-carers-than-planned"));
    }

    private static async Task EachDayIsDeliveredAsync(HttpClient admin)
    {
        Assert.Equal(Enumerable.Repeat("delivered", 14).Concat(["outstanding", "outstanding"]),
            await admin.BecameAsync("2026-04-20", "2026-05-05"));
        Assert.Empty(await admin.FlagsAsync());
        // No line is reported as under-delivered.
        Assert.Empty(await admin.DeliveriesAsync("under?periods=1&to=2026-05-03"));
        Assert.Single(await admin.DeliveriesAsync("none?weeks=1&to=2026-05-10"));
    }

    // The visits of the only flag of a kind.
    private static async Task<IReadOnlyList<string>> FlaggedAsync(HttpClient admin, string kind) =>
        Assert.Single(await admin.FlagsAsync("kind=" + kind)).Visits;

    [Fact]
    public async Task Sessions_and_days_that_were_not_given_are_listed_by_their_number()
    {
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13",
            Line(WeekDays(240, "mon", "tue", "wed", "thu")), List(At("session", 4_700)), Minutes);
        await using var _ = host;
        async Task<string> ListedAsync(string question) => string.Join(" | ",
            (await admin.DeliveriesAsync(question)).Select(line =>
                $"{line.Unit} [{string.Join(',', line.Planned)}] [{string.Join(',', line.Delivered)}]"));
        foreach (var (day, hour) in new[] { (13, 9), (14, 9), (14, 18), (15, 9), (16, 9), (20, 9) })
            await (await GivenAsync(admin, $"V-{day}-{hour}", new(2026, 4, day, hour, 0), 240)).NeedsAsync(201);
        Assert.Equal("visits [4] [1]", await ListedAsync("under?weeks=1&periods=1&to=2026-04-26"));
        Assert.Equal("visits [4] [5]", await ListedAsync("over?weeks=1&to=2026-04-19"));
        Assert.Equal("", await ListedAsync("under?weeks=1&periods=2&to=2026-04-26"));
        Assert.Equal("visits [4,4] [0,1]", await ListedAsync("under?weeks=1&periods=2&to=2026-05-03"));
        Assert.Equal("visits [4] [0]", await ListedAsync("none?weeks=1&to=2026-05-03"));
    }

    [Fact]
    public async Task Sessions_given_missed_and_charged_cost_what_their_quote_says()
    {
        var list = List(At("session", 4_700));
        list["outcomes"] = new[] { new { outcome = "no-access", percent = 50 } };
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13",
            Line(WeekDays(240, "mon", "tue", "wed", "thu")), list, Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 13, 9, 0), 240)).NeedsAsync(201);
        Assert.True(await IsChargedNotGivenAsync(admin, 14, "no-access"));
        Assert.False(await IsChargedNotGivenAsync(admin, 15, "missed-by-provider"));
        await CloseAsync(host, admin, "2026-04-26");
        Assert.Equal(4_700 + 2_350, await AccruedAsync(admin));
        Assert.Equal(4_700 + 2_350, await QuoteAsync(admin, list,
            new { id = "V-1", start = "2026-04-13T09:00:00+01:00", end = "2026-04-13T13:00:00+01:00" },
            new { id = "V-14", outcome = "no-access", plannedStart = "2026-04-14T09:00:00+01:00" },
            new { id = "V-15", outcome = "missed-by-provider", plannedStart = "2026-04-15T09:00:00+01:00" }));
        var totals = (await HoursAsync(admin, new(2026, 4, 13), new(2026, 4, 19))).Totals;
        Assert.Equal((NoHours, 0L), (TextOf(totals), totals.PersonMinutes));
        // A list with a back-dated rate also changes the price of care that was charged but not given.
        list["rates"] = new[] { At("session", 5_000, from: "2026-04-06") };
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", Allocation(list), version: 1)).NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Equal(5_000 + 2_500, await AccruedAsync(admin));
    }

    // Records a visit that was not given, and returns whether it is charged all the same.
    private static async Task<bool> IsChargedNotGivenAsync(HttpClient admin, int day, string outcome)
    {
        var visit = await (await admin.PutAsync($"/v1/visits/V-{day}", new
        {
            fundId = "F-1", lineId = "L-1", outcome, plannedStart = $"2026-04-{day}T09:00:00+01:00",
        })).NeedsAsync(201);
        return (await visit.ReadAsync<ShowVisitResponse>()).ChargedNotGiven;
    }

    [Fact]
    public async Task A_session_that_runs_over_does_not_answer_for_the_next()
    {
        var line = Line();
        line["schedule"] = new[] { "09:00", "14:00" }
            .Select(start => new { days = new[] { "mon" }, start, minutes = 240 }).ToArray();
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", line, List(At("session", 4_700)), Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 13, 9, 0), 310)).NeedsAsync(201);
        await (await GivenAsync(admin, "V-2", new(2026, 4, 13, 14, 10), 240)).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal(["delivered", "delivered"],
            await admin.BecameAsync("2026-04-13", "2026-04-13"));
        Assert.Empty(await admin.FlagsAsync());
        Assert.Equal(2 * 4_700, await AccruedAsync(admin));
    }

    [Fact]
    public async Task In_hospital_the_paid_days_of_a_place_by_the_day_are_charged_and_no_more()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-06", Line(Daily), List(At("day", 6_000)), Minutes);
        await using var _ = host;
        await (await admin.PutAsync("/v1/funds/F-1/absences/AB-1",
            new { from = "2026-04-06", to = "2026-04-26", kind = "hospital" })).NeedsAsync(201);
        await CloseAsync(host, admin, "2026-05-03");
        Assert.Equal(14 * 6_000, await AccruedAsync(admin));
        Assert.Equal(NoHours, await TotalsAsync(admin, new(2026, 4, 6), new(2026, 4, 26)));
    }

    [Fact]
    public async Task A_service_that_is_paid_by_the_session_from_a_day_on_plans_no_hours_from_then_on()
    {
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 4, 20, 9, 0), "2026-04-06", Line(Daily));
        await using var _ = host;
        await (await admin.PutAsync("/v1/funds/F-1/allocations/A-1", new
        {
            providerId = "V-1", kind = "regular", from = "2026-04-06", to = "2027-04-04", weeklyPence = 200_000,
            claim = "on-delivery", priceList = List(At("session", 4_700)),
        }, version: 1)).NeedsAsync(200);
        await host.UntilIdleAsync();
        var hours = await HoursAsync(admin, new(2026, 4, 6), new(2026, 4, 26));
        Assert.Equal(14 * 120, hours.Totals.PlannedMinutes);
    }
}
