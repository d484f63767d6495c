using System.Linq.Expressions;

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

    /// <summary>Touches no row when there is one already.</summary>
    public static string InsertIfNotThere { get; } = $"{Insert} on conflict (tenant_id, id) do nothing";

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

/// <summary>
/// What a session first saw of each document that it looked for: saving holds it against what is there. A later look
/// in the same session, by a query say, never takes its place: what was decided was decided on the first.
/// </summary>
internal sealed class LoadedVersions
{
    /// <summary>The version of a document that was looked for and not found.</summary>
    public const long NotThere = 0;

    private readonly Dictionary<(Type, string), long> versions = [];

    public void Saw<T>(string id, long version) => versions.TryAdd((typeof(T), id), version);

    public void Wrote<T>(string id, long version) => versions[(typeof(T), id)] = version;

    public long? Of<T>(string id) => versions.TryGetValue((typeof(T), id), out var version) ? version : null;

    /// <summary>Another transaction begins.</summary>
    public void Clear() => versions.Clear();
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
