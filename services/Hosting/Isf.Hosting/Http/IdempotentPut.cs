using System.Reflection;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using JasperFx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Isf.Hosting.Http;

/// <summary>A route that takes If-Match: what it changes has a version.</summary>
public sealed record AcceptsIfMatch;

/// <summary>
/// A PUT of a document that never changes. The caller chooses the id: the same words again are already done, other
/// words are refused.
/// </summary>
public sealed class IdempotentPut
{
    private readonly HttpContext http;
    private readonly IfMatch? ifMatch;

    private IdempotentPut(HttpContext http) =>
        (this.http, ifMatch) = (http, IfMatch.Read(http.Request.Headers.IfMatch));

    /// <summary>From the request.</summary>
    public static ValueTask<IdempotentPut> BindAsync(HttpContext http)
    {
        return ValueTask.FromResult(new IdempotentPut(http));
    }

    /// <summary>201 first, 200 for the same words, 409 for other words.</summary>
    /// <param name="session">The commit. Nothing has been read in it.</param>
    /// <param name="id">The document's id.</param>
    /// <param name="locks">What is waited for beside the document: the keys of all else that the rule looks at.</param>
    /// <param name="same">Whether the stored document says the same.</param>
    /// <param name="decide">The document, or why not.</param>
    /// <param name="say">Says the fact.</param>
    /// <param name="show">The answer.</param>
    public Task<IResult> CreateAsync<TDoc, TRefusal>(Session session, string id, string[] locks, Func<TDoc, bool> same,
        Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> say, Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum =>
        CreateAsync(session, id, locks, stored => Task.FromResult(same(stored)), decide, say, show);

    /// <summary>The same where more must be read to know whether the stored document says the same.</summary>
    public Task<IResult> CreateAsync<TDoc, TRefusal>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> say,
        Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum => LockFirst.RunAsync<TDoc>(session, id, locks, async stored =>
    {
        if (stored is null)
        {
            return ifMatch is null
                ? await PutAnswer.InsertAsync(
                    http, session, (await decide()).OrRefuse(), (doc, _) => say(doc), show)
                : throw PutAnswer.NothingThere();
        }
        return await same(stored)
            ? await PutAnswer.AgainAsync(http, session, id, stored, (doc, _) => say(doc), show)
            : throw PutAnswer.UsedForSomethingElse(id);
    });

    /// <summary>A document with its version as ETag.</summary>
    public static IResult Show(HttpContext http, int version, object body)
    {
        http.Response.Headers.ETag = IfMatch.Tag(version);
        return Results.Json(body, IsfJson.Options);
    }
}

/// <summary>
/// A PUT of what may change: the change names the version that it saw (If-Match). Of several that name the same one,
/// the first is done and the others are told that it has moved on.
/// </summary>
public sealed class ConditionalPut : IEndpointParameterMetadataProvider
{
    private readonly HttpContext http;
    private readonly IfMatch? ifMatch;

    private ConditionalPut(HttpContext http) =>
        (this.http, ifMatch) = (http, IfMatch.Read(http.Request.Headers.IfMatch));

    /// <summary>From the request.</summary>
    public static ValueTask<ConditionalPut> BindAsync(HttpContext http)
    {
        return ValueTask.FromResult(new ConditionalPut(http));
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsIfMatch());
    }

