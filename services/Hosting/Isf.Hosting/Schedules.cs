using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Quartz;

namespace Isf.Hosting;

/// <summary>
/// Scheduled runs. Each service has its own Quartz tables, clustered: however many hosts run it, a night is asked for
/// once for each holder, and what was missed is made up by one run, up to the last night. A run is a message that the
/// service says to itself, in the commit that notes it as asked for. Source: api.md (schedules), design.md §6.
/// </summary>
public static class Schedules
{
    /// <summary>Why a schedule is not set or run, in order: only the first is reported.</summary>
    public enum Refusal
    {
        [Answer(404, "There is no such schedule.")] UnknownSchedule = 1,
        [Answer(422, "There is no such time zone.")] UnknownZone = 2,
        [Answer(422, "The cron expression cannot be used.")] BadCron = 3,
        [Answer(422, "A schedule runs at most once a day.")] MoreThanOnceADay = 4,
    }

    /// <summary>When a schedule runs.</summary>
    public sealed record Setting(string Cron, string Zone, bool Enabled);

    /// <summary>Up to which day a run is asked for.</summary>
    public sealed record Run(LocalDate UpTo);

    /// <summary>Adds the clocks of the services that run here.</summary>
    public static void AddSchedules(this IServiceCollection services, ServiceMap map)
    {
        foreach (var service in map.Here.Where(service => service.SchedulesAll.Count > 0))
        {
            services.AddKeyedSingleton(service.Name, (host, _) =>
                ActivatorUtilities.CreateInstance<ScheduleClock>(host, service));
            services.AddSingleton<IHostedService>(host => host.GetRequiredKeyedService<ScheduleClock>(service.Name));
        }
    }

    /// <summary>Maps the routes of the schedules of the services that run here.</summary>
    public static void MapSchedules(this IEndpointRouteBuilder app, ServiceMap map)
    {
        app.MapGet("/v1/schedules", async (HttpContext http, Caller caller, IClock clock) =>
        {
            var items = new List<object>();
            foreach (var service in map.Here.Where(service => service.SchedulesAll.Count > 0))
                items.AddRange(await http.RequestServices.GetRequiredKeyedService<ScheduleClock>(service.Name)
                    .ShowAsync(caller.HolderId, clock.GetCurrentInstant()));
            return Results.Json(new { items, next = (string?)null }, IsfJson.Options);
        }).Admits([.. Role.AnyHolder, Role.Auditor]).WithTags("schedules");
        app.MapPut("/v1/schedules/{name}", async (HttpContext http, string name, Asked<Setting> asked, IClock clock) =>
        {
            var setting = await SetAsync(http.RequestServices, name, asked.Value, clock.GetCurrentInstant());
            return Results.Json(new { name, setting.Cron, setting.Zone, setting.Enabled }, IsfJson.Options);
        }).Admits(Role.Nobody).WithTags("schedules"); // One setting is every holder's, so no holder may set it.
        app.MapPost("/v1/schedules/{name}/run", async (HttpContext http, string name, Asked<Run> asked, Caller caller,
            IClock clock) =>
        {
            DayBounds.Run(asked.Value.UpTo, London.Today(clock));
            var (askedBy, fact) = await ClockOf(http.RequestServices, name)
                .AskNowAsync(name, caller.HolderId, asked.Value.UpTo);
            http.Response.Headers["Isf-Fact"] = fact.ToString();
            return Results.Json(new { name, asked.Value.UpTo, askedBy }, IsfJson.Options, statusCode: 202);
        }).Admits(Role.HolderAdmin, Role.HolderFinance).WithTags("schedules");
    }

    /// <summary>Sets a schedule for the whole installation: every holder's runs come by it.</summary>
    public static async Task<Setting> SetAsync(IServiceProvider host, string name, Setting asked, Instant now)
    {
        await ClockOf(host, name).SetAsync(name, Decide(asked, now).OrRefuse());
        return asked;
    }

    /// <summary>Whether a schedule may be set so. A run stands for a night, so no day may have two.</summary>
    public static Decision<Setting, Refusal> Decide(Setting asked, Instant now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(asked.Zone, out _))
            return (Refusal.UnknownZone, $"“{asked.Zone}” is no zone of the time zone database: say Europe/London.");
        if (!CronExpression.TryParse(asked.Cron, out _))
            return (Refusal.BadCron, $"“{asked.Cron}” is not like 0 30 1 * * ?, which is every night at 01:30:00.");
        var days = DaysAfter(CronOf(asked), now).Take(40).ToList();
        if (days.Distinct().Count() < days.Count)
            return (Refusal.MoreThanOnceADay, $"“{asked.Cron}” comes twice on some day.");
        return days.Count == 0 ? (Refusal.BadCron, $"“{asked.Cron}” never comes.") : asked;
    }

    /// <summary>
    /// The night that a run stands for: the London day on which the schedule last came. A run that was missed, or goes
    /// past midnight, so stands for one night, and for the same one whoever makes it up.
    /// </summary>
    public static LocalDate NightOf(Setting setting, Instant fired) => London.DayOf(Came(setting, fired));

    /// <summary>What a run stands for, as its name says it: a night, or an hour that no clock change repeats.</summary>
    internal static string NameOf(ScheduleTerms terms, Setting setting, Instant fired) => terms.Hourly
        ? Came(setting, fired).ToString("uuuu'-'MM'-'dd'T'HH'Z'", CultureInfo.InvariantCulture)
        : $"{NightOf(setting, fired):uuuu-MM-dd}";

    internal static CronExpression CronOf(Setting setting) =>
        CronExpression.Parse(setting.Cron).WithTimeZone(TimeZoneInfo.FindSystemTimeZoneById(setting.Zone));

    private static ScheduleClock ClockOf(IServiceProvider host, string name) =>
        host.GetRequiredService<ServiceMap>().Here
            .FirstOrDefault(service => service.SchedulesAll.Any(terms => terms.Name == name)) is { } service
            ? host.GetRequiredKeyedService<ScheduleClock>(service.Name)
            : throw Refused.Of(Refusal.UnknownSchedule, $"“{name}” is no schedule here: see GET /v1/schedules.");

    private static Instant Came(Setting setting, Instant fired) =>
        CronOf(setting).GetPreviousValidTimeBefore(fired.Plus(Duration.FromSeconds(1)).ToDateTimeOffset()) is { } at
            ? Instant.FromDateTimeOffset(at) : fired;

    private static IEnumerable<LocalDate> DaysAfter(CronExpression cron, Instant now)
    {
        DateTimeOffset? at = now.ToDateTimeOffset();
        while ((at = cron.GetNextValidTimeAfter(at.Value)) is { } next)
            yield return London.DayOf(Instant.FromDateTimeOffset(next));
    }
}
