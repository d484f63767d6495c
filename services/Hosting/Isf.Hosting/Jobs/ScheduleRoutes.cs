using System.Globalization;
using System.Text.Json.Nodes;
using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;

namespace Isf.Hosting.Jobs;

/// <summary>
/// The routes of schedules (api.md). Holders see, change and run schedules for themselves, and the operator sees and
/// changes the installation's settings.
/// </summary>
public static class ScheduleRoutes
{
    private const string Tag = "schedules";
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>Adds the clocks of the services that run here.</summary>
    public static void AddSchedules(this IServiceCollection services, ServiceMap map)
    {
        services.AddSingleton<ScheduledRuns>().AddSingleton<WatchedSchedules>().AddSingleton<ScheduleSettings>();
        foreach (var service in map.Here.Where(service => service.ScheduleTerms.Count > 0))
        {
            services.AddKeyedSingleton(service.Name, (host, _) =>
                ActivatorUtilities.CreateInstance<ScheduleClock>(host, service));
            services.AddSingleton<IHostedService>(host => host.GetRequiredKeyedService<ScheduleClock>(service.Name));
        }
    }

    /// <summary>
    /// Maps the routes. Any process can answer a read; only the schedule's own service changes or runs it.
    /// </summary>
    public static void MapSchedules(this IEndpointRouteBuilder app, ServiceMap map)
    {
        var owner = new OwnerServiceMetadata("name", map.All
            .SelectMany(service => service.ScheduleTerms, (service, terms) => (terms.Name, Service: service.Name))
            .ToDictionary(entry => entry.Name, entry => entry.Service));
        app.MapGet("/v1/schedules", ListAsync).RequireRoles(Readers).WithTags(Tag);
        app.MapGet("/v1/schedules/{name}", ShowAsync).RequireRoles(Readers).WithTags(Tag);
        app.MapGet("/v1/schedules/{name}/changes", ListChangesAsync).RequireRoles(Readers).WithTags(Tag);
        app.MapGet("/v1/schedules/{name}/runs", ListRunsAsync).RequireRoles(Readers).WithTags(Tag);
        app.MapPut("/v1/schedules/{name}", (string name, JsonBody<Schedules.Setting> body, Caller caller,
            ConditionalPut put, HttpContext http) => SettingsOf(http).SetOwnAsync(name, body.Value, caller, put, http))
            .RequireRoles(Role.HolderAdmin).WithTags(Tag).WithMetadata(owner);
        app.MapDelete("/v1/schedules/{name}", (string name, Caller caller, HttpContext http) =>
            SettingsOf(http).ResetAsync(name, caller, http))
            .RequireRoles(Role.HolderAdmin).WithTags(Tag).WithMetadata(owner);
        app.MapPost("/v1/schedules/{name}/run", RunAsync)
            .RequireRoles(Role.HolderAdmin, Role.HolderFinance).WithTags(Tag).WithMetadata(owner);
        app.MapGet("/v1/operator/schedules", ListOfAllAsync).RequireRoles(Role.Operator).WithTags("operator");
        app.MapGet("/v1/operator/schedules/{name}", ShowOfAllAsync).RequireRoles(Role.Operator).WithTags("operator");
        app.MapPut("/v1/operator/schedules/{name}", (string name, JsonBody<Schedules.Setting> body, Caller caller,
            ConditionalPut put, HttpContext http) =>
            SettingsOf(http).SetOfAllAsync(name, body.Value, caller, put, http))
            .RequireRoles(Role.Operator).WithTags("operator").WithMetadata(owner);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Caller caller, IClock clock)
    {
        var all = await Watched(http).ListAsync(caller.HolderId, null, http.RequestAborted);
        var now = clock.GetCurrentInstant();
        return Results.Json(
            new { items = all.Select(entry => ToJson(entry, now)), next = (string?)null }, IsfJson.Options);
    }

    private static async Task<IResult> ShowAsync(string name, HttpContext http, Caller caller, IClock clock)
    {
        Find(http, name);
        var entry = (await Watched(http).ListAsync(caller.HolderId, name, http.RequestAborted)).Single();
        http.Response.Headers.ETag = entry.Held.Tag;
        return Results.Json(ToJson(entry, clock.GetCurrentInstant()), IsfJson.Options);
    }

    private static async Task<IResult> ListChangesAsync(string name, Page page, HttpContext http, Caller caller)
    {
        var (service, _) = Find(http, name);
        var after = page.After is null ? 0
            : int.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version : throw Page.BadAfter();
        await page.CheckAfterAsync(async _ => (await Watched(http).ChangesAsync(
            service.Name, name, caller.HolderId, after - 1, 1, http.RequestAborted))
                .Any(change => change.Version == after));
        var changes = await Watched(http).ChangesAsync(
            service.Name, name, caller.HolderId, after, page.Limit + 1, http.RequestAborted);
        var items = changes.Select(change => new
        {
            change.Version, change.By, change.At, from = JsonNode.Parse(change.From), to = JsonNode.Parse(change.To),
        }).ToList();
        return Results.Json(Page.Of(items, page.Limit, change =>
            change.Version.ToString(CultureInfo.InvariantCulture)), IsfJson.Options);
    }

