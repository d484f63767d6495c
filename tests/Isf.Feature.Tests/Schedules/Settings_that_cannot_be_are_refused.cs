using Isf.Hosting.Http;

namespace Isf.Tests.Schedules;

public sealed class Settings_that_cannot_be_are_refused(HostWithAFund shared) : IClassFixture<HostWithAFund>
{
    [Fact]
    public async Task A_night_has_one_run()
    {
        var response = await shared.Host.As(Role.HolderAdmin).PutAsync("/v1/schedules/state-books",
            new { cron = "0 0 1,2 * * ?", zone = "Europe/London", enabled = true });
        Assert.Equal((422, "more-than-once-a-day"), ((int)response.StatusCode, await response.CodeAsync()));
    }

    [Fact]
    public async Task A_run_is_of_a_schedule_that_there_is()
    {
        var response = await shared.Host.As(Role.HolderAdmin).PostAsync(
            "/v1/schedules/no-such/run", new { upTo = "2026-05-31" });
        Assert.Equal((404, "unknown-schedule"), ((int)response.StatusCode, await response.CodeAsync()));
    }
}
