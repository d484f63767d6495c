using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Ledger.Domain;
using NodaTime;

namespace Isf.Ledger.Persistence;

/// <summary>
/// The same fact came again with other words: it stays as it was posted, and the message goes to the error queue.
/// </summary>
public sealed class OtherWordsException(string message) : Exception(message);

/// <summary>
/// The books of some funds, open for posting: their heads are locked, in one order for all, until the commit. Entries
/// get their places in memory; journals, moves and heads are then written by three statements, whatever their number.
/// </summary>
public sealed class OpenBooks
{
    private const int JournalsInMessage = 500;
    private readonly Session session;
    private readonly Instant now;
    private readonly Dictionary<string, (Head Head, long HeldPence)> heads;
    private readonly Dictionary<string, long> heldBefore;
    private readonly Dictionary<Guid, Journal> known = [];
    private readonly List<Journal> added = [];

    private OpenBooks(Session session, Instant now, Dictionary<string, (Head Head, long HeldPence)> heads,
        string? unknownFund, LocalDate? closedTo)
    {
        (this.session, this.now, this.heads, UnknownFund) = (session, now, heads, unknownFund);
        ClosedTo = closedTo;
        heldBefore = heads.ToDictionary(each => each.Key, each => each.Value.HeldPence);
    }

    /// <summary>The first of the asked funds whose books do not exist yet.</summary>
    public string? UnknownFund { get; }

    /// <summary>
    /// The holder's last closed day: it stays so until the commit. Nothing where none of the funds is known.
    /// </summary>
    public LocalDate? ClosedTo { get; }

