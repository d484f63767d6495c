using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Isf.Hosting.Http;

/// <summary>
/// The operator's routes (api.md, Operator). They show services, queues and ids, but never a message's body, a
/// person's record or a fund's figure. The operator has no holder.
/// </summary>
public static class OperatorRoutes
{
    private const int ReasonMax = 2000;
    private const string Tag = "operator";

    /// <summary>Why the operator's request is refused.</summary>
    public enum Refusal
    {
        [Problem(400, "There is no such state.")] BadState = 1,
        [Problem(400, "The address cannot be read.")] BadNumber = 2,
        [Problem(404, "There is no such service.")] UnknownService = 3,
        [Problem(404, "There is no such message.")] UnknownMessage = 4,
    }

    /// <summary>The messages that are on their way, by service.</summary>
    /// <param name="Services">Each service of the platform.</param>
    /// <param name="Quiet">Whether no message is on its way anywhere.</param>
    public sealed record BacklogOfAll(IReadOnlyList<BacklogOfService> Services, bool Quiet);

    /// <summary>The messages on their way to or from a service, and the service's last heartbeat.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="Outbox">The number of messages that it published and the broker has not confirmed.</param>
    /// <param name="Queued">The number of messages that it has yet to consume, once for each of its queues.</param>
    /// <param name="Parked">The number of messages that it has deferred.</param>
    /// <param name="Failed">The number of messages that failed for good and wait for a decision.</param>
    /// <param name="OldestAt">Since when the oldest of these messages has waited; null if there is none.</param>
    /// <param name="HeartbeatAt">When the service last showed that it runs; null if it never has.</param>
    public sealed record BacklogOfService(
        string Service, long Outbox, long Queued, long Parked, long Failed, Instant? OldestAt, Instant? HeartbeatAt);

    /// <summary>A message that waits or failed.</summary>
    public sealed record MessageBody
    {
        /// <summary>The id of the message, the same in all queues of the service.</summary>
        public required Guid Id { get; init; }

        /// <summary>The holder to which it belongs.</summary>
        public required string HolderId { get; init; }

        /// <summary>The message's type, by its name on the wire.</summary>
        public required string Message { get; init; }

        /// <summary>The first fact from which it follows.</summary>
        public required Guid Fact { get; init; }

        /// <summary>Either deferred or failed.</summary>
        public required string State { get; init; }

        /// <summary>What it waits for, separated by commas; null if it waits for nothing.</summary>
        public required string? WaitsFor { get; init; }

        /// <summary>Since when it has been deferred, or when it failed.</summary>
        public required Instant Since { get; init; }

        /// <summary>The number of tries.</summary>
        public required int Tries { get; init; }

        /// <summary>Its last error, which quotes nothing of it; null if it has none.</summary>
        public required string? LastError { get; init; }

        /// <summary>The queues in which it is deferred or failed.</summary>
        public required IReadOnlyList<string> Queues { get; init; }
    }

    /// <summary>The decision about a message.</summary>
    /// <param name="Why">The reason, in 1 to 2000 characters.</param>
    public sealed record Request(string Why);

    /// <summary>
    /// Maps the routes. Any process can answer a read; only the service's own process records a decision.
    /// </summary>
    public static void MapOperator(this IEndpointRouteBuilder app, ServiceMap map)
    {
        var owner =
            new OwnerServiceMetadata("service", map.All.ToDictionary(service => service.Name, service => service.Name));
        var routes = new Routes(app);
        const string ofService = "/v1/operator/{service}/messages";
        Refusal[] ofDecisions = [Refusal.UnknownService, Refusal.UnknownMessage];
        routes.MapGet("/v1/operator/backlog", ShowBacklogAsync).RequireRoles(Role.Operator).WithTags(Tag);
        routes.MapGet(ofService, ListAsync).RequireRoles(Role.Operator).WithTags(Tag)
            .Refuses(Refusal.BadState, Refusal.BadNumber, Refusal.UnknownService);
        routes.MapPost(ofService + "/{id}/retry", RetryAsync).RequireRoles(Role.Operator).WithTags(Tag)
            .WithMetadata(owner).Refuses(ofDecisions).Refuses(FeatureRefusal.BadField);
        routes.MapPost(ofService + "/{id}/discard", DiscardAsync).RequireRoles(Role.Operator).WithTags(Tag)
            .WithMetadata(owner).Refuses(ofDecisions).Refuses(FeatureRefusal.BadField);
    }

    /// <summary>Counts the messages on their way, by service.</summary>
    public static async Task<BacklogOfAll> ShowBacklogAsync(
        WatchedMessages watched, MessageTracker tracker, CancellationToken stop)
    {
        var heartbeats = (await tracker.HeartbeatsAsync(stop)).ToDictionary(
            serviceHeartbeat => serviceHeartbeat.Service, serviceHeartbeat => serviceHeartbeat.HeartbeatAt);
        var services = await watched.BacklogAsync(stop);
        return new(
            [
                .. services.Select(service => new BacklogOfService(service.Service, service.Outbox, service.Queued,
                    service.Parked, service.Failed, service.OldestAt,
                    heartbeats.TryGetValue(service.Service, out var at) ? at : null)),
            ],
            services.All(service => service.IsIdle));
    }

