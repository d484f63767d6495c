using Isf.Hosting.Serialization;
using Marten;
using Npgsql;

namespace Isf.Hosting.Data;

/// <summary>
/// One transaction of one service for one holder. Documents, rows, messages said and the note of a message heard are
/// committed together by <see cref="SaveChangesAsync"/>, or not at all. Its connection and transaction carry one Marten
/// session, which reads and writes the documents (decision 0001).
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
    private bool rings;
    private bool saved;
    private bool takesUp;

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

    /// <summary>The service whose schema and role it works with.</summary>
    public string Service { get; }

    /// <summary>The tenant: no other holder's row can be seen or written.</summary>
    public string HolderId { get; }

    /// <summary>Whether a message was said here.</summary>
    internal bool HasPublished => rings;

    /// <summary>The first fact that this follows from; set by the first message said where none came before.</summary>
    public Guid? Fact { get; private set; }

    /// <summary>The message being heard, if any.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>A statement that goes with the commit; all that is queued travels together.</summary>
    public void Queue(string sql, params object?[] args) => Queue(Command(sql, args));

    /// <summary>A statement now, in this transaction.</summary>
    public Task<int> ExecuteAsync(string sql, params object?[] args) => ExecuteAsync([(sql, args)]);

    /// <summary>Statements now, in this transaction and together; answers how many rows the last one touched.</summary>
    public async Task<int> ExecuteAsync(IReadOnlyList<(string Sql, object?[] Args)> statements)
    {
        holds = true;
        var batch = await BatchAsync([.. statements.Select(one => Command(one.Sql, one.Args))]);
        return await TimelyAsync(ExecuteAsync(batch));
    }

    /// <summary>Rows now, in this transaction.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] args)
    {
        var batch = await BatchAsync(Command(sql, args));
        hasRead = true;
        return await TimelyAsync(ListAsync());

        async Task<List<T>> ListAsync()
        {
            await using var asked = batch;
            await using var reader = await asked.ExecuteReaderAsync(stop);
            var rows = new List<T>();
            while (await reader.ReadAsync(stop))
                rows.Add(read(reader));
            return rows;
        }
    }

    /// <summary>Has its statements planned for tables as they now are: one may have been empty a moment ago.</summary>
    public void UseCustomPlans() => preamble.Add(Setting("plan_cache_mode", "force_custom_plan"));

    /// <summary>What was parked for these keys is heard again after the commit.</summary>
    public void ReleaseDeferred(params string[] keys)
    {
        Queue("update parked set retry_at = now() where holder_id = $1 and needs = any($2)", HolderId, keys);
        takesUp = true;
    }

    /// <summary>Remembers that this holder is kept here, so that scheduled runs are made for it.</summary>
    public void RegisterHolder() =>
        Queue("insert into holders (holder_id) values ($1) on conflict do nothing", HolderId);

    /// <summary>Commits it all, or throws and changes nothing.</summary>
    public async Task SaveChangesAsync()
    {
        if (rings && beginsFact)
            Queue("insert into facts (holder_id, fact) values ($1, $2) on conflict do nothing", HolderId, Fact);
        // What heard a message and said nothing need not wait for the disk: lost, it is heard again (decision 0013).
        if (MessageId is not null && !rings)
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
        saved = rings;
        if (rings)
            signal.Notify(Service);
        if (takesUp)
            signal.Notify(Service + OutboxSignal.Parked);
    }

    /// <summary>Gives back the connection; what was not saved never was.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (TimeoutException)
        {
            // It is given back when the database answers again.
        }
    }

    internal void Begin(NpgsqlBatchCommand first) => preamble.Add(first);

    internal static NpgsqlBatchCommand Command(string sql, params object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        // A string[] given alone arrives as the whole of args (arrays are covariant): it is one value, not many.
        foreach (var value in args.GetType() == typeof(object[]) ? args : [args])
            command.Parameters.Add(Columns.Parameter(value));
        return command;
    }

    /// <summary>The first batch opens the transaction, sets the tenant and notes the message heard, as one.</summary>
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
            // The session that read is not ended: Marten would end the connection with it.
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
                : await TakeTimelyAsync(share.EnterAsync(HolderId, share.Patience, stop).AsTask());
            connection = await TakeTimelyAsync(database.OpenConnectionAsync(stop).AsTask());
        }
        return connection;
    }

    /// <summary>What opens the transaction goes in front of its first batch, whoever makes that.</summary>
    private void PutFirst(NpgsqlBatch batch)
    {
        for (var n = 0; n < preamble.Count; n++)
            batch.BatchCommands.Insert(n, preamble[n]);
        preamble.Clear();
        // Each batch is a transaction of its own as long as there is none for all, and each begins with the tenant.
        if (transaction is null)
            BeginWithHolder();
    }

    // It answers no rows, so that whoever reads the answers to the first batch meets none but their own.
    private static NpgsqlBatchCommand Setting(string name, string value) =>
        Command("call set_for_transaction($1, $2)", name, value);

    private void BeginWithHolder() => preamble.Add(Setting("isf.holder", HolderId));

    private async Task<int> ExecuteAsync(NpgsqlBatch batch)
    {
        await using var asked = batch;
        await asked.ExecuteNonQueryAsync(stop);
        return asked.BatchCommands.Count == 0 ? 0 : (int)asked.BatchCommands[^1].RecordsAffected;
    }

    // Whoever waits for the answer is told the truth: the commit may have reached the database before it went away.
    private async Task CommitAsync(NpgsqlTransaction whole)
    {
        try
        {
            await TimelyAsync(whole.CommitAsync(CancellationToken.None));
        }
        catch (Exception fault) when (liveness is not null && Faults.IsAway(fault))
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