    /// <summary>Locks the heads of the funds, and keeps periods from closing until the commit.</summary>
    public static async Task<OpenBooks> OfAsync(Session session, IClock clock, IReadOnlyCollection<string> fundIds)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(clock);
        var ids = fundIds.Distinct().ToArray();
        var rows = await session.RowsAsync(
            "select * from open_books($1, $2)",
            row => (Head: new Head(session.HolderId, row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2),
                row.GetInstant(3)), HeldPence: row.GetInt64(4), ClosedTo: row.GetLocalDateOrNull(5)),
            session.HolderId, ids);
        var heads = rows.ToDictionary(row => row.Head.FundId, row => (row.Head, row.HeldPence));
        return new OpenBooks(session, clock.GetCurrentInstant(), heads,
            ids.FirstOrDefault(id => !heads.ContainsKey(id)), rows.Count == 0 ? null : rows[0].ClosedTo);
    }

    /// <summary>
    /// Reads those of the journals that exist, so that they are not posted twice or can be taken back.
    /// </summary>
    public async Task KnowAsync(IReadOnlyCollection<(string FundId, Guid JournalId)> ids)
    {
        foreach (var journal in await ReadBooks.ByIdAsync(session, ids))
            known[journal.JournalId] = journal;
    }

    /// <summary>A journal that was read or added, or nothing.</summary>
    public Journal? Find(Guid journalId) => known.GetValueOrDefault(journalId);

    /// <summary>Reads those of the entries' journals that exist.</summary>
    public Task KnowAsync(IEnumerable<Entry> entries) => KnowAsync(
        [.. entries.Select(entry =>
            (entry.FundId, JournalId.Of(session.HolderId, entry.FundId, entry.Kind, entry.Cause)))]);

    /// <summary>
    /// The entry in its place: the next one, or the one that it has already. About a closed day, it counts on the first
    /// open one.
    /// </summary>
    /// <exception cref="OtherWordsException">It was posted before with other words.</exception>
    public Journal Add(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var id = JournalId.Of(session.HolderId, entry.FundId, entry.Kind, entry.Cause);
        if (known.TryGetValue(id, out var before))
        {
            // Only a closed period can have moved it to another day than it asks for.
            var day = before.Entry.EffectiveOn == entry.EffectiveOn || entry.EffectiveOn <= ClosedTo;
            return day && before.Entry.SaysTheSameAs(entry) ? before : throw new OtherWordsException(
                $"{entry.Cause.Message} {entry.Cause.Id} of fund {entry.FundId} stands at position "
                + $"{before.Position} with "
                + "other words. What was posted is corrected by a new version at its source, "
                + "never by another under its id.");
        }
        var (head, held) = heads[entry.FundId];
        var journal = Chain.Append(head, entry.OnOpenDay(ClosedTo), now);
        heads[entry.FundId] = (head.After(journal), checked(held + HeldBy(entry)));
        known[id] = journal;
        added.Add(journal);
        return journal;
    }

    /// <summary>
    /// Leaves all that was added to the commit, and says it. Where no message caused it, the cause names it.
    /// </summary>
    public void Close(string cause = "")
    {
        if (added.Count == 0)
            return;
        foreach (var (sql, values) in new[] { Journals(), Moves(), Heads() })
            session.Queue(sql, values);
        SayPosted(cause);
    }

    /// <summary>Names, for a request that was done before, the fact that it said then. It is not to be saved.</summary>
    public static void NameAgain(Session session, string cause)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Say(new JournalsPosted { HolderId = session.HolderId, Journals = [], Heads = [] }, $"/{cause}/0");
    }

    /// <summary>
    /// Writes all that was added now, so that it can be summed in the same transaction. The cause names this part.
    /// </summary>
    public async Task CloseNowAsync(string cause)
    {
        if (added.Count == 0)
            return;
        foreach (var (sql, values) in new[] { Journals(), Moves(), Heads() })
            await session.ExecuteAsync(sql, values);
        SayPosted(cause);
    }

    private void SayPosted(string cause)
    {
        var part = 0;
        foreach (var journals in added.Chunk(JournalsInMessage))
        {
            var ends = journals.GroupBy(journal => journal.Entry.FundId).Select(fund => fund.Last()).ToList();
            session.Say(
                new JournalsPosted
                {
                    HolderId = session.HolderId,
                    Journals = [.. journals.Select(PostedJournals.Of)],
                    Heads = [.. ends.Select(end =>
                        new FundHead(end.Entry.FundId, end.Position, PostedJournals.HexOf(end)))],
                },
                $"{session.MessageId}/{cause}/{part++}",
                [.. ends.Select(end => end.Entry.FundId)]);
        }
        SayOverdrawn();
        added.Clear();
    }

    // Above zero before and below it now: said once for each time that a posting takes a fund below zero.
    private void SayOverdrawn()
    {
        foreach (var (fundId, (head, held)) in heads.Where(each =>
            each.Value.HeldPence < 0 && heldBefore[each.Key] >= 0))
        {
            session.Say(
                new FundOverdrawn
                {
                    HolderId = session.HolderId, FundId = fundId, Position = head.Position, HeldPence = held,
                },
                $"{fundId}/{head.Position}", fundId);
        }
        foreach (var (fundId, (_, held)) in heads)
            heldBefore[fundId] = held;
    }

    private (string Sql, object?[] Values) Journals()
    {
        var entries = added.ConvertAll(journal => journal.Entry);
        return (
            """
            insert into journals (holder_id, fund_id, position, journal_id, kind, effective_on, care_on, recorded_at,
                cause_message, cause_id, reverses, person_minutes, hash, commitment)
            select $1, * from unnest($2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::date[], $7::date[],
                $8::timestamptz[], $9::text[], $10::text[], $11::uuid[], $12::bigint[], $13::bytea[], $14::bytea[])
            """,
            [
                session.HolderId,
                entries.Select(entry => entry.FundId).ToArray(),
                added.Select(journal => journal.Position).ToArray(),
                added.Select(journal => journal.JournalId).ToArray(),
                entries.Select(entry => entry.Kind).ToArray(),
                entries.Select(entry => entry.EffectiveOn).ToArray(),
                entries.Select(entry => entry.CareOn).ToArray(),
                added.Select(journal => journal.RecordedAt).ToArray(),
                entries.Select(entry => entry.Cause.Message).ToArray(),
                entries.Select(entry => entry.Cause.Id).ToArray(),
                entries.Select(entry => entry.Reverses).ToArray(),
                entries.Select(entry => entry.PersonMinutes).ToArray(),
                added.Select(journal => journal.Hash.ToArray()).ToArray(),
                entries.Select(entry => entry.Commitment is { } hex ? Convert.FromHexString(hex) : null).ToArray(),
            ]);
    }

    private (string Sql, object?[] Values) Moves()
    {
        var moves = added.SelectMany(journal => journal.Entry.Moves.Select((move, n) => (journal, move, n))).ToList();
        return (
            """
            insert into moves (holder_id, fund_id, position, n, book, effective_on, care_on, reversing,
                from_place, to_place,
                amount)
            select $1, * from unnest($2::text[], $3::bigint[], $4::smallint[], $5::smallint[], $6::date[], $7::date[],
                $8::boolean[], $9::text[], $10::text[], $11::bigint[])
            """,
            [
                session.HolderId,
                moves.Select(each => each.journal.Entry.FundId).ToArray(),
                moves.Select(each => each.journal.Position).ToArray(),
                moves.Select(each => (short)each.n).ToArray(),
                moves.Select(each => (short)each.move.Book).ToArray(),
                moves.Select(each => each.journal.Entry.EffectiveOn).ToArray(),
                moves.Select(each => each.journal.Entry.AboutOn).ToArray(),
                moves.Select(each => each.journal.Entry.Reverses is not null).ToArray(),
                moves.Select(each => each.move.From.Path).ToArray(),
                moves.Select(each => each.move.To.Path).ToArray(),
                moves.Select(each => each.move.Amount).ToArray(),
            ]);
    }

    private (string Sql, object?[] Values) Heads()
    {
        var funds = added.Select(journal => journal.Entry.FundId).Distinct().ToArray();
        var ends = funds.Select(fund => heads[fund]).ToArray();
        return (
            """
            update heads set position = e.position, hash = e.hash, recorded_at = e.recorded_at,
                held_pence = e.held_pence
            from unnest($2::text[], $3::bigint[], $4::bytea[], $5::timestamptz[], $6::bigint[])
                e(fund_id, position, hash, recorded_at, held_pence)
            where heads.fund_id = e.fund_id and heads.holder_id = $1
            """,
            [
                session.HolderId,
                funds,
                ends.Select(end => end.Head.Position).ToArray(),
                ends.Select(end => end.Head.Hash.ToArray()).ToArray(),
                ends.Select(end => end.Head.RecordedAt).ToArray(),
                ends.Select(end => end.HeldPence).ToArray(),
            ]);
    }

    private static long HeldBy(Entry entry)
    {
        var held = 0L;
        foreach (var move in entry.Moves)
        {
            if (move.Book == Book.Money)
                held = checked(held + (IsHeld(move.To) ? move.Amount : 0) - (IsHeld(move.From) ? move.Amount : 0));
        }
        return held;
    }

    private static bool IsHeld(Place place) => place.Path.StartsWith("held/", StringComparison.Ordinal);
}

/// <summary>A journal as the contract says it.</summary>
internal static class PostedJournals
{
    public static PostedJournal Of(Journal journal)
    {
        var entry = journal.Entry;
        return new PostedJournal
        {
            FundId = entry.FundId,
            Position = journal.Position,
            JournalId = journal.JournalId,
            Kind = entry.Kind,
            EffectiveOn = entry.EffectiveOn,
            CareOn = entry.CareOn,
            RecordedAt = journal.RecordedAt,
            CauseMessage = entry.Cause.Message,
            CauseId = entry.Cause.Id,
            Reverses = entry.Reverses,
            PersonMinutes = entry.PersonMinutes,
            Hash = HexOf(journal),
            Commitment = entry.Commitment,
            Moves = [.. entry.Moves.Select(move => new PostedMove(
                move.Book.Word(), move.From.Path, move.To.Path, move.Amount))],
        };
    }

    public static string HexOf(Journal journal) => Convert.ToHexStringLower(journal.Hash.Span);
}