    private static async Task<IResult> ListRunsAsync(string name, Page page, HttpContext http, Caller caller,
        string? from = null, string? to = null)
    {
        var (service, _) = Find(http, name);
        var nights = (DayOf("from", from), DayOf("to", to));
        var after = page.After is null ? null
            : await Watched(http).RunAsync(service.Name, name, caller.HolderId, page.After, http.RequestAborted)
                ?? throw Page.BadAfter();
        var runs = await Watched(http).RunsAsync(
            service.Name, name, caller.HolderId, nights, after, page.Limit + 1, http.RequestAborted);
        var items = runs.Select(run => new
        {
            run.Id, run.Night, run.UpTo, askedBy = RequesterOf(run), askedAt = run.RequestedAt, run.StartedAt,
            endedAt = run.EndedAt ?? run.GivenUpAt, run.State, run.Checked, run.Differences, run.PlainWords,
        }).ToList();
        return Results.Json(Page.Of(items, page.Limit, run => run.Id), IsfJson.Options);
    }

    private static async Task<IResult> RunAsync(
        string name, JsonBody<Schedules.Run> body, HttpContext http, Caller caller, IClock clock)
    {
        DayBounds.Run(body.Value.UpTo, London.Today(clock));
        var (service, _) = Schedules.Find(http.RequestServices.GetRequiredService<ServiceMap>().Here, name);
        var (runId, fact) = await http.RequestServices.GetRequiredKeyedService<ScheduleClock>(service.Name)
            .RequestNowAsync(name, caller.HolderId, body.Value.UpTo, caller.User, http.RequestAborted);
        http.Response.Headers["Isf-Fact"] = fact.ToString();
        return Results.Json(new { name, body.Value.UpTo, askedBy = runId }, IsfJson.Options, statusCode: 202);
    }

    private static async Task<IResult> ListOfAllAsync(HttpContext http, IClock clock)
    {
        var all = await Watched(http).ListAsync(ScheduleSettings.Installation, null, http.RequestAborted);
        var items = all.Select(entry =>
            ScheduleSettings.ToJson(entry.Service, entry.Terms, entry.Held, clock.GetCurrentInstant()));
        return Results.Json(new { items, next = (string?)null }, IsfJson.Options);
    }

    private static async Task<IResult> ShowOfAllAsync(string name, HttpContext http, IClock clock)
    {
        Find(http, name);
        var entry = (await Watched(http).ListAsync(ScheduleSettings.Installation, name, http.RequestAborted)).Single();
        http.Response.Headers.ETag = IfMatch.Tag(entry.Held.VersionOfAll);
        return Results.Json(
            ScheduleSettings.ToJson(entry.Service, entry.Terms, entry.Held, clock.GetCurrentInstant()),
            IsfJson.Options);
    }

    private static object ToJson(WatchedSchedules.HolderSchedule entry, Instant now) => new
    {
        name = entry.Terms.Name, service = entry.Service.Name, entry.Held.InForce.Cron, entry.Held.InForce.Zone,
        entry.Held.InForce.Enabled, entry.Held.Source, nextRunAt = ScheduleSettings.NextOf(entry.Held.InForce, now),
        lastRun = entry.Last is not { } run ? null : new
        {
            run.Night, run.State, endedAt = run.EndedAt ?? run.GivenUpAt, run.UpTo,
        },
    };

    // An earlier release did not record the user who requested a run by hand.
    private static string RequesterOf(ScheduledRun run) => run.RequestedBy
        ?? (run.Id.StartsWith("asked-", StringComparison.Ordinal) ? "somebody, by hand" : "the schedule");

    private static LocalDate? DayOf(string option, string? text) => string.IsNullOrEmpty(text) ? null
        : London.Day(text) ?? throw new ProblemException(400, $"bad-{option}", "The address cannot be read.",
            $"?{option}= is a day such as 2026-04-06.", new FieldError("?" + option, "a day such as 2026-04-06"));

    private static (Service Service, ScheduleTerms Terms) Find(HttpContext http, string name) =>
        Schedules.Find(http.RequestServices.GetRequiredService<ServiceMap>().All, name);

    private static ScheduleSettings SettingsOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<ScheduleSettings>();

    private static WatchedSchedules Watched(HttpContext http) =>
        http.RequestServices.GetRequiredService<WatchedSchedules>();
}
