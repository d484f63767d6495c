using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Services;
using Npgsql;
using Weasel.Core;
using Weasel.Storage;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace Isf.Hosting.Data;

/// <summary>
/// The documents of a session, with Marten's verbs and one Marten session for each transaction. The session adds a
/// check that Marten lacks. A document that Store writes must still have the revision that this session read first.
/// </summary>
public sealed partial class Session
{
    /// <summary>The revision of a document that was not found.</summary>
    private const long NotThere = 0;

    // A decision rests on the first read, so a later read in the same transaction never replaces its revision.
    private readonly Dictionary<(Type, string), long> firstSeen = [];
    private IDocumentSession? documents;

    /// <summary>Loads the document with this id; null if there is none.</summary>
    public async Task<T?> LoadAsync<T>(string id) where T : class
    {
        var batch = (await ReadingAsync()).CreateBatchQuery();
        var found = batch.Load<T>(id);
        await ReadAsync(() => batch.Execute(stop));
        See<T>(id);
        return await found;
    }

    /// <summary>The documents with these ids that exist, in no particular order.</summary>
    public async Task<IReadOnlyList<T>> LoadManyAsync<T>(IReadOnlyCollection<string> ids) where T : class
    {
        if (ids.Count == 0)
            return [];
        var batch = (await ReadingAsync()).CreateBatchQuery();
        var found = batch.LoadMany<T>().ById([.. ids]);
        await ReadAsync(() => batch.Execute(stop));
        foreach (var id in ids)
            See<T>(id);
        return [.. await found];
    }

    /// <summary>The holder's documents of a type, filtered and ordered by LINQ; executed by ToListAsync.</summary>
    public DocumentQuery<T> Query<T>() where T : class => new(this, all => all);

    /// <summary>The version of a document when this session first read it; 0 if it did not exist.</summary>
    public int VersionOf<T>(string id) => (int)firstSeen.GetValueOrDefault((typeof(T), id), NotThere);

    /// <summary>Adds a document.</summary>
    /// <exception cref="DocumentAlreadyExistsException">Thrown by saving: the id already exists.</exception>
    public void Insert<T>(T document) where T : class => queued.Add(session => session.Insert(document));

    /// <summary>Writes a document; if this session has not read it, overwrites any version.</summary>
    /// <exception cref="ConcurrencyException">Thrown by saving: this session has read the document, and it was changed
    /// or created since.</exception>
    public void Store<T>(T document) where T : class
    {
        var key = (typeof(T), IdOf(document));
        if (firstSeen.TryGetValue(key, out var seen))
        {
            firstSeen[key] = seen + 1;
            queued.Add(session => session.UpdateRevision(document, seen + 1));
        }
        else
        {
            queued.Add(session => session.Store(document));
        }
    }

    /// <summary>Deletes a document.</summary>
    public void Delete<T>(T document) where T : class
    {
        var id = IdOf(document);
        queued.Add(session => session.Delete<T>(id));
    }

    internal async Task<IReadOnlyList<T>> ListAsync<T>(Func<IQueryable<T>, IQueryable<T>> query) where T : class
    {
        var session = await ReadingAsync();
        IReadOnlyList<T> found = [];
        await ReadAsync(async () => found = await query(session.Query<T>()).ToListAsync(stop));
        foreach (var document in found)
            See<T>(IdOf(document));
        return found;
    }

    private void Queue(NpgsqlBatchCommand command) =>
        queued.Add(session => session.QueueOperation(new Statement(command)));

    private static string IdOf<T>(T document) where T : class => Identity<T>.Of(document);

    private void See<T>(string id) where T : class => firstSeen.TryAdd((typeof(T), id),
        ((IMartenSession)documents!).Versions.RevisionFor<T, string>(id) ?? NotThere);

    /// <summary>
    /// Marten's session for reading. Before any write, lock or inbox row each batch runs outside a transaction. A
    /// session that only reads then needs no commit, and under read committed each statement has its own snapshot
    /// anyway.
    /// </summary>
    private async Task<IDocumentSession> ReadingAsync() => transaction is not null || preamble.Count > 1
        ? await DocumentsAsync()
        : documents ??= Begun(SessionOptions.ForConnection(await OpenAsync()));

    /// <summary>Marten's session in the transaction.</summary>
    private async Task<IDocumentSession> DocumentsAsync()
    {
        var within = await TransactionAsync();
        return documents ??= Begun(SessionOptions.ForTransaction(within));
    }

    private IDocumentSession Begun(SessionOptions options)
    {
        options.TenantId = HolderId;
        var session = store.LightweightSession(options);
        session.Logger = new FirstBatch(PutFirst);
        return session;
    }

    private async Task ReadAsync(Func<Task> read)
    {
        hasRead = true;
        await UnwrappedAsync(read);
    }

    private async Task SaveDocumentsAsync()
    {
        var session = await DocumentsAsync();
        queued.ForEach(item => item(session));
        await UnwrappedAsync(() => session.SaveChangesAsync(stop));
    }

