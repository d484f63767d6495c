using System.Reflection;
using Isf.Hosting.Data;
using Isf.Hosting.Serialization;
using Isf.Measures;
using JasperFx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Isf.Hosting.Http;

/// <summary>Marks a route that accepts If-Match, because the document that the route changes has a version.</summary>
public sealed record AcceptsIfMatch;

/// <summary>
/// A PUT of an immutable document, whose id the caller chooses. A repeat with the same content has no further effect,
/// and other content under the same id is refused.
/// </summary>
public sealed class IdempotentPut
{
    private readonly HttpContext http;
    private readonly IfMatch? ifMatch;

    private IdempotentPut(HttpContext http) =>
        (this.http, ifMatch) = (http, IfMatch.Read(http.Request.Headers.IfMatch));

    /// <summary>Binds to the request.</summary>
    public static ValueTask<IdempotentPut> BindAsync(HttpContext http) =>
        ValueTask.FromResult(new IdempotentPut(http));

    /// <summary>
    /// Creates the document. Answers 201 the first time, 200 for the same content, 409 for other content, and 412 if
    /// the request has If-Match although there is no document.
    /// </summary>
    /// <param name="session">The session, in which nothing has been read.</param>
    /// <param name="id">The document's id.</param>
    /// <param name="locks">The keys of further locks, for everything else that the rule reads.</param>
    /// <param name="same">Whether the stored document has the same content.</param>
    /// <param name="decide">Returns the document, or a refusal.</param>
    /// <param name="publish">Publishes the fact.</param>
    /// <param name="show">Builds the response body.</param>
    public Task<IResult> CreateAsync<TDoc, TRefusal>(Session session, string id, string[] locks, Func<TDoc, bool> same,
        Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> publish, Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum =>
        CreateAsync(session, id, locks, stored => Task.FromResult(same(stored)), decide, publish, show);

    /// <summary>
    /// Creates the document in the same way, with a comparison of contents that may read further documents.
    /// </summary>
    public Task<IResult> CreateAsync<TDoc, TRefusal>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> publish,
        Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum => LockFirst.RunAsync<TDoc>(session, id, locks, async stored =>
    {
        if (stored is null)
        {
            return ifMatch is null
                ? await PutResponse.InsertAsync(
                    http, session, (await decide()).OrRefuse(), (doc, _) => publish(doc), show)
                : throw PutResponse.NothingThere();
        }
        return await same(stored)
            ? await PutResponse.AgainAsync(http, session, id, stored, (doc, _) => publish(doc), show)
            : throw PutResponse.UsedForSomethingElse(id);
    });

    /// <summary>Creates the document in the same way, with a response body of a declared type.</summary>
    public async Task<PutResult<TBody>> CreateAsync<TDoc, TRefusal, TBody>(Session session, string id, string[] locks,
        Func<TDoc, bool> same, Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> publish,
        Func<TDoc, TBody> show) where TDoc : class where TRefusal : struct, Enum where TBody : class =>
        new(await CreateAsync(session, id, locks, same, decide, publish, (TDoc doc) => (object)show(doc)));

    /// <summary>
    /// Creates the document in the same way, with a comparison that may read further documents and a response body of
    /// a declared type.
    /// </summary>
    public async Task<PutResult<TBody>> CreateAsync<TDoc, TRefusal, TBody>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> publish,
        Func<TDoc, TBody> show) where TDoc : class where TRefusal : struct, Enum where TBody : class =>
        new(await CreateAsync(session, id, locks, same, decide, publish, (TDoc doc) => (object)show(doc)));

    /// <summary>The response that shows a document, with its version as ETag.</summary>
    public static ShowResult<TBody> Show<TBody>(HttpContext http, int version, TBody body)
    {
        http.Response.Headers.ETag = IfMatch.Tag(version);
        return new(Results.Json(body, IsfJson.Options));
    }
}

/// <summary>
/// A PUT of a mutable document. A change names the version that the caller saw (If-Match). Of several changes that
/// name the same version the first succeeds and the others get 412.
/// </summary>
public sealed class ConditionalPut : IEndpointParameterMetadataProvider
{
    private readonly HttpContext http;
    private readonly IfMatch? ifMatch;

    private ConditionalPut(HttpContext http) =>
        (this.http, ifMatch) = (http, IfMatch.Read(http.Request.Headers.IfMatch));

