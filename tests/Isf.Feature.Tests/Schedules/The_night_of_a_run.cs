using Isf.Hosting.Messaging;
using NodaTime;
using NodaTime.Text;
using Setting = Isf.Hosting.Jobs.Schedules.Setting;

namespace Isf.Tests.Schedules;

public sealed class The_night_of_a_run
{
    private static Instant At(string text) => InstantPattern.General.Parse(text).Value;

    [Theory]
    // A run belongs to the night on which the schedule was last due, whether the run is on time, a little late or
    // hours late.
    [InlineData("0 30 1 * * ?", "2026-05-05T00:30:00Z", "2026-05-05")]
    [InlineData("0 30 1 * * ?", "2026-05-05T00:30:07Z", "2026-05-05")]
    [InlineData("0 30 1 * * ?", "2026-05-05T22:59:00Z", "2026-05-05")]
    // At half past midnight in London, before that night's own time, a run still belongs to the night before.
    [InlineData("0 30 1 * * ?", "2026-05-05T23:30:00Z", "2026-05-05")]
    [InlineData("0 30 1 * * ?", "2026-05-06T00:30:00Z", "2026-05-06")]
    // If a run is due late in the evening and comes after midnight, it still belongs to the day that has ended.
    [InlineData("0 50 23 * * ?", "2026-05-05T22:50:00Z", "2026-05-05")]
    [InlineData("0 50 23 * * ?", "2026-05-05T23:05:00Z", "2026-05-05")]
    // The first row is in winter time. On 25 October half past one comes twice, at 00:30 and 01:30 UTC, on one night.
    [InlineData("0 30 1 * * ?", "2026-12-05T01:30:00Z", "2026-12-05")]
    [InlineData("0 30 1 * * ?", "2026-10-25T00:30:00Z", "2026-10-25")]
    [InlineData("0 30 1 * * ?", "2026-10-25T01:30:00Z", "2026-10-25")]
    // The night of 29 March has no half past one.
    [InlineData("0 30 1 * * ?", "2026-03-29T00:59:59Z", "2026-03-28")]
    [InlineData("0 30 1 * * ?", "2026-03-29T01:00:00Z", "2026-03-29")]
    [InlineData("0 30 1 * * ?", "2026-03-29T06:00:00Z", "2026-03-29")]
    public void Is_the_one_on_which_the_schedule_last_came(string cron, string fired, string night) => Assert.Equal(
        LocalDatePattern.Iso.Parse(night).Value,
        Isf.Hosting.Jobs.Schedules.NightOf(new Setting(cron, "Europe/London", true), At(fired)));

    [Theory]
    [InlineData("0 30 1 * * ?", null)]
    [InlineData("0 30 1 ? * MON", null)]
    [InlineData("0 0 0 1 1 ? 2020", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 0 * * * ?", Isf.Hosting.Jobs.Schedules.Refusal.MoreThanOnceADay)]
    [InlineData("0 30 1 L * ?", null)]
    [InlineData("0 30 1 ? * FRI#3", null)]
    // Some expressions are read differently by different programs, so they are refused: years, omitted fields, a word
    // for a whole expression, a day together with a weekday, numbered weekdays.
    [InlineData("0 30 1 * * ? *", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("30 1 * * *", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("@daily", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 H 1 * * ?", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 30 1 1 * MON", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 30 1 ? * 2", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 30 1 ? * MON,4", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    [InlineData("0 30 1 30 2 ?", Isf.Hosting.Jobs.Schedules.Refusal.BadCron)]
    public void Is_one_a_day(string cron, Isf.Hosting.Jobs.Schedules.Refusal? why) =>
        Assert.Equal(why, Decided(cron, hourly: false));

    [Theory]
    [InlineData("0 7 * * * ?", null)]
    [InlineData("0 30 1 * * ?", null)]
    [InlineData("0 7,37 * * * ?", Isf.Hosting.Jobs.Schedules.Refusal.MoreThanOnceADay)]
    public void Is_one_an_hour_where_it_is_made_for_that(string cron, Isf.Hosting.Jobs.Schedules.Refusal? why) =>
        Assert.Equal(why, Decided(cron, hourly: true));

    [Fact]
    public void Is_a_day_in_London_whatever_the_zone()
    {
        // 23:30 UTC falls twice on 25 October in London. The first time is half an hour after midnight. Then the
        // clocks go back, and the second is half an hour before midnight.
        Assert.Equal(Isf.Hosting.Jobs.Schedules.Refusal.MoreThanOnceADay, Decided("0 30 23 * * ?", false, "Etc/UTC"));
        Assert.Null(Decided("0 30 22 * * ?", false, "Etc/UTC"));
    }

    private static Isf.Hosting.Jobs.Schedules.Refusal? Decided(
        string cron, bool hourly, string zone = "Europe/London") =>
        Isf.Hosting.Jobs.Schedules.Decide(new ScheduleTerms("any", "0 30 1 * * ?", request => request, hourly),
            new(cron, zone, true), At("2026-02-01T00:00:00Z")).Refusal;
}
