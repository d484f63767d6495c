using Isf.Contracts.Ledger;
using Isf.Hosting;
using Isf.Ledger.Domain;
using NodaTime;
using Npgsql;

namespace Isf.Ledger.Persistence;

/// <summary>
/// The same fact came again with other content: its journal stays as posted, and the message goes to the error queue.
/// </summary>
public sealed class OtherWordsException(string message) : Exception(message);

/// <summary>
/// The books of some funds, open for posting: their heads are locked until the commit, always in the same order.
/// Entries get their positions in memory; three statements then write journals, moves and heads, whatever their number.
/// </summary>
public sealed class OpenBooks
{
    private const int JournalsInMessage = 500;
    private readonly Session session;
    private readonly Instant now;
    private readonly Dictionary<string, (Head Head, FundLeft Left)> heads;
    private readonly Dictionary<string, FundEnds> ends;
    private readonly Dictionary<Guid, Journal> known = [];
    private readonly Dictionary<Entry, Guid> ids = new(ReferenceEqualityComparer.Instance);
    private readonly List<Journal> added = [];
    private int written;

    private OpenBooks(Session session, Instant now, Dictionary<string, (Head Head, FundLeft Left)> heads,
        Dictionary<string, FundEnds> ends, string? unknownFund, LocalDate? closedTo)
    {
        (this.session, this.now, this.heads, this.ends, UnknownFund) = (session, now, heads, ends, unknownFund);
        ClosedTo = closedTo;
    }

    /// <summary>The first of the given funds whose books do not exist yet; null where all exist.</summary>
    public string? UnknownFund { get; }