    /// <summary>Binds to the request.</summary>
    public static ValueTask<ConditionalPut> BindAsync(HttpContext http) =>
        ValueTask.FromResult(new ConditionalPut(http));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsIfMatch());
    }

    /// <summary>
    /// Creates or changes the document. Answers 201 the first time, 200 for the same content or a change with
    /// If-Match, 409 for a change without If-Match, and 412 if If-Match names an outdated version or there is no
    /// document.
    /// </summary>
    /// <param name="session">The session, in which nothing has been read.</param>
    /// <param name="id">The document's id.</param>
    /// <param name="locks">The keys of further locks, for everything else that the rule reads.</param>
    /// <param name="same">Whether the stored document has the same content.</param>
    /// <param name="decide">Builds the new document from the stored one, which is null if there is none, and from the
    /// new version; or returns a refusal.</param>
    /// <param name="publish">Publishes the fact, with its version.</param>
    /// <param name="show">Builds the response body.</param>
    public Task<IResult> UpsertAsync<TDoc, TRefusal>(Session session, string id, string[] locks, Func<TDoc, bool> same,
        Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> publish, Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum =>
        UpsertAsync(session, id, locks, stored => Task.FromResult(same(stored)), decide, publish, show);

    /// <summary>
    /// Creates or changes the document in the same way. The comparison of contents may read further documents, even
    /// documents that only the response needs.
    /// </summary>
    public Task<IResult> UpsertAsync<TDoc, TRefusal>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> publish,
        Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum => LockFirst.RunAsync<TDoc>(session, id, locks, async stored =>
    {
        if (stored is null)
        {
            return ifMatch is null
                ? await PutResponse.InsertAsync(http, session, (await decide(null, 1)).OrRefuse(), publish, show)
                : throw PutResponse.NothingThere();
        }
        if (await same(stored))
            return await PutResponse.AgainAsync(http, session, id, stored, publish, show);
        if (ifMatch is null)
            throw PutResponse.UsedForSomethingElse(id);
        var version = session.VersionOf<TDoc>(id);
        if (!ifMatch.Matches(version))
            throw PutResponse.MovedOn(version);
        var changed = (await decide(stored, version + 1)).OrRefuse();
        session.Store(changed);
        publish(changed, version + 1);
        await session.SaveChangesAsync();
        return await PutResponse.OfAsync(http, 200, version + 1, session, show(changed));
    });

    /// <summary>Creates or changes the document in the same way, with a response body of a declared type.</summary>
    public async Task<PutResult<TBody>> UpsertAsync<TDoc, TRefusal, TBody>(Session session, string id, string[] locks,
        Func<TDoc, bool> same, Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> publish,
        Func<TDoc, TBody> show) where TDoc : class where TRefusal : struct, Enum where TBody : class =>
        new(await UpsertAsync(session, id, locks, same, decide, publish, (TDoc doc) => (object)show(doc)));

    /// <summary>
    /// Creates or changes the document in the same way, with a comparison that may read further documents and a
    /// response body of a declared type.
    /// </summary>
    public async Task<PutResult<TBody>> UpsertAsync<TDoc, TRefusal, TBody>(Session session, string id, string[] locks,
        Func<TDoc, Task<bool>> same, Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> publish,
        Func<TDoc, TBody> show) where TDoc : class where TRefusal : struct, Enum where TBody : class =>
        new(await UpsertAsync(session, id, locks, same, decide, publish, (TDoc doc) => (object)show(doc)));

    /// <summary>
    /// Changes a row in the order of every PUT. The row is loaded once the locks are taken, and
    /// <paramref name="change"/> decides from the loaded row.
    /// </summary>
    /// <param name="session">The session, in which nothing has been read.</param>
    /// <param name="locks">The keys of the locks, for the row and for everything else that the rule reads.</param>
    /// <param name="load">Loads the row; null if there is none.</param>
    /// <param name="change">Compares the row with If-Match, which is null if the request has none, changes the row and
    /// builds the response.</param>
    public async Task<IResult> ChangeRowAsync<TRow>(Session session, string[] locks, Func<Task<TRow?>> load,
        Func<TRow?, IfMatch?, Task<IResult>> change) where TRow : class
    {
        await LockFirst.LockAsync(session, locks);
        return await change(await load(), ifMatch);
    }
}

/// <summary>
/// Keeps the order of every PUT, which is lock, load, compare, decide, save. The order is written only here, so that
/// no feature can compare a version that another caller is changing.
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
            // A consumer, which takes no lock, has created the document under the same id meanwhile.
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

/// <summary>The responses of a PUT.</summary>
internal static class PutResponse
{
    public static async Task<IResult> InsertAsync<TDoc>(HttpContext http, Session session, TDoc doc,
        Action<TDoc, int> publish, Func<TDoc, object> show) where TDoc : class
    {
        session.Insert(doc);
        publish(doc, 1);
        await session.SaveChangesAsync();
        return await OfAsync(http, 201, 1, session, show(doc));
    }

    /// <summary>
    /// Builds the response to a PUT that is already done. The method publishes only to find the id of the fact, and
    /// does not save.
    /// </summary>
    public static Task<IResult> AgainAsync<TDoc>(HttpContext http, Session session, string id, TDoc stored,
        Action<TDoc, int> publish, Func<TDoc, object> show)
    {
        var version = session.VersionOf<TDoc>(id);
        publish(stored, version);
        return OfAsync(http, 200, version, session, show(stored));
    }

    public static async Task<IResult> OfAsync(
        HttpContext http, int status, int version, Session session, object body)
    {
        http.Response.Headers.ETag = IfMatch.Tag(version);
        await session.NameFactAsync(http);
        return Results.Json(body, IsfJson.Options, statusCode: status);
    }

    public static ProblemException UsedForSomethingElse(string id) => ProblemException.For(
        PlatformRefusal.IdUsedForSomethingElse,
        $"{id} is known here with other words. Choose another id, or send the same words.");

    public static ProblemException NothingThere() =>
        HasMovedOn("There is nothing under this id yet: leave If-Match out to create it.");

    public static ProblemException MovedOn(int version) => HasMovedOn(
        $"It is at version {version} now. Read it again, and send your change with its new ETag in If-Match.");

    private static ProblemException HasMovedOn(string detail) =>
        ProblemException.For(PlatformRefusal.HasMovedOn, detail);
}
