using System.Globalization;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Http;

namespace Isf.Hosting;

/// <summary>Somebody else changed the document first: nothing was saved.</summary>
public sealed class ConcurrencyException(string message) : Exception(message);

/// <summary>A document with this id exists already: nothing was saved.</summary>
public sealed class DocumentExistsException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// How a document type lies in Marten's table layout (decision 0001): table mt_doc_{type in lower case}, with
/// tenant_id, id, data, mt_last_modified, mt_dotnet_type and mt_version. A document is any type with a string
/// property Id.
/// </summary>
internal static class DocumentTable<T>
{
    private static readonly Func<T, string> ReadId = MakeReadId();

    /// <summary>The table's name, in the schema of whoever asks.</summary>
    public static string Name { get; } = "mt_doc_" + typeof(T).Name.ToLowerInvariant();

    public static string Load { get; } = $"select data::text, mt_version from {Name} where tenant_id = $1 and id = $2";

    public static string LoadMany { get; } =
        $"select data::text, mt_version from {Name} where tenant_id = $1 and id = any($2)";

    public static string Insert { get; } = $"""
        insert into {Name} (tenant_id, id, data, mt_last_modified, mt_dotnet_type, mt_version)
        values ($1, $2, $3, transaction_timestamp(), $4, 1)
        """;

    /// <summary>Writes over whatever is there.</summary>
    public static string Upsert { get; } = $"""
        {Insert}
        on conflict (tenant_id, id) do update set data = excluded.data, mt_last_modified = excluded.mt_last_modified,
            mt_dotnet_type = excluded.mt_dotnet_type, mt_version = {Name}.mt_version + 1
        """;

    /// <summary>Writes over the version $5 only; touches no row when the document has moved on.</summary>
    public static string Update { get; } = $"""
        update {Name} set data = $3, mt_last_modified = transaction_timestamp(), mt_dotnet_type = $4,
            mt_version = $5 + 1
        where tenant_id = $1 and id = $2 and mt_version = $5
        """;

    public static string Delete { get; } = $"delete from {Name} where tenant_id = $1 and id = $2";

    public static string Query(string where) =>
        $"select data::text, mt_version from {Name} where tenant_id = current_setting('isf.holder') and {where}";

    public static string IdOf(T document) => ReadId(document);

    private static Func<T, string> MakeReadId()
    {
        var property = typeof(T).GetProperty("Id");
        if (property?.PropertyType != typeof(string))
        {
            throw new InvalidOperationException(
                $"{typeof(T).FullName} is stored as a document, so it needs a string Id.");
        }
        var document = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, string>>(Expression.Property(document, property), document).Compile();
    }
}

/// <summary>What a session knows of the documents that it loaded: their versions, for the check at commit.</summary>
internal sealed class LoadedVersions
{
    private readonly Dictionary<(Type, string), long> versions = [];

    public void Remember<T>(string id, long version) => versions[(typeof(T), id)] = version;

    public long? Of<T>(string id) => versions.TryGetValue((typeof(T), id), out var version) ? version : null;
}

/// <summary>
/// The two ways of PUT. The caller chooses the id: the same words again are already done, other words are refused;
/// where a document may change, the change names the version that it saw (If-Match).
/// </summary>
public sealed class Put
{
    private readonly HttpContext http;
    private readonly string? ifMatch;

    private Put(HttpContext http) =>
        (this.http, ifMatch) = (http, http.Request.Headers.IfMatch.ToString() is { Length: > 0 } tag ? tag : null);