    /// <summary>201 first, 200 for the same words or a change with If-Match, 412 when it has moved on.</summary>
    /// <param name="session">The commit. Nothing has been read in it.</param>
    /// <param name="id">The document's id.</param>
    /// <param name="locks">What is waited for beside the document: the keys of all else that the rule looks at.</param>
    /// <param name="same">Whether the stored document says the same.</param>
    /// <param name="decide">The document from the one that is stored, at the version it will have; or why not.</param>
    /// <param name="say">Says the fact, at its version.</param>
    /// <param name="show">The answer.</param>
    public Task<IResult> UpsertAsync<TDoc, TRefusal>(Session session, string id, string[] locks, Func<TDoc, bool> same,
        Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> say, Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum =>
        UpsertAsync(session, id, locks, stored => Task.FromResult(same(stored)), decide, say, show);

    /// <summary>The same where more is read before the stored document can be answered.</summary>
    public Task<IResult> UpsertAsync<TDoc, TRefusal>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> say,
        Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum => LockFirst.RunAsync<TDoc>(session, id, locks, async stored =>
    {
        if (stored is null)
        {
            return ifMatch is null
                ? await PutAnswer.InsertAsync(http, session, (await decide(null, 1)).OrRefuse(), say, show)
                : throw PutAnswer.NothingThere();
        }
        if (await same(stored))
            return await PutAnswer.AgainAsync(http, session, id, stored, say, show);
        if (ifMatch is null)
            throw PutAnswer.UsedForSomethingElse(id);
        var version = session.VersionOf<TDoc>(id);
        if (!ifMatch.Matches(version))
            throw PutAnswer.MovedOn(version);
        var changed = (await decide(stored, version + 1)).OrRefuse();
        session.Store(changed);
        say(changed, version + 1);
        await session.SaveChangesAsync();
        return await PutAnswer.OfAsync(http, 200, version + 1, session, show(changed));
    });

    /// <summary>The same for what lies in rows: loaded behind the locks, and changed by what was loaded.</summary>
    /// <param name="session">The commit. Nothing has been read in it.</param>
    /// <param name="locks">What is waited for: the key of the row, and of all else that the rule looks at.</param>
    /// <param name="load">The row, or nothing.</param>
    /// <param name="change">Compares the version that the caller saw, if they named one, and changes it.</param>
    public async Task<IResult> ChangeRowAsync<TRow>(Session session, string[] locks, Func<Task<TRow?>> load,
        Func<TRow?, IfMatch?, Task<IResult>> change) where TRow : class
    {
        await LockFirst.LockAsync(session, locks);
        return await change(await load(), ifMatch);
    }
}

/// <summary>
/// The order of every PUT: lock, load, compare, decide, save. It stands here and nowhere else, so that no feature can
/// compare a version that another caller is changing.
/// </summary>
internal static class LockFirst
{
    public static async Task<IResult> RunAsync<TDoc>(
        Session session, string id, string[] locks, Func<TDoc?, Task<IResult>> attempt) where TDoc : class
    {
        try
        {
            return await LockedAsync();
        }
        catch (DocumentAlreadyExistsException)
        {
            // Made meanwhile by somebody who does not lock: a consumer, under the same id.
            return await LockedAsync();
        }

        async Task<IResult> LockedAsync()
        {
            await LockAsync(session, [LockKey.Document<TDoc>(id), .. locks]);
            return await attempt(await session.LoadAsync<TDoc>(id));
        }
    }

    public static Task LockAsync(Session session, string[] locks) => session.LockAsync(locks);
}

/// <summary>What a PUT answers.</summary>
internal static class PutAnswer
{
    public static async Task<IResult> InsertAsync<TDoc>(HttpContext http, Session session, TDoc doc,
        Action<TDoc, int> say, Func<TDoc, object> show) where TDoc : class
    {
        session.Insert(doc);
        say(doc, 1);
        await session.SaveChangesAsync();
        return await OfAsync(http, 201, 1, session, show(doc));
    }

    /// <summary>Already done: said over only to name its fact, and not saved.</summary>
    public static Task<IResult> AgainAsync<TDoc>(HttpContext http, Session session, string id, TDoc stored,
        Action<TDoc, int> say, Func<TDoc, object> show)
    {
        var version = session.VersionOf<TDoc>(id);
        say(stored, version);
        return OfAsync(http, 200, version, session, show(stored));
    }

    public static async Task<IResult> OfAsync(
        HttpContext http, int status, int version, Session session, object body)
    {
        http.Response.Headers.ETag = IfMatch.Tag(version);
        await session.NameFactAsync(http);
        return Results.Json(body, IsfJson.Options, statusCode: status);
    }

    public static ProblemException UsedForSomethingElse(string id) => new(409, "id-used-for-something-else",
        "This id was used for something else.",
        $"{id} is known here with other words. Choose another id, or send the same words.");

    public static ProblemException NothingThere() =>
        HasMovedOn("There is nothing under this id yet: leave If-Match out to create it.");

    public static ProblemException MovedOn(int version) => HasMovedOn(
        $"It is at version {version} now. Read it again, and send your change with its new ETag in If-Match.");

    private static ProblemException HasMovedOn(string words) =>
        new(412, "has-moved-on", "It has changed since you read it.", words);
}
