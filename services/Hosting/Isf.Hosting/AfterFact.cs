using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Hosting;

/// <summary>A route that takes ?afterFact=.</summary>
public sealed record TakesAfterFact;

/// <summary>Questions that wait for a fact: ?afterFact= takes the id that a write answered as Isf-Fact.</summary>
public static class AfterFact
{
    private const string Option = "afterFact";

    /// <summary>
    /// With ?afterFact=, the question waits until that fact and all that follows from it has arrived.
    /// </summary>
    public static RouteHandlerBuilder WaitsForFact(this RouteHandlerBuilder route) =>
        route.Takes(Option).WithMetadata(new TakesAfterFact()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (QueryOptions.Query(http).TryGetValue(Option, out var asked))
        {
            var fact = Guid.TryParseExact(asked.ToString(), "D", out var id) ? id : throw new ProblemException(
                400, "not-a-fact", "That is not a fact's id.",
                "?afterFact= takes the id from a write's Isf-Fact header, as it stands there.",
                new FieldError("?afterFact", "not a fact's id"));
            var caller = await Caller.BindAsync(http);
            var tracker = http.RequestServices.GetRequiredService<MessageTracker>();
            if (!await tracker.KnowsFactAsync(caller.HolderId, fact, http.RequestAborted))
            {
                throw new ProblemException(404, "unknown-fact", "There is no such fact.",
                    $"No write of this holder was answered with Isf-Fact: {fact} in the last 90 days. Copy it again, "
                    + "or ask without ?afterFact=.", new FieldError("?afterFact", "not known here"));
            }
            await tracker.WaitForFactAsync(caller.HolderId, fact, tracker.Patience, http.RequestAborted);
        }
        return await next(context);
    });
}

/// <summary>What a session says, the fact that it begins, and how its caller learns of it.</summary>
public sealed partial class Session
{
    /// <summary>Says a message in the commit that makes it true. The cause: the fact's id in type and holder.</summary>
    public void Publish<T>(T message, string cause, params string[] fundIds) where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        var urn = ServiceMap.UrnOf(message.GetType());
        var id = MessageIdOf(message, cause);
        Fact ??= id;
        Queue(OutboxRows.Insert(this, id, urn, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            message, message.GetType(), IsfJson.Options), fundIds));
        rings = true;
    }

    /// <summary>The id under which a message travels that is said for this cause.</summary>
    internal Guid MessageIdOf(object message, string cause) =>
        DeterministicGuid.From(ServiceMap.UrnOf(message.GetType()), HolderId, cause);

    /// <summary>
    /// Names the fact in the answer (Isf-Fact), for questions that wait for it. One that was said so long ago that
    /// nobody remembers it has long arrived, and is not named.
    /// </summary>
    public async Task NameFactAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Fact is { } fact && (saved || (await RowsAsync("select 1 from facts where holder_id = $1 and fact = $2",
            row => row.GetInt32(0), HolderId, fact)).Count > 0))
        {
            http.Response.Headers["Isf-Fact"] = fact.ToString();
        }
    }
}
