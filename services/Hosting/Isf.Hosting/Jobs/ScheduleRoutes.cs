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
    private const Schedules.Refusal Unknown = Schedules.Refusal.UnknownSchedule;
    private static readonly string[] Readers = [.. Role.AnyHolder, Role.Auditor];

    /// <summary>A schedule with the setting in force for the holder, and its last run.</summary>
    /// <param name="Name">The name of the schedule.</param>
    /// <param name="Service">The service that runs it.</param>
    /// <param name="Cron">The times, as cron with seconds.</param>
    /// <param name="Zone">The zone of the times.</param>
    /// <param name="Enabled">Whether the schedule runs.</param>
    /// <param name="Source">Whose setting it is: holder or installation.</param>
    /// <param name="NextRunAt">The time of the next run; null if there is none.</param>
    /// <param name="LastRun">The run that was requested last; null if there is none.</param>
    public sealed record OfHolder(
        string Name, string Service, string Cron, string Zone, bool Enabled, string Source, Instant? NextRunAt,
        LastRun? LastRun);

    /// <summary>The last run of a schedule.</summary>
    /// <param name="Night">The night to which it belongs.</param>
    /// <param name="State">How far it has come.</param>
    /// <param name="EndedAt">When it ended; null while it has not.</param>
    /// <param name="UpTo">The last day that it counts.</param>
    public sealed record LastRun(LocalDate Night, RunState State, Instant? EndedAt, LocalDate UpTo);

    /// <summary>A change of a holder's setting: who made it and when, and the setting before and after.</summary>
    /// <param name="Version">The version of the setting that it made.</param>
    /// <param name="By">The user who made it.</param>
    /// <param name="At">When it was made.</param>
    /// <param name="From">The setting before it.</param>
    /// <param name="To">The setting after it.</param>
    public sealed record Change(int Version, string By, Instant At, JsonNode? From, JsonNode? To);

    /// <summary>A run of a schedule.</summary>
    public sealed record RunOfHolder
    {
        /// <summary>The id of the run.</summary>
        public required string Id { get; init; }

        /// <summary>The night to which it belongs.</summary>
        public required LocalDate Night { get; init; }

        /// <summary>The last day that it covers.</summary>
        public required LocalDate UpTo { get; init; }

        /// <summary>The user who requested it, or the schedule.</summary>
        public required string AskedBy { get; init; }

        /// <summary>When it was requested.</summary>
        public required Instant AskedAt { get; init; }

        /// <summary>When it began; null if it has not.</summary>
        public required Instant? StartedAt { get; init; }

        /// <summary>When it ended; null if it has not.</summary>
        public required Instant? EndedAt { get; init; }

        /// <summary>How far it is.</summary>
        public required RunState State { get; init; }

        /// <summary>How many things it looked at; null if it does not count.</summary>
        public required long? Checked { get; init; }

        /// <summary>How many differences it found; null if it does not count.</summary>
        public required long? Differences { get; init; }

        /// <summary>The state in words for people.</summary>
        public required string PlainWords { get; init; }
    }

    /// <summary>A run that was requested by hand.</summary>
    /// <param name="Name">The name of the schedule.</param>
    /// <param name="UpTo">The last day that it covers.</param>
    /// <param name="AskedBy">The id of the run.</param>
    public sealed record RequestedRun(string Name, LocalDate UpTo, string AskedBy);

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
        string[] setters = [Role.HolderAdmin];
        var schedules = new Routes(app.MapGroup("/v1").WithTags(Tag));
        schedules.MapGet("/schedules", ListAsync).RequireRoles(Readers);
        schedules.MapGet("/schedules/{name}", ShowAsync).RequireRoles(Readers).Refuses(Unknown);
        schedules.MapGet("/schedules/{name}/changes", ListChangesAsync).RequireRoles(Readers).Refuses(Unknown);
        schedules.MapGet("/schedules/{name}/runs", ListRunsAsync).RequireRoles(Readers).Refuses(Unknown)
            .Refuses(FeatureRefusal.BadFrom, FeatureRefusal.BadTo);
        schedules.MapPut("/schedules/{name}", PutAsync).RequireRoles(setters).WithMetadata(owner)
            .Refuses<Schedules.Refusal>().Returns<ScheduleInForce>(200, 201).SendsHeader(ResponseHeader.ETag);
        schedules.MapDelete("/schedules/{name}", DeleteAsync).RequireRoles(setters).WithMetadata(owner)
            .Refuses(Unknown).Refuses(PlatformRefusal.BadIfMatch, PlatformRefusal.HasMovedOn)
            .Returns<ScheduleInForce>(200).SendsHeader(ResponseHeader.ETag);
        schedules.MapPost("/schedules/{name}/run", RunAsync).RequireRoles(Role.HolderAdmin, Role.HolderFinance)
            .WithMetadata(owner).Refuses(Unknown).Refuses(FeatureRefusal.DayTooLate)
            .Returns<RequestedRun>(202).SendsHeader(ResponseHeader.Fact);
        var operators = new Routes(app.MapGroup("/v1/operator").WithTags("operator"));
        operators.MapGet("/schedules", ListOfAllAsync).RequireRoles(Role.Operator);
        operators.MapGet("/schedules/{name}", ShowOfAllAsync).RequireRoles(Role.Operator).Refuses(Unknown);
        operators.MapPut("/schedules/{name}", PutOfAllAsync).RequireRoles(Role.Operator).WithMetadata(owner)
            .Refuses<Schedules.Refusal>().Returns<ScheduleInForce>(200).SendsHeader(ResponseHeader.ETag);
    }

    /// <summary>Lists the schedules, each with the setting in force for the holder.</summary>
    public static async Task<ItemPage<OfHolder>> ListAsync(HttpContext http, Caller caller, IClock clock)
    {
        var all = await Watched(http).ListAsync(caller.HolderId, null, http.RequestAborted);
        var now = clock.GetCurrentInstant();
        return new([.. all.Select(entry => ToJson(entry, now))], null);
    }

    /// <summary>Shows a schedule with the setting in force for the holder.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static async Task<ShowResult<OfHolder>> ShowAsync(string name, HttpContext http, Caller caller, IClock clock)
    {
        Find(http, name);
        var entry = (await Watched(http).ListAsync(caller.HolderId, name, http.RequestAborted)).Single();
        http.Response.Headers.ETag = entry.Held.Tag;
        return new(Results.Json(ToJson(entry, clock.GetCurrentInstant()), IsfJson.Options));
    }

    /// <summary>Changes the holder's own setting of a schedule.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static Task<IResult> PutAsync(string name, JsonBody<Schedules.Setting> body, Caller caller,
        ConditionalPut put, HttpContext http) => SettingsOf(http).SetOwnAsync(name, body.Value, caller, put, http);

    /// <summary>Removes the holder's own setting, so that the installation's applies again.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static Task<IResult> DeleteAsync(string name, Caller caller, HttpContext http) =>
        SettingsOf(http).ResetAsync(name, caller, http);

    /// <summary>Changes the installation's setting of a schedule.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static Task<IResult> PutOfAllAsync(string name, JsonBody<Schedules.Setting> body, Caller caller,
        ConditionalPut put, HttpContext http) => SettingsOf(http).SetOfAllAsync(name, body.Value, caller, put, http);

    /// <summary>Lists the changes of the holder's setting, the oldest first.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static async Task<ItemPage<Change>> ListChangesAsync(string name, Page page, HttpContext http, Caller caller)
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
        var items = changes.Select(change => new Change(
            change.Version, change.By, change.At, JsonNode.Parse(change.From), JsonNode.Parse(change.To))).ToList();
        return Page.Of(items, page.Limit, change => change.Version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Lists the runs of a schedule, the latest first.</summary>
    /// <param name="name">The name of the schedule.</param>
    /// <param name="from">Only runs of this night or later.</param>
    /// <param name="to">Only runs of this night or earlier.</param>
    public static async Task<ItemPage<RunOfHolder>> ListRunsAsync(
        string name, Page page, HttpContext http, Caller caller, string? from = null, string? to = null)
    {
        var (service, _) = Find(http, name);
        var nights = (DayOf(FeatureRefusal.BadFrom, "from", from), DayOf(FeatureRefusal.BadTo, "to", to));
        var after = page.After is null ? null
            : await Watched(http).RunAsync(service.Name, name, caller.HolderId, page.After, http.RequestAborted)
                ?? throw Page.BadAfter();
        var runs = await Watched(http).RunsAsync(
            service.Name, name, caller.HolderId, nights, after, page.Limit + 1, http.RequestAborted);
        var items = runs.Select(run => new RunOfHolder
        {
            Id = run.Id,
            Night = run.Night,
            UpTo = run.UpTo,
            AskedBy = RequesterOf(run),
            AskedAt = run.RequestedAt,
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt ?? run.GivenUpAt,
            State = run.State,
            Checked = run.Checked,
            Differences = run.Differences,
            PlainWords = run.PlainWords,
        }).ToList();
        return Page.Of(items, page.Limit, run => run.Id);
    }

    /// <summary>Requests a run of a schedule now.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static async Task<IResult> RunAsync(
        string name, JsonBody<Schedules.Run> body, HttpContext http, Caller caller, IClock clock)
    {
        DayBounds.Run(body.Value.UpTo, London.Today(clock));
        var (service, _) = Schedules.Find(http.RequestServices.GetRequiredService<ServiceMap>().Here, name);
        var (runId, fact) = await http.RequestServices.GetRequiredKeyedService<ScheduleClock>(service.Name)
            .RequestNowAsync(name, caller.HolderId, body.Value.UpTo, caller.User, http.RequestAborted);
        http.Response.Headers["Isf-Fact"] = fact.ToString();
        return Results.Json(new RequestedRun(name, body.Value.UpTo, runId), IsfJson.Options, statusCode: 202);
    }

    /// <summary>Lists the schedules, each with the installation's setting.</summary>
    public static async Task<ItemPage<ScheduleInForce>> ListOfAllAsync(HttpContext http, IClock clock)
    {
        var all = await Watched(http).ListAsync(ScheduleSettings.Installation, null, http.RequestAborted);
        var items = all.Select(entry =>
            ScheduleSettings.ToJson(entry.Service, entry.Terms, entry.Held, clock.GetCurrentInstant()));
        return new([.. items], null);
    }

    /// <summary>Shows a schedule with the installation's setting.</summary>
    /// <param name="name">The name of the schedule.</param>
    public static async Task<ShowResult<ScheduleInForce>> ShowOfAllAsync(string name, HttpContext http, IClock clock)
    {
        Find(http, name);
        var entry = (await Watched(http).ListAsync(ScheduleSettings.Installation, name, http.RequestAborted)).Single();
        return IdempotentPut.Show(http, entry.Held.VersionOfAll,
            ScheduleSettings.ToJson(entry.Service, entry.Terms, entry.Held, clock.GetCurrentInstant()));
    }

    private static OfHolder ToJson(WatchedSchedules.HolderSchedule entry, Instant now) => new(
        entry.Terms.Name, entry.Service.Name, entry.Held.InForce.Cron, entry.Held.InForce.Zone,
        entry.Held.InForce.Enabled, entry.Held.Source, ScheduleSettings.NextOf(entry.Held.InForce, now),
        entry.Last is not { } run ? null : new(run.Night, run.State, run.EndedAt ?? run.GivenUpAt, run.UpTo));

    // An earlier release did not record the user who requested a run by hand.
    private static string RequesterOf(ScheduledRun run) => run.RequestedBy
        ?? (run.Id.StartsWith("asked-", StringComparison.Ordinal) ? "somebody, by hand" : "the schedule");

    private static LocalDate? DayOf(FeatureRefusal otherwise, string option, string? text) =>
        string.IsNullOrEmpty(text) ? null : London.Day(text) ?? throw ProblemException.For(otherwise,
            $"?{option}= is a day such as 2026-04-06.", new FieldError("?" + option, "a day such as 2026-04-06"));

    private static (Service Service, ScheduleTerms Terms) Find(HttpContext http, string name) =>
        Schedules.Find(http.RequestServices.GetRequiredService<ServiceMap>().All, name);

    private static ScheduleSettings SettingsOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<ScheduleSettings>();

    private static WatchedSchedules Watched(HttpContext http) =>
        http.RequestServices.GetRequiredService<WatchedSchedules>();
}
