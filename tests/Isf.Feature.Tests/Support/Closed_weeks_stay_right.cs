using Isf.Client;
using NodaTime;
using static Isf.Tests.Support.PlannedWeeks;

namespace Isf.Tests.Support;

/// <summary>
/// The result of a closed week stays right, whatever arrives late or at once, and whatever ends in the middle of the
/// week.
/// </summary>
public sealed class Closed_weeks_stay_right
{
    [Fact]
    public async Task What_arrives_about_a_closed_week_closes_it_and_the_next_ones_again()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", Line(WeekDays(60, "mon")), banking: Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 20, 9, 0), 90)).NeedsAsync(201);
        await CloseAsync(host, admin, "2026-05-10");
        Assert.Equal("planned 180 extra 0 delivered 90 missed 0 charged 0 banked 90 released 0 outstanding 0",
            await TotalsAsync(admin, new(2026, 4, 13), new(2026, 5, 3)));
        // A visit of the first week arrives late, so nothing was banked in that week, and nothing drawn in the second.
        await (await GivenAsync(admin, "V-0", new(2026, 4, 13, 9, 0), 60)).NeedsAsync(201);
        await host.UntilIdleAsync();
        Assert.Equal("planned 180 extra 30 delivered 150 missed 0 charged 0 banked 60 released 0 outstanding 0",
            await TotalsAsync(admin, new(2026, 4, 13), new(2026, 5, 3)));
        // The plan of the third week is revised to be longer.
        await (await admin.PutAsync("/v1/funds/F-1/plans/PL-1",
            new { from = "2026-04-27", lines = new[] { Line(WeekDays(100, "mon")) } }, version: 1)).NeedsAsync(200);
        await host.UntilIdleAsync();
        Assert.Equal("planned 220 extra 30 delivered 150 missed 0 charged 0 banked 100 released 0 outstanding 0",
            await TotalsAsync(admin, new(2026, 4, 13), new(2026, 5, 3)));
    }

    private static readonly object RisenOn20April = new
    {
        rates = new object[]
        {
            new { code = "weekday", unit = "hour", pence = 2400, to = "2026-04-19" },
            new { code = "weekday-2", unit = "hour", pence = 2520, from = "2026-04-20" },
        },
    };

    [Theory]
    [InlineData("minutes", 330, 13_860)]
    [InlineData("money", 314, 13_200)]
    public async Task Five_and_a_half_hours_banked_at_24_00_are_worth_what_the_agreement_keeps(
        string keep, long minutes, long pence)
    {
        var (host, admin) = await OpenAsync(Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", Line(WeekDays(330, "mon")),
            RisenOn20April, new { keep, expiresAfterWeeks = 12 });
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 20, 9, 0), 330)).NeedsAsync(201);
        await (await GivenAsync(admin, "V-2", new(2026, 4, 27, 9, 0), 330)).NeedsAsync(201);
        await CloseAsync(host, admin, "2026-05-10");
        foreach (var (id, from, to, banked, worth) in new[]
        {
            ("S-1", "2026-03-30", "2026-04-19", 330L, 13_200L), ("S-2", "2026-04-20", "2026-05-03", minutes, pence),
        })
        {
            var issued = await (await admin.PutAsync($"/v1/funds/F-1/statements/{id}", new { from, to }))
                .NeedsAsync(201);
            var hours = (await issued.ReadAsync<StatementBody>()).Hours;
            Assert.Equal((banked, worth), (hours.BankedMinutes, hours.BankedPence));
        }
    }

    [Fact]
    public async Task Closings_visits_and_absences_at_once_come_out_as_one_after_another()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", Line(Daily), banking: Minutes);
        await using var _ = host;
        var care = Enumerable.Range(0, 14).Select(async day => await (await GivenAsync(
            admin, $"V-{day}", new LocalDate(2026, 4, 13).PlusDays(day).At(new(9, 0)), 120)).NeedsAsync(201));
        var closings = Enumerable.Range(0, 3).Select(async week => await (await admin.PostAsync(
            "/v1/schedules/close-weeks/run", new { upTo = $"2026-05-{3 + (7 * week):00}" })).NeedsAsync(202));
        var sending = admin.PutAsync("/v1/funds/F-1/absences/AB-1",
            new { from = "2026-04-27", to = "2026-04-28", kind = "hospital" });
        await Task.WhenAll([.. care, .. closings, sending]);
        await (await sending).NeedsAsync(201);
        await host.UntilIdleAsync();
        await CloseAsync(host, admin, "2026-05-17");
        Assert.Equal("planned 2520 extra 0 delivered 1680 missed 240 charged 240 banked 600 released 0 outstanding 0",
            await TotalsAsync(admin, new(2026, 4, 13), new(2026, 5, 3)));
    }

    [Fact]
    public async Task A_fund_that_closes_in_the_middle_of_a_week_leaves_nothing_outstanding_and_nothing_banked()
    {
        var (host, admin) = await OpenAsync(
            Instant.FromUtc(2026, 6, 1, 9, 0), "2026-04-13", Line(weeklyMinutes: 700), banking: Minutes);
        await using var _ = host;
        await (await GivenAsync(admin, "V-1", new(2026, 4, 13, 9, 0), 120)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-1/closure", new { on = "2026-04-22", reason = "moved" }))
            .NeedsAsync(201);
        await host.UntilIdleAsync();
        await CloseAsync(host, admin, "2026-05-31");
        // 1,000 minutes are planned, 700 for the first week and three sevenths of 700 for the week of the closure.
        var time = (await admin.Typed().ShowBalanceGetAsync("F-1", effectiveOn: new LocalDate(2026, 12, 31))).Time;
        Assert.Equal("planned 1000 extra 0 delivered 120 missed 0 charged 0 banked 0 released 880 outstanding 0",
            TextOf(time));
    }
}
