using Isf.Hosting.Http;
using Isf.Hosting.Messaging;
using Isf.Hosting.Serialization;

namespace Isf.Host;

/// <summary>The host's own routes: whether it is well, and what is on its way.</summary>
public static class PlatformRoutes
{
    /// <summary>A process that runs.</summary>
    /// <param name="Status">Always live.</param>
    public sealed record Live(string Status);

    /// <summary>Whether the installation can do its work.</summary>
    /// <param name="IsReady">Whether nothing is missing.</param>
    /// <param name="Missing">The parts that are missing.</param>
    public sealed record Ready(
        [property: System.Text.Json.Serialization.JsonPropertyName("ready")] bool IsReady,
        IReadOnlyList<MissingPart> Missing);

    /// <summary>Maps the routes.</summary>
    public static void MapPlatform(this IEndpointRouteBuilder app)
    {
        const string tag = "platform";
        var routes = new Routes(app);
        routes.MapGet("/health/live", GetLive).AllowAnyone().WithTags(tag);
        routes.MapGet("/health/ready", GetReadyAsync).AllowAnyone().WithTags(tag).Returns<Ready>(200, 503);
        routes.MapGet("/v1/backlog", GetBacklogAsync).RequireRoles([.. Role.AnyHolder, Role.Auditor]).WithTags(tag);
    }

    /// <summary>Says that the process runs.</summary>
    public static Live GetLive() => new("live");

    /// <summary>Says whether the installation can do its work, within 2 seconds.</summary>
    public static async Task<IResult> GetReadyAsync(Readiness readiness)
    {
        var missing = await readiness.MissingAsync();
        return Results.Json(new Ready(missing.Count == 0, missing), IsfJson.Options,
            statusCode: missing.Count == 0 ? 200 : 503);
    }

    /// <summary>Counts the holder's messages that are on their way.</summary>
    public static async Task<Backlog> GetBacklogAsync(MessageTracker tracker, Caller caller, CancellationToken stop) =>
        await tracker.BacklogAsync(caller.HolderId, stop);
}
