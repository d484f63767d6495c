using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Isf.Hosting;

/// <summary>
/// One transaction of one service for one holder. Documents, rows, messages said and the note of a message heard are
/// committed together by <see cref="SaveChangesAsync"/>, or not at all. Its verbs are Marten's (decision 0001).
/// </summary>
public sealed partial class Session : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly TimeSpan lookAgainFor;
    private readonly RelayBell bell;
    private readonly HolderShare? share;
    private readonly CancellationToken stop;
    private readonly bool beginsFact;
    private readonly LoadedVersions loaded = new();
    private readonly List<(NpgsqlBatchCommand Command, string? MovedOn)> queued = [];
    private readonly List<NpgsqlBatchCommand> preamble = [];
    private IDisposable? place;
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private bool hasRead;
    private bool holds;
    private bool rings;
    private bool saved;
    private bool takesUp;

    internal Session(NpgsqlDataSource database, string service, string holderId, Guid? fact, TimeSpan lookAgainFor,
        RelayBell bell, CancellationToken stop, HolderShare? share = null)
    {
        this.database = database;
        this.lookAgainFor = lookAgainFor;
        this.bell = bell;
        this.stop = stop;
        this.share = share;
        (Service, HolderId, Fact, beginsFact) = (service, holderId, fact, fact is null);
        preamble.Add(Command("select set_config('isf.holder', $1, true)", holderId));
    }

    /// <summary>A request's session: in the schema of the service that answers it, for the caller's holder.</summary>
    public static async ValueTask<Session> BindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var service = http.GetEndpoint()?.Metadata.GetMetadata<AnsweredBy>()?.Service
            ?? throw new InvalidOperationException("No service answers this route.");
        var caller = await Caller.BindAsync(http);
        var session = http.RequestServices.GetRequiredService<Sessions>()
            .OpenForRequest(service, caller.HolderId, http.RequestAborted);
        http.Response.RegisterForDisposeAsync(session);
        return session;
    }

    /// <summary>The service whose schema and role it works with.</summary>
    public string Service { get; }

    /// <summary>The tenant: no other holder's row can be seen or written.</summary>
    public string HolderId { get; }

    /// <summary>The first fact that this follows from; set by the first message said where none came before.</summary>
    public Guid? Fact { get; private set; }

    /// <summary>The message being heard, if any.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>The document, or nothing.</summary>
    public async Task<T?> LoadAsync<T>(string id)
    {
        var found = await DocumentsAsync<T>(DocumentTable<T>.Load, HolderId, id);
        loaded.Saw<T>(id, LoadedVersions.NotThere);
        return found.Count == 0 ? default : found[0];
    }

    /// <summary>The documents that exist, in no order.</summary>
    public async Task<IReadOnlyList<T>> LoadManyAsync<T>(IReadOnlyCollection<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            return [];
        var found = await DocumentsAsync<T>(DocumentTable<T>.LoadMany, HolderId, ids.ToArray());
        foreach (var id in ids)
            loaded.Saw<T>(id, LoadedVersions.NotThere);
        return found;
    }

    /// <summary>Documents by a condition in SQL over data (jsonb) and id, with $1, $2 …; order by may follow.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string where, params object?[] args) =>
        await DocumentsAsync<T>(DocumentTable<T>.Query(where), args);

    /// <summary>The version of a document as this session first saw it; 0 when it was not there.</summary>
    public int VersionOf<T>(string id) => (int)(loaded.Of<T>(id) ?? LoadedVersions.NotThere);

    /// <summary>Adds a document; if its id exists, saving throws <see cref="DocumentExistsException"/>.</summary>
    public void Insert<T>(T document) =>
        Queue(DocumentTable<T>.Insert, HolderId, DocumentTable<T>.IdOf(document), Json.Of(document),
            typeof(T).FullName);

    /// <summary>
    /// Writes a document. If this session looked for it and it is another now than it first saw, or there where there
    /// was none, saving throws <see cref="ConcurrencyException"/>; if it did not, it is written whatever is there.
    /// </summary>
    public void Store<T>(T document)
    {
        var id = DocumentTable<T>.IdOf(document);
        if (loaded.Of<T>(id) is { } version)
        {
            var command = version == LoadedVersions.NotThere
                ? Command(DocumentTable<T>.InsertIfNotThere, HolderId, id, Json.Of(document), typeof(T).FullName)
                : Command(DocumentTable<T>.Update, HolderId, id, Json.Of(document), typeof(T).FullName, version);
            queued.Add((command, $"{typeof(T).Name} {id} has moved on."));
            loaded.Wrote<T>(id, version + 1);
        }
        else
        {
            Queue(DocumentTable<T>.Upsert, HolderId, id, Json.Of(document), typeof(T).FullName);
        }
    }

    /// <summary>Removes a document.</summary>
    public void Delete<T>(T document) => Queue(DocumentTable<T>.Delete, HolderId, DocumentTable<T>.IdOf(document));

    /// <summary>A statement that goes with the commit; all that is queued travels together.</summary>
    public void Queue(string sql, params object?[] args) => queued.Add((Command(sql, args), null));

    /// <summary>A statement now, in this transaction.</summary>
    public Task<int> ExecuteAsync(string sql, params object?[] args) => ExecuteAsync([(sql, args)]);

    /// <summary>Statements now, in this transaction and together; answers how many rows the last one touched.</summary>
    public async Task<int> ExecuteAsync(IReadOnlyList<(string Sql, object?[] Args)> statements)
    {
        holds = true;
        await using var batch = await BatchAsync([.. statements.Select(one => Command(one.Sql, one.Args))]);
        await batch.ExecuteNonQueryAsync(stop);
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    /// <summary>Rows now, in this transaction.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] args)
    {
        await using var batch = await BatchAsync(Command(sql, args));
        hasRead = true;
        await using var reader = await batch.ExecuteReaderAsync(stop);
        // The reader stands on results with rows alone: the tenant's is one, the note of what was heard is none.
        for (var before = 0; before < batch.BatchCommands.Count - 1; before++)
        {
            _ = IsQuery(batch.BatchCommands[before]) && await reader.NextResultAsync(stop);
        }
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private static bool IsQuery(NpgsqlBatchCommand command) =>
        command.CommandText.TrimStart().StartsWith("select", StringComparison.Ordinal);

    /// <summary>The connection, inside the transaction, for COPY and batches.</summary>
    public async Task<NpgsqlConnection> ConnectionAsync()
    {
        holds = true;
        if (connection is null || preamble.Count > 0)
        {
            await using var batch = await BatchAsync();
            await batch.ExecuteNonQueryAsync(stop);
        }
        return connection!;
    }

    /// <summary>Has its statements planned for tables as they now are: one may have been empty a moment ago.</summary>
    public void PlanAnew() => preamble.Add(Command("select set_config('plan_cache_mode', 'force_custom_plan', true)"));

    /// <summary>What was parked for these keys is heard again after the commit.</summary>
    public void TakeUp(params string[] keys)
    {
        Queue("update parked set retry_at = now() where holder_id = $1 and needs = any($2)", HolderId, keys);
        takesUp = true;
    }

    /// <summary>Remembers that this holder is kept here, so that scheduled runs are made for it.</summary>
    public void KnowHolder() => Queue("insert into holders (holder_id) values ($1) on conflict do nothing", HolderId);

    /// <summary>Commits it all, or throws and changes nothing.</summary>
    public async Task SaveChangesAsync()
    {
        if (rings && beginsFact)
            Queue("insert into facts (holder_id, fact) values ($1, $2) on conflict do nothing", HolderId, Fact);
        // What heard a message and said nothing need not wait for the disk: lost, it is heard again (decision 0013).
        if (MessageId is not null && !rings)
            Queue("select set_config('synchronous_commit', 'off', true)");
        try
        {
            if (queued.Count > 0 || preamble.Count > 1)
            {
                await using var batch = await BatchAsync([.. queued.Select(one => one.Command)]);
                await batch.ExecuteNonQueryAsync(stop);
                if (queued.FirstOrDefault(one => one.MovedOn is not null && one.Command.RecordsAffected == 0)
                    is { MovedOn: { } movedOn })
                {
                    throw new ConcurrencyException(movedOn);
                }
            }
            if (transaction is not null)
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
        }
        catch (PostgresException taken) when (
            taken is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: { } table }
            && table.StartsWith("mt_doc_", StringComparison.Ordinal))
        {
            throw new DocumentExistsException($"{table} holds this id already.", taken);
        }
        finally
        {
            await CloseAsync();
        }
        saved = rings;
        if (rings)
            bell.Ring(Service);
        if (takesUp)
            bell.Ring(Service + RelayBell.Parked);
    }

    /// <summary>Gives back the connection; what was not saved never was.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync();

    internal void Begin(NpgsqlBatchCommand first) => preamble.Add(first);

    internal static NpgsqlBatchCommand Command(string sql, params object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        // A string[] given alone arrives as the whole of args (arrays are covariant): it is one value, not many.
        foreach (var value in args.GetType() == typeof(object[]) ? args : [args])
            command.Parameters.Add(NodaTimeColumns.Parameter(value));
        return command;
    }

    private async Task<List<T>> DocumentsAsync<T>(string sql, params object?[] args)
    {
        var rows = await RowsAsync(sql,
            reader => (Document: IsfJson.Read<T>(reader.GetString(0)), Version: reader.GetInt64(1)), args);
        foreach (var (document, version) in rows)
        {
            loaded.Saw<T>(DocumentTable<T>.IdOf(document), version);
        }
        return [.. rows.Select(row => row.Document)];
    }

    /// <summary>The first batch opens the transaction, sets the tenant and notes the message heard, as one.</summary>
    private async Task<NpgsqlBatch> BatchAsync(params NpgsqlBatchCommand[] commands)
    {
        if (connection is null)
        {
            place = share is null ? null : await share.EnterAsync(HolderId, share.Patience, stop);
            connection = await database.OpenConnectionAsync(stop);
            transaction = await connection.BeginTransactionAsync(stop);
        }
        var batch = new NpgsqlBatch(connection, transaction);
        preamble.ForEach(batch.BatchCommands.Add);
        preamble.Clear();
        Array.ForEach(commands, batch.BatchCommands.Add);
        return batch;
    }

    private async Task CloseAsync()
    {
        queued.Clear();
        loaded.Clear();
        hasRead = holds = false;
        preamble.Clear();
        preamble.Add(Command("select set_config('isf.holder', $1, true)", HolderId));
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
            transaction = null;
        }
        if (connection is not null)
        {
            await connection.DisposeAsync();
            connection = null;
        }
        place?.Dispose();
        place = null;
    }
}