    /// <summary>Lists the messages of a service that wait or failed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="state">Only messages in this state.</param>
    /// <param name="olderThanMinutes">Only messages that have waited for longer than this.</param>
    public static async Task<ItemPage<MessageBody>> ListAsync(
        string service, Page page, ServiceMap map, WatchedMessages watched, CancellationToken stop,
        [AllowedValues("deferred", "failed")] string? state = null,
        [Range(0, 1_000_000)] string? olderThanMinutes = null)
    {
        Check(map.All, service);
        if (state is not (null or "" or "deferred" or "failed"))
        {
            throw ProblemException.For(Refusal.BadState, "?state= is deferred or failed.",
                new FieldError("?state", "deferred or failed"));
        }
        Guid? after = page.After is null ? null
            : Guid.TryParseExact(page.After, "D", out var id) ? id : throw Page.BadAfter();
        await page.CheckAfterAsync(_ => watched.HoldsAsync(service, after!.Value, stop));
        var items = await watched.ListAsync(service, string.IsNullOrEmpty(state) ? null : state,
            MinutesIn(olderThanMinutes), after, page.Limit + 1, stop);
        return Page.Of([.. items.Select(BodyFrom)], page.Limit, item => item.Id.ToString());
    }

    /// <summary>Has a message that failed tried again.</summary>
    /// <param name="service">The service.</param>
    /// <param name="id">The id of the message.</param>
    public static Task<MessageDecision> RetryAsync(string service, string id, JsonBody<Request> body, Caller caller,
        HttpContext http, MessageDecisions decisions) => DecideAsync(service, id, "retry", body.Value.Why, http,
            (message, stop) => decisions.RetryAsync(message, caller.User, body.Value.Why, service, stop));

    /// <summary>Gives up a message that waits or failed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="id">The id of the message.</param>
    public static Task<MessageDecision> DiscardAsync(string service, string id, JsonBody<Request> body, Caller caller,
        HttpContext http, MessageDecisions decisions) => DecideAsync(service, id, "discard", body.Value.Why, http,
            (message, stop) => decisions.DiscardAsync(message, caller.User, body.Value.Why, service, stop));

    // A repeated request has no further effect; its response is the stored decision.
    private static async Task<MessageDecision> DecideAsync(string service, string id, string decided, string why,
        HttpContext http, Func<Guid, CancellationToken, Task<int>> decideAsync)
    {
        Check(http.RequestServices.GetRequiredService<ServiceMap>().Here, service);
        if (!Texts.Fits(why, ReasonMax))
        {
            throw ProblemException.For(FeatureRefusal.BadField,
                "/why: Write 1 to 2000 characters: why this is decided about the message.",
                new FieldError("/why", "1 to 2000 characters"));
        }
        var notFound = ProblemException.For(Refusal.UnknownMessage,
            $"{service} keeps no message {Texts.Quoted(id)}: see GET /v1/operator/{service}/messages.");
        if (!Guid.TryParseExact(id, "D", out var message))
            throw notFound;
        var count = await InTimeAsync(service, http, decideAsync(message, http.RequestAborted));
        return await http.RequestServices.GetRequiredService<WatchedMessages>()
            .DecisionAsync(service, message, http.RequestAborted) is { } made && (count > 0 || made.Decided == decided)
            ? made : throw notFound;
    }

    private static async Task<int> InTimeAsync(string service, HttpContext http, Task<int> deciding)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<Liveness>().WaitAsync(service, deciding);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw ProblemException.NotAvailable("The message is being tried at this moment.");
        }
        catch (TimeoutException)
        {
            throw ProblemException.MayBeDone();
        }
    }

    private static void Check(IEnumerable<Service> services, string name)
    {
        if (services.All(service => service.Name != name))
        {
            throw ProblemException.For(Refusal.UnknownService,
                $"“{Texts.Quoted(name)}” is no service here: see GET /v1/operator/backlog.");
        }
    }

    private static Duration MinutesIn(string? text)
    {
        const int max = 1_000_000;
        return string.IsNullOrEmpty(text) ? Duration.Zero
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes <= max
                ? Duration.FromMinutes(minutes)
                : throw ProblemException.For(Refusal.BadNumber,
                    $"?olderThanMinutes= is a whole number from 0 to {max}.",
                    new FieldError("?olderThanMinutes", $"0 to {max}"));
    }

    private static MessageBody BodyFrom(WatchedMessage item) => new()
    {
        Id = item.Id,
        HolderId = item.HolderId,
        Message = item.Urn.Split(':')[^2],
        Fact = item.Fact,
        State = item.HasFailed ? "failed" : "deferred",
        WaitsFor = item.WaitsFor,
        Since = item.Since,
        Tries = item.Tries,
        LastError = item.LastError,
        Queues = item.Queues,
    };
}
