using Isf.Hosting.Http;
using NodaTime;

namespace Isf.Tests.Statements;

public sealed class Forecasts_ask_what_if(HostWithAStatement shared) : IClassFixture<HostWithAStatement>
{
    private static readonly LocalDate On = new(2026, 5, 3);

    [Fact]
    public async Task Nothing_changes()
    {
        var plain = await shared.Client.ShowForecastGetAsync("F-1", On);
        Assert.Equal((40800, 37800, 243000), (plain.FreeToUsePence, plain.WeeklyOutPence, plain.LeftAtEndPence));
        Assert.True(plain.OnTrack);
    }

    [Fact]
    public async Task There_are_more_hours_and_higher_rates()
    {
        // Two hours a week more at £24, and then 10 % on everything, give (£378 + £48) × 1.1 = £468.60 going out a
        // week, against £420 coming in.
        var dearer = await shared.Client.ShowForecastGetAsync("F-1", On, extraWeeklyMinutes: 120, ratePercent: 10);
        Assert.Equal(46860, dearer.WeeklyOutPence);
        // £408.00 lasts £408.00 ÷ (£48.60 ÷ 7) = 58.8 days, so the balance is below zero on the 59th day.
        Assert.Equal(new LocalDate(2026, 7, 1), dearer.RunsOutOn);
    }

    [Theory]
    [InlineData("effectiveOn=2026-05-03&ratePercent=1.5", "bad-rate-percent")]
    [InlineData("effectiveOn=2026-05-03&extraWeeklyMinutes=x", "bad-extra-weekly-minutes")]
    [InlineData("effectiveOn=soon", "bad-effective-on")]
    public async Task Numbers_and_days_that_cannot_be_read_are_refused(string query, string code)
    {
        var response = await shared.Finance.GetAsync("/v1/funds/F-1/forecast?" + query);
        Assert.Equal((400, code), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task Of_a_closed_fund_there_is_none()
    {
        var admin = shared.Host.As(Role.HolderAdmin);
        await (await admin.PutAsync("/v1/funds/F-2", Sample.Fund)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-2/budgets/B-2", Sample.Budget)).NeedsAsync(201);
        await (await admin.PutAsync("/v1/funds/F-2/closure", new { on = "2026-05-31", reason = "died" }))
            .NeedsAsync(201);
        await shared.Host.UntilIdleAsync();
        var closed = await shared.Finance.GetAsync("/v1/funds/F-2/forecast?effectiveOn=2026-06-01");
        Assert.Equal("fund-closed", await closed.CodeAsync());
    }
}