    /// <summary>From the request.</summary>
    public static ValueTask<Put> BindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return ValueTask.FromResult(new Put(http));
    }

    /// <summary>A document that never changes: 201 first, 200 for the same words, 409 for other words.</summary>
    public Task<IResult> OnceAsync<TDoc, TRefusal>(Session session, string id, Func<TDoc, bool> same,
        Func<Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc> say, Func<TDoc, object> show)
        where TDoc : class where TRefusal : struct, Enum => RetryLostRaceAsync(async () =>
    {
        var stored = await session.LoadAsync<TDoc>(id);
        if (stored is not null)
        {
            return same(stored)
                ? Again(session, id, stored, (doc, _) => say(doc), show) : throw UsedForSomethingElse(id);
        }
        return await InsertAsync(session, (await decide()).OrRefuse(), (doc, _) => say(doc), show);
    });

    /// <summary>
    /// A document that may change: 201 first, 200 for the same words or a change with If-Match, 412 when it has moved
    /// on.
    /// </summary>
    public Task<IResult> ChangeAsync<TDoc, TRefusal>(Session session, string id, Func<TDoc, bool> same,
        Func<TDoc?, int, Task<Decision<TDoc, TRefusal>>> decide, Action<TDoc, int> say, Func<TDoc, object> show,
        bool preconditionRequired = false)
        where TDoc : class where TRefusal : struct, Enum => RetryLostRaceAsync(async () =>
    {
        var stored = await session.LoadAsync<TDoc>(id);
        if (stored is null)
        {
            return ifMatch is null
                ? await InsertAsync(session, (await decide(null, 1)).OrRefuse(), say, show)
                : throw MovedOn("There is nothing under this id yet: leave If-Match out to create it.");
        }
        if (same(stored))
        {
            return Again(session, id, stored, say, show);
        }
        var version = session.VersionOf<TDoc>(id);
        if (ifMatch is null)
        {
            throw preconditionRequired
                ? new Refused(428, "if-match-needed", "Say which version you are changing.",
                    $"It is at version {version}. Send If-Match: \"{version}\" to correct it.")
                : UsedForSomethingElse(id);
        }
        if (ifMatch != Tag(version))
        {
            throw MovedOn(
                $"It is at version {version} now. Read it again, and send your change with its new ETag in If-Match.");
        }
        var changed = (await decide(stored, version + 1)).OrRefuse();
        session.Store(changed);
        say(changed, version + 1);
        await session.SaveChangesAsync();
        return Answer(200, version + 1, session.Fact, show(changed));
    });

    private async Task<IResult> InsertAsync<TDoc>(Session session, TDoc doc, Action<TDoc, int> say,
        Func<TDoc, object> show)
    {
        session.Insert(doc);
        say(doc, 1);
        await session.SaveChangesAsync();
        return Answer(201, 1, session.Fact, show(doc));
    }

    /// <summary>Already done: said over only to name its fact, and not saved.</summary>
    private IResult Again<TDoc>(Session session, string id, TDoc stored, Action<TDoc, int> say, Func<TDoc, object> show)
    {
        var version = session.VersionOf<TDoc>(id);
        say(stored, version);
        return Answer(200, version, session.Fact, show(stored));
    }

    private IResult Answer(int status, int version, Guid? fact, object body)
    {
        http.Response.Headers.ETag = Tag(version);
        if (fact is { } id)
        {
            http.Response.Headers["Isf-Fact"] = id.ToString();
        }
        return Results.Json(body, IsfJson.Options, statusCode: status);
    }

    private static async Task<IResult> RetryLostRaceAsync(Func<Task<IResult>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (DocumentExistsException)
        {
            return await attempt();
        }
    }

    private static Refused UsedForSomethingElse(string id) => new(409, "id-used-for-something-else",
        "This id was used for something else.",
        $"{id} is known here with other words. Choose another id, or send the same words.");

    private static Refused MovedOn(string words) =>
        new(412, "has-moved-on", "It has changed since you read it.", words);

    private static string Tag(int version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>A document with its version as ETag.</summary>
    public static IResult Show(HttpContext http, int version, object body)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ETag = Tag(version);
        return Results.Json(body, IsfJson.Options);
    }
}

/// <summary>Many rows in one statement: each column of theirs comes as one array.</summary>
public static class ColumnArrays
{
    /// <summary>
    /// The arrays from a parameter on, side by side in a select list: "unnest($2::text[]), unnest($3::date[])". There
    /// PostgreSQL goes through them row by row; behind "from" it first writes each column down by itself, which was
    /// half the time of an insert.
    /// </summary>
    /// <param name="first">The number of the first parameter.</param>
    /// <param name="types">The columns' types in order, with a space between.</param>
    public static string Unnest(int first, string types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return string.Join(", ", types.Split(' ').Select((type, i) => $"unnest(${first + i}::{type}[])"));
    }
}

/// <summary>
/// The same with the columns named one by one. A column of which all rows say the same, as most of a file's visits do
/// in half of theirs, goes as that one value: PostgreSQL need not take it out of an array again for each row.
/// </summary>
/// <param name="rows">The rows, at least one.</param>
/// <param name="before">The values of the parameters before the columns.</param>
public sealed class RowColumns<TRow>(IReadOnlyList<TRow> rows, params object?[] before)
{
    private readonly List<string> list = [];
    private readonly List<object?> values = [.. before];

    /// <summary>The columns as a select list, in the order in which they were added.</summary>
    public string List => string.Join(", ", list);

    /// <summary>All parameters.</summary>
    public object?[] Values => [.. values];

    /// <summary>Adds a column of a type of PostgreSQL's.</summary>
    public RowColumns<TRow> Add<T>(string type, Func<TRow, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var column = new T[rows.Count];
        var isOne = true;
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = read(rows[i]);
            isOne &= EqualityComparer<T>.Default.Equals(column[i], column[0]);
        }
        values.Add(isOne ? column[0] : column);
        list.Add(isOne ? $"${values.Count}::{type}" : $"unnest(${values.Count}::{type}[])");
        return this;
    }
}