    /// <summary>
    /// The holder's last closed day, which cannot change before the commit. Null where none of the funds is known.
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
                row.GetFieldValue<Instant>(3)), Left: LeftAt(row), ClosedTo: row.GetFieldValue<LocalDate?>(5),
                Ends: new FundEnds(row.GetFieldValue<LocalDate?>(6), row.GetFieldValue<LocalDate?>(7))),
            session.HolderId, ids);
        var heads = rows.ToDictionary(row => row.Head.FundId, row => (row.Head, row.Left));
        var ends = rows.ToDictionary(row => row.Head.FundId, row => row.Ends);
        return new OpenBooks(session, clock.GetCurrentInstant(), heads, ends,
            ids.FirstOrDefault(id => !heads.ContainsKey(id)), rows.Count == 0 ? null : rows[0].ClosedTo);
    }

    /// <summary>
    /// Reads the journals with these ids, as far as they exist, so that they are not posted twice or can be taken back.
    /// </summary>
    public async Task KnowAsync(IReadOnlyCollection<(string FundId, Guid JournalId)> ids)
    {
        foreach (var journal in await ReadBooks.ByIdAsync(session, ids))
            known[journal.JournalId] = journal;
    }

    /// <summary>A journal that was read or added; null without one.</summary>
    public Journal? Find(Guid journalId) => known.GetValueOrDefault(journalId);

    /// <summary>Reads the entries' journals, as far as they exist.</summary>
    public Task KnowAsync(IEnumerable<Entry> entries) =>
        KnowAsync([.. entries.Select(entry => (entry.FundId, IdOf(entry)))]);

    /// <summary>
    /// Adds the entry at the next position, or finds the journal that it has already. An entry about a closed day
    /// counts on the first open day.
    /// </summary>
    /// <exception cref="OtherWordsException">The entry was posted before with other content.</exception>
    public Journal Add(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var id = IdOf(entry);
        if (known.TryGetValue(id, out var before))
        {
            // Only a closed period can have moved the journal to another day than the entry's.
            var day = before.Entry.EffectiveOn == entry.EffectiveOn || entry.EffectiveOn <= ClosedTo;
            return day && before.Entry.SaysTheSameAs(entry) ? before : throw new OtherWordsException(
                $"{entry.Cause.Message} {entry.Cause.Id} of fund {entry.FundId} stands at position "
                + $"{before.Position} with "
                + "other words. What was posted is corrected by a new version at its source, "
                + "never by another under its id.");
        }
        var (head, left) = heads[entry.FundId];
        var journal = Chain.Append(head, entry.OnOpenDay(ClosedTo), id, now);
        left.Add(entry);
        heads[entry.FundId] = (head.After(journal), left);
        known[id] = journal;
        added.Add(journal);
        return journal;
    }

    /// <summary>A fund's last day; null while it is not closed.</summary>
    public LocalDate? ClosedOn(string fundId) => ends[fundId].ClosedOn;

    /// <summary>
    /// Has the fund's attribution worked out again: another spend order, budget or closure may change it, whatever the
    /// added entries are.
    /// </summary>
    public void LayAgain(string fundId, LocalDate? closedOn = null) =>
        ends[fundId] = ends[fundId] with { LaysAgain = true, ClosedOn = closedOn ?? ends[fundId].ClosedOn };

    /// <summary>
    /// Adds all journals, and those that follow from them, to the commit, and publishes them. The cause names the
    /// message where no consumed message does.
    /// </summary>
    public async Task CloseAsync(string cause = "")
    {
        await FollowAsync();
        // The database writes the journals while the messages about them are built.
        var writing = WriteAsync();
        try
        {
            SayPosted(cause);
        }
        finally
        {
            await writing;
        }
        await SayOverdrawnAsync();
    }

    /// <summary>
    /// Names, for a repeated request, the message that the first request published. The session must not be saved.
    /// </summary>
    public static void NameAgain(Session session, string cause)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Publish(new JournalsPosted { HolderId = session.HolderId, Journals = [], Heads = [] }, $"/{cause}/0");
    }

    /// <summary>
    /// Writes all journals, and those that follow from them, at once, so that the same transaction can sum them. The
    /// cause names the messages of this part.
    /// </summary>
    public async Task CloseNowAsync(string cause)
    {
        await FollowAsync();
        await WriteAsync();
        SayPosted(cause);
        await SayOverdrawnAsync();
    }

    // Closure and attribution read the journals back, so the journals are written first.
    private async Task FollowAsync()
    {
        var touched = added.ToLookup(journal => journal.Entry.FundId, journal => journal.Entry.EffectiveOn);
        foreach (var (fundId, end) in ends.ToList())
        {
            var isTouched = end.LaysAgain || touched.Contains(fundId);
            if (end.ClosedOn is { } closedOn && isTouched)
            {
                await WriteAsync();
                await AddAsync(await Closings.RefusedAsync(session, fundId, closedOn));
                await AddAsync(await Closings.HoursAsync(session, fundId, closedOn));
            }
            if (end.LaysAgain || touched[fundId].Any(day => day <= end.LaidTo))
            {
                await WriteAsync();
                var (laid, to) = await Closings.LaidAsync(session, fundId);
                await AddAsync(laid);
                if (to != end.LaidTo)
                    Closings.KeepLaidTo(session, fundId, to);
            }
        }
    }

    private async Task AddAsync(IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
            Add(entry);
        await WriteAsync();
    }

    private Task WriteAsync()
    {
        var some = added[written..];
        written = added.Count;
        return some.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(BookRows.Of(session.HolderId, some, fundId => heads[fundId]));
    }

    // A journal's id is needed twice, to find the journal and to add it, and is calculated once.
    private Guid IdOf(Entry entry)
    {
        if (!ids.TryGetValue(entry, out var id))
            ids[entry] = id = JournalId.Of(session.HolderId, entry.FundId, entry.Kind, entry.Cause);
        return id;
    }

    private void SayPosted(string cause)
    {
        var part = 0;
        foreach (var journals in added.Chunk(JournalsInMessage))
        {
            var ends = journals.GroupBy(journal => journal.Entry.FundId).Select(fund => fund.Last()).ToList();
            session.Publish(
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
        added.Clear();
        written = 0;
    }

    // Published once for each fall and each rise of the money held and of an allocation's remainder (decision 0016).
    private async Task SayOverdrawnAsync()
    {
        foreach (var (fundId, (head, left)) in heads)
        {
            foreach (var crossing in left.Crossed())
            {
                await Overdrawn.SayAsync(session, fundId, head.Position, crossing);
            }
        }
    }

    private static FundLeft LeftAt(NpgsqlDataReader row) =>
        new(row.GetInt64(4), BookRows.ByAllocation(row.GetString(8)));

    // The last day of care, the last day that the attribution depends on, and whether it is worked out in any case.
    private sealed record FundEnds(LocalDate? ClosedOn, LocalDate? LaidTo, bool LaysAgain = false);
}
