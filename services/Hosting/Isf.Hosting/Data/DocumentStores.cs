using System.Data;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Isf.Hosting.Serialization;
using JasperFx;
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

namespace Isf.Hosting.Data;

/// <summary>
/// The Marten store of each service. Marten reads and writes the tables of documents, but only the numbered migrations
/// change their schema (decision 0001).
/// </summary>
public sealed class DocumentStores : IDisposable
{
    // The limit is larger than any commit, so that each commit is one batch.
    private const int StatementsAtOnce = 100_000;
    private const int SecondsForACommand = 30;

    private readonly IReadOnlyDictionary<string, Lazy<DocumentStore>> stores;

    static DocumentStores() =>
        NpgsqlTypeMapper.Mappings[NpgsqlDbType.Date] =
            new(NpgsqlDbType.Date, DbType.Date, "date", typeof(LocalDate), typeof(DateOnly));

    /// <summary>
    /// Builds the stores of this process's services. The store of another service is built on first use.
    /// </summary>
    public DocumentStores(
        Databases databases, IEnumerable<ServiceSchema> all, IEnumerable<ServiceSchema> own)
    {
        stores = all.ToDictionary(service => service.Name, service =>
            new Lazy<DocumentStore>(() => Build(service, databases.Of(service.Name))));
        foreach (var service in own)
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

    private static DocumentStore Build(ServiceSchema service, NpgsqlDataSource database) => DocumentStore.For(options =>
    {
        options.Connection(database);
        options.DatabaseSchemaName = service.Name;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Policies.AllDocumentsAreMultiTenanted();
        options.Policies.ForAllDocuments(document =>
        {
            document.UseNumericRevisions = true;
            // The table determines a document's type; a column for the type would tie rows to the names of types.
            document.Metadata.DotNetType.Enabled = false;
            // Marten also maps event types of its own, which nobody stores; they need no table name.
            if (document.DocumentType.Namespace!.StartsWith("Isf.", StringComparison.Ordinal))
                document.Alias = NameOf(service, document.DocumentType);
        });
        options.Serializer(new Marten.Services.SystemTextJsonSerializer(new JsonSerializerOptions(IsfJson.Options))
        {
            EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase,
        });
        // A failed statement aborts its transaction, so a retry within it would fail again.
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        options.UpdateBatchSize = StatementsAtOnce;
        options.CommandTimeout = SecondsForACommand;
        options.Linq.MemberSources.Insert(0, new Members(service.Columns));
    });

    /// <summary>The start of the lock keys of a type's documents. Every release must use the same start.</summary>
    internal static string LockName<T>() => "mt_doc_" + typeof(T).Name.ToLowerInvariant();

    private static string NameOf(ServiceSchema service, Type document) =>
        service.Documents.TryGetValue(document, out var name) ? name : throw new InvalidOperationException(
            $"{service.Name} lists no document {document.Name}: name its table with .Document<{document.Name}>(…).");

    /// <summary>Translates dates, and members with a column of their own, in LINQ queries.</summary>
    private sealed class Members(IReadOnlyList<DocumentColumn> columns) : IMemberSource
    {
        public bool TryResolve(IQueryableMember parent, StoreOptions options, MemberInfo memberInfo, Type memberType,
            out IQueryableMember member)
        {
            var casing = options.Serializer().Casing;
            var column = columns.FirstOrDefault(entry => entry.Member.HasSameMetadataDefinitionAs(memberInfo))?.Name;
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

    /// <summary>
    /// A member that holds a date, which a document stores as ISO text; such texts sort chronologically.
    /// </summary>
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
