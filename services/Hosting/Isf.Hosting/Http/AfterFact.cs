using Isf.Hosting.Data;
using Isf.Hosting.Messaging;
using Isf.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Isf.Hosting.Http;

/// <summary>Marks a route that accepts ?afterFact=.</summary>
public sealed record AcceptsAfterFact;

/// <summary>
/// Lets queries wait for a fact. A write returns the fact's id as Isf-Fact, and a query gives that id as ?afterFact=.
/// </summary>
public static class AfterFact
{
    private const string Option = "afterFact";

    /// <summary>
    /// Makes the route accept ?afterFact=. A query with this option waits until all that follows from the named fact
    /// has arrived everywhere.
    /// </summary>
    public static RouteHandlerBuilder WaitsForFact(this RouteHandlerBuilder route) =>
        route.AcceptsOptions(Option).WithMetadata(new AcceptsAfterFact()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (QueryOptions.Query(http).TryGetValue(Option, out var values))
        {
            var fact = Guid.TryParseExact(values.ToString(), "D", out var id) ? id
                : throw ProblemException.For(PlatformRefusal.NotAFact,
                    "?afterFact= takes the id from a write's Isf-Fact header, as it stands there.",
                    new FieldError("?afterFact", "not a fact's id"));
            var caller = await Caller.BindAsync(http);
            var tracker = http.RequestServices.GetRequiredService<MessageTracker>();
            if (!await tracker.HasFactAsync(caller.HolderId, fact, http.RequestAborted))
            {
                throw ProblemException.For(PlatformRefusal.UnknownFact,
                    $"No write of this holder was answered with Isf-Fact: {fact} in the last 90 days. Copy it again, "
                    + "or ask without ?afterFact=.", new FieldError("?afterFact", "not known here"));
            }
            await tracker.WaitForFactAsync(caller.HolderId, fact, tracker.Patience, http.RequestAborted);
        }
        return await next(context);
    });

    /// <summary>
    /// Sets the Isf-Fact header of the response to the session's fact, for which a later query may wait. The header is
    /// left out if the fact is no longer on record, because it arrived long ago.
    /// </summary>
    public static async Task NameFactAsync(this Session session, HttpContext http)
    {
        if (await session.RememberedFactAsync() is { } fact)
            http.Response.Headers["Isf-Fact"] = fact.ToString();
    }
}
