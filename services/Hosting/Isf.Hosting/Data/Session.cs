using Isf.Hosting.Serialization;
using Marten;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// One transaction of one service for one holder. <see cref="SaveChangesAsync"/> commits documents, rows, published
/// messages and the inbox row of a consumed message together, or none of them. A Marten session reads and writes the
/// documents on the same connection and in the same transaction (decision 0001).
/// </summary>
public sealed partial class Session : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly DocumentStore store;
    private readonly TimeSpan lookAgainFor;
    private readonly OutboxSignal signal;
    private readonly HolderShare? share;
    private readonly Liveness? liveness;
    private readonly CancellationToken stop;
    private readonly bool beginsFact;
    private readonly List<Action<IDocumentSession>> queued = [];
    private readonly List<NpgsqlBatchCommand> preamble = [];
    private IDisposable? place;
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private bool hasRead;
    private bool holds;
    private bool hasPublished;
    private bool saved;
    private bool releasesDeferred;

    internal Session(NpgsqlDataSource database, DocumentStore store, string service, string holderId, Guid? fact,
        TimeSpan lookAgainFor, OutboxSignal signal, CancellationToken stop, HolderShare? share = null,
        Liveness? liveness = null)
    {
        this.database = database;
        this.store = store;
        this.lookAgainFor = lookAgainFor;
        this.signal = signal;
        this.stop = stop;
        this.share = share;
        this.liveness = liveness;
        (Service, HolderId, Fact, beginsFact) = (service, holderId, fact, fact is null);
        BeginWithHolder();
    }

    /// <summary>The service whose schema and role the session uses.</summary>
    public string Service { get; }

    /// <summary>The tenant. The session can neither read nor write another holder's rows.</summary>
    public string HolderId { get; }

    /// <summary>Whether the session has published a message.</summary>
    internal bool HasPublished => hasPublished;

    /// <summary>
    /// The first fact that this work follows from. If the session was opened without a fact, the first message that it
    /// publishes becomes the fact, and Fact is null until then.
    /// </summary>
    public Guid? Fact { get; private set; }

    /// <summary>The id of the message being consumed; null if there is none, as in a request.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>
    /// Queues a statement for the commit. All queued statements are sent in one batch, and none may return rows.
    /// </summary>
    public void Queue(string sql, params object?[] args) => Queue(Command(sql, args));

    /// <summary>Executes a statement now, in this transaction.</summary>
    public Task<int> ExecuteAsync(string sql, params object?[] args) => ExecuteAsync([(sql, args)]);

    /// <summary>
    /// Executes statements now, in one batch of this transaction; returns the number of rows that the last one
    /// affected.
    /// </summary>
    public async Task<int> ExecuteAsync(IReadOnlyList<(string Sql, object?[] Args)> statements)
    {
        holds = true;
        var batch = await BatchAsync([.. statements.Select(statement => Command(statement.Sql, statement.Args))]);
        return await TimelyAsync(ExecuteAsync(batch));
    }

    /// <summary>
    /// Has PostgreSQL plan each statement again for this transaction, because a table may have been empty when the
    /// cached plan was made.
    /// </summary>
    public void UseCustomPlans() => preamble.Add(Setting("plan_cache_mode", "force_custom_plan"));

    /// <summary>Releases the messages deferred for these keys, so that they are consumed after the commit.</summary>
    public void ReleaseDeferred(params string[] keys)
    {
        Queue("update parked set retry_at = now() where holder_id = $1 and needs = any($2)", HolderId, keys);
        releasesDeferred = true;
    }

    /// <summary>Registers the holder in this service, so that scheduled runs include it.</summary>
    public void RegisterHolder() =>
        Queue("insert into holders (holder_id) values ($1) on conflict do nothing", HolderId);

    /// <summary>
    /// Commits all changes of the session together. If the method throws, nothing is changed, except that the outcome
    /// is unknown if the connection was lost during the commit.
    /// </summary>
    public async Task SaveChangesAsync()
    {
        if (hasPublished && beginsFact)
            Queue("insert into facts (holder_id, fact) values ($1, $2) on conflict do nothing", HolderId, Fact);
        // If a consumed message has published nothing, the commit does not wait for the disk. If the commit is lost,
        // the message is consumed again (decision 0013).
        if (MessageId is not null && !hasPublished)
            Queue(Setting("synchronous_commit", "off"));
        try
        {
            if (queued.Count > 0)
                await SaveDocumentsAsync();
            else if (preamble.Count > 1)
                await TimelyAsync(ExecuteAsync(await BatchAsync()));
            if (transaction is not null)
                await CommitAsync(transaction);
        }
        finally
        {
            await CloseAsync();
        }
        saved = hasPublished;
        if (hasPublished)
            signal.Notify(Service);
        if (releasesDeferred)
            signal.Notify(Service + OutboxSignal.Deferred);
    }

    /// <summary>Returns the connection; unsaved changes are lost.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (TimeoutException)
        {
            // The connection is returned when the database responds again.
        }
    }

    internal void Begin(NpgsqlBatchCommand first) => preamble.Add(first);

    internal static NpgsqlBatchCommand Command(string sql, params object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        // Arrays are covariant, so if the only argument is a string[], then args is that string[]. It is nevertheless
        // a single value.
        foreach (var value in args.GetType() == typeof(object[]) ? args : [args])
            command.Parameters.Add(Columns.Parameter(value));
        return command;
    }

    /// <summary>
    /// Builds a batch in the transaction. The first batch also sets the tenant and inserts the inbox row of the
    /// consumed message.
    /// </summary>
    private async Task<NpgsqlBatch> BatchAsync(params NpgsqlBatchCommand[] commands)
    {
        var within = await TransactionAsync();
        var batch = new NpgsqlBatch(connection, within);
        Array.ForEach(commands, batch.BatchCommands.Add);
        PutFirst(batch);
        return batch;
    }

    private async Task<NpgsqlTransaction> TransactionAsync()
    {
        if (transaction is null)
        {
            // The reading session is not disposed, because Marten would close the connection with it.
            documents = null;
            transaction = await (await OpenAsync()).BeginTransactionAsync(stop);
        }
        return transaction;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        if (connection is null)
        {
            place = share is null ? null
                : await AcquireTimelyAsync(share.EnterAsync(HolderId, share.Patience, stop).AsTask());
            connection = await AcquireTimelyAsync(database.OpenConnectionAsync(stop).AsTask());
        }
        return connection;
    }

    /// <summary>Prepends the statements that open the transaction to its first batch, ours or Marten's.</summary>
    private void PutFirst(NpgsqlBatch batch)
    {
        for (var n = 0; n < preamble.Count; n++)
            batch.BatchCommands.Insert(n, preamble[n]);
        preamble.Clear();
        // Without an explicit transaction each batch is a transaction of its own, so each begins with the tenant.
        if (transaction is null)
            BeginWithHolder();
    }

    // The statement is a call that returns no rows, so a reader of the first batch meets only the results of its own
    // statements.
    private static NpgsqlBatchCommand Setting(string name, string value) =>
        Command("call set_for_transaction($1, $2)", name, value);

    private void BeginWithHolder() => preamble.Add(Setting("isf.holder", HolderId));

    private async Task<int> ExecuteAsync(NpgsqlBatch batch)
    {
        await using var executed = batch;
        await executed.ExecuteNonQueryAsync(stop);
        return executed.BatchCommands.Count == 0 ? 0 : (int)executed.BatchCommands[^1].RecordsAffected;
    }

    // A request whose connection is lost during the commit gets the problem MayBeDone, because the commit may have
    // reached the database before the connection was lost.
    private async Task CommitAsync(NpgsqlTransaction whole)
    {
        try
        {
            await TimelyAsync(whole.CommitAsync(CancellationToken.None));
        }
        catch (Exception fault) when (liveness is not null && ErrorClassifier.IsOutage(fault))
        {
            throw ProblemException.MayBeDone();
        }
    }

    private async Task CloseAsync()
    {
        var isLeft = atWork is { IsCompleted: false };
        var ended = EndAsync(atWork, documents, transaction, connection);
        (documents, transaction, connection) = (null, null, null);
        firstSeen.Clear();
        queued.Clear();
        hasRead = holds = false;
        preamble.Clear();
        BeginWithHolder();
        try
        {
            if (!isLeft)
                await TimelyAsync(ended);
        }
        finally
        {
            place?.Dispose();
            place = null;
        }
    }

    private static async Task EndAsync(
        Task? work, IDocumentSession? documents, NpgsqlTransaction? transaction, NpgsqlConnection? connection)
    {
        if (work is { IsCompleted: false })
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (documents is not null)
            await documents.DisposeAsync();
        if (transaction is not null)
            await transaction.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
    }
}