    // Callers expect the database's exception, such as a duplicate inbox row, not Marten's wrapper around it.
    private async Task UnwrappedAsync(Func<Task> operation)
    {
        try
        {
            await TimelyAsync(operation());
        }
        catch (MartenCommandException wrapped) when (wrapped.InnerException is NpgsqlException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    private static class Identity<T>
    {
        public static readonly Func<T, string> Of =
            typeof(T).GetProperty("Id")!.GetMethod!.CreateDelegate<Func<T, string>>();
    }

    /// <summary>Prepends the statements that open the transaction to Marten's first batch.</summary>
    private sealed class FirstBatch(Action<NpgsqlBatch> putFirst) : IMartenSessionLogger
    {
        public void OnBeforeExecute(NpgsqlBatch batch) => putFirst(batch);

        public void OnBeforeExecute(NpgsqlCommand command)
        {
            var batch = new NpgsqlBatch();
            putFirst(batch);
            if (batch.BatchCommands.Count > 0)
                throw new InvalidOperationException($"Nothing has opened the transaction of: {command.CommandText}");
        }

        public void LogSuccess(NpgsqlCommand command) { }

        public void LogFailure(NpgsqlCommand command, Exception ex) { }

        public void LogSuccess(NpgsqlBatch batch) { }

        public void LogFailure(NpgsqlBatch batch, Exception ex) { }

        public void LogFailure(Exception ex, string message) { }

        public void RecordSavedChanges(IDocumentSession session, IChangeSet commit) { }
    }

    /// <summary>A statement of ours in Marten's batch; it returns no rows.</summary>
    private sealed class Statement(NpgsqlBatchCommand command) : IStorageOperation, NoDataReturnedCall
    {
        public Type DocumentType => typeof(Statement);

        public OperationRole Role() => OperationRole.Other;

        void Weasel.Storage.IStorageOperation.ConfigureCommand(ICommandBuilder builder, IStorageSession session) =>
            ConfigureCommand((Weasel.Postgresql.ICommandBuilder)builder, session);

        // Marten writes a placeholder for each appended parameter, numbered from $1. These placeholders go into an
        // SQL comment, because the statement has placeholders of its own.
        public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
        {
            if (command.Parameters.Count > 0)
            {
                builder.Append("/*");
                foreach (NpgsqlParameter given in command.Parameters)
                {
                    var parameter = builder.AppendParameter(given.Value!);
                    if (given.NpgsqlDbType != NpgsqlTypes.NpgsqlDbType.Unknown)
                        parameter.NpgsqlDbType = given.NpgsqlDbType;
                }
                builder.Append("*/ ");
            }
            builder.Append(command.CommandText);
        }

        public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) =>
            Task.CompletedTask;
    }
}

/// <summary>
/// A query of documents of a type, filtered and ordered like a Marten query. It is a type of its own, because the
/// session opens its connection for Marten only when the query is executed.
/// </summary>
public sealed class DocumentQuery<T> where T : class
{
    private static readonly MethodInfo CompareTo = typeof(string).GetMethod(nameof(CompareTo), [typeof(string)])!;

    private readonly Session session;
    private readonly Func<IQueryable<T>, IQueryable<T>> query;

    internal DocumentQuery(Session session, Func<IQueryable<T>, IQueryable<T>> query) =>
        (this.session, this.query) = (session, query);

    /// <summary>The documents that satisfy the condition.</summary>
    public DocumentQuery<T> Where(Expression<Func<T, bool>> condition) => Then(some => some.Where(condition));

    /// <summary>The documents that satisfy the condition if a value is given; all of them otherwise.</summary>
    public DocumentQuery<T> WhereGiven<TValue>(TValue? value, Func<TValue, Expression<Func<T, bool>>> condition)
        where TValue : class
    {
        return value is null ? this : Where(condition(value));
    }

    /// <summary>The documents after an id, in order of id; all of them if the id is null.</summary>
    public DocumentQuery<T> After(string? id)
    {
        var document = Expression.Parameter(typeof(T));
        var key = Expression.Lambda<Func<T, string>>(Expression.Property(document, "Id"), document);
        var compared = Expression.Call(key.Body, CompareTo, Expression.Constant(id ?? ""));
        var isBehind = Expression.GreaterThan(compared, Expression.Constant(0));
        return Where(Expression.Lambda<Func<T, bool>>(isBehind, document)).OrderBy(key);
    }

    /// <summary>Orders by the key, ascending.</summary>
    public DocumentQuery<T> OrderBy<TKey>(Expression<Func<T, TKey>> key) => Then(some => some.OrderBy(key));

    /// <summary>Orders by the key, descending.</summary>
    public DocumentQuery<T> OrderByDescending<TKey>(Expression<Func<T, TKey>> key) =>
        Then(some => some.OrderByDescending(key));

    /// <summary>Orders documents with equal keys by this key.</summary>
    public DocumentQuery<T> ThenBy<TKey>(Expression<Func<T, TKey>> key) =>
        Then(some => ((IOrderedQueryable<T>)some).ThenBy(key));

    /// <summary>The first documents, up to the count.</summary>
    public DocumentQuery<T> Take(int count) => Then(some => some.Take(count));

    /// <summary>Reads the documents.</summary>
    public Task<IReadOnlyList<T>> ToListAsync() => session.ListAsync(query);

    /// <summary>Reads the first document; null if there is none.</summary>
    public async Task<T?> FirstOrDefaultAsync() => (await Take(1).ToListAsync()).SingleOrDefault();

    private DocumentQuery<T> Then(Func<IQueryable<T>, IQueryable<T>> next) => new(session, all => next(query(all)));
}
