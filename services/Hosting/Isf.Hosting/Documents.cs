using System.Data;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using JasperFx;
using JasperFx.Core.Reflection;
using Marten;
using Marten.Linq.Members;
using Marten.Linq.SqlGeneration.Filters;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Postgresql.SqlGeneration;

namespace Isf.Hosting;

/// <summary>A member of documents that lies in a column of its own: row security lets its index be used.</summary>
public sealed record DocumentColumn(LambdaExpression Path, string Name)
{
    /// <summary>The member that the path ends in.</summary>
    public MemberInfo Member =>
        ((MemberExpression)(Path.Body is UnaryExpression boxed ? boxed.Operand : Path.Body)).Member;
}

/// <summary>
/// Marten's store of each service's documents. The tables belong to the numbered migrations: Marten reads and writes
/// them as they are and never changes one (decision 0001).
/// </summary>
public sealed class DocumentStores : IDisposable
{
    // More than any commit writes: all of it travels as one batch.
    private const int StatementsAtOnce = 100_000;
    private const int SecondsForACommand = 30;

    private readonly IReadOnlyDictionary<string, Lazy<DocumentStore>> stores;

    static DocumentStores() =>
        NpgsqlTypeMapper.Mappings[NpgsqlDbType.Date] =
            new(NpgsqlDbType.Date, DbType.Date, "date", typeof(LocalDate), typeof(DateOnly));

    /// <summary>Builds a store for each service of this process; another's when it is asked for.</summary>
    public DocumentStores(Databases databases, ServiceMap map)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(map);
        stores = map.All.ToDictionary(service => service.Name, service =>
            new Lazy<DocumentStore>(() => Build(service, databases.Of(service.Name))));
        foreach (var service in map.Here)
            _ = Of(service.Name);
    }

    /// <summary>The service's store.</summary>
    public DocumentStore Of(string service) => stores[service].Value;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var store in stores.Values.Where(store => store.IsValueCreated))
            store.Value.Dispose();
    }

    private static DocumentStore Build(Service service, NpgsqlDataSource database) => DocumentStore.For(options =>
    {
        options.Connection(database);
        options.DatabaseSchemaName = service.Name;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Policies.AllDocumentsAreMultiTenanted();
        options.Policies.ForAllDocuments(document =>
        {
            document.UseNumericRevisions = true;
            // A document is found by its table: the column would tie rows to the names of types.
            document.Metadata.DotNetType.Enabled = false;
            // Marten makes mappings of its own types, for events that nobody stores.
            if (document.DocumentType.Namespace!.StartsWith("Isf.", StringComparison.Ordinal))
                document.Alias = NameOf(service, document.DocumentType);
        });
        options.Serializer(new Marten.Services.SystemTextJsonSerializer(new JsonSerializerOptions(IsfJson.Options))
        {
            EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase,
        });
        // A statement that failed has ended its transaction: to try it again in the same one is to fail again.
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        options.UpdateBatchSize = StatementsAtOnce;
        options.CommandTimeout = SecondsForACommand;
        options.Linq.MemberSources.Insert(0, new Members(service.Columns));
    });

    private static string NameOf(Service service, Type document) =>
        service.Documents.TryGetValue(document, out var name) ? name : throw new InvalidOperationException(
            $"{service.Name} lists no document {document.Name}: name its table with .Document<{document.Name}>(…).");

    /// <summary>Days, and what has a column of its own, as LINQ asks for them.</summary>
    private sealed class Members(IReadOnlyList<DocumentColumn> columns) : IMemberSource
    {
        public bool TryResolve(IQueryableMember parent, StoreOptions options, MemberInfo memberInfo, Type memberType,
            out IQueryableMember member)
        {
            var casing = options.Serializer().Casing;
            var column = columns.FirstOrDefault(one => one.Member.HasSameMetadataDefinitionAs(memberInfo))?.Name;
            var isDay = memberType == typeof(LocalDate) || memberType == typeof(LocalDate?);
            member = isDay ? new Day(parent, casing, memberInfo, column)
                : column is not null ? new Column(parent, casing, memberInfo, column) : null!;
            return member is not null;
        }
    }

    private sealed class Column : StringMember
    {
        public Column(IQueryableMember parent, Casing casing, MemberInfo member, string column)
            : base(parent, casing, member) => (RawLocator, TypedLocator) = ("d." + column, "d." + column);
    }

    /// <summary>A day lies in a document in ISO words, which sort as days do.</summary>
    private sealed class Day : QueryableMember, IComparableMember
    {
        public Day(IQueryableMember parent, Casing casing, MemberInfo member, string? column)
            : base(parent, casing, member) =>
            (RawLocator, TypedLocator) = column is null ? (RawLocator, RawLocator) : ("d." + column, "d." + column);

        public override ISqlFragment CreateComparison(string op, ConstantExpression constant) =>
            constant.Value is LocalDate day
                ? new MemberComparisonFilter(this, new CommandParameter(LocalDatePattern.Iso.Format(day)), op)
                : base.CreateComparison(op, constant);
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
